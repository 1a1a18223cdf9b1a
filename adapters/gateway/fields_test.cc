#include "adapters/gateway/fields.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "runtime/surface/surface.h"

namespace hpol::gateway {
namespace {

using nlohmann::json;

TEST(Fields, AreThoseOfTheRegistry) {
  const Result<std::string> text = FieldsText("", true);
  ASSERT_TRUE(text.ok());
  const json all = json::parse(*text);
  EXPECT_EQ(all.size(), kSurfaceCount - 1);
  for (size_t i = 1; i < kSurfaceCount; ++i) {
    const auto surface = static_cast<Surface>(i);
    EXPECT_EQ(all[std::string(SurfaceName(surface))].size(), surface::Fields(surface).size());
  }
}

TEST(Fields, SayClassTypesAndHandling) {
  const json list = json::parse(*FieldsText("openai_responses", true))["openai_responses"];
  for (const json& field : list) {
    if (field["path"] == "store") {
      EXPECT_EQ(field["class"], "storage");
      EXPECT_EQ(field["types"], json({"bool"}));
      EXPECT_EQ(field["handling"], "always sent as");
      EXPECT_EQ(field["values"], "false");
    }
    if (field["path"] == "input") {
      EXPECT_EQ(field["types"], json({"string", "array"}));
      EXPECT_EQ(field["required"], true);
    }
  }
  const std::string text = *FieldsText("ollama_generate", false);
  EXPECT_TRUE(text.starts_with("ollama_generate\n  model "));
  EXPECT_NE(text.find("  template                                              tool        string            "
                      "    refused\n"),
            std::string::npos)
      << text;
}

TEST(Fields, AnUnknownSurfaceIsToldWhichThereAre) {
  const Result<std::string> text = FieldsText("openai", false);
  ASSERT_FALSE(text.ok());
  EXPECT_NE(text.error().message.find("anthropic_messages"), std::string::npos);
}

}  // namespace
}  // namespace hpol::gateway
