#include "adapters/gateway/reply.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "adapters/gateway/tables_for_test.h"

namespace hpol::gateway {
namespace {

using nlohmann::json;

std::string BodyOf(const Reply& reply, Surface surface = Surface::kOpenAiChat) {
  return ReplyBody(reply, {"req_1", true, surface});
}

TEST(ErrorReply, HasTheShapeThatClientsParse) {
  const Reply reply = ErrorReply(400, "unknown_field", "no", "messages[0].x");
  const json error = json::parse(BodyOf(reply))["error"];
  EXPECT_EQ(error["message"], "no");
  EXPECT_EQ(error["type"], "invalid_request_error");
  EXPECT_EQ(error["param"], "messages[0].x");
  EXPECT_EQ(error["code"], "unknown_field");
  EXPECT_EQ(reply.fields, "x-should-retry: false\r\n");
  EXPECT_TRUE(json::parse(BodyOf(ErrorReply(401, "a", "b")))["error"]["param"].is_null());
}

TEST(ErrorReply, HasTheShapeOfEachSurface) {
  const Reply reply = ErrorReply(403, "policy_denied", "no", "tools[0].type");
  const json anthropic = json::parse(BodyOf(reply, Surface::kAnthropicMessages));
  EXPECT_EQ(anthropic["type"], "error");
  EXPECT_EQ(anthropic["request_id"], "req_1");
  EXPECT_EQ(anthropic["error"]["type"], "permission_error");
  EXPECT_EQ(anthropic["error"]["message"], "tools[0].type: no");
  EXPECT_EQ(anthropic["error"]["details"]["error_code"], "policy_denied");
  EXPECT_EQ(BodyOf(reply, Surface::kOllamaEmbed), R"({"error":"tools[0].type: no"})");
  EXPECT_EQ(json::parse(BodyOf(ErrorReply(503, "a", "b"), Surface::kAnthropicCountTokens))["error"]["type"],
            "overloaded_error");
}

TEST(StreamError, EndsTheStreamsOfEachSurface) {
  const auto data = [](Surface surface) { return json::parse(StreamError(surface, "c", "m", "req_1").data); };
  EXPECT_EQ(StreamError(Surface::kOpenAiChat, "c", "m", "").name, "");
  EXPECT_EQ(data(Surface::kOpenAiChat)["error"]["code"], "c");
  EXPECT_EQ(StreamError(Surface::kOpenAiResponses, "c", "m", "").name, "error");
  EXPECT_EQ(data(Surface::kOpenAiResponses)["type"], "error");
  EXPECT_EQ(data(Surface::kOpenAiResponses)["code"], "c");
  EXPECT_EQ(StreamError(Surface::kAnthropicMessages, "c", "m", "").name, "error");
  EXPECT_EQ(data(Surface::kAnthropicMessages)["error"]["type"], "api_error");
  EXPECT_EQ(data(Surface::kAnthropicMessages)["request_id"], "req_1");
  EXPECT_EQ(data(Surface::kOllamaChat)["error"], "m");
  EXPECT_EQ(StreamFormOf(Surface::kOllamaGenerate), http::StreamForm::kNdjson);
  EXPECT_EQ(StreamFormOf(Surface::kOpenAiResponses), http::StreamForm::kSse);
}

TEST(RateLimitReply, TellsSecondsAndMilliseconds) {
  const Reply reply = RateLimitReply("a", "b", std::chrono::milliseconds(1200));
  EXPECT_EQ(reply.status, 429);
  EXPECT_EQ(reply.fields, "retry-after: 2\r\nretry-after-ms: 1200\r\n");
}

TEST(ErrorReply, SurvivesBytesThatAreNoUtf8) {
  EXPECT_TRUE(json::accept(BodyOf(ErrorReply(400, "a", "b", "messages[0].\xff"))));
}

TEST(UnavailableReply, InvitesToComeBack) {
  const Reply reply = UnavailableReply();
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.fields, "retry-after: 2\r\nx-should-retry: true\r\n");
}

TEST(DenialReply, AZeroedDecisionIsADenialThatNamesNothing) {
  const TablesForTest policy;
  const Reply reply = DenialReply(Decision(), policy.tables);
  EXPECT_EQ(reply.status, 403);
  EXPECT_EQ(BodyOf(reply).find("secret reason"), std::string::npos);
}

TEST(RulePlace, NamesFileAndLine) {
  const TablesForTest policy;
  EXPECT_EQ(RulePlace({Reason::Table::kRoute, 0, false}, policy.tables), "acme.hpol:72");
  EXPECT_EQ(RulePlace({Reason::Table::kClassify, 0, true}, policy.tables), "acme.hpol:30?");
}

TEST(LabelName, SpellsLevelAndCategories) {
  const TablesForTest policy;
  EXPECT_EQ(LabelName(Label(), policy.tables), "public");
  EXPECT_EQ(LabelName(Label::Level(2).Join(Label::Category(1)), policy.tables), "confidential + pii");
}

TEST(ReplyHead, IsOneHttpHead) {
  Reply reply = ErrorReply(405, "a", "b");
  reply.fields += "allow: POST\r\n";
  EXPECT_EQ(ReplyHead(reply, 5, {"req_1", true}),
            "HTTP/1.1 405 Method Not Allowed\r\ncontent-type: application/json\r\nx-request-id: req_1\r\n"
            "connection: keep-alive\r\nx-should-retry: false\r\nallow: POST\r\ncontent-length: 5\r\n\r\n");
  EXPECT_EQ(StreamHead({"req_1", false}, true),
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\nx-request-id: req_1\r\n"
            "connection: close\r\ncache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n");
  EXPECT_NE(
      ReplyHead(reply, 5, {"req_1", true, Surface::kAnthropicMessages}).find("\r\nrequest-id: req_1\r\n"),
      std::string::npos);
  EXPECT_NE(
      StreamHead({"req_1", false, Surface::kOllamaChat}, true).find("content-type: application/x-ndjson\r\n"),
      std::string::npos);
}

}  // namespace
}  // namespace hpol::gateway
