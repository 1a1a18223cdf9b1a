// AttributeSet and Choose: the short way says what the long way says.
#include <gtest/gtest.h>

#include "runtime/decide/hand_policy_for_test.h"
#include "runtime/decide/random_tables_for_test.h"

namespace hpol {
namespace {

using hand::And;
using hand::Is;
using hand::Not;
using ir::FactKind;

struct Fixture {
  hand::Policy p;
  uint32_t department, tokens, roles, note;
  std::shared_ptr<const Engine> engine;
  Scratch scratch;

  Fixture() {
    department =
        p.Attribute("department", AttributeType::kEnum, Source::kIdentity, false, {"legal", "sales"});
    tokens = p.Attribute("tokens", AttributeType::kInt, Source::kGateway, false);
    roles = p.Attribute("roles", AttributeType::kStringSet, Source::kIdentity, true);
    note = p.Attribute("note", AttributeType::kString, Source::kCaller, true);
    const uint32_t sales = p.OnAttribute(FactKind::kMember, department, p.Indices({1}));
    const uint32_t many = p.OnAttribute(FactKind::kAtLeast, tokens, {}, 1000);
    const uint32_t admin = p.OnAttribute(FactKind::kHas, roles, p.Texts({"admin"}));
    const uint32_t urgent = p.OnAttribute(FactKind::kText, note, p.Texts({"urgent"}));
    p.Classify(hand::Always(), hand::kPublic);
    p.Classify(Not(sales), hand::kConfidential);
    const uint32_t home = p.Candidate(p.Target("home", hand::Policy::kPrivate, hand::kTop));
    const uint32_t cloud =
        p.Candidate(p.Target("cloud", hand::Policy::kCloud, hand::kPublic.Join(hand::kPseudonymous)));
    p.Deny(And({Is(many), Not(admin)}), "too long");
    p.Send(Is(urgent), {home});
    p.Send(hand::Always(), {cloud, home});
    engine = p.Make();
  }

