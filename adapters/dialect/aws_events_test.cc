#include "adapters/dialect/aws_events.h"

#include <gtest/gtest.h>

namespace hpol::dialect {
namespace {

using Item = AwsEventReader::Item;

std::string ReadAll(std::string_view bytes, size_t step, size_t limit = 4096) {
  AwsEventReader reader(limit);
  http::Event event;
  std::string all;
  for (size_t at = 0; at < bytes.size(); at += step) {
    reader.Append(bytes.substr(at, step));
    for (;;) {
      const Item item = reader.Next(event);
      if (item == Item::kNone) break;
      if (item == Item::kBad) return all + "!";
      all += event.name + "=" + event.data + ";";
    }
  }
  return all + (reader.midway() ? "?" : "");
}

// The sample of the format's own description: a message with no headers and no payload.
TEST(AwsEventReader, ReadsTheEmptyMessageOfTheDescription) {
  const std::string empty("\x00\x00\x00\x10\x00\x00\x00\x00\x05\xc2\x48\xeb\x7d\x98\xc8\xff", 16);
  EXPECT_EQ(ReadAll(empty, 16), "=;");
}

TEST(AwsEventReader, ReadsTheSameWhereverTheBytesAreCut) {
  const std::string bytes =
      AwsEventBytes("messageStart", "{}") + AwsEventBytes("contentBlockDelta", "{\"a\":1}");
  for (size_t step = 1; step <= bytes.size(); ++step) {
    EXPECT_EQ(ReadAll(bytes, step), "messageStart={};contentBlockDelta={\"a\":1};") << step;
  }
}

TEST(AwsEventReader, RefusesEveryChangedByte) {
  const std::string bytes = AwsEventBytes("metadata", "{\"usage\":{}}");
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_EQ(ReadAll(changed, bytes.size()), "!") << i;
  }
}

TEST(AwsEventReader, BoundsOneMessageBeforeItIsThere) {
  const std::string bytes = AwsEventBytes("x", std::string(5000, 'x'));
  EXPECT_EQ(ReadAll(bytes.substr(0, 12), 12), "!");
  EXPECT_EQ(ReadAll(AwsEventBytes("x", "{}").substr(0, 20), 20), "?");
}

}  // namespace
}  // namespace hpol::dialect
