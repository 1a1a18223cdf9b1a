// A second algebra, 64 requests a word: the meaning must not care what its values are, and
// must say of each lane what it says of that request alone.
#include <gtest/gtest.h>

#include <array>
#include <random>

#include "compiler/reference/hir_build.h"
#include "compiler/reference/lanes_for_test.h"

namespace hpol::reference {
namespace {

using namespace hir_build;  // NOLINT(google-build-using-namespace): the words of these tests

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

TEST(Lanes, EachLaneIsOneRequest) {
  const hir::Policy policy = Example();
  std::mt19937_64 random(7);
  for (int round = 0; round < 30; ++round) {
    const std::array<Facts, 64> facts = RandomFacts(random);
    KleeneLanes lanes(policy, facts);
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
