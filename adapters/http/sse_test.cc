#include "adapters/http/sse.h"

#include <gtest/gtest.h>

#include <vector>

namespace hpol::http {
namespace {

// What a stream reads as: the data of each event, `:` for a comment, `!` for kBad.
std::vector<std::string> ReadAll(std::string_view stream, size_t step, size_t limit = 1000, bool end = true) {
  SseReader reader(limit);
  std::vector<std::string> items;
  Event event;
  const auto drain = [&] {
    for (;;) {
      const SseReader::Item item = reader.Next(event);
      if (item == SseReader::Item::kNone) return true;
      items.push_back(item == SseReader::Item::kEvent     ? event.name + event.data
                      : item == SseReader::Item::kComment ? ":"
                                                          : "!");
      if (item == SseReader::Item::kBad) return false;
    }
  };
  for (size_t at = 0; at < stream.size(); at += step) {
    reader.Append(stream.substr(at, step));
    if (!drain()) return items;
  }
  if (end) {
    reader.AppendEnd();
    drain();
  }
  return items;
}

struct SseCase {
  const char* what;
  std::string_view stream;
  std::vector<std::string> items;
};

TEST(SseReader, ReadsTheSameWhereverTheBytesAreCut) {
  const SseCase cases[] = {
      {"LF", "data: {}\n\ndata: [DONE]\n\n", {"{}", "[DONE]"}},
      {"CRLF", "data: {}\r\n\r\ndata: [DONE]\r\n\r\n", {"{}", "[DONE]"}},
      {"CR alone", "data: {}\r\rdata: [DONE]\r\r", {"{}", "[DONE]"}},
      {"no space", "data:{}\n\n", {"{}"}},
      {"several lines", "data: {\ndata: }\n\n", {"{\n}"}},
      {"names stay, other fields are dropped", "event: x\nid: secret\nretry: 5\ndata: {}\n\n", {"x{}"}},
      {"a name belongs to one event", "event: x\n\ndata: {}\n\n", {"{}"}},
      {"a name is one word", "event: my secret\n\n", {"!"}},
      {"comment", ": ping\n\ndata: {}\n\n", {":", "{}"}},
      {"no empty line at the end", "data: [DONE]", {"[DONE]"}},
      {"an event without data is none", "event: x\n\n", {}},
      {"not a stream", "<html>\n", {"!"}},
      {"unknown field", "data: {}\n\nsecret: 1\n", {"{}", "!"}},
  };
  for (const SseCase& c : cases) {
    for (size_t step = 1; step <= c.stream.size(); ++step) {
      EXPECT_EQ(ReadAll(c.stream, step), c.items) << c.what << " in steps of " << step;
    }
  }
}

TEST(SseReader, HoldsBackAnIncompleteEvent) { EXPECT_TRUE(ReadAll("data: {}\n", 3, 1000, false).empty()); }

TEST(SseReader, BoundsOneEvent) {
  EXPECT_EQ(ReadAll("data: " + std::string(200, 'x') + "\n\n", 7, 100), std::vector<std::string>{"!"});
  EXPECT_EQ(ReadAll(std::string(200, 'x'), 7, 100), std::vector<std::string>{"!"});
  std::string lines;
  for (int i = 0; i < 50; ++i) lines += "data: xxxx\n";
  EXPECT_EQ(ReadAll(lines + "\n", 7, 100), std::vector<std::string>{"!"});
}

TEST(AppendEvent, IsReadBackAsItWas) {
  std::string bytes;
  AppendEvent(StreamForm::kSse, {"", "{\n}"}, bytes);
  AppendEvent(StreamForm::kSse, {.comment = true}, bytes);
  AppendEvent(StreamForm::kSse, {"ping", "[DONE]"}, bytes);
  EXPECT_EQ(bytes, "data: {\ndata: }\n\n: \n\nevent: ping\ndata: [DONE]\n\n");
  EXPECT_EQ(ReadAll(bytes, 1), (std::vector<std::string>{"{\n}", ":", "ping[DONE]"}));
}

TEST(AppendEvent, WritesLinesWithoutNames) {
  std::string bytes;
  for (const Event& event : {Event{"x", "{}"}, Event{.comment = true}, Event{"", "{\"done\":true}"}}) {
    AppendEvent(StreamForm::kNdjson, event, bytes);
  }
  EXPECT_EQ(bytes, "{}\n{\"done\":true}\n");
}

}  // namespace
}  // namespace hpol::http
