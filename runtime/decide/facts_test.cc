// Facts in three values: each kind, over values that are there, missing, ill-typed, and from the
// wrong source.
#include "runtime/decide/facts.h"

#include <gtest/gtest.h>

#include "runtime/decide/hand_policy_for_test.h"

namespace hpol::decide {
namespace {

using hand::Given;
using ir::FactKind;

// What one fact comes to when attributes are all that is known.
Truth OfAttributes(const hand::Policy& policy, std::span<const Attribute> given, uint32_t fact) {
  const Index index = Index::Make(policy.tables());
  Values values;
  index.domains.Read(values, given);
  Facts facts;
  facts.Begin(policy.tables(), index, values);
  return facts.Of(fact);
}

struct AttributeCase {
  const char* what;
  AttributeType type;
  std::vector<std::string_view> values;
  Truth expected;
};

// One optional attribute `a` from the gateway, and one fact on it.
Truth Evaluate(AttributeType type, Source source, const std::vector<std::string_view>& values, FactKind kind,
               int times = 1) {
  hand::Policy policy;
  const uint32_t a = policy.Attribute("a", type, Source::kGateway, true, {"red", "green", "blue"});
  ir::Range members;
  const bool texts = type == AttributeType::kString || type == AttributeType::kStringSet;
  if (kind == FactKind::kMember || kind == FactKind::kHas || kind == FactKind::kText) {
    members = texts ? policy.Texts({"one", "two"}) : policy.Indices({1, 2});
  }
  const uint32_t fact = policy.OnAttribute(kind, a, members, 10, hand::kInternal.Join(hand::kPii));
  Given given;
  for (int i = 0; i < times; ++i) given.Add("a", source, values);
  return OfAttributes(policy, given.span(), fact);
}

constexpr Truth kF = Truth::kFalse;
constexpr Truth kU = Truth::kUnknown;
constexpr Truth kT = Truth::kTrue;

TEST(Facts, AttributesByKind) {
  const struct {
    AttributeType type;
    FactKind kind;
    std::vector<std::string_view> values;
    Truth expected;
  } cases[] = {
      {AttributeType::kEnum, FactKind::kMember, {"green"}, kT},
      {AttributeType::kEnum, FactKind::kMember, {"red"}, kF},
      {AttributeType::kEnum, FactKind::kMember, {"Green"}, kU},
      {AttributeType::kEnum, FactKind::kMember, {}, kU},
      {AttributeType::kEnum, FactKind::kMember, {"green", "red"}, kU},
      {AttributeType::kEnum, FactKind::kPresent, {"green"}, kT},
      {AttributeType::kEnum, FactKind::kPresent, {"purple"}, kF},
      {AttributeType::kBool, FactKind::kMember, {"true"}, kT},
      {AttributeType::kBool, FactKind::kMember, {"false"}, kF},
      {AttributeType::kBool, FactKind::kMember, {"yes"}, kU},
      {AttributeType::kInt, FactKind::kAtLeast, {"10"}, kT},
      {AttributeType::kInt, FactKind::kAtLeast, {"-10"}, kF},
      {AttributeType::kInt, FactKind::kAtLeast, {"10x"}, kU},
      {AttributeType::kInt, FactKind::kAtLeast, {""}, kU},
      {AttributeType::kInt, FactKind::kAtLeast, {"99999999999999999999"}, kU},
      {AttributeType::kString, FactKind::kText, {"two"}, kT},
      {AttributeType::kString, FactKind::kText, {"three"}, kF},
      {AttributeType::kStringSet, FactKind::kHas, {"three", "one"}, kT},
      {AttributeType::kStringSet, FactKind::kHas, {"three"}, kF},
      {AttributeType::kStringSet, FactKind::kHas, {}, kF},
      {AttributeType::kEnumSet, FactKind::kHas, {"red", "blue"}, kT},
      {AttributeType::kEnumSet, FactKind::kHas, {"red"}, kF},
      {AttributeType::kEnumSet, FactKind::kHas, {"red", "purple"}, kU},
      {AttributeType::kLabel, FactKind::kLabelAtLeast, {"confidential+pii"}, kT},
      {AttributeType::kLabel, FactKind::kLabelAtLeast, {"internal+pii"}, kT},
      {AttributeType::kLabel, FactKind::kLabelAtLeast, {"confidential"}, kF},
      {AttributeType::kLabel, FactKind::kLabelAtMost, {"public"}, kT},
      {AttributeType::kLabel, FactKind::kLabelAtMost, {"internal+secret"}, kF},
      {AttributeType::kLabel, FactKind::kLabelAtMost, {"pii"}, kU},
      {AttributeType::kLabel, FactKind::kLabelAtMost, {"public+"}, kU},
  };
  for (const auto& c : cases) {
    const std::string_view first = c.values.empty() ? "" : c.values[0];
    EXPECT_EQ(Evaluate(c.type, Source::kGateway, c.values, c.kind), c.expected)
        << static_cast<int>(c.type) << " " << static_cast<int>(c.kind) << " " << first;
  }
}

TEST(Facts, AnotherSourceIsMissing) {
  EXPECT_EQ(Evaluate(AttributeType::kEnum, Source::kCaller, {"green"}, FactKind::kMember), kU);
  EXPECT_EQ(Evaluate(AttributeType::kEnum, Source::kNone, {"green"}, FactKind::kMember), kU);
  EXPECT_EQ(Evaluate(AttributeType::kEnum, Source::kCaller, {"green"}, FactKind::kPresent), kF);
}

TEST(Facts, GivenTwiceIsMissing) {
  EXPECT_EQ(Evaluate(AttributeType::kEnum, Source::kGateway, {"green"}, FactKind::kMember, 2), kU);
}

TEST(Facts, AForeignSourceDoesNotHideTheRightOne) {
  hand::Policy policy;
  const uint32_t a = policy.Attribute("a", AttributeType::kString, Source::kIdentity, false);
  const uint32_t fact = policy.OnAttribute(FactKind::kText, a, policy.Texts({"true one"}));
  Given given;
  given.Add("a", Source::kCaller, {"forged"}).Add("a", Source::kIdentity, {"true one"});
  EXPECT_EQ(OfAttributes(policy, given.span(), fact), kT);
}

TEST(Facts, TheFirstMissingRequiredInputIsNamed) {
  hand::Policy policy;
  policy.Attribute("a", AttributeType::kString, Source::kIdentity, true);
  policy.Attribute("b", AttributeType::kString, Source::kIdentity, false);
  policy.Attribute("c", AttributeType::kString, Source::kIdentity, false);
  const Domains domains = Domains::Make(policy.tables());
  Values values;
  Given given;
  domains.Read(values, given.span());
  EXPECT_EQ(FirstBadInput(policy.tables(), values), AttributeId{1});
  given.Add("c", Source::kIdentity, {"x"}).Add("b", Source::kIdentity, {"x"});
  domains.Read(values, given.span());
  EXPECT_EQ(FirstBadInput(policy.tables(), values), std::nullopt);
}

// Two e-mail findings of one text and one of another, an SSN shape that the validator leaves unknown.
struct FindingsFixture {
  hand::Policy policy;
  detect::Matches matches;
  text::Views views;
  std::string body = "a@b.cc a@b.cc d@e.ff jwt";
  surface::Content content;
  uint32_t email, token;
  std::vector<uint8_t> off;
  std::vector<hpol_detector_code> codes = {hand::Code(hand::MatchEmail),
                                           hand::Code(hand::MatchWord, "j", "jwt")};

