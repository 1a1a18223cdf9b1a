// The truth tables, and what each kind of atom says of present, missing and unscanned facts.
#include "compiler/reference/kleene.h"

#include <gtest/gtest.h>

#include <limits>

#include "compiler/reference/hir_build.h"

namespace hpol::reference {
namespace {

using namespace hir_build;  // NOLINT(google-build-using-namespace): the words of these tests

constexpr Truth F = Truth::kFalse;
constexpr Truth U = Truth::kUnknown;
constexpr Truth T = Truth::kTrue;

TEST(KleeneTables, AndOrNot) {
  const Truth all[] = {F, U, T};
  const Truth conjunction[3][3] = {{F, F, F}, {F, U, U}, {F, U, T}};
  const Truth disjunction[3][3] = {{F, U, T}, {U, U, T}, {T, T, T}};
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) {
      EXPECT_EQ(Kleene::And(all[i], all[j]), conjunction[i][j]);
      EXPECT_EQ(Kleene::Or(all[i], all[j]), disjunction[i][j]);
    }
  EXPECT_EQ(Kleene::Not(F), T);
  EXPECT_EQ(Kleene::Not(U), U);
  EXPECT_EQ(Kleene::Not(T), F);
  EXPECT_TRUE(Kleene::Must(T) && !Kleene::Must(U) && !Kleene::Must(F));
  EXPECT_TRUE(Kleene::May(T) && Kleene::May(U) && !Kleene::May(F));
}

class KleeneAtoms : public ::testing::Test {
 protected:
  KleeneAtoms() {
    policy_ = Skeleton();
    policy_.attributes = {Declare("n", AttributeType::kInt, true), Declare("l", AttributeType::kLabel, true),
                          Declare("e", AttributeType::kEnum, true, {"a", "b", "c"}),
                          Declare("s", AttributeType::kStringSet, true),
                          Declare("b", AttributeType::kBool, true)};
    facts_.attributes.resize(policy_.attributes.size());
    policy_.detectors = {Detect("mail", "m"), Detect("card", "c")};
    policy_.detectors[1].firing = Tier::kChecksum;
    policy_.redactions = {{"scrub", {{RedactionAction::kMask, {{0}}, {}, {}}}, {}}};
  }

  Truth Ask(const Expr& expr, RedactionId cover = kNoRedaction) const {
    return Kleene(policy_, facts_).Atom(expr.atom, cover);
  }
  void Find(uint32_t detector, Tier tier, const char* text, bool replaceable = true) {
    facts_.findings.push_back({{detector}, tier, text, replaceable});
  }

  hir::Policy policy_;
  Facts facts_;
};

TEST_F(KleeneAtoms, MissingAttributesAreUnknownButNeverPresent) {
  for (const Expr& expr : {Int(0, CompareOp::kGreaterEqual, 1), LabelIs(1, CompareOp::kEqual, {}), In(2, {0}),
                           OnAttribute(Atom::Kind::kHas, 3), Flag(4)})
    EXPECT_EQ(Ask(expr), U);
  EXPECT_EQ(Ask(Present(0)), F);
}

TEST_F(KleeneAtoms, Numbers) {
  facts_.attributes[0].present = true;
  facts_.attributes[0].number = std::numeric_limits<int64_t>::min();
  EXPECT_EQ(Ask(Present(0)), T);
  EXPECT_EQ(Ask(Int(0, CompareOp::kLess, std::numeric_limits<int64_t>::max())), T);
  EXPECT_EQ(Ask(Int(0, CompareOp::kLess, std::numeric_limits<int64_t>::min())), F);
  EXPECT_EQ(Ask(Int(0, CompareOp::kLessEqual, std::numeric_limits<int64_t>::min())), T);
  EXPECT_EQ(Ask(Int(0, CompareOp::kNotEqual, 3)), T);
}

TEST_F(KleeneAtoms, LabelsAreOnlyPartlyOrdered) {
  facts_.attributes[1].present = true;
  facts_.attributes[1].label = Label::Level(1).Join(Label::Category(1));
  const Label other = Label::Level(2).Join(Label::Category(2));
  EXPECT_EQ(Ask(LabelIs(1, CompareOp::kGreaterEqual, other)), F);
  EXPECT_EQ(Ask(LabelIs(1, CompareOp::kLessEqual, other)), F);
  EXPECT_EQ(Ask(LabelIs(1, CompareOp::kGreaterEqual, Label::Level(1))), T);
  EXPECT_EQ(Ask(LabelIs(1, CompareOp::kLessEqual, other.Join(Label::Category(1)))), T);
}

TEST_F(KleeneAtoms, MembersAndTexts) {
  facts_.attributes[2].present = facts_.attributes[3].present = true;
  facts_.attributes[2].members = {1};
  facts_.attributes[3].texts = {"x", "y"};
  EXPECT_EQ(Ask(In(2, {0, 1})), T);
  EXPECT_EQ(Ask(In(2, {0, 2})), F);
  Expr has = OnAttribute(Atom::Kind::kHas, 3);
  has.atom.texts = {"y"};
  EXPECT_EQ(Ask(has), T);
  has.atom.texts = {"z"};
  EXPECT_EQ(Ask(has), F);
}

TEST_F(KleeneAtoms, EachDetectorFiresAtItsOwnTier) {
  Find(1, Tier::kShape, "4111");
  EXPECT_EQ(Ask(Found({0, 1})), F);
  EXPECT_EQ(Ask(TierAtLeast(1, Tier::kShape)), T);
  EXPECT_EQ(Ask(TierAtLeast(1, Tier::kContext)), F);
  EXPECT_EQ(Ask(Count({0, 1}, 1)), F);
  Find(1, Tier::kChecksum, "4111");
  EXPECT_EQ(Ask(Found({0, 1})), T);
  EXPECT_EQ(Ask(Count({0, 1}, 2)), F);
}

TEST_F(KleeneAtoms, CountsSumAndDistinctTextsAreOfEachDetector) {
  Find(0, Tier::kShape, "a");
  Find(0, Tier::kShape, "a");
  Find(1, Tier::kChecksum, "a");
  EXPECT_EQ(Ask(Count({0, 1}, 3)), T);
  EXPECT_EQ(Ask(Count({0, 1}, 4)), F);
  EXPECT_EQ(Ask(Count({0, 1}, 2, Atom::Kind::kDistinct)), T);
  EXPECT_EQ(Ask(Count({0, 1}, 3, Atom::Kind::kDistinct)), F);
}

TEST_F(KleeneAtoms, WhatWasNotScannedMayHoldMore) {
  Find(0, Tier::kShape, "a");
  facts_.unscanned = true;
  EXPECT_EQ(Ask(Found({0})), T);
  EXPECT_EQ(Ask(Found({1})), U);
  EXPECT_EQ(Ask(Count({0}, 2)), U);
  EXPECT_EQ(Ask(Found({})), U);
}

TEST_F(KleeneAtoms, ARedactionSwitchesOffWhatItCanWriteOver) {
  const RedactionId scrub{0};
  Find(0, Tier::kShape, "a");
  EXPECT_EQ(Ask(Found({0}), scrub), F);
  EXPECT_EQ(Ask(Found({0}), kNoRedaction), T);
  EXPECT_TRUE(Kleene(policy_, facts_).Writes(scrub, 0));
  facts_.findings[0].replaceable = false;  // it touches an object key
  EXPECT_EQ(Ask(Found({0}), scrub), T);
  EXPECT_FALSE(Kleene(policy_, facts_).Writes(scrub, 0));
}

}  // namespace
}  // namespace hpol::reference
