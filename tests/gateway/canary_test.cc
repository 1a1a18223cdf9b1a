// For each field of each registry: something confidential in it, as string, as key and as number, never
// reaches the cloud, although the caller's floor is public.
#include <gtest/gtest.h>

#include <optional>
#include <utility>

#include "runtime/surface/body_for_test.h"
#include "tests/gateway/raw_client.h"
#include "tests/gateway/world.h"

namespace hpol::gateway_tests {
namespace {

constexpr char kSsn[] = "536-22-8145";
constexpr char kCard[] = "4539578763621486";

// The whole request of a caller whose floor is public, as a client of that surface posts it.
std::string Post(Surface surface, const std::string& body) {
  constexpr std::pair<Surface, const char*> kPaths[] = {
      {Surface::kOpenAiChat, "/v1/chat/completions"},
      {Surface::kOpenAiResponses, "/v1/responses"},
      {Surface::kOpenAiCompletions, "/v1/completions"},
      {Surface::kOpenAiEmbeddings, "/v1/embeddings"},
      {Surface::kAnthropicMessages, "/v1/messages"},
      {Surface::kAnthropicCountTokens, "/v1/messages/count_tokens"},
      {Surface::kOllamaChat, "/api/chat"},
      {Surface::kOllamaGenerate, "/api/generate"},
      {Surface::kOllamaEmbed, "/api/embed"},
  };
  std::string request = ChatRequest(kCopywriter, body);
  for (const auto& [one, path] : kPaths) {
    if (one == surface) request.replace(request.find("/v1/chat/completions"), 20, path);
  }
  return request;
}

// Every field of every surface as a client posts it, translated or not. tests/surfaces asks the engine the
// same with more forms.
TEST(GatewayCanaries, NoFieldTakesThemToTheCloud) {
  World world({.limits = {{"first_byte_ms", 2000}}});
  const std::string values[] = {"\"" + std::string(kSsn) + "\"", "{\"" + std::string(kSsn) + "\":\"x\"}",
                                kCard, "[\"" + std::string(kSsn) + "\"]",
                                R"([{"type":"text","text":")" + std::string(kSsn) + R"("}])"};
  for (const Surface surface : surface::kSurfaces) {
    std::optional<RawClient> client(std::in_place, world.port());
    size_t answered = 0;
    for (const surface::Row& row : surface::RowsOf(surface)) {
      for (const std::string& value : values) {
        const std::string body = surface::BodyWith(surface, row.path, value);
        ASSERT_TRUE(client->Send(Post(surface, body))) << body;
        const RawReply reply = client->Read();
        ASSERT_NE(reply.status, 0) << body;
        if (reply.status == 200) ++answered;
        if (reply.Field("connection") == "close") client.emplace(world.port());
      }
    }
    const std::string cloud = world.cloud().received();
    EXPECT_EQ(cloud.find(kSsn), std::string::npos) << SurfaceName(surface);
    EXPECT_EQ(cloud.find(kCard), std::string::npos) << SurfaceName(surface);
    // Counting tokens and Ollama's generate and embed are not translated.
    const bool translated = surface != Surface::kAnthropicCountTokens &&
                            surface != Surface::kOllamaGenerate && surface != Surface::kOllamaEmbed;
    if (translated) {
      EXPECT_GT(answered, 0u) << SurfaceName(surface) << ": they are not simply refused";
    }
  }
  // A field that nobody registered goes only where everything may go.
  Ask(world.port(),
      Post(Surface::kOpenAiChat, surface::BodyWith(Surface::kOpenAiChat, "brand_new", "\"hello\"")));
  EXPECT_EQ(world.cloud().received().find("brand_new"), std::string::npos);
}

}  // namespace
}  // namespace hpol::gateway_tests
