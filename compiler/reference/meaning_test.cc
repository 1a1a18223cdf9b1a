// The meaning on hand-made policies: floors, raises, unknown routes, covers, clearance.
#include "compiler/reference/meaning.h"

#include <gtest/gtest.h>

#include "compiler/reference/hir_build.h"
#include "compiler/reference/kleene.h"

namespace hpol::reference {
namespace {

using namespace hir_build;  // NOLINT(google-build-using-namespace): the words of these tests

constexpr Label kPublic = Label::Level(0);
constexpr Label kInternal = Label::Level(1);
constexpr Label kConfidential = Label::Level(2);
constexpr Label kPii = Label::Category(1);
constexpr Label kSecret = Label::Category(2);

class MeaningTest : public ::testing::Test {
 protected:
  MeaningTest() : policy_(Skeleton()) {
    policy_.attributes = {Declare("a", AttributeType::kBool, true), Declare("b", AttributeType::kBool, true)};
    policy_.detectors = {Detect("mail", "m"), Detect("key", "k")};
    policy_.targets = {TargetCleared("home", hir::TopLabel(policy_)), TargetCleared("away", kPublic),
                       TargetCleared("near", kInternal.Join(Label::Category(0)))};
    facts_.attributes.resize(2);
  }

  void Set(uint32_t attribute, bool value) {
    facts_.attributes[attribute].present = true;
    facts_.attributes[attribute].boolean = value;
  }
  void Find(uint32_t detector, bool replaceable = true) {
    facts_.findings.push_back({{detector}, Tier::kShape, "text", replaceable});
  }

  static Label Word(const std::vector<bool>& bits) {
    Label label;
    for (size_t i = 0; i < bits.size(); ++i)
      if (bits[i]) label.word |= uint64_t{1} << i;
    return label;
  }
  Label Classify() {
    Kleene kleene(policy_, facts_);
    Meaning<Kleene> meaning(policy_, kleene);
    return Word(meaning.LabelOf(meaning.ClassifyRows(kNoRedaction)));
  }
  Label Sent(size_t candidate) {
    Kleene kleene(policy_, facts_);
    return Word(Meaning<Kleene>(policy_, kleene).SentLabel(candidate));
  }
  bool Cleared(size_t candidate) {
    Kleene kleene(policy_, facts_);
    return Meaning<Kleene>(policy_, kleene).Cleared(candidate);
  }
  Meaning<Kleene>::Walk Walk() {
    Kleene kleene(policy_, facts_);
    Meaning<Kleene> meaning(policy_, kleene);
    return meaning.WalkRoutes(meaning.LabelOf(meaning.ClassifyRows(kNoRedaction)));
  }

