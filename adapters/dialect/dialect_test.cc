#include "adapters/dialect/dialect.h"

#include <gtest/gtest.h>

namespace hpol::dialect {
namespace {

Site SiteOf(Dialect dialect) {
  return {.dialect = dialect,
          .authority = "h.example",
          .path = "/v1",
          .model = "m:1",
          .api_version = "2024-10-21",
          .region = "eu-central-1"};
}

TEST(Dialect, NamesAreReadBack) {
  for (const Dialect dialect : {Dialect::kOpenAi, Dialect::kAnthropic, Dialect::kAzure, Dialect::kOllama,
                                Dialect::kGemini, Dialect::kBedrock, Dialect::kDashScope}) {
    EXPECT_EQ(DialectOf(DialectName(dialect)), dialect);
  }
  EXPECT_FALSE(DialectOf("OpenAI"));
}

TEST(SurfaceFor, KeepsWhatTheTargetSpeaksAndTranslatesConversations) {
  struct Case {
    Dialect dialect;
    Surface client;
    std::optional<Surface> asked;
  };
  using enum Surface;
  const Case cases[] = {
      {Dialect::kOpenAi, kOpenAiChat, kOpenAiChat},
      {Dialect::kOpenAi, kOpenAiResponses, kOpenAiResponses},
      {Dialect::kOpenAi, kAnthropicMessages, kOpenAiChat},
      {Dialect::kOpenAi, kOllamaEmbed, std::nullopt},
      {Dialect::kGemini, kOpenAiResponses, kOpenAiChat},
      {Dialect::kGemini, kOpenAiCompletions, std::nullopt},
      {Dialect::kAnthropic, kAnthropicMessages, kAnthropicMessages},
      {Dialect::kAnthropic, kAnthropicCountTokens, kAnthropicCountTokens},
      {Dialect::kOpenAi, kAnthropicCountTokens, std::nullopt},
      {Dialect::kAnthropic, kOllamaGenerate, kAnthropicMessages},
      {Dialect::kAnthropic, kOpenAiEmbeddings, std::nullopt},
      {Dialect::kOllama, kOllamaGenerate, kOllamaGenerate},
      {Dialect::kOllama, kOpenAiChat, kOllamaChat},
      {Dialect::kBedrock, kOpenAiChat, kBedrockConverse},
      {Dialect::kDashScope, kOllamaChat, kDashScopeChat},
      {Dialect::kDashScope, kText, std::nullopt},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(SurfaceFor(SiteOf(c.dialect), c.client), c.asked)
        << DialectName(c.dialect) << " " << SurfaceName(c.client);
  }
  Site old = SiteOf(Dialect::kOpenAi);
  old.responses = false;
  EXPECT_EQ(SurfaceFor(old, kOpenAiResponses), kOpenAiChat);
}

TEST(TargetOf, IsThePathOfEachDialect) {
  using enum Surface;
  struct Case {
    Dialect dialect;
    Surface surface;
    bool stream;
    const char* target;
  };
  const Case cases[] = {
      {Dialect::kOpenAi, kOpenAiChat, true, "/v1/chat/completions"},
      {Dialect::kOpenAi, kOpenAiResponses, false, "/v1/responses"},
      {Dialect::kAnthropic, kAnthropicMessages, true, "/v1/messages"},
      {Dialect::kAnthropic, kAnthropicCountTokens, false, "/v1/messages/count_tokens"},
      {Dialect::kAzure, kOpenAiChat, false,
       "/v1/openai/deployments/m%3A1/chat/completions?api-version=2024-10-21"},
      {Dialect::kAzure, kOpenAiResponses, false, "/v1/openai/responses?api-version=2024-10-21"},
      {Dialect::kOllama, kOllamaGenerate, true, "/v1/api/generate"},
      {Dialect::kGemini, kOpenAiEmbeddings, false, "/v1/embeddings"},
      {Dialect::kBedrock, kBedrockConverse, false, "/v1/model/m%3A1/converse"},
      {Dialect::kBedrock, kBedrockConverse, true, "/v1/model/m%3A1/converse-stream"},
      {Dialect::kDashScope, kDashScopeChat, true, "/v1/services/aigc/text-generation/generation"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(TargetOf(SiteOf(c.dialect), {.surface = c.surface, .stream = c.stream, .body = ""}), c.target);
  }
}

TEST(FieldsOf, ShowsTheCredentialAsEachDialectWantsIt) {
  const Credential credential{"secret", "AKID", ""};
  const auto fields = [&](Dialect dialect, bool stream) {
    return FieldsOf(SiteOf(dialect), {.stream = stream, .body = "{}", .now = 1440938160}, &credential)
        .value();
  };
  EXPECT_EQ(fields(Dialect::kOpenAi, false), "authorization: Bearer secret\r\n");
  EXPECT_EQ(fields(Dialect::kOllama, true), "authorization: Bearer secret\r\n");
  EXPECT_EQ(fields(Dialect::kGemini, true), "authorization: Bearer secret\r\n");
  EXPECT_EQ(fields(Dialect::kAzure, false), "api-key: secret\r\n");
  EXPECT_EQ(fields(Dialect::kAnthropic, false), "anthropic-version: 2023-06-01\r\nx-api-key: secret\r\n");
  EXPECT_EQ(fields(Dialect::kDashScope, true), "x-dashscope-sse: enable\r\nauthorization: Bearer secret\r\n");
  EXPECT_TRUE(
      fields(Dialect::kBedrock, false)
          .starts_with("x-amz-date: 20150830T123600Z\r\nauthorization: AWS4-HMAC-SHA256 "
                       "Credential=AKID/20150830/eu-central-1/bedrock/aws4_request, SignedHeaders=host;"));
  EXPECT_EQ(FieldsOf(SiteOf(Dialect::kOpenAi), {.body = ""}, nullptr), "");
}

}  // namespace
}  // namespace hpol::dialect
