// A request with two addresses on its way to a cloud, and answers to it in the form of each surface.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "hpol/answer.h"
#include "runtime/decide/hand_policy_for_test.h"
#include "runtime/redact/redact.h"

namespace hpol::answers {

inline constexpr std::string_view kJohn = "john@example.net";

class Sent {
 public:
  // `masks`: numbers in answers are written over.
  explicit Sent(std::string a_scope = "acme/one", std::string_view content = {}, bool masks = false)
      : scope(std::move(a_scope)) {
    email = p.Detector("email", hand::Code(hand::MatchEmail));
    number = p.Detector("account", hand::Code(hand::MatchNumber));
    p.Classify(hand::Always(), hand::kPublic);
    p.Classify(hand::Is(p.Found({email})), hand::kInternal.Join(hand::kPii));
    p.Classify(hand::Is(p.Found({number})), hand::kConfidential);
    p.tables().sinks = {{p.Text("send_mail"), hand::kTop.word}, {p.Text("web_search"), hand::kPublic.word}};
    const uint32_t gpt = p.Target("gpt", hand::Policy::kCloud, hand::kPublic.Join(hand::kPseudonymous));
    const uint32_t scrub =
        p.Redaction("scrub", {{RedactionAction::kPseudonym, {email}, hand::kPublic.Join(hand::kPseudonymous)},
                              {RedactionAction::kMask, {number}, hand::kPublic}});
    p.Send(hand::Always(), {p.Candidate(gpt, scrub)});
    if (masks) p.Respond(hand::Is(p.Found({number})), RespondAction::kMask, "", {number});
    engine = p.Make();
    body = R"({"model":"m","messages":[{"role":"user","content":")" +
           (content.empty() ? std::string(kJohn) + " and jane@example.net, account 12345678"
                            : std::string(content)) +
           "\"}]}";
    const Decision& decision = engine->Decide({Surface::kOpenAiChat, body, {}, false}, scratch);
    label = decision.label();
    out = engine->Render(0, {.model = "gpt-9", .scope = scope}, scratch);
    EXPECT_TRUE(out.allowed);
  }

  // The token of a value of the request, without brackets.
  std::string TokenOf(std::string_view value) const {
    for (const Token& token : out.minted) {
      if (token.value == value) return std::string(token.token);
    }
    ADD_FAILURE() << "no token for " << value;
    return {};
  }
  AnswerTo To(Surface surface, bool stream) const { return {surface, stream, out.minted, scope, label}; }

  hand::Policy p;
  std::shared_ptr<const Engine> engine;
  Scratch scratch;
  uint32_t email = 0;
  uint32_t number = 0;
  std::string scope;
  std::string body;
  Label label;
  Outbound out;
};

inline std::string Json(std::string_view text) {
  std::string json = "\"";
  redact::AppendJsonEscaped(text, json);
  return json + '"';
}

// Feeds the events and finishes; fails the test when one is refused.
inline std::vector<AnswerEvent> Pass(Answer& answer, const std::vector<std::string>& events) {
  std::vector<AnswerEvent> out;
  for (const std::string& data : events) {
    EXPECT_EQ(answer.Feed({"", data}, out), Answer::Outcome::kPass) << data;
  }
  EXPECT_EQ(answer.Finish(out), Answer::Outcome::kPass);
  return out;
}

}  // namespace hpol::answers