  hir::Policy policy_;
  Facts facts_;
};

TEST_F(MeaningTest, TheFirstFloorThatAppliesIsTheFloor) {
  policy_.floors = {StartAt(kPublic, Flag(0)), StartAt(kConfidential, Flag(1)), StartAt(kInternal)};
  Set(0, true);
  Set(1, true);
  EXPECT_EQ(Classify(), kPublic);
  Set(0, false);
  EXPECT_EQ(Classify(), kConfidential);
  Set(1, false);
  EXPECT_EQ(Classify(), kInternal);
}

TEST_F(MeaningTest, AFloorThatMayApplyDoesNotHideTheNext) {
  policy_.floors = {StartAt(kPublic.Join(kPii), Flag(0)), StartAt(kInternal.Join(kSecret))};
  EXPECT_EQ(Classify(), kInternal.Join(kPii).Join(kSecret));
}

TEST_F(MeaningTest, RaisesJoinAndUnknownOnesApply) {
  policy_.floors = {StartAt(kPublic)};
  policy_.raises = {RaiseTo(kInternal.Join(kPii), Found({0})), RaiseTo(kInternal.Join(kSecret), Found({1})),
                    RaiseTo(kConfidential, Flag(0))};
  Set(0, false);
  EXPECT_EQ(Classify(), kPublic);
  Find(0);
  Find(1);
  EXPECT_EQ(Classify(), kInternal.Join(kPii).Join(kSecret));
  facts_.attributes[0].present = false;
  EXPECT_EQ(Classify(), kConfidential.Join(kPii).Join(kSecret));
}

TEST_F(MeaningTest, UnscannedContentHasTheTopLabel) {
  policy_.floors = {StartAt(kPublic)};
  facts_.unscanned = true;
  EXPECT_EQ(Classify(), hir::TopLabel(policy_));
}

TEST_F(MeaningTest, RoutesSeeTheLabel) {
  policy_.floors = {StartAt(kInternal.Join(kPii))};
  const std::vector<std::pair<Expr, bool>> cases = {{Level(CompareOp::kEqual, 1), true},
                                                    {Level(CompareOp::kEqual, 0), false},
                                                    {Level(CompareOp::kEqual, 2), false},
                                                    {Level(CompareOp::kNotEqual, 1), false},
                                                    {Level(CompareOp::kNotEqual, 2), true},
                                                    {Level(CompareOp::kLess, 1), false},
                                                    {Level(CompareOp::kLess, 2), true},
                                                    {Level(CompareOp::kLessEqual, 0), false},
                                                    {Level(CompareOp::kLessEqual, 1), true},
                                                    {Level(CompareOp::kLessEqual, 2), true},
                                                    {Level(CompareOp::kGreater, 0), true},
                                                    {Level(CompareOp::kGreater, 1), false},
                                                    {Level(CompareOp::kGreater, 2), false},
                                                    {Level(CompareOp::kGreaterEqual, 0), true},
                                                    {Level(CompareOp::kGreaterEqual, 2), false},
                                                    {Category(1), true},
                                                    {Category(2), false}};
  for (size_t i = 0; i < cases.size(); ++i) {
    policy_.routes = {Send({{0, kNoRedaction}}, cases[i].first)};
    EXPECT_EQ(Walk().hit[0], cases[i].second) << "case " << i;
    EXPECT_EQ(Walk().undecided, !cases[i].second) << "case " << i;
  }
}

TEST_F(MeaningTest, ARouteThatMayApplyLimitsTheRest) {
  policy_.routes = {Send({{0, kNoRedaction}, {2, kNoRedaction}}, Flag(0)),
                    Send({{1, kNoRedaction}, {0, kNoRedaction}})};
  auto walk = Walk();  // candidates: home, near, away
  EXPECT_EQ(walk.offered, (std::vector<bool>{true, false, false}));
  EXPECT_EQ(walk.taking_part, (std::vector<bool>{true, true}));
  EXPECT_EQ(walk.hit, (std::vector<bool>{false, true}));
  Set(0, false);
  walk = Walk();
  EXPECT_EQ(walk.offered, (std::vector<bool>{true, false, true}));
  EXPECT_EQ(walk.taking_part, (std::vector<bool>{false, true}));
  Set(0, true);
  walk = Walk();
  EXPECT_EQ(walk.offered, (std::vector<bool>{true, true, false}));
  EXPECT_EQ(walk.taking_part, (std::vector<bool>{true, false}));
}

TEST_F(MeaningTest, ADenialThatMayApplyLeavesNothing) {
  policy_.routes = {Deny("no", Flag(0)), Send({{0, kNoRedaction}})};
  auto walk = Walk();
  EXPECT_EQ(walk.offered, (std::vector<bool>{false}));
  EXPECT_FALSE(walk.denied);
  EXPECT_FALSE(walk.undecided);
  Set(0, true);
  EXPECT_TRUE(Walk().denied);
  Set(0, false);
  EXPECT_EQ(Walk().offered, (std::vector<bool>{true}));
}

TEST_F(MeaningTest, NoRouteMeansUndecidedAndNothingOffered) {
  policy_.routes = {Send({{0, kNoRedaction}}, Flag(0))};
  const auto walk = Walk();  // it may apply, which is not enough
  EXPECT_TRUE(walk.undecided);
  EXPECT_EQ(walk.offered, (std::vector<bool>{false}));
}

TEST_F(MeaningTest, TheSameTargetRedactedIsAnotherCandidate) {
  policy_.redactions = {{"scrub", {{RedactionAction::kMask, {{0}}, {}, {}}}, {}}};
  policy_.routes = {Send({{1, kNoRedaction}}, Flag(0)), Send({{1, RedactionId{0}}, {1, kNoRedaction}})};
  EXPECT_EQ(Walk().offered, (std::vector<bool>{true, false}));
}

TEST_F(MeaningTest, SentLabelIsClassifyUnderCoverWithWhatTheLinesLeave) {
  policy_.floors = {StartAt(kPublic)};
  policy_.raises = {RaiseTo(kInternal.Join(kPii), Found({0})),
                    RaiseTo(kConfidential.Join(kSecret), Found({1}))};
  policy_.redactions = {{"scrub",
                         {{RedactionAction::kPseudonym, {{0}}, Label::Category(0), {}},
                          {RedactionAction::kMask, {{1}}, kInternal, {}}},
                         {}}};
  policy_.routes = {Send({{2, RedactionId{0}}, {2, kNoRedaction}})};
  EXPECT_EQ(Sent(0), kPublic);  // nothing found, nothing written
  Find(0);
  EXPECT_EQ(Sent(0), Label::Category(0));
  EXPECT_EQ(Sent(1), kInternal.Join(kPii));
  EXPECT_TRUE(Cleared(0));
  EXPECT_FALSE(Cleared(1));
  Find(0, /*replaceable=*/false);  // a second one, in an object key
  EXPECT_EQ(Sent(0), kInternal.Join(kPii).Join(Label::Category(0)));
  EXPECT_FALSE(Cleared(0));
  facts_.findings.clear();
  facts_.unscanned = true;
  EXPECT_EQ(Sent(0), hir::TopLabel(policy_));
}

TEST_F(MeaningTest, FieldsNobodyRegisteredGoOnlyWhereEverythingMay) {
  policy_.routes = {Send({{0, kNoRedaction}, {2, kNoRedaction}})};
  Kleene kleene(policy_, facts_);
  Meaning<Kleene> meaning(policy_, kleene);
  EXPECT_TRUE(meaning.MaySeeUnregistered(1));
  facts_.unregistered = true;
  EXPECT_TRUE(meaning.MaySeeUnregistered(0));
  EXPECT_FALSE(meaning.MaySeeUnregistered(1));
}

// Which of the three forms are broken by a property, with and without a `when`.
class GuaranteeTest : public MeaningTest {
 protected:
  GuaranteeTest() {
    policy_.zones.push_back(policy_.zones.front());
    policy_.zones.back().trusted = false;
    policy_.targets[1].zone = ZoneId{1};
    policy_.floors = {StartAt(kPublic)};
  }
  bool Broken(bool never, Expr property, std::optional<Expr> when = std::nullopt,
              bool about_candidates = false) {
    hir::Guarantee guarantee;
    guarantee.never = never;
    guarantee.property = std::move(property);
    guarantee.when = std::move(when);
    guarantee.about_candidates = about_candidates;
    Kleene kleene(policy_, facts_);
    Meaning<Kleene> meaning(policy_, kleene);
    const auto label = meaning.LabelOf(meaning.ClassifyRows(kNoRedaction));
    const auto walk = meaning.WalkRoutes(label);
    return meaning.Broken(guarantee, label, walk, meaning.Remaining(walk));
  }
  static Expr Asks(Atom::Kind kind) { return OnAttribute(kind, 0); }
};

TEST_F(GuaranteeTest, UnknownBreaksWhatIsDemanded) {
  policy_.routes = {Send({{0, kNoRedaction}})};
  EXPECT_TRUE(Broken(true, Flag(0)));   // never, and it may be
  EXPECT_TRUE(Broken(false, Flag(0)));  // always, and it may not be
  EXPECT_TRUE(Broken(false, Constant(false), Flag(0)));
  Set(0, false);
  EXPECT_FALSE(Broken(true, Flag(0)));
  EXPECT_TRUE(Broken(false, Flag(0)));
  EXPECT_FALSE(Broken(false, Constant(false), Flag(0)));
  Set(0, true);
  EXPECT_TRUE(Broken(true, Flag(0)));
  EXPECT_FALSE(Broken(false, Flag(0)));
}

TEST_F(GuaranteeTest, EveryCandidateIsAsked) {
  policy_.routes = {Send({{0, kNoRedaction}}, Flag(0)), Send({{0, kNoRedaction}, {1, kNoRedaction}})};
  const auto leaves = [&] { return Broken(true, Not(Asks(Atom::Kind::kTrusted)), std::nullopt, true); };
  Set(0, true);
  EXPECT_FALSE(leaves());
  Set(0, false);
  EXPECT_TRUE(leaves());
  facts_.unscanned = true;  // nothing may leave then: `away` is not cleared for it
  EXPECT_FALSE(leaves());
}

TEST_F(GuaranteeTest, ARequestWithoutCandidatesIsDenied) {
  policy_.routes = {Deny("no", Flag(0)), Send({{1, kNoRedaction}}, Flag(1))};
  Set(0, true);
  EXPECT_FALSE(Broken(false, Asks(Atom::Kind::kDenied)));
  EXPECT_FALSE(Broken(true, Asks(Atom::Kind::kUndecided)));
  EXPECT_FALSE(Broken(false, Constant(false), std::nullopt, true));  // of no candidate
  Set(0, false);
  Set(1, false);
  EXPECT_FALSE(Broken(false, Asks(Atom::Kind::kDenied)));
  EXPECT_TRUE(Broken(true, Asks(Atom::Kind::kUndecided)));
  Set(1, true);
  EXPECT_TRUE(Broken(false, Asks(Atom::Kind::kDenied)));
  EXPECT_FALSE(Broken(true, Asks(Atom::Kind::kUndecided)));
  EXPECT_TRUE(Broken(false, Constant(false), std::nullopt, true));
}

TEST_F(GuaranteeTest, WhatIsSentIsNotWhatWasAsked) {
  hir::Redaction scrub;
  scrub.lines.push_back({RedactionAction::kRemove, {DetectorId{0}}, kPublic, {}});
  policy_.redactions = {scrub};
  policy_.raises = {RaiseTo(kConfidential, Found({0}))};
  policy_.routes = {Send({{1, RedactionId{0}}})};
  Find(0);
  Expr sent = Level(CompareOp::kGreater, 0);
  sent.atom.whose = hir::LabelOf::kSent;
  EXPECT_FALSE(Broken(true, sent, std::nullopt, true));
  EXPECT_TRUE(Broken(true, Level(CompareOp::kGreater, 0), std::nullopt, true));
  Expr whole = Level(CompareOp::kLessEqual, 0);
  whole.atom.kind = Atom::Kind::kLabel;
  whole.atom.whose = hir::LabelOf::kSent;
  EXPECT_FALSE(Broken(false, whole, std::nullopt, true));
  Find(0, /*replaceable=*/false);  // cannot be written over: the candidate goes
  EXPECT_FALSE(Broken(false, whole, std::nullopt, true));
  EXPECT_FALSE(Broken(false, Asks(Atom::Kind::kDenied)));
}

}  // namespace
}  // namespace hpol::reference
