#include "adapters/gateway/models.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace hpol::gateway {
namespace {

using nlohmann::json;

Settings Three() {
  Settings settings;
  for (const char* model : {"llama-3", "Qwen/Qwen2.5 72B", "llama-3"}) {
    settings.targets.emplace_back();
    settings.targets.back().model = model;
  }
  return settings;
}

TEST(Models, AreListedOnceInEachShape) {
  const json openai = json::parse(ModelList(Three(), Surface::kOpenAiChat));
  EXPECT_EQ(openai["object"], "list");
  ASSERT_EQ(openai["data"].size(), 2u);
  EXPECT_EQ(openai["data"][0]["id"], "llama-3");
  EXPECT_EQ(openai["data"][0]["object"], "model");
  const json anthropic = json::parse(ModelList(Three(), Surface::kAnthropicMessages));
  EXPECT_EQ(anthropic["data"][1]["display_name"], "Qwen/Qwen2.5 72B");
  EXPECT_EQ(anthropic["data"][1]["type"], "model");
  EXPECT_EQ(anthropic["first_id"], "llama-3");
  EXPECT_EQ(anthropic["has_more"], false);
  EXPECT_TRUE(json::parse(ModelList(Settings(), Surface::kAnthropicMessages))["last_id"].is_null());
  const json tags = json::parse(OllamaTags(Three()));
  EXPECT_EQ(tags["models"][0]["name"], "llama-3");
  EXPECT_TRUE(json::parse(OllamaRunning())["models"].empty());
}

TEST(Models, OneIsFoundByItsNameEscapedOrNot) {
  const Settings settings = Three();
  EXPECT_EQ(json::parse(*OneModel(settings, Surface::kOpenAiChat, "llama-3"))["id"], "llama-3");
  EXPECT_TRUE(OneModel(settings, Surface::kAnthropicMessages, "Qwen%2FQwen2.5%2072B"));
  EXPECT_TRUE(OneModel(settings, Surface::kOpenAiChat, "Qwen/Qwen2.5 72B"));
  for (const char* id : {"", "llama", "llama-3/", "llama-3?x", "%6clama-3", "LLAMA-3"}) {
    EXPECT_FALSE(OneModel(settings, Surface::kOpenAiChat, id)) << id;
  }
}

TEST(Models, ShowTakesTheNameFromTheBody) {
  EXPECT_TRUE(OllamaShow(Three(), R"({"model":"llama-3"})"));
  EXPECT_TRUE(OllamaShow(Three(), R"({"name":"llama-3","verbose":true})"));
  for (const char* body :
       {"", "[]", "{}", R"({"model":3})", R"({"model":"gpt-4o"})", R"({"model":"llama-3")"}) {
    EXPECT_FALSE(OllamaShow(Three(), body)) << body;
  }
}

}  // namespace
}  // namespace hpol::gateway