  FindingsFixture() {
    email = policy.Detector("email", codes[0]);
    token = policy.Detector("token", codes[1], "jwt");
  }
  Truth Evaluate(FactKind kind, std::vector<uint32_t> detectors, int64_t number, bool unscanned = false,
                 bool shape_fires = false) {
    const uint32_t fact = policy.OnDetectors(kind, detectors, number);
    hpol_artifact artifact{};
    artifact.detector_count = 2;
    artifact.detectors = codes.data();
    content.Clear();
    content.pieces.push_back({.end = static_cast<uint32_t>(body.size())});
    views.Build(body, content);
    EXPECT_TRUE(detect::Scan(policy.tables(), artifact, nullptr, views, matches));
    off.resize(matches.all.size());
    const Index index = Index::Make(policy.tables());
    const Values values;
    Facts facts;
    facts.Begin(policy.tables(), index, values);
    facts.SetFindings({matches, views, off, unscanned, shape_fires});
    return facts.Of(fact);
  }
};

TEST(Facts, FindingsByTierCountAndText) {
  FindingsFixture f;
  EXPECT_EQ(f.Evaluate(FactKind::kTier, {f.email}, 0), kT);
  EXPECT_EQ(f.Evaluate(FactKind::kTier, {f.email}, 2), kF);
  EXPECT_EQ(f.Evaluate(FactKind::kTier, {f.token}, 0), kT);
  EXPECT_EQ(f.Evaluate(FactKind::kTier, {f.token}, 2), kF);
  EXPECT_EQ(f.Evaluate(FactKind::kCount, {f.email}, 3), kT);
  EXPECT_EQ(f.Evaluate(FactKind::kCount, {f.email}, 4), kF);
  EXPECT_EQ(f.Evaluate(FactKind::kCount, {f.token}, 1), kF);  // below its firing tier
  EXPECT_EQ(f.Evaluate(FactKind::kDistinct, {f.email}, 2), kT);
  EXPECT_EQ(f.Evaluate(FactKind::kDistinct, {f.email}, 3), kF);
  EXPECT_EQ(f.Evaluate(FactKind::kTier, {}, 0), kF);
}

TEST(Facts, UnscannedContentMayHoldMore) {
  FindingsFixture f;
  EXPECT_EQ(f.Evaluate(FactKind::kCount, {f.email}, 3, true), kT);
  EXPECT_EQ(f.Evaluate(FactKind::kCount, {f.email}, 4, true), kU);
  EXPECT_EQ(f.Evaluate(FactKind::kTier, {f.token}, 2, true), kU);
  EXPECT_EQ(f.Evaluate(FactKind::kTier, {}, 0, true), kU);
}

TEST(Facts, TowardUntrustedZonesAShapeFires) {
  FindingsFixture f;
  EXPECT_EQ(f.Evaluate(FactKind::kTier, {f.token}, 2, false, true), kT);
  EXPECT_EQ(f.Evaluate(FactKind::kCount, {f.token}, 1, false, true), kT);
  EXPECT_EQ(f.Evaluate(FactKind::kDistinct, {f.token}, 1, false, true), kT);
}

TEST(Facts, FindingsThatAreOffDoNotCount) {
  FindingsFixture f;
  f.off = {1, 1, 0, 0};
  EXPECT_EQ(f.Evaluate(FactKind::kCount, {f.email}, 1), kT);
  EXPECT_EQ(f.Evaluate(FactKind::kCount, {f.email}, 2), kF);
}

TEST(Facts, LevelFactsAreAboutTheFinalLabel) {
  hand::Policy policy;
  const uint32_t internal = policy.AtLevel(hand::kInternal);
  const uint32_t pii = policy.AtLevel(hand::kPii);
  const Index index = Index::Make(policy.tables());
  const Values values;
  Facts facts;
  facts.Begin(policy.tables(), index, values);
  EXPECT_FALSE(facts.any_unknown());
  facts.SetLabel(hand::kConfidential);
  EXPECT_EQ(facts.Of(internal), kT);
  EXPECT_EQ(facts.Of(pii), kF);
}

}  // namespace
}  // namespace hpol::decide
