// Where attributes come from, seen from outside: a value counts only from its source, and
// what does not count denies or restricts.
#include <gtest/gtest.h>

#include "tests/gateway/raw_client.h"
#include "tests/gateway/world.h"

namespace hpol::gateway_tests {
namespace {

constexpr char kHeaders[] = "X-Department: marketing\r\nX-Application: copywriting\r\nX-Region: us\r\n";

TEST(GatewayAttributes, ComeFromTheKey) {
  World world;
  const RawReply reply = Ask(world.port(), ChatRequest(kCopywriter, ChatBody("a slogan")));
  ASSERT_EQ(reply.status, 200) << reply.body;
  const nlohmann::json receipt = world.ReceiptOf(reply.Field("x-request-id"));
  ASSERT_TRUE(receipt.is_object());
  EXPECT_EQ(receipt["key"], "copywriter");
  EXPECT_EQ(receipt["attributes"]["department"], "marketing");
  EXPECT_EQ(receipt["attributes"]["env"], "prod");
  EXPECT_EQ(receipt["label"], "public");
}

TEST(GatewayAttributes, OrFromHeadersOfATrustedPeer) {
  World world;
  const RawReply reply = Ask(world.port(), ChatRequest(kBare, ChatBody("a slogan"), kHeaders));
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(world.ReceiptOf(reply.Field("x-request-id"))["attributes"]["application"], "copywriting");
  // The headers themselves go nowhere.
  EXPECT_FALSE(world.AnyoneReceived("copywriting"));
}

TEST(GatewayAttributes, HeadersOfAnyoneElseAreMissing) {
  World world({.trusted_peers = R"(["10.0.0.0/8"])"});
  const RawReply reply = Ask(world.port(), ChatRequest(kBare, ChatBody("a slogan"), kHeaders));
  EXPECT_EQ(reply.status, 403);
  EXPECT_EQ(reply.Code(), "input_missing");
  EXPECT_NE(reply.body.find("`department`"), std::string::npos) << reply.body;
  EXPECT_EQ(reply.Field("x-should-retry"), "false");
}

TEST(GatewayAttributes, TheKeyCannotBeTalkedOver) {
  World world;
  const RawReply reply = Ask(world.port(), ChatRequest(kLegal, ChatBody("a slogan"), kHeaders));
  ASSERT_EQ(reply.status, 200);
  const nlohmann::json receipt = world.ReceiptOf(reply.Field("x-request-id"));
  EXPECT_EQ(receipt["label"], "confidential + legal");
  EXPECT_EQ(receipt["sent_to"], "qwen72b");
}

TEST(GatewayAttributes, SpellingsOfTheGatewaysOwnHeadersMeanNothing) {
  World world;
  for (const char* fields :
       {"X-Hpol-Department: marketing\r\nX-Hpol-Application: copywriting\r\nX-Hpol-Region: us\r\n",
        "X_Department: marketing\r\nX_Application: copywriting\r\nX_Region: us\r\n"}) {
    EXPECT_EQ(Ask(world.port(), ChatRequest(kBare, ChatBody("a slogan"), fields)).Code(), "input_missing")
        << fields;
  }
}

TEST(GatewayAttributes, TrailersAreNoHeaders) {
  World world;
  const std::string body = ChatBody("a slogan");
  char size[20];
  std::snprintf(size, sizeof size, "%zx\r\n", body.size());
  const auto chunked = [&](const std::string& key, const std::string& trailers) {
    return "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" +
           (key.empty() ? "" : "Authorization: Bearer " + key + "\r\n") +
           "Transfer-Encoding: chunked\r\n\r\n" + size + body + "\r\n0\r\n" + trailers + "\r\n";
  };
  EXPECT_EQ(Ask(world.port(), chunked(kBare, kHeaders)).Code(), "input_missing");
  EXPECT_EQ(
      Ask(world.port(), chunked("", std::string("Authorization: Bearer ") + kCopywriter + "\r\n")).status,
      401);
  // A trailer cannot close, compress or replace anything either.
  RawClient client(world.port());
  client.Send(
      chunked(kCopywriter, "Connection: close\r\nContent-Encoding: gzip\r\nX-Forwarded-For: 10.0.0.1\r\n"));
  EXPECT_EQ(client.Read().status, 200);
  client.Send(chunked(kCopywriter, ""));
  EXPECT_EQ(client.Read().status, 200);
}

TEST(GatewayAttributes, NobodyWithoutAKey) {
  World world;
  for (const char* key : {"", "sk-nobody", "sk-copywriter x"}) {
    const RawReply reply = Ask(world.port(), ChatRequest(key, ChatBody("a slogan")));
    EXPECT_EQ(reply.status, 401);
    EXPECT_EQ(reply.Code(), "invalid_api_key");
    EXPECT_EQ(reply.Json()["error"]["type"], "authentication_error");
  }
  EXPECT_FALSE(world.AnyoneReceived("slogan"));
}

TEST(GatewayAttributes, AnIllTypedValueDenies) {
  World world;
  const RawReply reply =
      Ask(world.port(), ChatRequest(kBare, ChatBody("a slogan"),
                                    "X-Department: sales\r\nX-Application: copywriting\r\nX-Region: us\r\n"));
  EXPECT_EQ(reply.Code(), "input_missing");
}

}  // namespace
}  // namespace hpol::gateway_tests
