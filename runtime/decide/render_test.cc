// Engine::Render: what leaves is the original but for the written spans, and only when a
// second look at it finds nothing that the target may not see.
#include <gtest/gtest.h>

#include <random>

#include "runtime/decide/hand_policy_for_test.h"

namespace hpol {
namespace {

using hand::Always;
using hand::Is;
using ir::FactKind;

class RenderTest : public testing::Test {
 protected:
  RenderTest() {
    ssn = p.Detector("us_ssn", hand::Code(hand::MatchSsn, "0123456789"), "us_ssn");
    email = p.Detector("email", hand::Code(hand::MatchEmail));
    number = p.Detector("account", hand::Code(hand::MatchNumber));
    token = p.Detector("token", hand::Code(hand::MatchWord, "t", "tkn"), "jwt");  // never more than a shape
    p.Classify(Always(), hand::kPublic);
    p.Classify(Is(p.Found({ssn}, Tier::kChecksum)), hand::kConfidential.Join(hand::kPii));
    p.Classify(Is(p.Found({email})), hand::kInternal.Join(hand::kPii));
    p.Classify(Is(p.Found({number})), hand::kInternal);
    p.Classify(Is(p.Found({token}, Tier::kChecksum)), hand::kConfidential.Join(hand::kSecret));
    const uint32_t qwen = p.Target("qwen", hand::Policy::kPrivate, hand::kTop);
    const uint32_t gpt = p.Target("gpt", hand::Policy::kCloud, hand::kPublic.Join(hand::kPseudonymous));
    const uint32_t scrub =
        p.Redaction("scrub", {{RedactionAction::kPseudonym, {email}, hand::kPublic.Join(hand::kPseudonymous)},
                              {RedactionAction::kMask, {number}, hand::kPublic},
                              {RedactionAction::kRemove, {ssn}, hand::kPublic}});
    p.Send(Always(), {p.Candidate(gpt, scrub), p.Candidate(qwen), p.Candidate(gpt)});
    engine = p.Make();
  }

  // Decides, then renders for the candidate with this target and redaction (0: gpt scrubbed).
  Outbound Render(std::string_view body, Surface surface, uint32_t candidate = 0) {
    const Decision& decision = engine->Decide({surface, body, {}, false}, scratch);
    for (size_t i = 0; i < decision.candidates().size(); ++i) {
      if (decision.candidates()[i].id.value == candidate)
        return engine->Render(i, {.model = "gpt-9"}, scratch);
    }
    return {};
  }
  Outbound RenderText(std::string_view body, uint32_t candidate = 0) {
    return Render(body, Surface::kText, candidate);
  }
  static std::string Chat(const std::string& content, const std::string& more = "") {
    return R"({"model":"m","messages":[{"role":"user","content":")" + content + "\"}]" + more + "}";
  }

  hand::Policy p;
  std::shared_ptr<const Engine> engine;
  Scratch scratch;
  uint32_t ssn, email, number, token;
};

TEST_F(RenderTest, ByteExactOutsideTheSpans) {
  const std::string body =
      "\xe5\xb7\xa5 to jane@example.net, ssn 536-22-8145;\tacct 12345678\n\xe2\x80\x8b end";
  const Outbound out = RenderText(body);
  ASSERT_TRUE(out.allowed);
  const std::string text(out.body);
  EXPECT_EQ(text.substr(0, 7), body.substr(0, 7));
  EXPECT_NE(text.find(">, ssn [removed];\tacct [masked]\n\xe2\x80\x8b end"), std::string::npos);
  EXPECT_NE(text.find("<email_"), std::string::npos);
  EXPECT_EQ(text.find("jane"), std::string::npos);
  EXPECT_EQ(out.sent_label, hand::kPseudonymous);
}

TEST_F(RenderTest, ATranslationIsRedactedAndReadAgain) {
  const std::string body = Chat("to jane@example.net, ssn 536-22-8145");
  const auto render = [&](const std::string& translated, uint32_t index) {
    engine->Decide({Surface::kOpenAiChat, body, {}, false}, scratch);
    const Destination destination{
        .model = "gpt-9", .translated = translated, .translated_surface = Surface::kOpenAiChat};
    return engine->Render(index, destination, scratch);
  };
  const std::string same =
      R"({"model":"x","messages":[{"role":"user","content":[{"type":"text","text":"to jane)"
      R"(@example.net, ssn 536-22-8145"}]}],"max_tokens":5})";
  const Outbound out = render(same, 0);
  ASSERT_TRUE(out.allowed);
  EXPECT_TRUE(out.body.starts_with(
      R"({"model":"gpt-9","messages":[{"role":"user","content":[{"type":"text","text":"to <email_)"));
  EXPECT_TRUE(out.body.ends_with(R"(, ssn [removed]"}]}],"max_tokens":5})"));
  EXPECT_EQ(out.sent_label, hand::kPseudonymous);

  // What a translation holds beyond the original counts like anything else that is about to leave.
  const std::string more = R"({"model":"x","messages":[{"role":"system","content":"tkn"}]})";
  EXPECT_FALSE(render(more, 0).allowed);
  EXPECT_TRUE(render(more, 1).allowed);
  // Fields that nobody registered, bodies that are none, and surfaces without a table do not leave.
  const std::string unknown = R"({"model":"x","messages":[{"role":"user","content":"hi"}],"novel":1})";
  EXPECT_FALSE(render(unknown, 0).allowed);
  EXPECT_FALSE(render("{", 0).allowed);
  EXPECT_FALSE(render("hello", 0).allowed);
}

