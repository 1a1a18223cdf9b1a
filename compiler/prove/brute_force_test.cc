// The prover against brute force: random small policies, every request of a small world judged by the written
// meaning in Kleene's values. Equal on every bit of every request, and on every question that is asked of a
// solver.
//
//   prove_brute_force_test --policies N      (default 300)
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "compiler/prove/formula.h"
#include "compiler/prove/small_worlds.h"
#include "compiler/prove/solver.h"

namespace hpol::prove {
namespace {

size_t policies_wanted = 300;

// 64 requests a word, each judged by the reference's own algebra.
class JudgeLanes {
 public:
  using Bit = uint64_t;
  struct Truth {
    Bit must = 0;
    Bit may = 0;
  };

  JudgeLanes(const hir::Policy& policy, std::span<const reference::Facts> facts) {
    for (const reference::Facts& one : facts) judges_.emplace_back(policy, one);
  }

  static Bit Const(bool value) { return value ? ~Bit{0} : 0; }
  static Bit And(Bit a, Bit b) { return a & b; }
  static Bit Or(Bit a, Bit b) { return a | b; }
  static Bit Not(Bit a) { return ~a; }
  static Truth And(Truth a, Truth b) { return {a.must & b.must, a.may & b.may}; }
  static Truth Or(Truth a, Truth b) { return {a.must | b.must, a.may | b.may}; }
  static Truth Not(Truth a) { return {~a.may, ~a.must}; }
  static Truth FromBit(Bit a) { return {a, a}; }
  static Bit Must(Truth a) { return a.must; }
  static Bit May(Truth a) { return a.may; }

  Truth Atom(const hir::Atom& atom, RedactionId cover) const {
    Truth truth;
    for (size_t lane = 0; lane < judges_.size(); ++lane) {
      const hpol::Truth one = judges_[lane].Atom(atom, cover);
      truth.must |= Bit{one == hpol::Truth::kTrue} << lane;
      truth.may |= Bit{one != hpol::Truth::kFalse} << lane;
    }
    return truth;
  }
  Bit Unscanned() const {
    return Each([](const reference::Kleene& one) { return one.Unscanned(); });
  }
  Bit Unregistered() const {
    return Each([](const reference::Kleene& one) { return one.Unregistered(); });
  }
  Bit Writes(RedactionId redaction, size_t line) const {
    return Each([&](const reference::Kleene& one) { return one.Writes(redaction, line); });
  }

 private:
  template <typename F>
  Bit Each(F&& ask) const {
    Bit bits = 0;
    for (size_t lane = 0; lane < judges_.size(); ++lane) bits |= Bit{ask(judges_[lane])} << lane;
    return bits;
  }
  std::vector<reference::Kleene> judges_;
};

// Everything that the meaning says of a request, and of each route and candidate, in one order.
template <typename B>
std::vector<typename B::Bit> Everything(const hir::Policy& policy, B& algebra) {
  reference::Meaning<B> meaning(policy, algebra);
  const auto rows = meaning.ClassifyRows(kNoRedaction);
  const auto label = meaning.LabelOf(rows);
  const auto walk = meaning.WalkRoutes(label);
  std::vector<typename B::Bit> bits(label.begin(), label.end());
  for (const auto& row : rows) bits.insert(bits.end(), {row.must, row.may});
  for (const auto* part : {&walk.taking_part, &walk.hit, &walk.offered})
    bits.insert(bits.end(), part->begin(), part->end());
  bits.insert(bits.end(), {walk.denied, walk.undecided});
  for (size_t i = 0; i < meaning.candidates().size(); ++i) {
    const auto& sent = meaning.SentLabel(i);
    bits.insert(bits.end(), sent.begin(), sent.end());
    bits.insert(bits.end(), {meaning.Cleared(i), meaning.MaySeeUnregistered(i)});
  }
  const auto remaining = meaning.Remaining(walk);
  for (const hir::Guarantee& guarantee : policy.guarantees)
    bits.push_back(algebra.And(meaning.Admitted(), meaning.Broken(guarantee, label, walk, remaining)));
  return bits;
}

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
    Literals literals(policy, world_);
    bits_ = Everything(policy, literals);
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
      for (const reference::Facts& facts : batch) assignments.push_back(world_.AssignmentOf(facts, policy_));
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
      facts.push_back(world_.FactsOf(assignment, policy_));
    }
    Compare(facts, assignments, false);
  }

  // What the solver says of each bit, and of its negation.
  void AskSolver() {
    Asker asker(aig_);
    for (size_t i = 0; i < bits_.size(); ++i) {
      if (NodeOf(bits_[i]) == 0) {
        EXPECT_EQ(bits_[i] == kTrue, seen_[i]) << "constant bit " << i;
        EXPECT_NE(bits_[i] == kTrue, seen_without_[i]) << "constant bit " << i;
        continue;
      }
      EXPECT_EQ(asker.Ask(bits_[i]), seen_[i] ? Answer::kYes : Answer::kNo) << "bit " << i;
      EXPECT_EQ(asker.Ask(Negate(bits_[i])), seen_without_[i] ? Answer::kYes : Answer::kNo) << "bit " << i;
    }
    questions_ = asker.questions();
  }

  size_t requests() const { return requests_; }
  size_t questions() const { return questions_; }

 private:
  void Compare(std::span<const reference::Facts> facts, const std::vector<std::vector<bool>>& assignments,
               bool remember) {
    JudgeLanes judge(policy_, facts);
    const std::vector<uint64_t> expected = Everything(policy_, judge);
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
  std::vector<Lit> bits_;
  std::vector<uint32_t> cone_;
  std::vector<bool> seen_, seen_without_;
  size_t requests_ = 0, questions_ = 0;
};

TEST(BruteForce, EveryRequestAndEveryQuestion) {
  std::mt19937_64 random(1);
  size_t requests = 0;
  size_t questions = 0;
  for (size_t seed = 1; seed <= policies_wanted; ++seed) {
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
  for (int i = 1; i + 1 < argc; ++i)
    if (std::string_view(argv[i]) == "--policies")
      hpol::prove::policies_wanted = std::strtoull(argv[i + 1], nullptr, 10);
  return RUN_ALL_TESTS();
}
