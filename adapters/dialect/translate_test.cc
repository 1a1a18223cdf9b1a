// One conversation with everything in it through every pair, and the answers back.
#include "adapters/dialect/translate.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "runtime/surface/surface.h"

namespace hpol::dialect {
namespace {

using Json = nlohmann::ordered_json;
using enum Surface;

constexpr Surface kClients[] = {kOpenAiChat, kOpenAiResponses, kAnthropicMessages, kOllamaChat};
constexpr Surface kTargets[] = {kOpenAiChat, kAnthropicMessages, kOllamaChat, kBedrockConverse,
                                kDashScopeChat};

// The same conversation as each client writes it: system, a question, a call of a tool, its result.
std::string BodyOf(Surface surface) {
  switch (surface) {
    case kOpenAiChat:
      return R"({"model":"m","max_tokens":50,"temperature":0.5,"stop":["END"],"stream":true,
        "tools":[{"type":"function","function":{"name":"look","description":"d","parameters":{"type":"object"}}}],
        "messages":[{"role":"system","content":"be brief"},{"role":"user","content":[{"type":"text","text":"q1"}]},
        {"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function",
        "function":{"name":"look","arguments":"{\"at\":\"x\"}"}}]},
        {"role":"tool","tool_call_id":"call_1","content":"found"}]})";
    case kOpenAiResponses:
      return R"({"model":"m","max_output_tokens":50,"temperature":0.5,"stream":true,"instructions":"be brief",
        "tools":[{"type":"function","name":"look","description":"d","parameters":{"type":"object"}}],
        "input":[{"role":"user","content":[{"type":"input_text","text":"q1"}]},
        {"type":"function_call","call_id":"call_1","name":"look","arguments":"{\"at\":\"x\"}"},
        {"type":"function_call_output","call_id":"call_1","output":"found"}]})";
    case kAnthropicMessages:
      return R"({"model":"m","max_tokens":50,"temperature":0.5,"stop_sequences":["END"],"stream":true,
        "system":[{"type":"text","text":"be brief"}],
        "tools":[{"name":"look","description":"d","input_schema":{"type":"object"}}],
        "messages":[{"role":"user","content":"q1"},{"role":"assistant","content":[{"type":"tool_use","id":"call_1",
        "name":"look","input":{"at":"x"}}]},{"role":"user","content":[{"type":"tool_result",
        "tool_use_id":"call_1","content":[{"type":"text","text":"found"}]}]}]})";
    default:
      return R"({"model":"m","options":{"num_predict":50,"temperature":0.5,"stop":["END"]},
        "tools":[{"type":"function","function":{"name":"look","description":"d","parameters":{"type":"object"}}}],
        "messages":[{"role":"system","content":"be brief"},{"role":"user","content":"q1"},
        {"role":"assistant","content":"","tool_calls":[{"function":{"name":"look","arguments":{"at":"x"}}}]},
        {"role":"tool","tool_name":"look","content":"found"}]})";
  }
}