  AttributeSet Caller(std::string_view in, int64_t long_as) {
    AttributeSet set(*engine);
    EXPECT_TRUE(set.Set(AttributeId{department}, Source::kIdentity, in));
    EXPECT_TRUE(set.SetInt(AttributeId{tokens}, Source::kGateway, long_as));
    return set;
  }
};

TEST(Choose, ARowIsTheWholeAnswer) {
  Fixture f;
  AttributeSet set = f.Caller("sales", 10);
  const std::string_view none[] = {"clerk"};
  EXPECT_TRUE(set.Set(AttributeId{f.roles}, Source::kIdentity, none));
  EXPECT_TRUE(set.Set(AttributeId{f.note}, Source::kCaller, "calm"));
  Choice choice = f.engine->Choose(set, f.scratch);
  EXPECT_EQ(choice.verdict, Verdict::kSend);
  EXPECT_EQ(choice.row, 2u);
  ASSERT_EQ(choice.candidates.size(), 2u);
  EXPECT_EQ(choice.candidates[0], 1u);

  set.SetInt(AttributeId{f.tokens}, Source::kGateway, 1000);
  choice = f.engine->Choose(set, f.scratch);
  EXPECT_EQ(choice.verdict, Verdict::kDeny);
  EXPECT_EQ(choice.cause, DenyCause::kRule);
  EXPECT_EQ(choice.row, 0u);
  EXPECT_TRUE(choice.candidates.empty());
}

TEST(Choose, WhatIsNotClearedIsLeftOut) {
  Fixture f;
  AttributeSet set = f.Caller("legal", 10);
  EXPECT_TRUE(set.Set(AttributeId{f.note}, Source::kCaller, "calm"));
  const Choice choice = f.engine->Choose(set, f.scratch);
  EXPECT_EQ(choice.label, hand::kConfidential);
  ASSERT_EQ(choice.candidates.size(), 1u);
  EXPECT_EQ(choice.candidates[0], 0u);
}

TEST(Choose, UnknownRulesTakeAway) {
  Fixture f;
  const Choice choice = f.engine->Choose(f.Caller("sales", 10), f.scratch);  // note is missing
  EXPECT_EQ(choice.verdict, Verdict::kSend);
  ASSERT_EQ(choice.candidates.size(), 1u);
  EXPECT_EQ(choice.candidates[0], 0u);
}

TEST(Choose, RequiredInputsAndForeignSetsDeny) {
  Fixture f;
  AttributeSet set(*f.engine);
  EXPECT_EQ(f.engine->Choose(set, f.scratch).cause, DenyCause::kInput);
  EXPECT_FALSE(set.Set(AttributeId{f.department}, Source::kCaller, "sales"));   // not its source
  EXPECT_FALSE(set.Set(AttributeId{f.department}, Source::kIdentity, "else"));  // no member
  EXPECT_FALSE(set.SetInt(AttributeId{99}, Source::kIdentity, 1));
  EXPECT_TRUE(set.SetInt(AttributeId{f.tokens}, Source::kGateway, 1));
  EXPECT_EQ(f.engine->Choose(set, f.scratch).bad_input, AttributeId{f.department});
  Fixture other;
  const Choice foreign = f.engine->Choose(other.Caller("sales", 1), f.scratch);
  EXPECT_EQ(foreign.verdict, Verdict::kDeny);
  EXPECT_EQ(foreign.cause, DenyCause::kInput);
}

TEST(Choose, LeavesNothingToRender) {
  Fixture f;
  AttributeSet set = f.Caller("sales", 10);
  Request request;
  request.body = "hello";
  request.interned = &set;
  ASSERT_EQ(f.engine->Decide(request, f.scratch).verdict(), Verdict::kSend);
  ASSERT_TRUE(f.engine->Render(0, {"model"}, f.scratch).allowed);
  f.engine->Choose(set, f.scratch);
  EXPECT_FALSE(f.engine->Render(0, {"model"}, f.scratch).allowed);
}

// The same attributes interned, as texts, and chosen by: one answer.
TEST(Choose, AgreesWithDecide) {
  for (uint32_t seed = 0; seed < 20; ++seed) {
    hand::RandomRules rules(seed, 8);
    for (int i = 0; i < 40; ++i) {
      rules.AddClassifyRow(1);
      rules.AddRouteRow(1);
    }
    const std::shared_ptr<const Engine> engine = rules.policy().Make();
    Scratch scratch, other;
    AttributeSet set(*engine);
    for (int i = 0; i < 50; ++i) {
      const hand::Given given = rules.Request();
      set.Clear();
      for (const Attribute& one : given.span())
        set.Set(*engine->FindAttribute(one.name), one.source, one.values);
      Request request;
      request.attributes = given.span();
      const Decision& decision = engine->Decide(request, scratch);
      request.attributes = {};
      request.interned = &set;
      const Decision& interned = engine->Decide(request, other);
      ASSERT_EQ(decision.reasons(), interned.reasons());
      const Choice choice = engine->Choose(set, other);
      ASSERT_EQ(choice.verdict, decision.verdict());
      if (choice.verdict == Verdict::kDeny) {
        ASSERT_EQ(choice.cause, decision.cause());
      }
      if (decision.cause() != DenyCause::kInput) {
        ASSERT_EQ(choice.label, decision.label());
      }
      ASSERT_EQ(choice.candidates.size(), decision.candidates().size());
      for (size_t c = 0; c < choice.candidates.size(); ++c)
        ASSERT_EQ(choice.candidates[c], decision.candidates()[c].id.value);
    }
  }
}

// A deny rule on an attribute alone decides without the text; anything that a finding could change does not.
TEST(Lazy, ScansOnlyWhereFindingsMatter) {
  hand::Policy p;
  const uint32_t env = p.Attribute("env", AttributeType::kEnum, Source::kGateway, false, {"prod", "test"});
  const uint32_t number = p.Detector("number", hand::Code(hand::MatchNumber, "0123456789"));
  const uint32_t test = p.OnAttribute(FactKind::kMember, env, p.Indices({1}));
  const uint32_t found = p.Found({number});
  p.Classify(Is(found), hand::kInternal);
  p.Classify(Is(test), hand::kTop);
  const uint32_t home = p.Candidate(p.Target("home", hand::Policy::kPrivate, hand::kTop));
  p.Send(hand::Always(), {home});
  const std::shared_ptr<const Engine> engine = p.Make();
  Scratch scratch;
  AttributeSet set(*engine);
  Request request;
  request.body = "call 12345678";
  request.interned = &set;
  request.lazy = true;
  set.Set(AttributeId{env}, Source::kGateway, "prod");
  EXPECT_TRUE(engine->Decide(request, scratch).scanned());
  EXPECT_EQ(engine->Decide(request, scratch).label(), hand::kInternal);
  set.Set(AttributeId{env}, Source::kGateway, "test");
  const Decision& decision = engine->Decide(request, scratch);
  EXPECT_FALSE(decision.scanned());
  EXPECT_EQ(decision.label(), hand::kTop);
  EXPECT_EQ(decision.verdict(), Verdict::kSend);
  EXPECT_TRUE(decision.findings().empty());
}

}  // namespace
}  // namespace hpol
