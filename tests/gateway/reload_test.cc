// Policies that are replaced while requests run: who finishes under which, and what a bad one changes.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <iterator>
#include <thread>

#include "hpol/compile.h"
#include "tests/gateway/raw_client.h"
#include "tests/gateway/world.h"

namespace hpol::gateway_tests {
namespace {

// The example policy with a rule that denies everything, compiled once.
std::shared_ptr<const Engine> ClosedEngine() {
  static const std::shared_ptr<const Engine> engine = [] {
    std::ifstream in("policies/examples/acme.hpol");
    std::string text(std::istreambuf_iterator<char>(in), {});
    const std::string route = "route {\n";
    text.insert(text.find(route) + route.size(), "  when env == prod deny \"closed for the night\"\n");
    const Compilation compilation = CompileText("closed.hpol", text);
    EXPECT_TRUE(compilation.program.artifact != nullptr) << compilation.report;
    return *Engine::Make(compilation.program, "a key for tests");
  }();
  return engine;
}

Result<bool> Close(World& world, bool revokes = false) {
  return world.gateway().Replace(ClosedEngine(), world.Config(ClosedEngine()->tables()), revokes);
}
Result<bool> Open(World& world, bool revokes = false) {
  return world.gateway().Replace(ExampleEngine(), world.Config(ExampleEngine()->tables()), revokes);
}

std::string Metrics(const World& world) {
  return Ask(world.port(), "GET /metrics HTTP/1.1\r\nHost: h\r\n\r\n").body;
}

std::string ReloadRequest(std::string_view key) {
  return "POST /admin/reload HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + std::string(key) +
         "\r\nContent-Length: 0\r\n\r\n";
}

TEST(GatewayReload, TheNextRequestOnTheSameConnectionHasTheNewPolicy) {
  ASSERT_NE(ClosedEngine(), nullptr);  // compiled before the connection is, which does not wait for that
  World world;
  RawClient client(world.port());
  const std::string request = ChatRequest(kAssistant, ChatBody("an internal matter"));
  client.Send(request);
  EXPECT_EQ(client.Read().status, 200);
  ASSERT_TRUE(Close(world).ok());
  client.Send(request);
  EXPECT_EQ(client.Read().status, 403);
  ASSERT_TRUE(Open(world).ok());
  client.Send(request);
  EXPECT_EQ(client.Read().status, 200);
}

TEST(GatewayReload, WhatRunsFinishesUnderThePolicyItBeganWith) {
  World world;
  world.qwen().SetDelay(100);
  RawClient client(world.port());
  client.Send(ChatRequest(kAssistant, ChatBody("an internal matter", true)));
  ASSERT_TRUE(client.ReadUntil("data: "));
  ASSERT_TRUE(Close(world).ok());
  EXPECT_TRUE(client.ReadUntil("data: [DONE]\n\n"));
}

TEST(GatewayReload, ARevokingPolicyEndsStreamsAtOnce) {
  World world;
  world.qwen().SetDelay(300);
  RawClient client(world.port());
  client.Send(ChatRequest(kAssistant, ChatBody("a b c d e f g h i j k l m n o p q r s t u v w x y z", true)));
  ASSERT_TRUE(client.ReadUntil("data: "));
  const auto before = std::chrono::steady_clock::now();
  ASSERT_TRUE(Close(world, /*revokes=*/true).ok());
  EXPECT_TRUE(client.ReadUntil("policy_revoked"));
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(2));
}

TEST(GatewayReload, ARevokingPolicyEndsWhatWaitsForAnAnswer) {
  World world({.limits = {{"first_byte_ms", 8000}}});
  world.qwen().SetFault(demo::Fault::kHang);
  world.deepseek().ClearReceived();
  RawClient client(world.port());
  client.Send(ChatRequest(kAssistant, ChatBody("an internal matter")));
  for (int i = 0; i < 100 && world.qwen().request_count() == 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  ASSERT_EQ(world.qwen().request_count(), 1u);
  ASSERT_TRUE(Close(world, /*revokes=*/true).ok());
  const RawReply reply = client.Read();
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.Code(), "policy_revoked");
  // It went to no other target under the old policy.
  EXPECT_EQ(world.deepseek().request_count(), 0u);
  EXPECT_EQ(world.ReceiptOf(reply.Field("x-request-id"))["outcome"], "revoked");
}

TEST(GatewayReload, AdministratorsAskForIt) {
  World* world_pointer = nullptr;
  World world({.admins = {"legal"}, .reload = [&] { return Close(*world_pointer); }});
  world_pointer = &world;
  EXPECT_EQ(Ask(world.port(), ReloadRequest("nonsense")).status, 404);
  EXPECT_EQ(Ask(world.port(), ReloadRequest(kAssistant)).status, 404);
  EXPECT_EQ(Ask(world.port(), ChatRequest(kAssistant, ChatBody("x"))).status, 200);
  const RawReply reply = Ask(world.port(), ReloadRequest(kLegal));
  EXPECT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(Ask(world.port(), ChatRequest(kAssistant, ChatBody("x"))).status, 403);
  EXPECT_NE(Metrics(world).find("hpol_reloads_total{result=\"good\"} 1"), std::string::npos);
}

TEST(GatewayReload, ABadPolicyChangesNothingAndIsSaid) {
  World* world_pointer = nullptr;
  World world({.admins = {"legal"}, .reload = [&]() -> Result<bool> {
                 world_pointer->gateway().Refused("signature: it was changed");
                 return Error{"signature: it was changed"};
               }});
  world_pointer = &world;
  const RawReply reply = Ask(world.port(), ReloadRequest(kLegal));
  EXPECT_EQ(reply.status, 409);
  EXPECT_EQ(reply.Code(), "policy_refused");
  EXPECT_EQ(Ask(world.port(), ChatRequest(kAssistant, ChatBody("x"))).status, 200);
  EXPECT_NE(Metrics(world).find("hpol_reload_refused 1"), std::string::npos);
  ASSERT_TRUE(Open(world).ok());
  EXPECT_NE(Metrics(world).find("hpol_reload_refused 0"), std::string::npos);
}

TEST(GatewayReload, AConfigurationOfAnotherPolicyIsRefused) {
  World world;
  const Compilation other =
      CompileText("other.hpol",
                  "policy other version \"1\"\nlevels a < b\nclassify { start at a }\n"
                  "zone home { trusted clears b + all hosts \"10.0.0.0/8\" }\n"
                  "target t in home { clears b + all }\nroute { otherwise send to t }\n");
  ASSERT_TRUE(other.program.artifact != nullptr) << other.report;
  EXPECT_FALSE(world.gateway()
                   .Replace(*Engine::Make(other.program), world.Config(ExampleEngine()->tables()), true)
                   .ok());
  EXPECT_EQ(Ask(world.port(), ChatRequest(kAssistant, ChatBody("x"))).status, 200);
}

// Policies change under load: every request is answered under one of them.
TEST(GatewayReload, ManyTimesUnderLoad) {
  World world;
  std::atomic<bool> done = false;
  std::atomic<uint64_t> answered = 0, denied = 0, other = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 2; ++i) {
    clients.emplace_back([&] {
      RawClient client(world.port());
      while (!done) {
        client.Send(ChatRequest(kAssistant, ChatBody("an internal matter")));
        const int status = client.Read().status;
        ++(status == 200 ? answered : status == 403 ? denied : other);
      }
    });
  }
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE((i % 2 == 0 ? Close(world) : Open(world)).ok());
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  done = true;
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(other, 0u);
  EXPECT_GT(answered, 0u);
  EXPECT_GT(denied, 0u);
}

}  // namespace
}  // namespace hpol::gateway_tests