std::string ExpectedOf(Surface target, bool stop) {
  const std::string end = R"(["END"])";
  switch (target) {
    case kOpenAiChat:
      return R"({"model":"t","messages":[{"role":"system","content":"be brief"},{"role":"user","content":"q1"},)"
             R"({"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":)"
             R"({"name":"look","arguments":"{\"at\":\"x\"}"}}]},{"role":"tool","tool_call_id":"call_1",)"
             R"("content":"found"}],"tools":[{"type":"function","function":{"name":"look","description":"d",)"
             R"("parameters":{"type":"object"}}}],"max_tokens":50,"temperature":0.5,)" +
             (stop ? "\"stop\":" + end + "," : "") +
             R"("stream":true,"stream_options":{"include_usage":true}})";
    case kAnthropicMessages:
      return R"({"model":"t","max_tokens":50,"system":"be brief","messages":[{"role":"user","content":[)"
             R"({"type":"text","text":"q1"}]},{"role":"assistant","content":[{"type":"tool_use","id":"call_1",)"
             R"("name":"look","input":{"at":"x"}}]},{"role":"user","content":[{"type":"tool_result",)"
             R"("tool_use_id":"call_1","content":"found"}]}],"tools":[{"name":"look","description":"d",)"
             R"("input_schema":{"type":"object"}}],"temperature":0.5,)" +
             (stop ? "\"stop_sequences\":" + end + "," : "") + R"("stream":true})";
    case kOllamaChat:
      return R"({"model":"t","messages":[{"role":"system","content":"be brief"},{"role":"user","content":"q1"},)"
             R"({"role":"assistant","content":"","tool_calls":[{"function":{"name":"look","arguments":)"
             R"({"at":"x"}}}]},{"role":"tool","content":"found"}],"tools":[{"type":"function","function":)"
             R"({"name":"look","description":"d","parameters":{"type":"object"}}}],"options":)"
             R"({"num_predict":50,"temperature":0.5)" +
             (stop ? ",\"stop\":" + end : "") + R"(},"stream":true})";
    case kBedrockConverse:
      return R"({"messages":[{"role":"user","content":[{"text":"q1"}]},{"role":"assistant","content":[{"toolUse":)"
             R"({"toolUseId":"call_1","name":"look","input":{"at":"x"}}}]},{"role":"user","content":[{"toolResult":)"
             R"({"toolUseId":"call_1","content":[{"text":"found"}],"status":"success"}}]}],"system":[{"text":)"
             R"("be brief"}],"inferenceConfig":{"maxTokens":50,"temperature":0.5)" +
             (stop ? ",\"stopSequences\":" + end : "") +
             R"(},"toolConfig":{"tools":[{"toolSpec":{"name":"look","description":"d","inputSchema":{"json":)"
             R"({"type":"object"}}}}]}})";
    default:
      return R"({"model":"t","input":{"messages":[{"role":"system","content":"be brief"},{"role":"user",)"
             R"("content":"q1"},{"role":"assistant","content":"","tool_calls":[{"id":"call_1","type":"function",)"
             R"("function":{"name":"look","arguments":"{\"at\":\"x\"}"}}]},{"role":"tool","content":"found",)"
             R"("tool_call_id":"call_1"}]},"parameters":{"result_format":"message","incremental_output":true,)"
             R"("max_tokens":50,"temperature":0.5,)" +
             (stop ? "\"stop\":" + end + "," : "") +
             R"("tools":[{"type":"function","function":{"name":"look","description":"d","parameters":)"
             R"({"type":"object"}}}]}})";
  }
}

TEST(TranslateRequest, SaysTheSameInEveryDialect) {
  for (const Surface client : kClients) {
    for (const Surface target : kTargets) {
      if (client == target) continue;
      ASSERT_TRUE(CanTranslate(client, target));
      const Result<TranslatedRequest> body = TranslateRequest(client, BodyOf(client), target, "t");
      ASSERT_TRUE(body.ok()) << body.error().message;
      std::string expected = ExpectedOf(target, client != kOpenAiResponses);
      // Ollama's results name their tool; others know it by the id of the call only.
      if (target == kOllamaChat && client == kOllamaChat) continue;
      EXPECT_EQ(body->body, expected) << SurfaceName(client) << " to " << SurfaceName(target);
    }
  }
}

// What the gateway writes for dialects of targets only must be what their tables register.
TEST(TranslateRequest, WritesWhatIsRegistered) {
  for (const Surface client : kClients) {
    for (const Surface target : {kOpenAiChat, kBedrockConverse, kDashScopeChat}) {
      const Result<TranslatedRequest> body = TranslateRequest(client, BodyOf(client), target, "t");
      ASSERT_TRUE(body.ok());
      surface::Content content;
      surface::Walk(target, body->body, content);
      EXPECT_EQ(content.refusal.kind, RefusalKind::kNone) << body->body << content.refusal.field;
      EXPECT_EQ(content.unregistered, "") << body->body;
      EXPECT_FALSE(content.unscanned);
    }
  }
}

