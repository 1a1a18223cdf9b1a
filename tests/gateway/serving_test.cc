// What an ordinary client meets: answers, streams, models, limits, metrics, the end.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "tests/gateway/raw_client.h"
#include "tests/gateway/world.h"

namespace hpol::gateway_tests {
namespace {

using nlohmann::json;

TEST(GatewayServing, AnswersAndSaysNothingOfTheClientUpstream) {
  World world;
  const RawReply reply = Ask(
      world.port(),
      ChatRequest(kCopywriter, ChatBody("a slogan"),
                  "User-Agent: curious/1\r\nCookie: a=b\r\ntraceparent: 00-1\r\nOpenAI-Organization: o\r\n"
                  "Accept-Encoding: gzip\r\nX-Request-Id: mine\r\nX-Purpose: demo\r\n"));
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.Field("content-type"), "application/json");
  EXPECT_TRUE(reply.Field("x-request-id").starts_with("req_"));
  EXPECT_TRUE(reply.Json()["choices"].is_array());
  const std::string seen = world.cloud().received();
  for (const char* text :
       {"curious", "Cookie", "cookie", "traceparent", "rganization", "gzip", "mine", "demo", "sk-"}) {
    EXPECT_EQ(seen.find(text), std::string::npos) << text << " in " << seen;
  }
  EXPECT_NE(seen.find("authorization: Bearer cloud-credential\r\n"), std::string::npos);
  EXPECT_NE(seen.find("accept-encoding: identity\r\n"), std::string::npos);
  EXPECT_NE(seen.find("\"gpt-4o-mini\""), std::string::npos) << "the target's model name";
  EXPECT_EQ(seen.find("\"any\""), std::string::npos) << "not the client's";
}

TEST(GatewayServing, StreamsEventByEvent) {
  World world;
  const RawReply reply = Ask(world.port(), ChatRequest(kAssistant, ChatBody("an internal matter", true)));
  ASSERT_EQ(reply.status, 200);
  EXPECT_TRUE(reply.whole);
  EXPECT_EQ(reply.Field("transfer-encoding"), "chunked");
  EXPECT_TRUE(reply.body.ends_with("data: [DONE]\n\n")) << reply.body;
  size_t events = 0;
  for (size_t at = 0; (at = reply.body.find("data: {", at)) != std::string::npos; ++at) ++events;
  EXPECT_GE(events, 3u);
  const json receipt = world.ReceiptOf(reply.Field("x-request-id"));
  EXPECT_EQ(receipt["stream"], true);
  EXPECT_EQ(receipt["bytes_out"], reply.body.size());
}

TEST(GatewayServing, StreamsToOldClientsToo) {
  World world;
  std::string request = ChatRequest(kAssistant, ChatBody("an internal matter", true));
  request.replace(request.find("HTTP/1.1"), 8, "HTTP/1.0");
  RawClient client(world.port());
  client.Send(request);
  EXPECT_TRUE(client.ReadUntil("data: [DONE]\n\n"));
}

TEST(GatewayServing, KeepsConnectionsOnBothSides) {
  World world;
  RawClient client(world.port());
  for (int i = 0; i < 5; ++i) {
    client.Send(ChatRequest(kAssistant, ChatBody("an internal matter", i % 2 == 1)));
    const RawReply reply = client.Read();
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.Field("connection"), "keep-alive");
  }
  EXPECT_EQ(world.qwen().request_count(), 5u);
}

TEST(GatewayServing, AKeptConnectionThatDiedIsNoFailure) {
  World world({.threads = 1});
  EXPECT_EQ(Ask(world.port(), ChatRequest(kAssistant, ChatBody("one"))).status, 200);
  world.qwen().Stop();
  ASSERT_TRUE(world.qwen().Restart().ok());
  const RawReply reply = Ask(world.port(), ChatRequest(kAssistant, ChatBody("two")));
  EXPECT_EQ(world.ReceiptOf(reply.Field("x-request-id"))["sent_to"], "qwen72b");
}

