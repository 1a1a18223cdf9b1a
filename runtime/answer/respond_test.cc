// What `respond` rules do to answers: the same in whole ones and in streams, however those are cut.
#include <gtest/gtest.h>

#include <random>

#include "runtime/answer/answer_for_test.h"
#include "runtime/answer/event.h"
#include "runtime/answer/judge.h"

namespace hpol {
namespace {

using answers::Json;
using ir::FactKind;

class RespondTest : public testing::Test {
 protected:
  RespondTest() {
    ssn = p.Detector("us_ssn", hand::Code(hand::MatchSsn, "0123456789"), "us_ssn");
    word = p.Detector("codename", hand::Code(hand::MatchWord, "x", "xanadu"));
    email = p.Detector("email", hand::Code(hand::MatchEmail));
    clearance = p.Attribute("clearance", AttributeType::kLabel, Source::kIdentity, true);
    p.Classify(hand::Always(), hand::kPublic);
    p.Classify(hand::Is(p.Found({ssn}, Tier::kChecksum)), hand::kConfidential.Join(hand::kPii));
    p.Classify(hand::Is(p.Found({word})), hand::kConfidential);
    const uint32_t scrub = p.Redaction(
        "scrub", {{RedactionAction::kPseudonym, {email}, hand::kPublic.Join(hand::kPseudonymous)}});
    p.Send(hand::Always(), {p.Candidate(p.Target("t", hand::Policy::kPrivate, hand::kTop), scrub)});
  }
  void MaskSsn() { p.Respond(hand::Is(p.Found({ssn}, Tier::kChecksum)), RespondAction::kMask, "", {ssn}); }
  void BlockWord() { p.Respond(hand::Is(p.Found({word})), RespondAction::kBlock, "a code name"); }

  static std::string Delta(const std::string& text) {
    return R"({"choices":[{"index":0,"delta":{"content":)" + Json(text) + "}}]}";
  }
  static std::string End() { return R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})"; }

  struct Got {
    std::string text;
    Answer::Outcome outcome = Answer::Outcome::kPass;
    Label label;
    std::vector<uint32_t> alerts;
    std::optional<uint32_t> by;
  };
  Got Stream(const std::vector<std::string>& parts, std::span<const Attribute> attributes = {}) {
    if (engine == nullptr) engine = p.Make();
    Answer answer(engine, {.surface = Surface::kOpenAiChat, .stream = true, .attributes = attributes});
    Got got;
    std::vector<AnswerEvent> out;
    for (size_t i = 0; i <= parts.size() && got.outcome == Answer::Outcome::kPass; ++i)
      got.outcome = answer.Feed({"", i < parts.size() ? Delta(parts[i]) : End()}, out);
    if (got.outcome == Answer::Outcome::kPass) got.outcome = answer.Finish(out);
    for (const AnswerEvent& one : out) {
      answer::Event event;
      EXPECT_TRUE(event.Read(Surface::kOpenAiChat, one.data)) << one.data;
      for (const answer::Field& field : event.fields()) {
        if (field.role != answer::Role::kProse) continue;
        std::string text;
        answer::Event::Unescape(one.data, field, text);
        got.text += text;
      }
    }
    got.label = answer.label();
    got.alerts = answer.alerts();
    got.by = answer.blocked_by();
    return got;
  }

