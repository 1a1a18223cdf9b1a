// Engine::Decide over a hand-made policy: denials, unknown rules, candidates.
#include <gtest/gtest.h>

#include "runtime/decide/hand_policy_for_test.h"

namespace hpol {
namespace {

using hand::Always;
using hand::And;
using hand::Given;
using hand::Is;
using hand::Not;
using hand::Or;
using ir::FactKind;

// In the spirit of the example policy: an SSN is confidential, an e-mail address internal and leaves
// only as a pseudonym; `eu` keeps everything home.
class DecideTest : public testing::Test {
 protected:
  DecideTest() {
    ssn = p.Detector("us_ssn", hand::Code(hand::MatchSsn, "0123456789"), "us_ssn");
    email = p.Detector("email", hand::Code(hand::MatchEmail));
    word = p.Detector("codename", hand::Code(hand::MatchWord, "n", "nightjar"));
    department =
        p.Attribute("department", AttributeType::kEnum, Source::kIdentity, false, {"legal", "sales"});
    region = p.Attribute("region", AttributeType::kEnum, Source::kGateway, true, {"us", "eu"});
    legal = p.OnAttribute(FactKind::kMember, department, p.Indices({0}));
    eu = p.OnAttribute(FactKind::kMember, region, p.Indices({1}));
    has_ssn = p.Found({ssn}, Tier::kChecksum);
    has_email = p.OnDetectors(FactKind::kCount, {email}, 1);
    has_word = p.Found({word});
    confidential = p.AtLevel(hand::kConfidential);
    internal = p.AtLevel(hand::kInternal);

    p.Classify(Is(legal), hand::kInternal);
    p.Classify(Not(legal), hand::kPublic);
    p.Classify(Is(has_ssn), hand::kConfidential.Join(hand::kPii));
    p.Classify(Is(has_email), hand::kInternal.Join(hand::kPii));
    p.Classify(Is(has_word), hand::kInternal);

    qwen = p.Target("qwen", hand::Policy::kPrivate, hand::kTop);
    gpt = p.Target("gpt", hand::Policy::kCloud, hand::kPublic.Join(hand::kPseudonymous));
    scrub = p.Redaction("scrub",
                        {{RedactionAction::kPseudonym, {email}, hand::kPublic.Join(hand::kPseudonymous)}});
    at_qwen = p.Candidate(qwen);
    at_gpt = p.Candidate(gpt);
    at_gpt_scrubbed = p.Candidate(gpt, scrub);
  }

  const Decision& Decide(std::string_view body, Surface surface = Surface::kText, bool unscanned = false) {
    if (engine == nullptr) engine = p.Make();
    return engine->Decide({surface, body, given.span(), unscanned}, scratch);
  }
  void Sales() { given.Add("department", Source::kIdentity, {"sales"}); }
  void Region(std::string_view value) { given.Add("region", Source::kGateway, {value}); }
  void UsualRoutes() {
    p.Send(Is(confidential), {at_qwen});
    p.Send(And({Is(internal), Is(eu)}), {at_qwen});
    p.Send(Is(internal), {at_gpt_scrubbed, at_qwen});
    p.Send(Always(), {at_gpt, at_qwen});
  }
  static std::vector<uint32_t> Ids(const Decision& decision) {
    std::vector<uint32_t> ids;
    for (const Candidate& candidate : decision.candidates()) ids.push_back(candidate.id.value);
    return ids;
  }
  using Ints = std::vector<uint32_t>;

