// Candidates in order: what makes the gateway try the next, what it may not, and what
// the client sees. Faults are real: the servers here misbehave on the wire.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "tests/gateway/raw_client.h"
#include "tests/gateway/world.h"

namespace hpol::gateway_tests {
namespace {

using demo::Fault;

struct FaultCase {
  Fault fault;
  const char* name;
  const char* result;  // of the first attempt, in the receipt
};
constexpr FaultCase kFaults[] = {
    {Fault::kError500, "error 500", "status"},    {Fault::kHang, "hang", "timeout"},
    {Fault::kGarbage, "garbage", "garbage"},      {Fault::kRedirect, "redirect", "redirect"},
    {Fault::kRateLimit, "rate limit", "limited"}, {Fault::kBadJson, "bad JSON", "garbage"},
};

TEST(GatewayFailover, EveryFaultBeforeTheFirstByteGoesToTheNext) {
  World world;
  for (const FaultCase& c : kFaults) {
    for (const bool stream : {false, true}) {
      world.qwen().SetFault(c.fault);
      const RawReply reply =
          Ask(world.port(), ChatRequest(kAssistant, ChatBody("an internal matter", stream)));
      ASSERT_EQ(reply.status, 200) << c.name << " " << stream;
      EXPECT_NE(reply.body.find("deepseek"), std::string::npos) << c.name;
      const nlohmann::json receipt = world.ReceiptOf(reply.Field("x-request-id"));
      EXPECT_EQ(receipt["attempts"][0]["target"], "qwen72b") << c.name;
      EXPECT_EQ(receipt["attempts"][0]["result"], c.result) << c.name << receipt.dump();
      EXPECT_EQ(receipt["sent_to"], "deepseek");
      EXPECT_EQ(receipt["stream"], stream);
    }
  }
  EXPECT_EQ(world.cloud().received(), "");
}

TEST(GatewayFailover, ADeadServerToo) {
  World world;
  world.qwen().Stop();
  const RawReply reply = Ask(world.port(), ChatRequest(kAssistant, ChatBody("an internal matter")));
  ASSERT_EQ(reply.status, 200);
  EXPECT_EQ(world.ReceiptOf(reply.Field("x-request-id"))["attempts"][0]["result"], "connect");
}

TEST(GatewayFailover, AnAnswerCutInTheMiddleIsNoAnswer) {
  World world;
  world.qwen().SetFault(Fault::kCutStream);
  const RawReply reply = Ask(world.port(), ChatRequest(kAssistant, ChatBody("an internal matter")));
  ASSERT_EQ(reply.status, 200);
  EXPECT_NE(reply.body.find("deepseek"), std::string::npos);
}

TEST(GatewayFailover, AStreamCutInTheMiddleEndsInAnError) {
  World world;
  world.qwen().SetFault(Fault::kCutStream);
  RawClient client(world.port());
  client.Send(ChatRequest(kAssistant, ChatBody("an internal matter in several words", true)));
  const RawReply reply = client.Read();
  ASSERT_EQ(reply.status, 200);
  EXPECT_EQ(reply.Field("content-type"), "text/event-stream; charset=utf-8");
  const size_t error = reply.body.rfind("data: {\"error\":{");
  ASSERT_NE(error, std::string::npos) << reply.body;
  EXPECT_GT(error, 0u) << "something came before";
  EXPECT_EQ(reply.body.find("[DONE]"), std::string::npos);
  EXPECT_TRUE(client.AtEnd());
  EXPECT_EQ(world.deepseek().received(), "") << "too late for another candidate";
  const nlohmann::json receipt = world.ReceiptOf(reply.Field("x-request-id"));
  EXPECT_EQ(receipt["outcome"], "broken");
  EXPECT_EQ(receipt["attempts"][0]["result"], "lost");
}

TEST(GatewayFailover, NothingLeftIsUnavailableAndNeverTheCloud) {
  World world;
  world.qwen().Stop();
  world.deepseek().Stop();
  for (const char* key : {kAssistant, kLegal}) {
    const RawReply reply = Ask(world.port(), ChatRequest(key, ChatBody("an internal matter")));
    EXPECT_EQ(reply.status, 503);
    EXPECT_EQ(reply.Code(), "no_target_available");
    EXPECT_EQ(reply.Field("retry-after"), "2");
    EXPECT_EQ(reply.Field("x-should-retry"), "true");
    EXPECT_EQ(world.ReceiptOf(reply.Field("x-request-id"))["outcome"], "unavailable");
  }
  EXPECT_EQ(world.cloud().received(), "");
}

TEST(GatewayFailover, PublicPromptsComeHomeWhenTheCloudIsDown) {
  World world;
  world.cloud().Stop();
  const RawReply reply = Ask(world.port(), ChatRequest(kCopywriter, ChatBody("a slogan")));
  ASSERT_EQ(reply.status, 200);
  EXPECT_EQ(world.ReceiptOf(reply.Field("x-request-id"))["sent_to"], "qwen72b");
}

TEST(GatewayFailover, NeitherBodiesNorHeadersOfAFailedServerAreSeen) {
  World world;
  world.qwen().SetFault(Fault::kError500);  // repeats the prompt in its error
  world.deepseek().SetFault(Fault::kError500);
  const RawReply reply = Ask(world.port(), ChatRequest(kAssistant, ChatBody("an internal matter")));
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.body.find("internal matter"), std::string::npos);
  EXPECT_EQ(world.Receipts().find("internal matter"), std::string::npos);
}

TEST(GatewayFailover, ACertificateThatCannotBeVerifiedIsAFailure) {
  // Each world has an authority of its own: this cloud's certificate is of another one.
  World probe;
  World world({.cloud_url = "https://127.0.0.1:" + std::to_string(probe.cloud().port()) + "/v1"});
  const RawReply reply = Ask(world.port(), ChatRequest(kCopywriter, ChatBody("a slogan")));
  ASSERT_EQ(reply.status, 200);
  const nlohmann::json receipt = world.ReceiptOf(reply.Field("x-request-id"));
  EXPECT_EQ(receipt["sent_to"], "qwen72b");
  EXPECT_EQ(receipt["attempts"][0]["result"], "tls") << receipt.dump();
  EXPECT_EQ(probe.cloud().received(), "");
}

TEST(GatewayFailover, AClientThatLeavesTakesItsRequestAlong) {
  World world;
  world.qwen().SetFault(Fault::kHang);
  RawClient client(world.port());
  client.Send(ChatRequest(kLegal, ChatBody("a confidential matter")));
  for (int i = 0; i < 200 && !world.AnyoneReceived("a confidential matter"); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  client.Close();
  std::this_thread::sleep_for(std::chrono::milliseconds(700));
  EXPECT_EQ(world.qwen().aborted_count(), 1u);
  EXPECT_EQ(world.deepseek().received(), "") << "nobody waits for another candidate";
  EXPECT_NE(world.Receipts().find("\"aborted\""), std::string::npos);
}

TEST(GatewayFailover, AClientThatLeavesInsideAStreamEndsIt) {
  World world;
  world.qwen().SetDelay(20);
  RawClient client(world.port());
  std::string prompt = "many words:";
  for (int i = 0; i < 100; ++i) prompt += " word";
  client.Send(ChatRequest(kLegal, ChatBody(prompt, true)));
  ASSERT_TRUE(client.ReadUntil("data: "));
  client.Close();
  for (int i = 0; i < 200 && world.qwen().aborted_count() == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_EQ(world.qwen().aborted_count(), 1u);
}

}  // namespace
}  // namespace hpol::gateway_tests
