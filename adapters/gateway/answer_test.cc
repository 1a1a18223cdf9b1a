#include "adapters/gateway/answer.h"

#include <gtest/gtest.h>

namespace hpol::gateway {
namespace {

TEST(KindOfBody, AcceptsOnlyAnObjectWithChoices) {
  EXPECT_EQ(KindOfBody(R"({"id":"x","choices":[],"usage":null})"), AnswerKind::kChunk);
  EXPECT_EQ(KindOfBody(R"( {"choices":[{"message":{"content":"{"}}],"error":null} )"), AnswerKind::kChunk);
  EXPECT_EQ(KindOfBody(R"({"error":{"message":"you wrote: secret"}})"), AnswerKind::kError);
  EXPECT_EQ(KindOfBody(R"({"choices":[],"error":"x"})"), AnswerKind::kError);
  for (const char* body :
       {"", "[]", "null", "{}", "{\"choices\":{}}", "{\"a\":{\"choices\":[]}}", "{\"choices\":[]} {}",
        "{\"choices\":[]", "<html>", "\xef\xbb\xbf{\"choices\":[]}", "{\"choices\":[]}x"}) {
    EXPECT_EQ(KindOfBody(body), AnswerKind::kNone) << body;
  }
}

TEST(KindOfEvent, KnowsTheEnd) {
  EXPECT_EQ(KindOfEvent("[DONE]"), AnswerKind::kDone);
  EXPECT_EQ(KindOfEvent("{\"choices\":[]}"), AnswerKind::kChunk);
  EXPECT_EQ(KindOfEvent("[DONE"), AnswerKind::kNone);
}

TEST(WantsStream, LooksAtTheOutermostMemberOnly) {
  EXPECT_TRUE(WantsStream(Surface::kOpenAiChat, R"({"model":"m","stream":true})"));
  EXPECT_TRUE(WantsStream(Surface::kOpenAiChat, R"({"\u0073tream":true})"));
  EXPECT_FALSE(WantsStream(Surface::kOpenAiChat, R"({"stream":false})"));
  EXPECT_FALSE(WantsStream(Surface::kOpenAiChat, R"({"messages":[{"stream":true}],"x":"\"stream\":true"})"));
  EXPECT_FALSE(WantsStream(Surface::kOpenAiChat, R"({"model":"m"})"));
  EXPECT_TRUE(WantsStream(Surface::kOllamaChat, R"({"model":"m"})"));
  EXPECT_TRUE(WantsStream(Surface::kOllamaGenerate, R"({"model":"m","prompt":"stream"})"));
  EXPECT_FALSE(WantsStream(Surface::kOllamaChat, R"({"model":"m","stream":false})"));
  EXPECT_FALSE(WantsStream(Surface::kOllamaEmbed, R"({"model":"m","input":"stream"})"));
  EXPECT_FALSE(WantsStream(Surface::kOpenAiChat, R"({"stream_options":true})"));
}

TEST(IsMediaType, PassesOverParameters) {
  EXPECT_TRUE(IsMediaType("application/json", "application/json"));
  EXPECT_TRUE(IsMediaType("Application/JSON ; charset=utf-8", "application/json"));
  EXPECT_FALSE(IsMediaType("application/jsonl", "application/json"));
  EXPECT_FALSE(IsMediaType("", "application/json"));
}

}  // namespace
}  // namespace hpol::gateway