TEST_F(RenderTest, WithoutRedactionTheTextIsUnchanged) {
  const std::string body = "ssn 536-22-8145";
  const Outbound out = RenderText(body, 1);
  ASSERT_TRUE(out.allowed);
  EXPECT_EQ(out.body, body);
  EXPECT_EQ(out.sent_label, hand::kConfidential.Join(hand::kPii));
}

TEST_F(RenderTest, EachCandidateIsMadeFromTheOriginal) {
  const std::string body = "to jane@example.net";
  const Decision& decision = engine->Decide({Surface::kText, body, {}, false}, scratch);
  ASSERT_EQ(decision.candidates().size(), 2u);
  const std::string first(engine->Render(0, {}, scratch).body);
  EXPECT_EQ(engine->Render(1, {}, scratch).body, body);
  EXPECT_EQ(engine->Render(0, {}, scratch).body, first);
  EXPECT_NE(first, body);
}

TEST_F(RenderTest, TheModelIsTheTargets) {
  const std::string body = R"({ "messages" : [{"role":"user","content":"hi"}], "model" : "client-model" })";
  const Outbound out = Render(body, Surface::kOpenAiChat);
  ASSERT_TRUE(out.allowed);
  EXPECT_EQ(out.body, R"({ "messages" : [{"role":"user","content":"hi"}], "model" : "gpt-9" })");
}

TEST_F(RenderTest, WithoutAModelNothingLeaves) {
  engine->Decide({Surface::kOpenAiChat, Chat("hi"), {}, false}, scratch);
  const std::string body = Chat("hi");
  engine->Decide({Surface::kOpenAiChat, body, {}, false}, scratch);
  EXPECT_FALSE(engine->Render(0, {}, scratch).allowed);
}