TEST(GatewayServing, AnswersPipelinedRequestsInOrder) {
  World world;
  RawClient client(world.port());
  client.Send(ChatRequest(kAssistant, ChatBody("first")) + "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n" +
              ChatRequest(kAssistant, ChatBody("second")));
  EXPECT_NE(client.Read().body.find("first"), std::string::npos);
  EXPECT_EQ(client.Read().Json()["status"], "ok");
  EXPECT_NE(client.Read().body.find("second"), std::string::npos);
}

TEST(GatewayServing, InvitesABodyThatWaitsForIt) {
  World world;
  RawClient client(world.port());
  const std::string request =
      ChatRequest(kAssistant, ChatBody("an internal matter"), "Expect: 100-continue\r\n");
  const size_t body = request.find("\r\n\r\n") + 4;
  client.Send(request.substr(0, body));
  EXPECT_EQ(client.Read().status, 100);
  client.Send(request.substr(body));
  EXPECT_EQ(client.Read().status, 200);
}

TEST(GatewayServing, ReadsRequestsHoweverTheyAreCut) {
  World world;
  const std::string request = ChatRequest(kAssistant, ChatBody("an internal matter"));
  RawClient client(world.port());
  for (size_t at = 0; at < request.size(); at += 7) {
    client.Send(std::string_view(request).substr(at, 7));
    if (at % 10 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_EQ(client.Read().status, 200);
}

TEST(GatewayServing, ListsTheTargetsModels) {
  World world;
  const std::string path = "GET /v1/models HTTP/1.1\r\nHost: a\r\n";
  EXPECT_EQ(Ask(world.port(), path + "\r\n").status, 401);
  const RawReply reply = Ask(world.port(), path + "Authorization: Bearer sk-bare\r\n\r\n");
  ASSERT_EQ(reply.status, 200);
  const json list = reply.Json();
  EXPECT_EQ(list["object"], "list");
  ASSERT_EQ(list["data"].size(), 4u);
  EXPECT_EQ(list["data"][0]["id"], "qwen2.5-72b-instruct");
  EXPECT_EQ(list["data"][0]["object"], "model");
}

TEST(GatewayServing, RefusesOtherContentTypes) {
  World world;
  for (const char* type : {"text/plain", "application/json; charset=latin1", "application/jsonl", "",
                           "application/json; boundary=x", "multipart/form-data"}) {
    std::string request = ChatRequest(kCopywriter, ChatBody("a slogan"));
    request.replace(request.find("application/json"), 16, type);
    EXPECT_EQ(Ask(world.port(), request).status, 415) << type;
  }
  std::string request = ChatRequest(kCopywriter, ChatBody("a slogan"));
  request.replace(request.find("application/json"), 16, "application/json; charset=UTF-8");
  EXPECT_EQ(Ask(world.port(), request).status, 200);
}

TEST(GatewayServing, HoldsItsLimits) {
  World world({.limits = {{"body_bytes", 2000},
                          {"header_bytes", 1000},
                          {"request_header_ms", 100},
                          {"request_body_ms", 100}}});
  EXPECT_EQ(Ask(world.port(), ChatRequest(kCopywriter, ChatBody(std::string(3000, 'x')))).status, 413);
  EXPECT_EQ(Ask(world.port(), ChatRequest(kCopywriter, "{}", "X: " + std::string(2000, 'x') + "\r\n")).status,
            431);
  // Who does not come to the end is closed upon, without a word.
  const std::string slow =
      "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
      "Authorization: Bearer sk-copywriter\r\nContent-Length: 5\r\n\r\n{";
  for (const size_t size : {size_t{20}, slow.size()}) {
    RawClient client(world.port());
    const auto began = std::chrono::steady_clock::now();
    client.Send(std::string_view(slow).substr(0, size));
    EXPECT_TRUE(client.AtEnd());
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(2));
  }
  std::string chunks =
      "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
      "Authorization: Bearer sk-copywriter\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 30; ++i) chunks += "64\r\n" + std::string(100, 'x') + "\r\n";
  EXPECT_EQ(Ask(world.port(), chunks).status, 413);
}

TEST(GatewayServing, DenialsNameFieldsAndRules) {
  World world;
  const json search = {{"model", "m"},
                       {"messages", {{{"role", "user"}, {"content", "hi"}}}},
                       {"web_search_options", json::object()}};
  RawReply reply = Ask(world.port(), ChatRequest(kCopywriter, search.dump()));
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.Json()["error"]["param"], "web_search_options");
  const json image = {
      {"model", "m"},
      {"messages",
       {{{"role", "user"},
         {"content", {{{"type", "image_url"}, {"image_url", {{"url", "data:image/png;base64,AAAA"}}}}}}}}}};
  reply = Ask(world.port(), ChatRequest(kCopywriter, image.dump()));
  EXPECT_EQ(world.cloud().received(), "") << "what cannot be read has the top label";
}

