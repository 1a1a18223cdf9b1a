#include "adapters/gateway/reply.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "adapters/gateway/tables_for_test.h"

namespace hpol::gateway {
namespace {

using nlohmann::json;

TEST(ErrorReply, HasTheShapeThatClientsParse) {
  const Reply reply = ErrorReply(400, "unknown_field", "no", "messages[0].x");
  const json error = json::parse(reply.body)["error"];
  EXPECT_EQ(error["message"], "no");
  EXPECT_EQ(error["type"], "invalid_request_error");
  EXPECT_EQ(error["param"], "messages[0].x");
  EXPECT_EQ(error["code"], "unknown_field");
  EXPECT_EQ(reply.fields, "x-should-retry: false\r\n");
  EXPECT_TRUE(json::parse(ErrorReply(401, "a", "b").body)["error"]["param"].is_null());
}

TEST(ErrorReply, SurvivesBytesThatAreNoUtf8) {
  EXPECT_TRUE(json::accept(ErrorReply(400, "a", "b", "messages[0].\xff").body));
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
  EXPECT_EQ(reply.body.find("secret reason"), std::string::npos);
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
  reply.body = "12345";
  EXPECT_EQ(ReplyHead(reply, {"req_1", true}),
            "HTTP/1.1 405 Method Not Allowed\r\ncontent-type: application/json\r\nx-request-id: req_1\r\n"
            "connection: keep-alive\r\nx-should-retry: false\r\nallow: POST\r\ncontent-length: 5\r\n\r\n");
  EXPECT_EQ(StreamHead({"req_1", false}, true),
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\nx-request-id: req_1\r\n"
            "connection: close\r\ncache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n");
}

}  // namespace
}  // namespace hpol::gateway