TEST(TranslateRequest, NamesWhatCannotBeCarried) {
  struct Case {
    Surface from;
    const char* body;
    Surface to;
    const char* named;
  };
  const Case cases[] = {
      {kOpenAiChat, R"({"messages":[],"logit_bias":{"5":1}})", kAnthropicMessages, "`logit_bias`"},
      {kOpenAiChat, R"({"messages":[],"n":2})", kAnthropicMessages, "`n`"},
      {kOpenAiChat, R"({"messages":[],"logprobs":true})", kOllamaChat, "`logprobs`"},
      {kOpenAiChat, R"({"messages":[],"seed":1})", kAnthropicMessages, "`seed`"},
      {kOpenAiChat, R"({"messages":[],"response_format":{"type":"json_object"}})", kAnthropicMessages,
       "structured output"},
      {kOpenAiChat, R"({"messages":[],"tool_choice":"required"})", kOllamaChat, "choice of tools"},
      {kOpenAiChat, R"({"messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{}}]}]})",
       kBedrockConverse, "`messages[0].content[0].type`"},
      {kOpenAiChat,
       R"({"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}}]}]})",
       kBedrockConverse, "images"},
      {kOpenAiChat,
       R"({"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://x"}}]}]})",
       kAnthropicMessages, "`messages[0].content[0].image_url.url`"},
      {kOpenAiResponses, R"({"input":[{"type":"reasoning","id":"rs_1","summary":[]}]})", kOpenAiChat,
       "`input[0].type`"},
      {kOpenAiResponses, R"({"input":"x","background":true})", kOpenAiChat, "`background`"},
      {kAnthropicMessages, R"({"messages":[],"thinking":{"type":"enabled"}})", kOpenAiChat, "`thinking`"},
      {kAnthropicMessages, R"({"messages":[],"tools":[{"type":"web_search_20250305","name":"web_search"}]})",
       kOpenAiChat, "`tools[0].type`"},
      {kOllamaChat, R"({"messages":[],"options":{"mirostat":1}})", kOpenAiChat, "`options.mirostat`"},
      {kOllamaGenerate, R"({"prompt":"x","raw":true})", kOpenAiChat, "`raw`"},
  };
  for (const Case& c : cases) {
    const Result<TranslatedRequest> body = TranslateRequest(c.from, c.body, c.to, "t");
    ASSERT_FALSE(body.ok()) << c.body;
    EXPECT_NE(body.error().message.find(c.named), std::string::npos) << body.error().message;
  }
}

std::string Said(Surface from, const char* body, Surface to, const char* model) {
  return TranslateRequest(from, body, to, model)->body;
}

TEST(TranslateRequest, CarriesImagesAndSchemasWhereBothHaveThem) {
  const char* const body =
      R"({"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,QUJD"}},)"
      R"({"type":"text","text":"what"}]}]})";
  EXPECT_EQ(
      Said(kOpenAiChat, body, kAnthropicMessages, "t"),
      R"({"model":"t","max_tokens":4096,"messages":[{"role":"user","content":[{"type":"image","source":)"
      R"({"type":"base64","media_type":"image/png","data":"QUJD"}},{"type":"text","text":"what"}]}]})");
  EXPECT_EQ(
      Said(kOpenAiChat, body, kOllamaChat, "t"),
      R"({"model":"t","messages":[{"role":"user","content":"what","images":["QUJD"]}],"stream":false})");
  EXPECT_EQ(
      Said(kOpenAiResponses,
           R"({"input":"x","text":{"format":{"type":"json_schema","name":"n","schema":{"a":1}}}})",
           kOpenAiChat, "t"),
      R"({"model":"t","messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_schema",)"
      R"("json_schema":{"name":"n","schema":{"a":1}}}})");
}