TEST(GatewayServing, CountsWithoutNamingAnyone) {
  World world;
  Ask(world.port(), ChatRequest(kCopywriter, ChatBody("a slogan")));
  Ask(world.port(), ChatRequest(kLegal, ChatBody("a matter")));
  Ask(world.port(), "GET /strange-path HTTP/1.1\r\nHost: a\r\n\r\n");
  const RawReply reply = Ask(world.port(), "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_EQ(reply.status, 200);
  for (const char* line :
       {"hpol_decisions_total{", "target=\"qwen72b\"", "hpol_replies_total{status=\"404\"}",
        "hpol_decide_seconds_count 2", "hpol_requests_in_flight 0"}) {
    EXPECT_NE(reply.body.find(line), std::string::npos) << line;
  }
  for (const char* text : {"any", "slogan", "strange", "copywriter"}) {
    EXPECT_EQ(reply.body.find(text), std::string::npos) << text;
  }
}

TEST(GatewayServing, IsHealthyAndReady) {
  World world;
  EXPECT_EQ(Ask(world.port(), "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").status, 200);
  EXPECT_EQ(Ask(world.port(), "GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n").status, 200);
  EXPECT_EQ(Ask(world.port(), "DELETE /readyz HTTP/1.1\r\nHost: a\r\n\r\n").Field("allow"), "GET");
}

TEST(GatewayServing, FinishesWhatItBeganWhenStopped) {
  World world;
  world.qwen().SetDelay(100);
  RawClient idle(world.port());
  idle.Send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(idle.Read().status, 200);
  RawReply reply;
  std::thread client(
      [&] { reply = Ask(world.port(), ChatRequest(kAssistant, ChatBody("an internal matter"))); });
  while (world.qwen().received().find("matter") == std::string::npos) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  const auto began = std::chrono::steady_clock::now();
  world.gateway().Stop(std::chrono::seconds(5));
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(4))
      << "waits for requests, not for idlers";
  client.join();
  EXPECT_EQ(reply.status, 200);
  EXPECT_TRUE(idle.AtEnd());
  EXPECT_EQ(RawClient(world.port()).Read().status, 0);
}

TEST(GatewayServing, CutsWhatTakesTooLongToStop) {
  World world({.limits = {{"first_byte_ms", 60000}}});
  world.qwen().SetFault(demo::Fault::kHang);
  std::atomic<int> status = -1;
  std::thread client(
      [&] { status = Ask(world.port(), ChatRequest(kAssistant, ChatBody("an internal matter"))).status; });
  while (world.qwen().received().find("matter") == std::string::npos) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  world.gateway().Stop(std::chrono::milliseconds(50));
  client.join();
  EXPECT_EQ(status, 0);
}

TEST(GatewayServing, WillNotServeAnotherPolicy) {
  EXPECT_FALSE(ParseGatewayConfig("{}", "gateway.json", ExampleEngine()->tables()).ok());
}

}  // namespace
}  // namespace hpol::gateway_tests