  hand::Policy p;
  std::shared_ptr<const Engine> engine;
  uint32_t ssn, word, email, clearance;
};

TEST_F(RespondTest, FindingsAreMasked) {
  MaskSsn();
  const Got got = Stream({"it is 536-22-8145, \xe5\xb7\xa5", " and 219-09-9999. xanadu"});
  EXPECT_EQ(got.text, "it is [masked], \xe5\xb7\xa5 and [masked]. xanadu");
  EXPECT_EQ(got.label, hand::kConfidential.Join(hand::kPii));
}

TEST_F(RespondTest, ABlockEndsTheStreamBeforeWhatItIsAbout) {
  BlockWord();
  const Got got = Stream({"the plan is ", "called xan", "adu, you know"});
  EXPECT_EQ(got.outcome, Answer::Outcome::kBlocked);
  EXPECT_EQ(got.by, 0u);
  EXPECT_EQ(got.text.find("xan"), std::string::npos);
  EXPECT_EQ(Stream({"nothing of the kind"}).outcome, Answer::Outcome::kPass);
}

TEST_F(RespondTest, AnAlertLetsPass) {
  p.Respond(hand::Is(p.Found({ssn}, Tier::kChecksum)), RespondAction::kAlert, "a number");
  BlockWord();
  const Got got = Stream({"536-22-8145"});
  EXPECT_EQ(got.text, "536-22-8145");
  EXPECT_EQ(got.alerts, std::vector<uint32_t>{0});
}

// `answer.label exceeds clearance`, as the compiler writes it for one level; a missing clearance is none.
TEST_F(RespondTest, TheAnswersLabelDecides) {
  const uint32_t above = p.AtLevel(Label::Level(2));
  const uint32_t cleared = p.OnAttribute(FactKind::kLabelAtLeast, clearance, {}, 0, Label::Level(2));
  p.Respond({{ir::NodeKind::kFact, above}, {ir::NodeKind::kNotFact, cleared}, {ir::NodeKind::kAnd, 2}},
            RespondAction::kBlock, "above");
  const std::vector<std::string_view> low = {"internal"}, high = {"confidential"};
  const Attribute is_low[] = {{"clearance", Source::kIdentity, low}};
  const Attribute is_high[] = {{"clearance", Source::kIdentity, high}};
  const Attribute says_high[] = {{"clearance", Source::kCaller, high}};
  EXPECT_EQ(Stream({"it is xanadu"}, is_low).outcome, Answer::Outcome::kBlocked);
  EXPECT_EQ(Stream({"it is xanadu"}, is_high).outcome, Answer::Outcome::kPass);
  EXPECT_EQ(Stream({"it is xanadu"}, says_high).outcome, Answer::Outcome::kBlocked);
  EXPECT_EQ(Stream({"it is xanadu"}).outcome, Answer::Outcome::kBlocked);
  EXPECT_EQ(Stream({"it is nothing"}).outcome, Answer::Outcome::kPass);
}

// THREATS rule O: what the registry does not know is left out, wherever it stands.
TEST_F(RespondTest, UnknownFieldsAreLeftOut) {
  MaskSsn();
  engine = p.Make();
  const struct {
    const char *in, *out;
  } cases[] = {
      {R"({"x":1,"choices":[]})", R"({"choices":[]})"},
      {R"({"x":{"choices":[1,{"y":2}]},"y":"\"","choices":[]})", R"({"choices":[]})"},
      {R"({"choices":[],"x":[1,2]})", R"({"choices":[]})"},
      {R"({"choices":[{"index":0, "logprobs":{"content":[{"token":"5"}]},"delta":{}}] , "x" : null})",
       R"({"choices":[{"index":0,"delta":{}}] })"},
      {R"({"x":1})", "{}"},
      {R"({"x":1,"y":2})", "{}"},
      {R"({"usage":{"x":1}})", R"({"usage":{"x":1}})"},
  };
  for (const auto& row : cases) {
    Answer answer(engine, {.surface = Surface::kOpenAiChat, .stream = true});
    const auto out = answers::Pass(answer, {row.in});
    ASSERT_EQ(out.size(), 1u);
    std::string data = out[0].data;
    std::erase(data, ' ');
    std::string wanted = row.out;
    std::erase(wanted, ' ');
    EXPECT_EQ(data, wanted) << row.in;
  }
}

TEST_F(RespondTest, WithoutRulesNothingIsRead) {
  const Got got = Stream({"536-22-8145 xanadu"});
  EXPECT_EQ(got.text, "536-22-8145 xanadu");
}

TEST_F(RespondTest, HoweverTheStreamIsCut) {
  MaskSsn();
  BlockWord();
  const std::string text =
      "A number, 536-22-8145, and another: 219-09-9999; \xe5\xb7\xa5 219-09-9998 \xf0\x9f\x98\x80 then words "
      "and words "
      "until 5362 2 8145 and 536-22-8145";
  const Got whole = Stream({text});
  EXPECT_NE(whole.text.find("[masked]"), std::string::npos);
  EXPECT_EQ(whole.text.find("536-22-8145"), std::string::npos);
  std::mt19937_64 random(7);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> parts;
    const size_t step = 1 + random() % 20;
    for (size_t at = 0; at < text.size();) {
      size_t end = std::min(text.size(), at + 1 + random() % step);
      while (end < text.size() && (static_cast<uint8_t>(text[end]) & 0xc0) == 0x80) ++end;
      parts.push_back(text.substr(at, end - at));
      at = end;
    }
    const Got cut = Stream(parts);
    ASSERT_EQ(cut.text, whole.text) << round;
    ASSERT_EQ(cut.label, whole.label);
  }
}

}  // namespace
}  // namespace hpol