// What each target streams for: text "Hi ", "you", then a call look({"at": 1}), 7 and 5 tokens.
std::vector<http::Event> StreamOf(Surface target) {
  switch (target) {
    case kOpenAiChat:
      return {
          {"", R"({"id":"x","model":"M","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]})"},
          {"", R"({"id":"x","model":"M","choices":[{"index":0,"delta":{"content":"Hi "}}],"usage":null})"},
          {"", R"({"id":"x","model":"M","choices":[{"index":0,"delta":{"content":"you"}}]})"},
          {"",
           R"({"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c9","type":"function","function":{"name":"look","arguments":""}}]}}]})"},
          {"",
           R"({"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"at\""}}]}}]})"},
          {"",
           R"({"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":": 1}"}}]}}]})"},
          {"", R"({"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]})"},
          {"", R"({"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":5}})"},
          {"", "[DONE]"}};
    case kAnthropicMessages:
      return {
          {"message_start",
           R"({"type":"message_start","message":{"id":"x","model":"M","content":[],"usage":{"input_tokens":7,"output_tokens":1}}})"},
          {"content_block_start",
           R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})"},
          {"ping", R"({"type":"ping"})"},
          {"content_block_delta",
           R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi "}})"},
          {"content_block_delta",
           R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"you"}})"},
          {"content_block_stop", R"({"type":"content_block_stop","index":0})"},
          {"content_block_start",
           R"({"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"c9","name":"look","input":{}}})"},
          {"content_block_delta",
           R"({"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"at\""}})"},
          {"content_block_delta",
           R"({"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":": 1}"}})"},
          {"content_block_stop", R"({"type":"content_block_stop","index":1})"},
          {"message_delta",
           R"({"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":5}})"},
          {"message_stop", R"({"type":"message_stop"})"}};
    case kOllamaChat:
      return {
          {"", R"({"model":"M","message":{"role":"assistant","content":"Hi "},"done":false})"},
          {"", R"({"model":"M","message":{"role":"assistant","content":"you"},"done":false})"},
          {"",
           R"({"model":"M","message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"look","arguments":{"at":1}}}]},"done":false})"},
          {"",
           R"({"model":"M","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","prompt_eval_count":7,"eval_count":5})"}};
    case kBedrockConverse:
      return {{"messageStart", R"({"role":"assistant"})"},
              {"contentBlockDelta", R"({"contentBlockIndex":0,"delta":{"text":"Hi "}})"},
              {"contentBlockDelta", R"({"contentBlockIndex":0,"delta":{"text":"you"}})"},
              {"contentBlockStop", R"({"contentBlockIndex":0})"},
              {"contentBlockStart",
               R"({"contentBlockIndex":1,"start":{"toolUse":{"toolUseId":"c9","name":"look"}}})"},
              {"contentBlockDelta", R"({"contentBlockIndex":1,"delta":{"toolUse":{"input":"{\"at\""}}})"},
              {"contentBlockDelta", R"({"contentBlockIndex":1,"delta":{"toolUse":{"input":": 1}"}}})"},
              {"contentBlockStop", R"({"contentBlockIndex":1})"},
              {"messageStop", R"({"stopReason":"tool_use"})"},
              {"metadata", R"({"usage":{"inputTokens":7,"outputTokens":5,"totalTokens":12}})"}};
    default:
      return {
          {"result",
           R"({"output":{"choices":[{"message":{"role":"assistant","content":"Hi "},"finish_reason":"null"}]},"usage":{"input_tokens":7,"output_tokens":1}})"},
          {"result",
           R"({"output":{"choices":[{"message":{"role":"assistant","content":"you"},"finish_reason":"null"}]},"usage":{"input_tokens":7,"output_tokens":2}})"},
          {"result",
           R"({"output":{"choices":[{"message":{"role":"assistant","content":"","tool_calls":[{"index":0,"id":"c9","type":"function","function":{"name":"look","arguments":"{\"at\""}}]},"finish_reason":"null"}]}})"},
          {"result",
           R"({"output":{"choices":[{"message":{"role":"assistant","content":"","tool_calls":[{"index":0,"id":"","type":"function","function":{"arguments":": 1}"}}]},"finish_reason":"tool_calls"}]},"usage":{"input_tokens":7,"output_tokens":5}})"}};
  }
}

struct Heard {
  std::string text, call, arguments, stop;
  int64_t input = -1, output = -1;
  bool ended = false;
};