TEST_F(RenderTest, EscapesAreWrittenOverWhole) {
  const Outbound out =
      Render(Chat(R"(\"jane\u0040example.net\"\n536\u200b-22-8145\t\\end)"), Surface::kOpenAiChat);
  ASSERT_TRUE(out.allowed);
  const std::string text(out.body);
  EXPECT_NE(text.find(R"("content":"\"<email_)"), std::string::npos) << text;
  EXPECT_NE(text.find(R"(>\"\n[removed]\t\\end")"), std::string::npos) << text;
}

TEST_F(RenderTest, ASplitValueIsWrittenOverInEveryPiece) {
  const std::string body = R"({"model":"m","messages":[{"role":"user","content":"ssn 536-"},)"
                           R"({"role":"user","content":"22-8145 ok"}]})";
  const Outbound out = Render(body, Surface::kOpenAiChat);
  ASSERT_TRUE(out.allowed);
  EXPECT_EQ(out.body, R"({"model":"gpt-9","messages":[{"role":"user","content":"ssn [removed]"},)"
                      R"({"role":"user","content":"[removed] ok"}]})");
}

TEST_F(RenderTest, AValueInANumberIsNotCovered) {
  const std::string body = Chat("hi", R"(,"seed":12345678)");
  const Decision& decision = engine->Decide({Surface::kOpenAiChat, body, {}, false}, scratch);
  for (const Candidate& candidate : decision.candidates()) EXPECT_EQ(candidate.id.value, 1u);  // qwen only
  EXPECT_FALSE(decision.candidates().empty());
}

// Classify asks for the checksum, so the label is public; what leaves toward an untrusted zone is
// judged by shape.
TEST_F(RenderTest, AShapeThatIsLeftIsRefusedTowardUntrustedZones) {
  const Decision& decision = engine->Decide({Surface::kText, "a tkn here", {}, false}, scratch);
  ASSERT_EQ(decision.candidates().size(), 3u);
  EXPECT_EQ(decision.label(), hand::kPublic);
  const Outbound cloud = engine->Render(0, {}, scratch);
  EXPECT_FALSE(cloud.allowed);
  EXPECT_TRUE(cloud.body.empty());
  EXPECT_EQ(cloud.sent_label, hand::kConfidential.Join(hand::kSecret));
  EXPECT_TRUE(engine->Render(1, {}, scratch).allowed);
}

// The model name goes out too: it is scanned like everything else.
TEST_F(RenderTest, WhatTheGatewayAddsIsScanned) {
  const std::string body = Chat("hi");
  engine->Decide({Surface::kOpenAiChat, body, {}, false}, scratch);
  EXPECT_TRUE(engine->Render(0, {.model = "gpt-9"}, scratch).allowed);
  EXPECT_FALSE(engine->Render(0, {.model = "ops@example.net"}, scratch).allowed);
}

TEST_F(RenderTest, RedactingTwiceIsRedactingOnce) {
  const Outbound once =
      Render(Chat("to jane@example.net about 12345678 and 536-22-8145"), Surface::kOpenAiChat);
  ASSERT_TRUE(once.allowed);
  const std::string first(once.body);
  const Outbound twice = Render(first, Surface::kOpenAiChat);
  ASSERT_TRUE(twice.allowed);
  EXPECT_EQ(twice.body, first);
}

TEST_F(RenderTest, AMarkerTypedByTheCallerIsOnlyText) {
  // By offset, never by form: the address in a made-up marker is found again and written over.
  const Outbound out = RenderText("<email_jane@example.net>");
  ASSERT_TRUE(out.allowed);
  EXPECT_EQ(std::string(out.body).find("jane"), std::string::npos);
}

TEST_F(RenderTest, OnlyAfterDecideOfThisProgram) {
  Scratch fresh;
  EXPECT_FALSE(engine->Render(0, {}, fresh).allowed);
  engine->Decide({Surface::kText, "hello", {}, false}, scratch);
  EXPECT_TRUE(engine->Render(0, {}, scratch).allowed);
  EXPECT_FALSE(engine->Render(3, {}, scratch).allowed);
  const auto other = p.Make();
  EXPECT_FALSE(other->Render(0, {}, scratch).allowed);
}

TEST_F(RenderTest, ADeniedRequestHasNoBody) {
  const std::string body = "{";
  EXPECT_EQ(engine->Decide({Surface::kOpenAiChat, body, {}, false}, scratch).verdict(), Verdict::kDeny);
  EXPECT_FALSE(engine->Render(0, {.model = "m"}, scratch).allowed);
}

// No canary survives toward the cloud, however it is cut, escaped or placed.
TEST_F(RenderTest, NoCoveredValueEverLeaves) {
  std::mt19937 random(11);
  const char* values[] = {"536-22-8145", "jane@example.net", "4242424242"};
  const char* fillers[] = {" ", "text ", "\\n", "\\u5de5", "x", "\\\"", "\xe5\xb7\xa5"};
  size_t allowed = 0;
  for (int round = 0; round < 600; ++round) {
    std::string body = R"({"model":"m","messages":[)";
    const size_t messages = 1 + random() % 3;
    for (size_t m = 0; m < messages; ++m) {
      body += (m > 0 ? std::string(",") : std::string()) + R"({"role":"user","content":")";
      for (size_t part = random() % 4; part > 0; --part) {
        body += fillers[random() % std::size(fillers)];
        std::string value = values[random() % std::size(values)];
        if (random() % 2 == 0) {  // some characters as escapes
          std::string escaped;
          for (const char c : value) {
            char hex[8];
            std::snprintf(hex, sizeof hex, "\\u%04x", static_cast<unsigned>(c));
            escaped += random() % 3 == 0 ? std::string(hex) : std::string(1, c);
          }
          value = escaped;
        }
        body += value.substr(0, random() % 5 == 0 ? value.find('-') : std::string::npos) + " ";
      }
      body += "\"}";
    }
    body += "]}";
    const Outbound out = Render(body, Surface::kOpenAiChat);
    if (!out.allowed) continue;
    ++allowed;
    std::vector<Finding> findings;
    const std::string left(out.body);
    Scratch other;
    ASSERT_TRUE(engine->Scan(left, other, findings));
    EXPECT_TRUE(findings.empty()) << left;
  }
  EXPECT_GT(allowed, 300u);
}

}  // namespace
}  // namespace hpol
