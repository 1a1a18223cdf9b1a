// The paths beside chat completions from outside: shapes of errors, keys, lists of models, compressed bodies.
#include <gtest/gtest.h>
#include <zlib.h>

#include "tests/gateway/raw_client.h"
#include "tests/gateway/world.h"

namespace hpol::gateway_tests {
namespace {

using nlohmann::json;

std::string Request(const std::string& method, const std::string& path, const std::string& fields,
                    const std::string& body) {
  return method + " " + path + " HTTP/1.1\r\nHost: a\r\n" + fields +
         (method == "POST"
              ? "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n"
              : "") +
         "\r\n" + body;
}
std::string Bearer(const char* key) { return "Authorization: Bearer " + std::string(key) + "\r\n"; }

std::string Gzip(const std::string& text) {
  z_stream stream = {};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

constexpr char kMessages[] =
    R"({"model":"m","max_tokens":99,"messages":[{"role":"user","content":"hello"}]})";

TEST(GatewaySurfaces, ErrorsHaveTheShapeOfTheSurface) {
  World world;
  const RawReply anthropic = Ask(world.port(), Request("POST", "/v1/messages", "", kMessages));
  EXPECT_EQ(anthropic.status, 401);
  EXPECT_EQ(anthropic.Json()["type"], "error");
  EXPECT_EQ(anthropic.Json()["error"]["type"], "authentication_error");
  EXPECT_EQ(anthropic.Json()["request_id"], anthropic.Field("request-id"));
  EXPECT_EQ(anthropic.Field("x-should-retry"), "false");
  const RawReply ollama =
      Ask(world.port(), Request("POST", "/api/chat", Bearer(kCopywriter),
                                R"({"model":"m","messages":[],"tools":[{"type":"web_search"}]})"));
  EXPECT_EQ(ollama.status, 400);
  EXPECT_TRUE(ollama.Json()["error"].get<std::string>().starts_with("tools[0].type: ")) << ollama.body;
  const RawReply responses = Ask(world.port(), Request("POST", "/v1/responses", Bearer(kCopywriter),
                                                       R"({"model":"m","input":"a","store":true})"));
  EXPECT_EQ(responses.status, 400);
  EXPECT_EQ(responses.Json()["error"]["param"], "store");
  EXPECT_EQ(Ask(world.port(), Request("GET", "/api/nothing", "", "")).Json()["error"], "no such path here");
}

TEST(GatewaySurfaces, WhatIsNotOfferedSaysSo) {
  World world;
  for (const char* path : {"/v1/files", "/v1/batches", "/v1/realtime", "/v1/vector_stores",
                           "/v1/images/edits", "/v1/responses/resp_1"}) {
    const RawReply reply = Ask(world.port(), Request("GET", path, Bearer(kCopywriter), ""));
    EXPECT_EQ(reply.status, 403) << path;
    EXPECT_EQ(reply.Json()["error"]["code"], "not_offered") << path;
    EXPECT_EQ(reply.Field("x-should-retry"), "false");
  }
}

TEST(GatewaySurfaces, EitherFieldMayHoldTheKey) {
  World world;
  const auto status = [&](const std::string& fields) {
    return Ask(world.port(), Request("POST", "/v1/messages", fields, kMessages)).status;
  };
  const std::string key = "X-Api-Key: " + std::string(kAssistant) + "\r\n";
  EXPECT_EQ(status(key), 200);
  EXPECT_EQ(status(Bearer(kAssistant)), 200);
  EXPECT_EQ(status(key + Bearer(kAssistant)), 200);
  EXPECT_EQ(status(key + Bearer(kLegal)), 401) << "two people";
  EXPECT_EQ(status("X-Api-Key: sk-nobody\r\n"), 401);
}

TEST(GatewaySurfaces, ModelsInThreeShapes) {
  World world;
  const auto get = [&](const char* path, const std::string& fields = "") {
    return Ask(world.port(), Request("GET", path, Bearer(kBare) + fields, "")).Json();
  };
  EXPECT_EQ(get("/v1/models")["object"], "list");
  EXPECT_EQ(get("/v1/models", "anthropic-version: 2023-06-01\r\n")["has_more"], false);
  EXPECT_EQ(get("/v1/models/gpt-4o-mini")["id"], "gpt-4o-mini");
  EXPECT_EQ(get("/v1/models/nobody")["error"]["code"], "model_not_found");
  EXPECT_EQ(get("/api/tags")["models"][0]["name"], "qwen2.5-72b-instruct");
  const RawReply show =
      Ask(world.port(), Request("POST", "/api/show", Bearer(kBare), R"({"model":"gpt-4o-mini"})"));
  EXPECT_EQ(show.status, 200);
  EXPECT_TRUE(show.Json()["capabilities"].is_array());
}

TEST(GatewaySurfaces, CompressedBodiesAreReadAndBombsAreNot) {
  World world;
  const std::string body = R"({"model":"m","messages":[{"role":"user","content":"my ssn is 536-22-8145"}]})";
  const std::string fields = Bearer(kCopywriter) + "Content-Encoding: gzip\r\n";
  const RawReply reply = Ask(world.port(), Request("POST", "/v1/chat/completions", fields, Gzip(body)));
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_NE(world.qwen().received().find("536-22-8145"), std::string::npos);
  EXPECT_EQ(world.cloud().received().find("536-22-8145"), std::string::npos);
  const std::string bomb = Gzip(body + std::string(7'000'000, ' '));
  EXPECT_EQ(Ask(world.port(), Request("POST", "/v1/chat/completions", fields, bomb)).status, 413);
  EXPECT_EQ(Ask(world.port(), Request("POST", "/v1/chat/completions", fields, body)).status, 400);
  EXPECT_EQ(Ask(world.port(), Request("POST", "/v1/chat/completions", fields, Gzip(Gzip(body)))).status, 400);
}

TEST(GatewaySurfaces, NothingIsStoredUpstream) {
  World world;
  const RawReply reply = Ask(world.port(), Request("POST", "/v1/responses", Bearer(kCopywriter),
                                                   R"({"model":"m","input":"a slogan"})"));
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.Json()["object"], "response");
  EXPECT_NE(world.cloud().received().find(R"("store":false)"), std::string::npos);
}

}  // namespace
}  // namespace hpol::gateway_tests
