// The prover against brute force: random small policies, every request of a small world judged by the written
// meaning in Kleene's values. Equal on every bit of every request, and on every question that is asked of a
// solver.
//
//   prove_brute_force_test --policies N --first SEED      (default 300 from 1)
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "compiler/prove/prover.h"
#include "compiler/prove/small_worlds.h"
#include "compiler/reference/lanes_for_test.h"

namespace hpol::prove {
namespace {

size_t policies_wanted = 300;
size_t first_seed = 1;

// Bits of up to 64 assignments as one word an input.
std::vector<uint64_t> Transpose(const std::vector<std::vector<bool>>& assignments, size_t inputs) {
  std::vector<uint64_t> words(inputs, 0);
  for (size_t lane = 0; lane < assignments.size(); ++lane)
    for (size_t i = 0; i < assignments[lane].size(); ++i) words[i] |= uint64_t{assignments[lane][i]} << lane;
  return words;
}

class OnePolicy {
 public:
  explicit OnePolicy(const hir::Policy& policy) : policy_(policy), world_(aig_), lanes_(aig_) {
    world_.Note(policy);
    world_.Build();
    Formula formula(policy, world_);
    formula.Defer(deferrals_);
    variables_ = formula.variables();
    bits_ = reference::Everything(policy, formula.literals());
    cone_ = aig_.Cone(bits_);
  }

  // Every request of the small world; remembers which bits were ever true, and ever false.
  void Enumerate() {
    const std::vector<reference::Facts> requests = AllRequests(policy_);
    requests_ = requests.size();
    seen_.assign(bits_.size(), 0);
    seen_without_.assign(bits_.size(), 0);
    for (size_t first = 0; first < requests.size(); first += 64) {
      const size_t count = std::min<size_t>(64, requests.size() - first);
      const std::span<const reference::Facts> batch(&requests[first], count);
      std::vector<std::vector<bool>> assignments;
      for (const reference::Facts& facts : batch)
        assignments.push_back(world_.AssignmentOf(facts, policy_, variables_));
      Compare(batch, assignments, true);
      if (::testing::Test::HasFailure()) return;
    }
  }

  // Random assignments are requests: the facts that they stand for mean the same.
  void Decode(std::mt19937_64& random) {
    std::vector<std::vector<bool>> assignments(64, std::vector<bool>(aig_.inputs()));
    std::vector<reference::Facts> facts;
    for (std::vector<bool>& assignment : assignments) {
      for (size_t i = 0; i < assignment.size(); ++i) assignment[i] = random() % 2 == 0;
      facts.push_back(world_.FactsOf(assignment, policy_, variables_));
    }
    Compare(facts, assignments, false);
  }

  // What is answered about each bit, and about its negation.
  void AskSolver() {
    Questions questions(aig_, kConflictBudget, deferrals_);
    const auto answer = [](bool seen) { return seen ? Answer::kYes : Answer::kNo; };
    for (size_t i = 0; i < bits_.size(); ++i) {
      ASSERT_EQ(questions.Ask(bits_[i]).answer, answer(seen_[i])) << "bit " << i;
      ASSERT_EQ(questions.Ask(Negate(bits_[i])).answer, answer(seen_without_[i])) << "bit " << i;
    }
    questions_ = questions.asked();
  }

  size_t requests() const { return requests_; }
  size_t questions() const { return questions_; }

 private:
  void Compare(std::span<const reference::Facts> facts, const std::vector<std::vector<bool>>& assignments,
               bool remember) {
    reference::KleeneLanes judge(policy_, facts);
    const std::vector<uint64_t> expected = reference::Everything(policy_, judge);
    lanes_.Run(Transpose(assignments, aig_.inputs()), cone_);
    const uint64_t used = facts.size() == 64 ? ~uint64_t{0} : (uint64_t{1} << facts.size()) - 1;
    ASSERT_EQ(expected.size(), bits_.size());
    for (size_t i = 0; i < bits_.size(); ++i) {
      ASSERT_EQ(lanes_[bits_[i]] & used, expected[i] & used) << "bit " << i;
      if (!remember) continue;
      seen_[i] = seen_[i] || (expected[i] & used) != 0;
      seen_without_[i] = seen_without_[i] || (~expected[i] & used) != 0;
    }
  }

  const hir::Policy& policy_;
  Aig aig_;
  World world_;
  Lanes lanes_;
  Deferrals deferrals_;
  Variables variables_;
  std::vector<Lit> bits_;
  std::vector<uint32_t> cone_;
  std::vector<bool> seen_, seen_without_;
  size_t requests_ = 0, questions_ = 0;
};

TEST(BruteForce, EveryRequestAndEveryQuestion) {
  std::mt19937_64 random(1);
  size_t requests = 0;
  size_t questions = 0;
  for (size_t seed = first_seed; seed < first_seed + policies_wanted; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const hir::Policy policy = SmallPolicies(seed).Make();
    OnePolicy one(policy);
    one.Enumerate();
    one.Decode(random);
    one.AskSolver();
    requests += one.requests();
    questions += one.questions();
    ASSERT_FALSE(HasFailure()) << hir::Print(policy, dsl::SourceMap());
  }
  std::printf("%zu policies, %zu requests, %zu questions to the solver: no difference\n", policies_wanted,
              requests, questions);
}

}  // namespace
}  // namespace hpol::prove

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i + 1 < argc; ++i) {
    const size_t number = std::strtoull(argv[i + 1], nullptr, 10);
    if (std::string_view(argv[i]) == "--policies") hpol::prove::policies_wanted = number;
    if (std::string_view(argv[i]) == "--first") hpol::prove::first_seed = number;
  }
  return RUN_ALL_TESTS();
}
