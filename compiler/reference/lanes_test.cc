// A second algebra, 64 requests a word: the meaning must not care what its values are, and
// must say of each lane what it says of that request alone.
#include <gtest/gtest.h>

#include <array>
#include <random>

#include "compiler/reference/hir_build.h"
#include "compiler/reference/kleene.h"
#include "compiler/reference/meaning.h"

namespace hpol::reference {
namespace {

using namespace hir_build;  // NOLINT(google-build-using-namespace): the words of these tests

class Lanes {
 public:
  using Bit = uint64_t;
  struct Truth {
    Bit must = 0;
    Bit may = 0;
  };

  Lanes(const hir::Policy& policy, const std::array<Facts, 64>& facts) : policy_(policy), facts_(facts) {}

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
    truth.must = Each([&](const Kleene& one) { return Kleene::Must(one.Atom(atom, cover)); });
    truth.may = Each([&](const Kleene& one) { return Kleene::May(one.Atom(atom, cover)); });
    return truth;
  }
  Bit Unscanned() const {
    return Each([](const Kleene& one) { return one.Unscanned(); });
  }
  Bit Unregistered() const {
    return Each([](const Kleene& one) { return one.Unregistered(); });
  }
  Bit Writes(RedactionId redaction, size_t line) const {
    return Each([&](const Kleene& one) { return one.Writes(redaction, line); });
  }

 private:
  template <typename F>
  Bit Each(F&& ask) const {
    Bit bits = 0;
    for (size_t lane = 0; lane < 64; ++lane)
      if (ask(Kleene(policy_, facts_[lane]))) bits |= Bit{1} << lane;
    return bits;
  }

  const hir::Policy& policy_;
  const std::array<Facts, 64>& facts_;
};

hir::Policy Example() {
  hir::Policy policy = Skeleton();
  policy.attributes = {Declare("a", AttributeType::kBool, true), Declare("b", AttributeType::kBool, true),
                       Declare("n", AttributeType::kInt, true)};
  policy.detectors = {Detect("mail", "m"), Detect("key", "k")};
  policy.floors = {StartAt(Label::Level(0), Flag(0)), StartAt(Label::Level(1))};
  policy.raises = {RaiseTo(Label::Level(1).Join(Label::Category(1)), Or({Found({0}), Not(Flag(1))})),
                   RaiseTo(Label::Level(2), Count({0, 1}, 2))};
  policy.targets = {TargetCleared("home", hir::TopLabel(policy)),
                    TargetCleared("away", Label::Level(1).Join(Label::Category(0)))};
  policy.redactions = {{"scrub", {{RedactionAction::kPseudonym, {{0}}, Label::Category(0), {}}}, {}}};
  policy.routes = {Deny("no", And({Flag(0), Found({1})})),
                   Send({{1, RedactionId{0}}, {0, kNoRedaction}}, Int(2, CompareOp::kLess, 5)),
                   Send({{1, kNoRedaction}, {0, kNoRedaction}}, Level(CompareOp::kLessEqual, 1)),
                   Send({{0, kNoRedaction}}, Not(Flag(1)))};
  return policy;
}

std::array<Facts, 64> RandomFacts(std::mt19937_64& random) {
  std::array<Facts, 64> all;
  for (Facts& facts : all) {
    facts.attributes.resize(3);
    for (Value& value : facts.attributes) {
      value.present = random() % 3 != 0;
      value.boolean = random() % 2 == 0;
      value.number = static_cast<int64_t>(random() % 10);
    }
    for (uint32_t detector = 0; detector < 2; ++detector)
      if (random() % 2 == 0) facts.findings.push_back({{detector}, Tier::kShape, "t", random() % 4 != 0});
    facts.unscanned = random() % 5 == 0;
    facts.unregistered = random() % 5 == 0;
  }
  return all;
}

// Every bit that the meaning gives of one request or of 64, in one order.
template <typename B>
std::vector<typename B::Bit> Everything(const hir::Policy& policy, B& algebra) {
  Meaning<B> meaning(policy, algebra);
  const auto rows = meaning.ClassifyRows(kNoRedaction);
  const auto label = meaning.LabelOf(rows);
  const auto walk = meaning.WalkRoutes(label);
  std::vector<typename B::Bit> bits(label.begin(), label.end());
  for (const auto& row : rows) bits.insert(bits.end(), {row.must, row.may});
  for (const auto* part : {&walk.taking_part, &walk.hit, &walk.offered})
    bits.insert(bits.end(), part->begin(), part->end());
  bits.insert(bits.end(), {walk.denied, walk.undecided});
  for (size_t i = 0; i < meaning.candidates().size(); ++i) {
    const auto sent = meaning.SentLabel(i);
    bits.insert(bits.end(), sent.begin(), sent.end());
    bits.insert(bits.end(), {meaning.Cleared(i), meaning.MaySeeUnregistered(i)});
  }
  return bits;
}

TEST(Lanes, EachLaneIsOneRequest) {
  const hir::Policy policy = Example();
  std::mt19937_64 random(7);
  for (int round = 0; round < 30; ++round) {
    const std::array<Facts, 64> facts = RandomFacts(random);
    Lanes lanes(policy, facts);
    const std::vector<uint64_t> all = Everything(policy, lanes);
    for (size_t lane = 0; lane < 64; ++lane) {
      Kleene kleene(policy, facts[lane]);
      const std::vector<bool> one = Everything(policy, kleene);
      ASSERT_EQ(all.size(), one.size());
      for (size_t bit = 0; bit < one.size(); ++bit)
        ASSERT_EQ((all[bit] >> lane) & 1, one[bit] ? 1u : 0u) << "lane " << lane << " bit " << bit;
    }
  }
}

}  // namespace
}  // namespace hpol::reference