// A client's own reading of what it was sent.
Heard Hear(Surface client, const std::vector<http::Event>& events) {
  Heard heard;
  int number = 0;
  for (const http::Event& event : events) {
    if (event.data == "[DONE]") {
      heard.ended = true;
      continue;
    }
    const Json data = Json::parse(event.data);
    if (client == kOpenAiChat) {
      if (data.contains("usage")) {
        heard.input = data["usage"]["prompt_tokens"];
        heard.output = data["usage"]["completion_tokens"];
        EXPECT_TRUE(data["choices"].empty());
        continue;
      }
      const Json& choice = data["choices"][0];
      const Json& delta = choice["delta"];
      if (delta.contains("content")) heard.text += delta["content"].get<std::string>();
      if (delta.contains("tool_calls")) {
        const Json& call = delta["tool_calls"][0];
        EXPECT_EQ(call["index"], 0);
        if (call.contains("id")) heard.call += call["function"]["name"].get<std::string>();
        heard.arguments += call["function"]["arguments"].get<std::string>();
      }
      if (!choice["finish_reason"].is_null()) heard.stop = choice["finish_reason"];
    } else if (client == kOpenAiResponses) {
      EXPECT_EQ(data["sequence_number"], number++);
      EXPECT_EQ(data["type"], event.name);
      if (event.name == "response.output_text.delta") heard.text += data["delta"].get<std::string>();
      if (event.name == "response.function_call_arguments.delta") {
        heard.arguments += data["delta"].get<std::string>();
      }
      if (event.name == "response.completed") {
        const Json& response = data["response"];
        heard.ended = true;
        heard.input = response["usage"]["input_tokens"];
        heard.output = response["usage"]["output_tokens"];
        EXPECT_EQ(response["output"].size(), 2u);
        EXPECT_EQ(response["output"][0]["content"][0]["text"], "Hi you");
        heard.call = response["output"][1]["name"];
        heard.stop = "tool_calls";
      }
    } else if (client == kAnthropicMessages) {
      EXPECT_EQ(data["type"], event.name);
      if (event.name == "content_block_start" && data["content_block"]["type"] == "tool_use") {
        heard.call = data["content_block"]["name"];
        EXPECT_EQ(data["index"], 1);
      }
      if (event.name == "content_block_delta") {
        heard.text += data["delta"].value("text", "");
        heard.arguments += data["delta"].value("partial_json", "");
      }
      if (event.name == "message_delta") {
        heard.stop = data["delta"]["stop_reason"] == "tool_use" ? "tool_calls" : "?";
        heard.input = data["usage"]["input_tokens"];
        heard.output = data["usage"]["output_tokens"];
      }
      heard.ended |= event.name == "message_stop";
    } else {
      heard.text += data["message"]["content"].get<std::string>();
      if (data["message"].contains("tool_calls")) {
        const Json& function = data["message"]["tool_calls"][0]["function"];
        heard.call = function["name"];
        heard.arguments = function["arguments"].dump();
        heard.stop = "tool_calls";
      }
      if (data["done"] == true) {
        heard.ended = true;
        heard.input = data["prompt_eval_count"];
        heard.output = data["eval_count"];
      }
    }
  }
  return heard;
}

TEST(Translation, TellsTheSameStreamToEveryClient) {
  for (const Surface target : kTargets) {
    for (const Surface client : kClients) {
      if (client == target) continue;
      SCOPED_TRACE(std::string(SurfaceName(target)) + " to " + std::string(SurfaceName(client)));
      Translation translation(target, client, {true, true}, "abc", "m", 1700000000);
      std::vector<http::Event> events;
      for (const http::Event& event : StreamOf(target))
        ASSERT_TRUE(translation.Event(event, events)) << event.data;
      EXPECT_TRUE(translation.ended());
      translation.End(events);
      const Heard heard = Hear(client, events);
      EXPECT_EQ(heard.text, "Hi you");
      EXPECT_EQ(heard.call, "look");
      EXPECT_EQ(Json::parse(heard.arguments), Json({{"at", 1}}));
      EXPECT_EQ(heard.stop, "tool_calls");
      EXPECT_TRUE(heard.ended);
      EXPECT_EQ(heard.input, 7);
      EXPECT_EQ(heard.output, 5);
    }
  }
}

// Whoever is asked to write nested JSON out again must not run out of stack.
TEST(Translation, NestingWithoutEndIsRefusedWhereverItStands) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  const std::string nested = R"({"messages":[{"role":"assistant","tool_calls":[{"id":"c","type":"function",)"
                             R"("function":{"name":"f","arguments":"{\"a\":)" +
                             deep + R"(}"}}]}]})";
  for (const Surface target : {kAnthropicMessages, kOllamaChat, kBedrockConverse}) {
    EXPECT_FALSE(TranslateRequest(kOpenAiChat, nested, target, "t").ok());
  }
  std::string out;
  const std::string answer =
      R"({"type":"message","content":[{"type":"tool_use","id":"c","name":"f","input":)" + deep +
      R"(}],"stop_reason":"tool_use"})";
  EXPECT_FALSE(Translation(kAnthropicMessages, kOpenAiChat, {}, "a", "m", 0).Whole(answer, out));
  Translation stream(kOpenAiChat, kOllamaChat, {true, true}, "a", "m", 0);
  std::vector<http::Event> events;
  EXPECT_TRUE(
      stream.Event({"", R"({"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c","function":{"name":"f",)"
                        R"("arguments":"{\"a\":)" +
                            deep + R"(}"}}]}}]})"},
                   events));
  stream.End(events);
  EXPECT_NE(events[0].data.find(R"("arguments":{})"), std::string::npos);
}

