#include "adapters/gateway/answer.h"

#include <gtest/gtest.h>

namespace hpol::gateway {
namespace {

AnswerKind Body(Surface surface, std::string_view body) {
  dialect::Usage usage;
  return KindOfBody(surface, body, usage);
}
AnswerKind Event(Surface surface, const char* data) {
  dialect::Usage usage;
  return KindOfEvent(surface, {"", data}, usage);
}

TEST(KindOfBody, AcceptsOnlyAnObjectWithChoices) {
  using enum Surface;
  EXPECT_EQ(Body(kOpenAiChat, R"({"id":"x","choices":[],"usage":null})"), AnswerKind::kChunk);
  EXPECT_EQ(Body(kOpenAiChat, R"( {"choices":[{"message":{"content":"{"}}],"error":null} )"),
            AnswerKind::kChunk);
  EXPECT_EQ(Body(kOpenAiChat, R"({"error":{"message":"you wrote: secret"}})"), AnswerKind::kError);
  EXPECT_EQ(Body(kOpenAiChat, R"({"choices":[],"error":"x"})"), AnswerKind::kError);
  for (const char* body :
       {"", "[]", "null", "{}", "{\"choices\":{}}", "{\"a\":{\"choices\":[]}}", "{\"choices\":[]} {}",
        "{\"choices\":[]", "<html>", "\xef\xbb\xbf{\"choices\":[]}", "{\"choices\":[]}x"}) {
    EXPECT_EQ(Body(kOpenAiChat, body), AnswerKind::kNone) << body;
  }
}

TEST(KindOfBody, KnowsEverySurface) {
  using enum Surface;
  EXPECT_EQ(Body(kOpenAiEmbeddings, R"({"data":[{"embedding":[1]}]})"), AnswerKind::kChunk);
  EXPECT_EQ(Body(kOpenAiResponses, R"({"object":"response","error":null,"output":[]})"), AnswerKind::kChunk);
  EXPECT_EQ(Body(kAnthropicMessages, R"({"type":"message","content":[]})"), AnswerKind::kChunk);
  EXPECT_EQ(Body(kAnthropicMessages, R"({"type":"list","content":[]})"), AnswerKind::kNone);
  EXPECT_EQ(Body(kAnthropicMessages, R"({"type":"error","error":{}})"), AnswerKind::kError);
  EXPECT_EQ(Body(kAnthropicCountTokens, R"({"input_tokens":5})"), AnswerKind::kChunk);
  EXPECT_EQ(Body(kAnthropicCountTokens, R"({"usage":{"input_tokens":5}})"), AnswerKind::kNone);
  EXPECT_EQ(Body(kOllamaChat, R"({"message":{},"done":true})"), AnswerKind::kChunk);
  EXPECT_EQ(Body(kOllamaChat, R"({"error":"model not found"})"), AnswerKind::kError);
  EXPECT_EQ(Body(kOllamaEmbed, R"({"embeddings":[[1]]})"), AnswerKind::kChunk);
}

TEST(KindOfEvent, KnowsTheEnd) {
  using enum Surface;
  EXPECT_EQ(Event(kOpenAiChat, "[DONE]"), AnswerKind::kDone);
  EXPECT_EQ(Event(kAnthropicMessages, "[DONE]"), AnswerKind::kNone);
  EXPECT_EQ(Event(kOpenAiChat, "{\"choices\":[]}"), AnswerKind::kChunk);
  EXPECT_EQ(Event(kOpenAiChat, "[DONE"), AnswerKind::kNone);
  EXPECT_EQ(Event(kAnthropicMessages, R"({"type":"ping"})"), AnswerKind::kChunk);
  EXPECT_EQ(Event(kAnthropicMessages, R"({"type":"message_stop"})"), AnswerKind::kLast);
  EXPECT_EQ(Event(kAnthropicMessages, R"({"type":"novel"})"), AnswerKind::kNone);
  EXPECT_EQ(Event(kOpenAiResponses, R"({"type":"response.output_text.delta"})"), AnswerKind::kChunk);
  EXPECT_EQ(Event(kOpenAiResponses, R"({"type":"response.completed","response":{"error":null}})"),
            AnswerKind::kLast);
  EXPECT_EQ(Event(kOpenAiResponses, R"({"type":"response.failed"})"), AnswerKind::kError);
  EXPECT_EQ(Event(kOllamaChat, R"({"message":{"content":"x"},"done":false})"), AnswerKind::kChunk);
  EXPECT_EQ(Event(kOllamaChat, R"({"done":true})"), AnswerKind::kLast);
}

TEST(KindOfEvent, CountsWhatIsToldWhereverItStands) {
  using enum Surface;
  dialect::Usage usage;
  KindOfEvent(kAnthropicMessages, {"", R"({"type":"message_start","message":{"usage":{"input_tokens":7}}})"},
              usage);
  EXPECT_EQ(usage.input, 7);
  KindOfEvent(kAnthropicMessages, {"", R"({"type":"message_delta","usage":{"output_tokens":5}})"}, usage);
  EXPECT_EQ(usage.input, 7);
  EXPECT_EQ(usage.output, 5);
  KindOfEvent(kOllamaChat, {"", R"({"done":true,"prompt_eval_count":1,"eval_count":2})"}, usage);
  EXPECT_EQ(usage.output, 2);
  dialect::Usage none;
  KindOfEvent(kOpenAiChat,
              {"", R"({"choices":[{"usage":{"completion_tokens":9},"x":{"completion_tokens":1}}]})"}, none);
  EXPECT_EQ(none.output, -1);
}

TEST(AskedOf, ForUsageLooksIntoTheStreamOptionsOnly) {
  EXPECT_TRUE(AskedOf(Surface::kOpenAiChat, R"({"stream_options":{"include_usage":true}})").usage_wanted);
  EXPECT_FALSE(AskedOf(Surface::kOpenAiChat, R"({"stream_options":{"include_usage":false}})").usage_wanted);
  EXPECT_FALSE(AskedOf(Surface::kOpenAiChat, R"({"other":{"include_usage":true}})").usage_wanted);
  EXPECT_FALSE(AskedOf(Surface::kOllamaChat, R"({"stream_options":{"include_usage":true}})").usage_wanted);
}

TEST(AskedOf, ForAStreamLooksAtTheOutermostMemberOnly) {
  EXPECT_TRUE(AskedOf(Surface::kOpenAiChat, R"({"model":"m","stream":true})").stream);
  EXPECT_TRUE(AskedOf(Surface::kOpenAiChat, R"({"\u0073tream":true})").stream);
  EXPECT_FALSE(AskedOf(Surface::kOpenAiChat, R"({"stream":false})").stream);
  EXPECT_FALSE(
      AskedOf(Surface::kOpenAiChat, R"({"messages":[{"stream":true}],"x":"\"stream\":true"})").stream);
  EXPECT_FALSE(AskedOf(Surface::kOpenAiChat, R"({"model":"m"})").stream);
  EXPECT_TRUE(AskedOf(Surface::kOllamaChat, R"({"model":"m"})").stream);
  EXPECT_TRUE(AskedOf(Surface::kOllamaGenerate, R"({"model":"m","prompt":"stream"})").stream);
  EXPECT_FALSE(AskedOf(Surface::kOllamaChat, R"({"model":"m","stream":false})").stream);
  EXPECT_FALSE(AskedOf(Surface::kOllamaEmbed, R"({"model":"m","input":"stream"})").stream);
  EXPECT_FALSE(AskedOf(Surface::kOpenAiChat, R"({"stream_options":true})").stream);
}

TEST(IsMediaType, PassesOverParameters) {
  EXPECT_TRUE(IsMediaType("application/json", "application/json"));
  EXPECT_TRUE(IsMediaType("Application/JSON ; charset=utf-8", "application/json"));
  EXPECT_FALSE(IsMediaType("application/jsonl", "application/json"));
  EXPECT_FALSE(IsMediaType("", "application/json"));
}

}  // namespace
}  // namespace hpol::gateway
