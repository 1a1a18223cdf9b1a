#include "adapters/gateway/json_document.h"

#include <gtest/gtest.h>

namespace hpol::gateway {
namespace {

std::string ErrorOf(std::string_view text) {
  const Result<JsonDocument> document = JsonDocument::Parse(text, "f.json");
  return document ? "" : document.error().message;
}

TEST(JsonDocument, KnowsWhereEverythingStands) {
  const Result<JsonDocument> document = JsonDocument::Parse(
      "{\n"
      "  \"a\" : 12,\n"
      "  \"b\": [true,\n"
      "    {\"c/d\": \"x\\\"y\"}, 5],\n"
      "  \"e\":{\"f\":null}\n"
      "}\n",
      "f.json");
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(document->At("", "m"), "f.json:1:1: m");
  EXPECT_EQ(document->AtKey("/a", "m"), "f.json:2:3: /a: m");
  EXPECT_EQ(document->At("/a", "m"), "f.json:2:9: /a: m");
  EXPECT_EQ(document->At("/b", "m"), "f.json:3:8: /b: m");
  EXPECT_EQ(document->At("/b/0", "m"), "f.json:3:9: /b/0: m");
  EXPECT_EQ(document->At("/b/1", "m"), "f.json:4:5: /b/1: m");
  EXPECT_EQ(document->AtKey("/b/1/c~1d", "m"), "f.json:4:6: /b/1/c~1d: m");
  EXPECT_EQ(document->At("/b/1/c~1d", "m"), "f.json:4:13: /b/1/c~1d: m");
  EXPECT_EQ(document->At("/b/2", "m"), "f.json:4:22: /b/2: m");
  EXPECT_EQ(document->At("/e/f", "m"), "f.json:5:12: /e/f: m");
  EXPECT_EQ(document->root()["b"][1]["c/d"], "x\"y");
}

TEST(JsonDocument, PointsAtWhatIsNotJson) {
  EXPECT_EQ(ErrorOf("{\"a\": 1,\n \"a\": 2}"), "f.json:2:2: `a` stands here twice");
  EXPECT_EQ(ErrorOf("{\"a\": tru}"), "f.json:1:10: not valid JSON");
  EXPECT_EQ(ErrorOf("{\n\"a\": 1,\n}"), "f.json:3:1: not valid JSON");
  EXPECT_NE(ErrorOf(""), "");
  EXPECT_NE(ErrorOf("{} {}"), "");
  EXPECT_NE(ErrorOf(std::string(100, '[')), "");
}

TEST(ObjectReader, CollectsMistakesAndUnknownKeys) {
  const Result<JsonDocument> document =
      JsonDocument::Parse("{\"port\": \"x\", \"hosst\": 1, \"zz\": 2, \"low\": -1}", "f.json");
  ASSERT_TRUE(document.ok());
  Mistakes mistakes;
  ObjectReader reader(*document, document->root(), "", mistakes);
  EXPECT_EQ(reader.Int("port", 7, 0, 9), 7);
  EXPECT_EQ(reader.Int("low", 7, 0, 9), 7);
  EXPECT_EQ(reader.String("host", "h"), "h");
  reader.RequiredString("name");
  reader.RefuseOthers();
  const std::vector<std::string> expected = {
      "f.json:1:10: /port: a whole number from 0 to 9 is needed here",
      "f.json:1:43: /low: a whole number from 0 to 9 is needed here",
      "f.json:1:1: `name` is missing",
      "f.json:1:15: /hosst: no such key, did you mean `host`?",
      "f.json:1:27: /zz: no such key",
  };
  EXPECT_EQ(mistakes.lines(), expected);
}

}  // namespace
}  // namespace hpol::gateway
