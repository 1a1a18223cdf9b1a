// Z3 and cvc5 on the clauses that CaDiCaL answered, and its proofs checked: for every proof about the example
// policy and for random small policies.
//
//   prove_judges_test --claims N      (default 1,000)
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string_view>

#include "compiler/driver/driver.h"
#include "compiler/prove/certificate.h"
#include "compiler/prove/formula.h"
#include "compiler/prove/rup_for_test.h"
#include "compiler/prove/small_worlds.h"

namespace hpol::prove {
namespace {

size_t claims_wanted = 1000;

std::string Read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

// The answers of one solver to scripts in one file: `sat` or `unsat`, in order.
std::vector<std::string> Answers(const std::string& command) {
  std::vector<std::string> answers;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return answers;
  std::array<char, 4096> line{};
  while (std::fgets(line.data(), line.size(), pipe) != nullptr) {
    std::string word = line.data();
    while (!word.empty() && (word.back() == '\n' || word.back() == '\r')) word.pop_back();
    if (!word.empty()) answers.push_back(word);
  }
  pclose(pipe);
  return answers;
}

class Judges : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("hpol-judges-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // CaDiCaL's answer to one question, with its proof checked; the question is kept for the others.
  void Ask(const Cnf& cnf) {
    const std::string proof = (folder_ / "proof.drat").string();
    const Answer answer = Solve(cnf, kConflictBudget, proof);
    ASSERT_NE(answer, Answer::kUnknown);
    if (answer == Answer::kNo) {
      ++refuted_;
      ASSERT_EQ(CheckDrat(cnf, Read(proof)), "") << Dimacs(cnf);
    }
    expected_.push_back(answer == Answer::kYes ? "sat" : "unsat");
    script_ += SmtLib(cnf) + "(reset)\n";
  }

  void Compare() {
    const std::string path = (folder_ / "all.smt2").string();
    std::ofstream(path, std::ios::binary) << script_;
    EXPECT_EQ(Answers("z3 -smt2 " + path), expected_);
    EXPECT_EQ(Answers("cvc5 --lang smt2 --incremental " + path), expected_);
    std::printf("%zu questions, %zu refuted with a checked proof: Z3 and cvc5 agree\n", expected_.size(),
                refuted_);
  }

  std::filesystem::path folder_;
  std::string script_;
  std::vector<std::string> expected_;
  size_t refuted_ = 0;
};

Cnf Parse(const std::string& dimacs) {
  Cnf cnf;
  std::istringstream in(dimacs);
  std::string word;
  in >> word >> word >> cnf.variables >> cnf.clauses;
  for (int literal = 0; in >> literal;) cnf.literals.push_back(literal);
  return cnf;
}

// What `hpol prove --certificate` writes for the example policy: every proof is one for three solvers.
TEST_F(Judges, TheExamplePolicy) {
  driver::Options options;
  options.stop_after = driver::Stage::kIr;
  options.certificates = folder_.string();
  const driver::Build build = driver::Run(*driver::ReadInput("policies/examples/acme.hpol"), options);
  ASSERT_TRUE(build.ok());
  ASSERT_GE(build.proofs.proofs.size(), 7u);
  size_t checked = 0;
  for (size_t i = 1; i <= build.proofs.proofs.size(); ++i) {
    ASSERT_EQ(build.proofs.proofs[i - 1].status, Status::kProved);
    const std::string path = (folder_ / ("proof-" + std::to_string(i))).string();
    if (!std::filesystem::exists(path + ".cnf")) continue;  // no rule reads what it is about
    EXPECT_EQ(Answers("z3 -smt2 " + path + ".smt2"), std::vector<std::string>{"unsat"});
    EXPECT_EQ(Answers("cvc5 --lang smt2 " + path + ".smt2"), std::vector<std::string>{"unsat"});
    EXPECT_EQ(CheckDrat(Parse(Read(path + ".cnf")), Read(path + ".drat")), "");
    ++checked;
  }
  EXPECT_GE(checked, 6u);
}

TEST_F(Judges, RandomPolicies) {
  std::mt19937_64 random(3);
  for (uint64_t seed = 1; expected_.size() < claims_wanted; ++seed) {
    const hir::Policy policy = SmallPolicies(seed).Make();
    Aig aig;
    World world(aig);
    world.Note(policy);
    world.Build();
    Formula formula(policy, world);
    std::vector<Lit> claims = {formula.walk().undecided, formula.walk().denied};
    for (size_t i = 0; i < formula.cleared().size(); ++i) {
      claims.push_back(aig.And(formula.walk().offered[i], Negate(formula.cleared()[i])));
      claims.push_back(aig.And(claims.back(), world.all_replaceable()));
      claims.push_back(aig.And(formula.remaining()[i], Negate(formula.cleared()[i])));
    }
    for (size_t i = 0; i < formula.walk().hit.size(); ++i)
      for (size_t j = 0; j < i; ++j)
        claims.push_back(
            aig.And(formula.walk().hit[i], aig.Or(formula.walk().hit[j], formula.walk().denied)));
    for (const Lit claim : claims) {
      if (NodeOf(claim) == 0 || expected_.size() == claims_wanted) continue;  // decided without a solver
      Ask(ClausesOf(aig, claim));
      ASSERT_FALSE(HasFatalFailure()) << "seed " << seed;
    }
  }
  Compare();
}

}  // namespace
}  // namespace hpol::prove

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i + 1 < argc; ++i)
    if (std::string_view(argv[i]) == "--claims")
      hpol::prove::claims_wanted = std::strtoull(argv[i + 1], nullptr, 10);
  return RUN_ALL_TESTS();
}