TEST(Translation, TellsUsageOnlyToWhoAsked) {
  Translation translation(kAnthropicMessages, kOpenAiChat, {true, false}, "abc", "m", 0);
  std::vector<http::Event> events;
  for (const http::Event& event : StreamOf(kAnthropicMessages)) translation.Event(event, events);
  translation.End(events);
  for (const http::Event& event : events) EXPECT_EQ(event.data.find("usage"), std::string::npos);
  EXPECT_EQ(translation.usage().output, 5);
}

TEST(Translation, ReportsOfFailureAreNoAnswer) {
  struct Case {
    Surface target;
    http::Event event;
  };
  const Case cases[] = {
      {kOpenAiChat, {"", R"({"error":{"message":"you wrote: secret"}})"}},
      {kOpenAiChat, {"", "<html>"}},
      {kOpenAiChat, {"", R"({"object":"list"})"}},
      {kAnthropicMessages,
       {"error", R"({"type":"error","error":{"type":"overloaded_error","message":"x"}})"}},
      {kOllamaChat, {"", R"({"error":"model not found"})"}},
      {kOllamaChat, {"", R"([])"}},
      {kBedrockConverse, {"throttlingException", R"({"message":"x"})"}},
      {kDashScopeChat, {"error", R"({"code":"x","message":"y"})"}},
  };
  for (const Case& c : cases) {
    Translation translation(c.target, kOpenAiResponses, {true, true}, "abc", "m", 0);
    std::vector<http::Event> events;
    EXPECT_FALSE(translation.Event(c.event, events)) << c.event.data;
    EXPECT_TRUE(events.empty());
  }
}

TEST(Translation, TellsWholeAnswers) {
  const char* const anthropic =
      R"({"id":"x","type":"message","role":"assistant","model":"M","content":[{"type":"text","text":"Hi"},)"
      R"({"type":"tool_use","id":"c9","name":"look","input":{"at":1}}],"stop_reason":"tool_use",)"
      R"("usage":{"input_tokens":7,"output_tokens":5}})";
  std::string out;
  ASSERT_TRUE(Translation(kAnthropicMessages, kOpenAiChat, {}, "abc", "m", 5).Whole(anthropic, out));
  EXPECT_EQ(
      out,
      R"({"id":"chatcmpl-abc","object":"chat.completion","created":5,"model":"M","choices":[{"index":0,)"
      R"("message":{"role":"assistant","content":"Hi","refusal":null,"tool_calls":[{"id":"c9","type":)"
      R"("function","function":{"name":"look","arguments":"{\"at\":1}"}}]},"logprobs":null,)"
      R"("finish_reason":"tool_calls"}],"usage":{"prompt_tokens":7,"completion_tokens":5,"total_tokens":12}})");
  const char* const converse =
      R"({"output":{"message":{"role":"assistant","content":[{"text":"Hi"}]}},"stopReason":"max_tokens",)"
      R"("usage":{"inputTokens":7,"outputTokens":5}})";
  ASSERT_TRUE(Translation(kBedrockConverse, kAnthropicMessages, {}, "abc", "m", 5).Whole(converse, out));
  EXPECT_EQ(out,
            R"({"id":"msg_abc","type":"message","role":"assistant","model":"m","content":[{"type":"text",)"
            R"("text":"Hi"}],"stop_reason":"max_tokens","stop_sequence":null,"usage":{"input_tokens":7,)"
            R"("output_tokens":5}})");
  const char* const dashscope =
      R"({"request_id":"r","output":{"choices":[{"finish_reason":"stop","message":{"role":"assistant",)"
      R"("content":"Hi"}}]},"usage":{"input_tokens":7,"output_tokens":5}})";
  ASSERT_TRUE(Translation(kDashScopeChat, kOllamaGenerate, {}, "abc", "m", 5).Whole(dashscope, out));
  EXPECT_EQ(
      out,
      R"({"model":"m","created_at":"1970-01-01T00:00:05Z","response":"Hi","done":true,"done_reason":"stop",)"
      R"("total_duration":0,"prompt_eval_count":7,"eval_count":5})");
  for (const char* garbage :
       {"", "[]", "{}", R"({"choices":[]})", R"({"choices":[{"message":{"content":5}}]})"}) {
    EXPECT_FALSE(Translation(kOpenAiChat, kAnthropicMessages, {}, "abc", "m", 5).Whole(garbage, out))
        << garbage;
  }
}

}  // namespace
}  // namespace hpol::dialect
