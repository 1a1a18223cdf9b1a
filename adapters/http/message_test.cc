#include "adapters/http/message.h"

#include <gtest/gtest.h>

namespace hpol::http {
namespace {

struct Read {
  Progress progress;
  std::string body;
  std::string rest;
};

// Feeds `bytes` in steps, keeping what was not taken, as a connection does.
template <class Reader>
Read Feed(Reader& reader, std::string_view bytes, size_t step) {
  std::string buffer;
  Progress progress = Progress::kMore;
  size_t at = 0;
  while (progress == Progress::kMore && at < bytes.size()) {
    buffer += bytes.substr(at, step);
    at += std::min(step, bytes.size() - at);
    size_t taken = 0;
    progress = reader.Put(buffer, taken);
    buffer.erase(0, taken);
  }
  return {progress, reader.body(), buffer + std::string(bytes.substr(at))};
}

Read ReadRequest(const std::string& fields, std::string_view bytes, size_t step, uint64_t limit = 100) {
  RequestBody body("POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n", limit);
  return Feed(body, bytes, step);
}

TEST(RequestBody, EndsWhereItsFramingSays) {
  for (size_t step = 1; step < 40; ++step) {
    const Read length = ReadRequest("Content-Length: 5\r\n", "helloGET /", step);
    EXPECT_EQ(length.progress, Progress::kDone);
    EXPECT_EQ(length.body, "hello");
    EXPECT_EQ(length.rest, "GET /");
    const Read chunked = ReadRequest("Transfer-Encoding: chunked\r\n",
                                     "2\r\nhe\r\n3;x=536-22-8145\r\nllo\r\n0\r\n\r\nGET /", step);
    EXPECT_EQ(chunked.progress, Progress::kDone) << step;
    EXPECT_EQ(chunked.body, "hello") << "extensions are discarded";
    EXPECT_EQ(chunked.rest, "GET /");
  }
}

TEST(RequestBody, DiscardsTrailers) {
  const Read read = ReadRequest("Transfer-Encoding: chunked\r\n",
                                "2\r\n{}\r\n0\r\nX-Dept: legal\r\nAuthorization: Bearer t\r\n\r\nG", 1000);
  EXPECT_EQ(read.progress, Progress::kDone);
  EXPECT_EQ(read.body, "{}");
  EXPECT_EQ(read.rest, "G");
}

TEST(RequestBody, RefusesMalformedChunks) {
  for (const char* bytes :
       {"2;x\nxx\r\n{}\r\n0\r\n\r\n", "2 \r\n{}\r\n0\r\n\r\n", "0x2\r\n{}\r\n0\r\n\r\n",
        "10000000000000002\r\n{}\r\n0\r\n\r\n", "2\r\n{}0\r\n\r\n", "-2\r\n{}\r\n", "\r\n{}\r\n"}) {
    for (size_t step : {1, 3, 1000}) {
      const Progress progress = ReadRequest("Transfer-Encoding: chunked\r\n", bytes, step).progress;
      EXPECT_TRUE(progress == Progress::kBad || progress == Progress::kTooLarge)
          << bytes << " in steps of " << step;
    }
  }
}

TEST(RequestBody, BoundsTheBody) {
  EXPECT_EQ(ReadRequest("Content-Length: 101\r\n", "x", 1).progress, Progress::kTooLarge);
  EXPECT_EQ(ReadRequest("Transfer-Encoding: chunked\r\n", "65\r\nx", 100).progress, Progress::kTooLarge);
  const std::string chunk = "32\r\n" + std::string(50, 'x') + "\r\n";
  EXPECT_EQ(ReadRequest("Transfer-Encoding: chunked\r\n", chunk + chunk + chunk, 7).progress,
            Progress::kTooLarge);
}

TEST(ResponseReader, ReadsWholeAnswers) {
  const std::string_view bytes =
      "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
      "Content-Length: 2\r\n\r\n{}";
  for (size_t step = 1; step <= bytes.size(); ++step) {
    ResponseReader reader(100);
    const Read read = Feed(reader, bytes, step);
    EXPECT_EQ(read.progress, Progress::kDone) << step;
    EXPECT_EQ(read.body, "{}");
    EXPECT_EQ(reader.status(), 200);
    EXPECT_EQ(reader.content_type(), "application/json");
    EXPECT_TRUE(reader.reusable());
  }
}

TEST(ResponseReader, TellsACutFromAnEnd) {
  ResponseReader chunked(std::nullopt);
  Feed(chunked, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", 1000);
  EXPECT_EQ(chunked.PutEnd(), Progress::kBad);
  ResponseReader until_end(100);
  Feed(until_end, "HTTP/1.1 200 OK\r\n\r\nhello", 1000);
  EXPECT_EQ(until_end.PutEnd(), Progress::kDone);
  EXPECT_FALSE(until_end.framed());
  EXPECT_FALSE(until_end.reusable());
  ResponseReader nothing(100);
  EXPECT_EQ(nothing.PutEnd(), Progress::kBad);
}

TEST(ResponseReader, RefusesGarbageAndBounds) {
  for (const char* bytes :
       {"garbage\r\n\r\n", "\x16\x03\x01\x02", "HTTP/1.1 101 X\r\n\r\n", "SSH-2.0-OpenSSH\r\n"}) {
    ResponseReader reader(100);
    EXPECT_EQ(Feed(reader, bytes, 1000).progress, Progress::kBad) << bytes;
  }
  ResponseReader large(100);
  EXPECT_EQ(Feed(large, "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", 1000).progress,
            Progress::kTooLarge);
}

TEST(ResponseReader, SeesCodingsThatNobodyAskedFor) {
  for (const char* field : {"Content-Encoding: gzip", "Transfer-Encoding: gzip, chunked"}) {
    ResponseReader reader(100);
    Feed(reader, std::string("HTTP/1.1 200 OK\r\n") + field + "\r\n\r\n", 1000);
    EXPECT_TRUE(reader.is_encoded()) << field;
  }
}

}  // namespace
}  // namespace hpol::http
