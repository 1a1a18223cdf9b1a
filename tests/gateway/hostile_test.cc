// Clients and targets that mean harm: slow, endless, deep, compressed. Memory stays bounded, the answer is a
// clear error, and others are served meanwhile.
#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>

#include "tests/gateway/dialect_world.h"
#include "tests/gateway/raw_client.h"

namespace hpol::gateway_tests {
namespace {

using nlohmann::json;

// Resident memory of this process (gateway, servers and test together), in bytes.
size_t Resident() {
  size_t total = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> total >> resident;
  return resident * 4096;
}

constexpr size_t kMega = 1024 * 1024;

std::string Head(const std::string& fields) {
  return "POST /v1/chat/completions HTTP/1.1\r\nhost: h\r\nauthorization: Bearer sk-openai\r\n"
         "content-type: application/json\r\n" +
         fields + "\r\n";
}

bool Serves(DialectWorld& world) {
  return Ask(world.port(), ChatRequest("sk-openai", ChatBody("hi"))).status == 200;
}

TEST(Hostile, SlowClientsAreClosedUponAndKeepNobodyWaiting) {
  DialectWorld world([](json& config) {
    config["listen"]["threads"] = 1;
    config["limits"].update({{"request_header_ms", 300}, {"request_body_ms", 300}});
  });
  std::vector<std::unique_ptr<RawClient>> slow;
  for (int i = 0; i < 200; ++i) {
    slow.push_back(std::make_unique<RawClient>(world.port()));
    slow.back()->Send(i % 2 == 0 ? "POST /v1/chat" : Head("content-length: 100\r\n") + "{");
  }
  EXPECT_TRUE(Serves(world));
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 4; ++i) {
    for (const auto& client : slow) client->Send("x");
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  for (const auto& client : slow) EXPECT_TRUE(client->AtEnd() || client->Read().status != 200);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(8));
  EXPECT_TRUE(Serves(world));
}

TEST(Hostile, ABodyOfAHundredMegabytesTakesNoSuchMemory) {
  DialectWorld world([](json& config) { config["limits"]["body_bytes"] = 2 * kMega; });
  EXPECT_TRUE(Serves(world));
  const size_t before = Resident();
  RawClient claimed(world.port());
  claimed.Send(Head("content-length: 104857600\r\n"));
  EXPECT_EQ(claimed.Read().status, 413);
  RawClient chunked(world.port());
  chunked.Send(Head("transfer-encoding: chunked\r\n"));
  const std::string chunk = "10000\r\n" + std::string(0x10000, ' ') + "\r\n";
  for (int i = 0; i < 1600 && chunked.Send(chunk); ++i) {
  }
  EXPECT_EQ(chunked.Read().status, 413);
  EXPECT_LT(Resident(), before + 32 * kMega);
  EXPECT_TRUE(Serves(world));
}

TEST(Hostile, NestingWithoutEndIsRefused) {
  DialectWorld world;
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  const RawReply reply =
      Ask(world.port(),
          ChatRequest("sk-openai", R"({"model":"m","messages":[{"role":"user","content":)" + deep + "}]}"));
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.Code(), "malformed_body");
  EXPECT_TRUE(Serves(world));
}

TEST(Hostile, HeadsWithoutEndAreRefused) {
  DialectWorld world;
  RawClient one(world.port());
  one.Send("POST /v1/chat/completions HTTP/1.1\r\nx: " + std::string(kMega, 'a'));
  EXPECT_EQ(one.Read().status, 431);
  RawClient many(world.port());
  std::string fields;
  for (int i = 0; i < 500; ++i) fields += "x-" + std::to_string(i) + ": a\r\n";
  many.Send(Head(fields + "content-length: 2\r\n") + "{}");
  EXPECT_EQ(many.Read().status, 431);
  EXPECT_TRUE(Serves(world));
}

std::string Gzip(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

TEST(Hostile, ADecompressionBombIsRefusedBeforeItFillsMemory) {
  DialectWorld world([](json& config) { config["limits"]["body_bytes"] = 2 * kMega; });
  const std::string bomb = Gzip(std::string(100 * kMega, ' '));
  ASSERT_LT(bomb.size(), kMega);
  const size_t before = Resident();
  RawClient client(world.port());
  client.Send(Head("content-encoding: gzip\r\ncontent-length: " + std::to_string(bomb.size()) + "\r\n") +
              bomb);
  EXPECT_EQ(client.Read().status, 413);
  EXPECT_LT(Resident(), before + 32 * kMega);
  EXPECT_TRUE(Serves(world));
}

// What a target may do to the gateway, in its own dialect and in another.
TEST(Hostile, TargetsWithoutEndAreFailures) {
  DialectWorld world([](json& config) { config["limits"]["answer_bytes"] = kMega; });
  EXPECT_TRUE(Serves(world));
  const size_t before = Resident();
  const std::string json_head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
  const std::string big(8 * kMega, ' ');
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  const std::string bodies[] = {
      json_head + "content-length: 104857600\r\n\r\n" + big,
      json_head + "\r\n" + big,
      json_head + "x: " + big,
      json_head + "\r\n{\"choices\":[" + deep + "],\"type\":\"message\",\"content\":" + deep + "}",
      "HTTP/1.1 100 Continue\r\n\r\n" +
          std::string("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"),
  };
  for (const char* const dialect : {"openai", "anthropic"}) {
    for (const std::string& bytes : bodies) {
      world.server(dialect).SetScript(
          [&](const std::string&) { return ReplayAnswer{.bytes = bytes, .close = true}; });
      const RawReply reply = Ask(world.port(), ChatRequest("sk-" + std::string(dialect), ChatBody("hi")));
      // Deep nesting inside a list that is passed on untouched harms nobody here.
      const bool passed = std::string(dialect) == "openai" && &bytes == &bodies[3];
      EXPECT_TRUE(passed ? reply.status != 0 : reply.status == 503)
          << dialect << reply.status << bytes.substr(0, 60);
    }
    const std::string endless = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: " + big;
    world.server(dialect).SetScript(
        [&](const std::string&) { return ReplayAnswer{.bytes = endless, .close = true}; });
    EXPECT_EQ(Ask(world.port(), ChatRequest("sk-" + std::string(dialect), ChatBody("hi", true))).status, 503);
  }
  EXPECT_LT(Resident(), before + 64 * kMega);
}

}  // namespace
}  // namespace hpol::gateway_tests