  hand::Policy p;
  Given given;
  Scratch scratch;
  std::shared_ptr<const Engine> engine;
  uint32_t ssn, email, word, department, region, legal, eu, has_ssn, has_email, has_word, confidential,
      internal;
  uint32_t qwen, gpt, scrub, at_qwen, at_gpt, at_gpt_scrubbed;
};

TEST_F(DecideTest, WhatTheConversationHoldsIsNeverRedacted) {
  Sales();
  Region("us");
  UsualRoutes();
  Decide("");
  const auto with = [&](std::string_view body, Label held) {
    return engine->Decide(
        {.surface = Surface::kText, .body = body, .attributes = given.span(), .conversation = held}, scratch);
  };
  EXPECT_EQ(Ids(with("write to jane@example.net", {})), (Ints{at_gpt_scrubbed, at_qwen}));
  EXPECT_EQ(Ids(with("write to jane@example.net", hand::kInternal)), (Ints{at_qwen}));
  EXPECT_EQ(with("hello", hand::kConfidential).label(), hand::kConfidential);
  EXPECT_EQ(Ids(with("hello", hand::kTop)), (Ints{at_qwen}));
}

TEST_F(DecideTest, AZeroedDecisionDenies) {
  const Decision decision;
  EXPECT_EQ(decision.verdict(), Verdict::kDeny);
  EXPECT_EQ(decision.cause(), DenyCause::kInternal);
  EXPECT_FALSE(Outbound{}.allowed);
}

TEST_F(DecideTest, PublicTextGoesToTheFirstCandidate) {
  UsualRoutes(), Sales(), Region("us");
  const Decision& decision = Decide("a slogan for spring");
  EXPECT_EQ(decision.verdict(), Verdict::kSend);
  EXPECT_EQ(decision.label(), hand::kPublic);
  EXPECT_EQ(Ids(decision), (Ints{at_gpt, at_qwen}));
  EXPECT_EQ(decision.reasons(),
            (std::vector<Reason>{{Reason::Table::kClassify, 1, false}, {Reason::Table::kRoute, 3, false}}));
}

TEST_F(DecideTest, AnSsnStaysHome) {
  UsualRoutes(), Sales(), Region("us");
  const Decision& decision = Decide("my ssn is 536-22-8145");
  EXPECT_EQ(decision.label(), hand::kConfidential.Join(hand::kPii));
  EXPECT_EQ(Ids(decision), (Ints{at_qwen}));
  EXPECT_EQ(decision.findings(), (std::vector<Finding>{{DetectorId{ssn}, Tier::kChecksum, 10, 21}}));
}

TEST_F(DecideTest, SentLabelIsLoweredOnlyByWhatIsCovered) {
  UsualRoutes(), Sales(), Region("us");
  const Decision& decision = Decide("reply to jane@example.net");
  ASSERT_EQ(Ids(decision), (Ints{at_gpt_scrubbed, at_qwen}));
  EXPECT_EQ(decision.label(), hand::kInternal.Join(hand::kPii));
  EXPECT_EQ(decision.candidates()[0].sent_label, hand::kPseudonymous);
  EXPECT_EQ(decision.candidates()[1].sent_label, decision.label());
  // A word that the redaction does not list keeps the request internal: the cloud is not cleared.
  EXPECT_EQ(Ids(Decide("nightjar: reply to jane@example.net")), (Ints{at_qwen}));
}

TEST_F(DecideTest, AFloorIsNotLoweredByRedaction) {
  UsualRoutes(), Region("us");
  given.Add("department", Source::kIdentity, {"legal"});
  EXPECT_EQ(Ids(Decide("reply to jane@example.net")), (Ints{at_qwen}));
}

TEST_F(DecideTest, AnUnknownRuleLimitsWhatFollows) {
  UsualRoutes(), Sales();  // no region
  const Decision& decision = Decide("reply to jane@example.net");
  EXPECT_EQ(Ids(decision), (Ints{at_qwen}));
  EXPECT_EQ(decision.reasons(), (std::vector<Reason>{{Reason::Table::kClassify, 1, false},
                                                     {Reason::Table::kClassify, 3, false},
                                                     {Reason::Table::kRoute, 1, true},
                                                     {Reason::Table::kRoute, 2, false}}));
}

TEST_F(DecideTest, TheOrderIsThatOfTheTrueRule) {
  p.Send(Is(eu), {at_qwen, at_gpt});
  p.Send(Always(), {at_gpt, at_qwen, at_gpt});
  Sales();
  EXPECT_EQ(Ids(Decide("hello")), (Ints{at_gpt, at_qwen}));
}

TEST_F(DecideTest, AnUnknownDenialNamesTheMissingFact) {
  p.Deny(Is(eu), "not from Europe");
  p.Send(Always(), {at_qwen});
  Sales();
  const Decision& decision = Decide("hello");
  EXPECT_EQ(decision.cause(), DenyCause::kUnknownFact);
  EXPECT_EQ(decision.unknown_facts(), (Ints{eu}));
  EXPECT_TRUE(decision.candidates().empty());
}

TEST_F(DecideTest, UnknownRulesWithNothingInCommon) {
  p.Send(Is(eu), {at_qwen});
  p.Send(Always(), {at_gpt});
  Sales();
  EXPECT_EQ(Decide("hello").cause(), DenyCause::kUnknownFact);
}

TEST_F(DecideTest, ADenialThatIsTrueStands) {
  p.Send(Is(eu), {at_qwen});
  p.Deny(Always(), "nothing goes");
  Sales();
  const Decision& decision = Decide("hello");
  EXPECT_EQ(decision.cause(), DenyCause::kRule);
  EXPECT_TRUE(decision.reasons().back() == (Reason{Reason::Table::kRoute, 1, false}));
}

TEST_F(DecideTest, NoRuleIsUndecided) {
  p.Send(Is(eu), {at_qwen});
  Sales(), Region("us");
  EXPECT_EQ(Decide("hello").cause(), DenyCause::kUndecided);
}

TEST_F(DecideTest, AMayBeRuleAloneDoesNotDecide) {
  p.Send(Is(eu), {at_qwen});
  Sales();
  EXPECT_EQ(Decide("hello").cause(), DenyCause::kUndecided);
}

TEST_F(DecideTest, NothingClearedIsADenial) {
  p.Send(Always(), {at_gpt});
  Sales();
  EXPECT_EQ(Decide("my ssn is 536-22-8145").cause(), DenyCause::kNotCleared);
}

TEST_F(DecideTest, ABadInputIsDeniedAtTheDoor) {
  UsualRoutes();
  for (const auto& [source, value] :
       {std::pair(Source::kIdentity, "pirates"), std::pair(Source::kCaller, "sales")}) {
    given = Given();
    given.Add("department", source, {value});
    const Decision& decision = Decide("hello");
    EXPECT_EQ(decision.cause(), DenyCause::kInput);
    EXPECT_EQ(decision.bad_input(), AttributeId{department});
  }
}

TEST_F(DecideTest, TheBodyIsRefusedBeforeTheInput) {
  UsualRoutes();
  const Decision& decision = Decide("{\"model\":1", Surface::kOpenAiChat);
  EXPECT_EQ(decision.cause(), DenyCause::kBody);
  EXPECT_EQ(decision.refusal().kind, RefusalKind::kMalformed);
}

TEST_F(DecideTest, UnscannedContentHasTheTopLabel) {
  UsualRoutes(), Sales(), Region("us");
  const Decision& decision = Decide("hello", Surface::kText, true);
  EXPECT_TRUE(decision.unscanned());
  EXPECT_EQ(decision.label(), hand::kTop);
  EXPECT_EQ(Ids(decision), (Ints{at_qwen}));
  // Detector rules may apply, and say so.
  EXPECT_TRUE(decision.reasons()[1] == (Reason{Reason::Table::kClassify, 2, true}));
}

TEST_F(DecideTest, AnUnscannedRequestIsNeverLoweredByRedaction) {
  p.Send(Always(), {at_gpt_scrubbed});
  Sales();
  EXPECT_EQ(Decide("jane@example.net", Surface::kText, true).cause(), DenyCause::kNotCleared);
}

TEST_F(DecideTest, AnUnregisteredFieldGoesOnlyWhereEverythingMay) {
  UsualRoutes(), Sales(), Region("us");
  const std::string body = R"({"model":"m","messages":[{"role":"user","content":"hi"}],"brand_new_field":1})";
  EXPECT_EQ(Ids(Decide(body, Surface::kOpenAiChat)), (Ints{at_qwen}));
}

TEST_F(DecideTest, AnUnregisteredFieldThatMayGoNowhereIsRefused) {
  p.Send(Always(), {at_gpt});
  Sales();
  const std::string body = R"({"model":"m","messages":[{"role":"user","content":"hi"}],"brand_new_field":1})";
  const Decision& decision = Decide(body, Surface::kOpenAiChat);
  EXPECT_EQ(decision.cause(), DenyCause::kBody);
  EXPECT_EQ(decision.refusal().kind, RefusalKind::kUnregistered);
  EXPECT_EQ(decision.refusal().field, "brand_new_field");
}

TEST_F(DecideTest, AValueSplitOverMessagesIsFound) {
  UsualRoutes(), Sales(), Region("us");
  const std::string body =
      R"({"model":"m","messages":[{"role":"user","content":"ssn 536-"},{"role":"user","content":"22-8145"}]})";
  EXPECT_EQ(Decide(body, Surface::kOpenAiChat).label(), hand::kConfidential.Join(hand::kPii));
}

TEST_F(DecideTest, CodeThatMisbehavesIsAnInternalDenial) {
  p.Detector("broken", hand::Code(hand::MatchBackwards));
  UsualRoutes(), Sales(), Region("us");
  const Decision& decision = Decide("hello");
  EXPECT_EQ(decision.verdict(), Verdict::kDeny);
  EXPECT_EQ(decision.cause(), DenyCause::kInternal);
}

TEST_F(DecideTest, MoreText_NeverLowersTheLabel) {
  UsualRoutes(), Sales(), Region("us");
  std::string body;
  Label last;
  for (const char* part :
       {"hello ", "nightjar ", "jane@example.net ", "000-00-0000 ", "536-22-8145 ", "bye"}) {
    body += part;
    const Label label = Decide(body).label();
    EXPECT_TRUE(last.FlowsTo(label)) << body;
    last = label;
  }
}

TEST_F(DecideTest, ScanFindsAndForgetsTheDecision) {
  UsualRoutes(), Sales(), Region("us");
  ASSERT_EQ(Decide("hello").verdict(), Verdict::kSend);
  std::vector<Finding> findings;
  ASSERT_TRUE(engine->Scan("jane@example.net 536-22-8145", scratch, findings));
  EXPECT_EQ(findings, (std::vector<Finding>{{DetectorId{email}, Tier::kShape, 0, 16},
                                            {DetectorId{ssn}, Tier::kChecksum, 17, 28}}));
  EXPECT_FALSE(engine->Render(0, {}, scratch).allowed);
}

TEST_F(DecideTest, MakeRefusesWhatDoesNotFit) {
  UsualRoutes();
  const Program good = p.MakeProgram();
  hpol_artifact artifact = *good.artifact;
  const auto refused = [&] { return !Engine::Make({good.tables, &artifact, nullptr}).ok(); };
  EXPECT_FALSE(refused());
  artifact.abi_version = HPOL_ABI_VERSION + 1;
  EXPECT_TRUE(refused());
  artifact = *good.artifact;
  artifact.detector_count -= 1;
  EXPECT_TRUE(refused());
  artifact = *good.artifact;
  artifact.struct_size -= 1;
  EXPECT_TRUE(refused());
  EXPECT_FALSE(Engine::Make({nullptr, good.artifact, nullptr}).ok());
  EXPECT_FALSE(Engine::Make({good.tables, nullptr, nullptr}).ok());
}

}  // namespace
}  // namespace hpol
