// Recorded conversations of every dialect, with their oddities, through the real wire code: what the client
// hears, what the target was sent, and what becomes of refusals.
#include <gtest/gtest.h>

#include "tests/gateway/dialect_world.h"
#include "tests/gateway/raw_client.h"

namespace hpol::gateway_tests {
namespace {

using nlohmann::json;

std::string Body(const std::string& prompt, bool stream) {
  json body = {{"model", "any"}, {"messages", {{{"role", "user"}, {"content", prompt}}}}};
  if (stream) body.update({{"stream", true}, {"stream_options", {{"include_usage", true}}}});
  return body.dump();
}

// The words and the usage of a chat stream.
std::string Words(const std::string& stream, json& usage) {
  std::string text;
  for (size_t at = stream.find("data: "); at != std::string::npos; at = stream.find("data: ", at)) {
    at += 6;
    const std::string data = stream.substr(at, stream.find('\n', at) - at);
    if (data == "[DONE]") return text + "|done";
    const json event = json::parse(data);
    if (event.contains("usage") && event["usage"].is_object()) usage = event["usage"];
    if (event["choices"].empty() || !event["choices"][0].contains("delta")) continue;
    const json& delta = event["choices"][0]["delta"];
    if (delta.contains("content") && delta["content"].is_string())
      text += delta["content"].get<std::string>();
  }
  return text;
}

TEST(Dialects, EveryTargetAnswersWholeAndInAStream) {
  DialectWorld world;
  for (const std::string& dialect : kDialects) {
    SCOPED_TRACE(dialect);
    const RawReply whole = Ask(world.port(), ChatRequest("sk-" + dialect, Body("hi", false)));
    ASSERT_EQ(whole.status, 200) << whole.body;
    EXPECT_EQ(whole.Json()["choices"][0]["message"]["content"], "Hello there.");
    EXPECT_EQ(whole.Json()["usage"]["total_tokens"], 10);
    EXPECT_EQ(whole.head.find("secret"), std::string::npos) << "fields of a target stay here";

    const RawReply stream = Ask(world.port(), ChatRequest("sk-" + dialect, Body("hi", true)));
    ASSERT_EQ(stream.status, 200) << stream.body;
    EXPECT_TRUE(stream.whole);
    json usage;
    EXPECT_EQ(Words(stream.body, usage), "Hello there.|done") << stream.body;
    EXPECT_EQ(usage["prompt_tokens"], 7);
    EXPECT_EQ(usage["completion_tokens"], 3);
  }
  const json receipt = world.LastReceipt(2 * kDialects.size());
  EXPECT_EQ(receipt["tokens_in"], 7);
  EXPECT_EQ(receipt["tokens_out"], 3);
}

TEST(Dialects, AnswersReadTheSameWhereverTheyAreCut) {
  DialectWorld world([](json& config) { config["limits"]["first_byte_ms"] = 5000; });
  for (const std::string& dialect : kDialects) {
    for (const size_t step : {size_t{1}, size_t{7}}) {
      world.server(dialect).SetScript([&, step](const std::string& request) {
        ReplayAnswer answer = RecordedAnswer(dialect, request);
        answer.step = step;
        return answer;
      });
      json usage;
      const RawReply stream = Ask(world.port(), ChatRequest("sk-" + dialect, Body("hi", true)));
      EXPECT_EQ(Words(stream.body, usage), "Hello there.|done") << dialect << " by " << step << stream.body;
    }
  }
}

TEST(Dialects, ShowTheirPathAndCredentialAndNothingOfTheClient) {
  DialectWorld world;
  const std::pair<const char*, std::vector<const char*>> expected[] = {
      {"openai", {"POST /v1/chat/completions HTTP/1.1", "authorization: Bearer credential-of-ours"}},
      {"azure",
       {"POST /openai/deployments/m-azure/chat/completions?api-version=2024-10-21", "api-key: credential"}},
      {"gemini", {"POST /v1/chat/completions HTTP/1.1", "authorization: Bearer credential-of-ours"}},
      {"anthropic",
       {"POST /v1/messages HTTP/1.1", "x-api-key: credential-of-ours", "anthropic-version: 2023-06-01"}},
      {"ollama", {"POST /api/chat HTTP/1.1"}},
      {"bedrock", {"POST /model/m-bedrock/converse HTTP/1.1", "authorization: AWS4-HMAC-SHA256 Credential="}},
      {"dashscope", {"POST /v1/services/aigc/text-generation/generation HTTP/1.1", "authorization: Bearer "}},
  };
  for (const auto& [dialect, parts] : expected) {
    Ask(world.port(),
        ChatRequest(std::string("sk-") + dialect, Body("hi", false), "cookie: a=b\r\nx-mine: mine\r\n"));
    const std::string received = world.server(dialect).received();
    for (const char* part : parts)
      EXPECT_NE(received.find(part), std::string::npos) << dialect << "\n" << received;
    for (const char* ours : {"sk-", "cookie", "x-mine"})
      EXPECT_EQ(received.find(ours), std::string::npos) << dialect;
  }
}

TEST(Dialects, WhatIsTranslatedIsRedactedAsWell) {
  DialectWorld world;
  for (const std::string& dialect : kDialects) {
    const RawReply reply =
        Ask(world.port(), ChatRequest("sk-" + dialect, Body("write to jane.doe@example.net today", false)));
    EXPECT_EQ(reply.status, 200) << dialect << reply.body;
    const std::string received = world.server(dialect).received();
    EXPECT_EQ(received.find("jane.doe"), std::string::npos) << dialect;
    EXPECT_NE(received.find("email_"), std::string::npos) << dialect << received;
    Ask(world.port(), ChatRequest("sk-" + dialect, Body("my ssn is 536-22-8145", false)));
    EXPECT_EQ(world.server(dialect).received().find("536-22"), std::string::npos) << dialect;
  }
  EXPECT_NE(world.server("home").received().find("536-22-8145"), std::string::npos);
}

TEST(Dialects, FieldsWithoutACounterpartAreNamed) {
  DialectWorld world;
  json body = json::parse(Body("hi", false));
  body["seed"] = 1;
  const RawReply reply = Ask(world.port(), ChatRequest("sk-bedrock", body.dump()));
  EXPECT_EQ(reply.status, 400);
  EXPECT_NE(reply.body.find("`seed`"), std::string::npos) << reply.body;
  EXPECT_EQ(world.server("bedrock").requests(), 0u);
}

TEST(Dialects, AReportOfFailureInAStreamIsNoAnswer) {
  DialectWorld world;
  const std::string head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
  world.server("anthropic").SetScript([&](const std::string&) {
    return ReplayAnswer{.bytes = head +
                                 "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":"
                                 "\"overloaded_error\",\"message\":\"you wrote: hi\"}}\n\n",
                        .close = true};
  });
  const RawReply reply = Ask(world.port(), ChatRequest("sk-any", Body("hi", true)));
  EXPECT_EQ(reply.status, 200) << "the next candidate answered";
  json usage;
  EXPECT_EQ(Words(reply.body, usage), "Hello there.|done");
  EXPECT_EQ(world.server("bedrock").requests(), 1u);
}

TEST(Dialects, AStreamThatEndsTooSoonEndsInTheClientsErrorForm) {
  DialectWorld world;
  for (const std::string& dialect : kDialects) {
    world.server(dialect).SetScript([&](const std::string& request) {
      ReplayAnswer answer = RecordedAnswer(dialect, request);
      answer.bytes.resize(answer.bytes.size() * 2 / 3);
      answer.close = true;
      return answer;
    });
    const RawReply reply = Ask(world.port(), ChatRequest("sk-" + dialect, Body("hi", true)));
    EXPECT_EQ(reply.status, 200) << dialect;
    EXPECT_NE(reply.body.find("\"upstream_broken\""), std::string::npos) << dialect << reply.body;
    EXPECT_EQ(reply.body.find("[DONE]"), std::string::npos) << dialect;
  }
  EXPECT_GE(world.LastReceipt(kDialects.size())["events"], 1) << "what came of it is in the receipt";
}

TEST(Retries, AnotherKeyIsUsedWhenOneIsDead) {
  ::setenv("HPOL_TEST_DEAD", "dead-key", 1);
  DialectWorld world([](json& config) {
    config["listen"]["threads"] = 1;
    config["targets"]["openai"]["api_key_env"] = {"HPOL_TEST_DEAD", "HPOL_TEST_KEY"};
  });
  world.server("openai").SetScript([](const std::string& request) {
    if (request.find("dead-key") != std::string::npos) return ReplayAnswer{Recording("key")};
    return RecordedAnswer("openai", request);
  });
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(Ask(world.port(), ChatRequest("sk-openai", Body("hi", false))).status, 200);
  // The dead one rests after its first refusal.
  EXPECT_EQ(world.server("openai").requests(), 4u);
}

TEST(Retries, ALimitTellsTheClientWhenToComeBack) {
  DialectWorld world([](json& config) { config["listen"]["threads"] = 1; });
  world.server("openai").SetScript([](const std::string&) { return ReplayAnswer{Recording("limited")}; });
  for (int i = 0; i < 2; ++i) {
    const RawReply reply = Ask(world.port(), ChatRequest("sk-openai", Body("hi", false)));
    EXPECT_EQ(reply.status, 429);
    EXPECT_NE(reply.Field("retry-after"), "");
    EXPECT_NE(reply.Field("retry-after-ms"), "");
    EXPECT_EQ(reply.Field("x-should-retry"), "");
  }
  EXPECT_EQ(world.server("openai").requests(), 1u) << "while its key rests nobody asks";
}

TEST(Retries, MoneyThatIsUsedUpIsNotAskedForAgain) {
  DialectWorld world;
  world.server("anthropic").SetScript([](const std::string&) { return ReplayAnswer{Recording("spent")}; });
  const RawReply reply = Ask(world.port(), ChatRequest("sk-anthropic", Body("hi", false)));
  EXPECT_EQ(reply.status, 429);
  EXPECT_EQ(reply.Field("retry-after"), "");
  EXPECT_EQ(reply.Field("x-should-retry"), "false");
  EXPECT_EQ(world.server("anthropic").requests(), 1u);
}

TEST(Retries, TheOnlyTargetIsAskedOnceMoreAfterAFault) {
  DialectWorld world;
  std::atomic<int> count = 0;
  world.server("openai").SetScript([&](const std::string& request) {
    if (count++ == 0) return ReplayAnswer{"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n"};
    return RecordedAnswer("openai", request);
  });
  EXPECT_EQ(Ask(world.port(), ChatRequest("sk-openai", Body("hi", false))).status, 200);
  EXPECT_EQ(count, 2);
}

TEST(Guards, AStreamOfCommentsIsNoProgress) {
  DialectWorld world(
      [](json& config) { config["limits"].update({{"event_ms", 200}, {"first_byte_ms", 5000}}); });
  world.server("openai").SetScript([](const std::string&) {
    std::string bytes =
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: {\"choices\":[]}\n\n";
    for (int i = 0; i < 100; ++i) bytes += ": ping\n\n";
    return ReplayAnswer{.bytes = bytes, .step = 8, .close = true, .pause_ms = 20};
  });
  const auto began = std::chrono::steady_clock::now();
  const RawReply reply = Ask(world.port(), ChatRequest("sk-openai", Body("hi", true)));
  EXPECT_NE(reply.body.find("\"upstream_broken\""), std::string::npos) << reply.body;
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(1500));
}

TEST(Guards, AnAnswerEndsWhenItsTimeIsOver) {
  DialectWorld world(
      [](json& config) { config["limits"].update({{"answer_ms", 300}, {"first_byte_ms", 5000}}); });
  world.server("openai").SetScript([](const std::string&) {
    std::string bytes = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
    for (int i = 0; i < 200; ++i) bytes += "data: {\"choices\":[]}\n\n";
    return ReplayAnswer{.bytes = bytes, .step = 23, .close = true, .pause_ms = 20};
  });
  const auto began = std::chrono::steady_clock::now();
  const RawReply reply = Ask(world.port(), ChatRequest("sk-openai", Body("hi", true)));
  EXPECT_NE(reply.body.find("\"upstream_broken\""), std::string::npos);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(2000));
}

TEST(UnixSockets, OnBothSides) {
  demo::TempFolder folder = *demo::TempFolder::Make();
  ReplayServer server([](const std::string& request) { return RecordedAnswer("openai", request); },
                      folder.File("m.sock"));
  DialectWorld world([&](json& config) {
    config["listen"]["unix"] = "hpol.sock";
    config["targets"]["openai"]["unix"] = folder.File("m.sock");
  });
  EXPECT_EQ(Ask(world.port(), ChatRequest("sk-openai", Body("hi", false))).status, 200);
  EXPECT_EQ(server.requests(), 1u);
  RawClient client(world.File("hpol.sock"));
  client.Send(ChatRequest("sk-anthropic", Body("hi", false)));
  EXPECT_EQ(client.Read().status, 200);
}

TEST(ProxyProtocol, IsReadFromListedPeersAndDemandedOfThem) {
  DialectWorld world([](json& config) { config["listen"]["proxy_protocol_from"] = {"127.0.0.1/32"}; });
  const std::string request = ChatRequest("sk-openai", Body("hi", false));
  RawClient with(world.port());
  with.Send("PROXY TCP4 10.1.2.3 10.0.0.1 1234 80\r\n" + request);
  EXPECT_EQ(with.Read().status, 200);
  EXPECT_EQ(Ask(world.port(), request).status, 0) << "a balancer that does not say for whom is not let in";
  DialectWorld other;
  EXPECT_EQ(Ask(other.port(), "PROXY TCP4 10.1.2.3 10.0.0.1 1234 80\r\n" + request).status, 400);
}

}  // namespace
}  // namespace hpol::gateway_tests
