// Every request of http_requests.jsonl gets the refusal that stands beside it: as it is,
// and again with the chat path, a valid key and a content type, so that nothing but the
// framing is wrong. No server ever hears of any of them.
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <algorithm>
#include <fstream>

#include "tests/gateway/raw_client.h"
#include "tests/gateway/world.h"

namespace hpol::gateway_tests {
namespace {

struct Fixture {
  std::string name;
  std::string bytes;
  std::string expect;
  std::string expect_chat;  // empty: it has no such variant
};

// One char per byte: the file writes bytes as code points up to U+00FF.
std::string Bytes(const std::string& utf8) {
  std::string bytes;
  for (size_t i = 0; i < utf8.size(); ++i) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    if (lead < 0x80) {
      bytes += utf8[i];
    } else {
      ++i;
      bytes += static_cast<char>(((lead & 3) << 6) | (static_cast<unsigned char>(utf8[i]) & 0x3f));
    }
  }
  return bytes;
}

std::vector<Fixture> Fixtures() {
  std::vector<Fixture> fixtures;
  std::ifstream file("tests/gateway/http_requests.jsonl");
  for (std::string line; std::getline(file, line);) {
    const nlohmann::json row = nlohmann::json::parse(line);
    fixtures.push_back({row["name"], Bytes(row["bytes"]), row["expect"], row.value("expect_chat", "")});
  }
  return fixtures;
}

std::string Outcome(uint16_t port, const std::string& bytes) {
  const RawReply reply = Ask(port, bytes);
  return std::to_string(reply.status) + " " + reply.Code();
}

TEST(HttpRequests, GetTheRightRefusal) {
  World world;
  const std::vector<Fixture> fixtures = Fixtures();
  ASSERT_GE(fixtures.size(), 50u);
  for (const Fixture& fixture : fixtures) {
    EXPECT_EQ(Outcome(world.port(), fixture.bytes), fixture.expect) << fixture.name;
  }
  EXPECT_EQ(world.qwen().received() + world.deepseek().received() + world.cloud().received(), "");
  EXPECT_EQ(world.Receipts(), "");
}

TEST(HttpRequests, GetTheRightRefusalAtTheChatPath) {
  World world;
  size_t tried = 0;
  for (const Fixture& fixture : Fixtures()) {
    if (fixture.expect_chat.empty()) continue;
    std::string bytes = fixture.bytes;
    const size_t path = bytes.find("/p ");
    if (path != std::string::npos) bytes.replace(path, 2, "/v1/chat/completions");
    const size_t line_end = bytes.find(fixture.name == "bare LF" ? "\n" : "\r\n");
    bytes.insert(line_end, std::string("\r\nAuthorization: Bearer ") + kCopywriter +
                               "\r\nContent-Type: application/json");
    EXPECT_EQ(Outcome(world.port(), bytes), fixture.expect_chat) << fixture.name;
    ++tried;
  }
  EXPECT_GE(tried, 35u);
  EXPECT_EQ(world.qwen().received() + world.deepseek().received() + world.cloud().received(), "");
}

// What cannot be framed cannot be followed by anything: the rest is not a request.
TEST(HttpRequests, AfterAFramingErrorTheConnectionCloses) {
  World world;
  const std::string smuggled = ChatRequest(kCopywriter, ChatBody("smuggled"));
  for (const char* head :
       {"POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n",
        "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 0, 0\r\n\r\n",
        "GET /v1/models HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n",
        "POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"}) {
    RawClient client(world.port());
    client.Send(head + smuggled);
    const RawReply reply = client.Read();
    EXPECT_GE(reply.status, 400) << head;
    EXPECT_EQ(reply.Field("connection"), "close") << head;
    EXPECT_TRUE(client.AtEnd()) << head;
  }
  EXPECT_FALSE(world.AnyoneReceived("smuggled"));
}

TEST(HttpRequests, BodiesOnWhichParsersDisagreeAreRefused) {
  World world;
  for (const char* body :
       {R"({"model":"m","messages":[{"role":"user","content":"a"}],"messages":[]})",
        R"({"model":"m","messages":[{"role":"user","content":"a"}],"\u006dessages":[]})",
        R"({"model":"m","messages":[{"role":"user","content":"a"}],"Messages":[]})",
        R"({"model":"m","messages":[{"role":"user","content":"\ud800"}]})",
        R"({"model":"m","messages":[{"role":"user","content":"a"}],"seed":1e400})",
        R"({"model":"m","messages":[{"role":"user","content":"a"}],})",
        R"({"model":"m","messages":[{"role":"user","content":"a"}]} x)", "\xef\xbb\xbf{}", "[]", ""}) {
    const RawReply reply = Ask(world.port(), ChatRequest(kCopywriter, body));
    EXPECT_EQ(reply.status, 400) << body;
    EXPECT_EQ(reply.Json()["error"]["type"], "invalid_request_error") << body;
    EXPECT_EQ(reply.Field("x-should-retry"), "false") << body;
  }
  EXPECT_EQ(world.cloud().received(), "");
}

std::string Base64(const std::string& text) {
  std::string bytes(text.size(), '\0');
  const int size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  const auto padding = static_cast<size_t>(std::count(text.begin(), text.end(), '='));
  bytes.resize(size < 0 ? 0 : static_cast<size_t>(size) - padding);
  return bytes;
}

// A collection beside the project, where it is there: none of its bodies is a chat request, and each is
// refused by the gateway itself.
TEST(HttpRequests, TheCollectedBodiesAreRefused) {
  std::ifstream file("../shared/threats/json_bodies.jsonl");
  if (!file) GTEST_SKIP() << "no collection here";
  World world;
  size_t seen = 0;
  for (std::string line; std::getline(file, line); ++seen) {
    const nlohmann::json row = nlohmann::json::parse(line);
    const RawReply reply = Ask(world.port(), ChatRequest(kCopywriter, Base64(row["base64"])));
    EXPECT_EQ(reply.status, 400) << row["name"];
  }
  EXPECT_GE(seen, 50u);
  EXPECT_EQ(world.qwen().received() + world.deepseek().received() + world.cloud().received(), "");
}

}  // namespace
}  // namespace hpol::gateway_tests
