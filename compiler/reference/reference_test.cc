// Whole decisions: the order of causes, findings in joined views, what a redaction covers.
#include "compiler/reference/reference.h"

#include <gtest/gtest.h>

#include "compiler/reference/hir_build.h"

namespace hpol::reference {
namespace {

using namespace hir_build;  // NOLINT(google-build-using-namespace): the words of these tests

constexpr std::string_view kYes[] = {"true"};

class DecideTest : public ::testing::Test {
 protected:
  DecideTest() : policy_(Skeleton()) {
    policy_.attributes = {Declare("must", AttributeType::kBool, false),
                          Declare("may", AttributeType::kBool, true)};
    policy_.detectors = {Detect("mail", "[a-z]+@[a-z]+"), Detect("id", "E-[0-9]{6}", true)};
    policy_.floors = {StartAt(Label::Level(0))};
    policy_.raises = {RaiseTo(Label::Level(1).Join(Label::Category(1)), Found({0})),
                      RaiseTo(Label::Level(2), Found({1}))};
    policy_.targets = {TargetCleared("home", hir::TopLabel(policy_)),
                       TargetCleared("away", Label::Category(0))};
    policy_.redactions = {{"scrub", {{RedactionAction::kPseudonym, {{0}}, Label::Category(0), {}}}, {}}};
    policy_.routes = {Deny("flagged", Flag(1)), Send({{1, RedactionId{0}}, {0, kNoRedaction}})};
  }

  Outcome Ask(std::string_view body, Surface surface = Surface::kText, bool unscanned = false) {
    Request request;
    request.surface = surface;
    request.body = body;
    request.attributes = given_;
    request.unscanned = unscanned;
    return Decide(policy_, request);
  }
  static std::string Chat(const std::string& content) {
    return R"({"model":"m","messages":[{"role":"user","content":)" + content + "}]}";
  }

  static constexpr std::string_view kNo[] = {"false"};
  hir::Policy policy_;
  std::vector<hpol::Attribute> given_ = {{"must", Source::kIdentity, kYes}, {"may", Source::kIdentity, kNo}};
};

TEST_F(DecideTest, RefusedBodiesComeFirstThenInputs) {
  given_.clear();
  EXPECT_EQ(Ask("{", Surface::kOpenAiChat).cause, DenyCause::kBody);
  EXPECT_EQ(Ask("a@b").cause, DenyCause::kInput);
  EXPECT_EQ(Ask("a@b").verdict, Verdict::kDeny);
}

TEST_F(DecideTest, SendsWhatIsClearedInOrder) {
  const Outcome outcome = Ask("write to a@b");
  EXPECT_EQ(outcome.verdict, Verdict::kSend);
  EXPECT_EQ(outcome.label, Label::Level(1).Join(Label::Category(1)));
  EXPECT_EQ(outcome.findings, (std::vector<Finding>{{{0}, Tier::kShape, 9, 12}}));
  ASSERT_EQ(outcome.candidates.size(), 2u);
  EXPECT_EQ(outcome.candidates[0], (Outcome::Sent{{1}, {0}, Label::Category(0)}));
  EXPECT_EQ(outcome.candidates[1], (Outcome::Sent{{0}, kNoRedaction, outcome.label}));
  EXPECT_EQ(outcome.reasons, (std::vector<Reason>{{Reason::Table::kClassify, 0, false},
                                                  {Reason::Table::kClassify, 1, false},
                                                  {Reason::Table::kRoute, 1, false}}));
}

TEST_F(DecideTest, WhatIsNotCoveredIsRemoved) {
  const Outcome outcome = Ask("a@b is E-123456");
  ASSERT_EQ(outcome.candidates.size(), 1u);
  EXPECT_EQ(outcome.candidates[0].target, TargetId{0});
  policy_.routes = {Send({{1, RedactionId{0}}})};
  EXPECT_EQ(Ask("a@b is E-123456").cause, DenyCause::kNotCleared);
  EXPECT_EQ(Ask("a@b").verdict, Verdict::kSend);
}

TEST_F(DecideTest, CausesOfRoutes) {
  given_[1].values = kYes;
  EXPECT_EQ(Ask("hello").cause, DenyCause::kRule);
  given_.pop_back();
  const Outcome unknown = Ask("hello");
  EXPECT_EQ(unknown.cause, DenyCause::kUnknownFact);
  EXPECT_EQ(unknown.reasons.size(), 3u);
  EXPECT_TRUE(unknown.reasons[1].unknown);
  policy_.routes.pop_back();
  EXPECT_EQ(Ask("hello").cause, DenyCause::kUndecided);
}

TEST_F(DecideTest, UnscannedContentIsTopAndStaysHome) {
  const Outcome outcome = Ask("hello", Surface::kText, /*unscanned=*/true);
  EXPECT_EQ(outcome.label, hir::TopLabel(policy_));
  ASSERT_EQ(outcome.candidates.size(), 1u);
  EXPECT_EQ(outcome.candidates[0].target, TargetId{0});
}

TEST_F(DecideTest, AValueSplitOverPartsIsFoundOnceInJoinedViews) {
  const std::string body = Chat(R"([{"type":"text","text":"mail a"},{"type":"text","text":"@b now"}])");
  const Outcome outcome = Ask(body, Surface::kOpenAiChat);
  ASSERT_EQ(outcome.findings.size(), 1u);
  EXPECT_EQ(outcome.findings[0].begin, body.find("a\"},"));
  EXPECT_EQ(outcome.findings[0].end, body.find("@b") + 2);
  EXPECT_EQ(outcome.label, Label::Level(1).Join(Label::Category(1)));
  ASSERT_EQ(outcome.candidates.size(), 2u);  // both pieces are text: the redaction covers it
}

TEST_F(DecideTest, FindOffersTheSlowMatcherAlone) {
  EXPECT_EQ(Find(policy_, {1}, "E-123456 E-1234567"), (std::vector<Finding>{{{1}, Tier::kShape, 0, 8}}));
}

}  // namespace
}  // namespace hpol::reference
