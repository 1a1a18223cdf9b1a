// The walk as its users see it: refusals, pieces, patches, flags.
#include "runtime/surface/surface.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

namespace {
size_t allocations = 0;
}

// Counts what is allocated. The sanitizers bring their own operators and are left alone.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(__clang__)
// Not inlined: the compiler would see malloc behind one and a plain delete behind the other.
[[gnu::noinline]] void* operator new(size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size ? size : 1)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, size_t) noexcept { std::free(memory); }
#endif

namespace hpol::surface {
namespace {

Content Chat(std::string_view body) {
  Content content;
  Walk(Surface::kOpenAiChat, body, content);
  return content;
}

// A small good body with `member` (written as `"key":value`) beside its required fields.
std::string With(std::string_view member) {
  return R"({"model":"m","messages":[{"role":"user","content":"hi"}],)" + std::string(member) + "}";
}
std::string WithMessage(std::string_view message) {
  return R"({"model":"m","messages":[)" + std::string(message) + "]}";
}
std::string WithPart(std::string_view part) {
  return WithMessage(R"({"role":"user","content":[)" + std::string(part) + "]}");
}

std::string Apply(std::string_view body, const std::vector<Patch>& patches) {
  std::string out;
  size_t at = 0;
  for (const Patch& patch : patches) {
    EXPECT_LE(at, patch.begin);
    EXPECT_LT(patch.begin, patch.end);
    EXPECT_LE(patch.end, body.size());
    out += body.substr(at, patch.begin - at);
    out += patch.text;
    at = patch.end;
  }
  return out + std::string(body.substr(at));
}

// `text/`, `key:` or `number#`, with `+` when it joins.
std::vector<std::string> Pieces(std::string_view body, const Content& content) {
  std::vector<std::string> out;
  uint32_t last = 0;
  for (const Piece& piece : content.pieces) {
    EXPECT_LE(last, piece.begin);
    EXPECT_LT(piece.begin, piece.end);
    EXPECT_LE(piece.end, body.size());
    last = piece.end;
    const char* mark = piece.kind == Piece::Kind::kKey ? ":" : piece.kind == Piece::Kind::kNumber ? "#" : "/";
    out.push_back(std::string(body.substr(piece.begin, piece.end - piece.begin)) + mark +
                  (piece.joins ? "+" : ""));
  }
  return out;
}

using Strings = std::vector<std::string>;
using K = RefusalKind;

struct RefusalCase {
  std::string body;
  RefusalKind kind;
  const char* field;
};

TEST(Chat, Refusals) {
  const RefusalCase cases[] = {
      {R"({"model":"m","messages":[]})", K::kNone, ""},
      {"", K::kMalformed, ""},
      {R"({"model":"m","messages":[],"model":"n"})", K::kMalformed, ""},
      {R"({"model":"m","store":true,"messages":[],})", K::kMalformed, ""},
      // Required fields and types.
      {R"({"messages":[]})", K::kMissing, "model"},
      {R"({"model":"","messages":[]})", K::kMissing, "model"},
      {R"({"model":null,"messages":[]})", K::kType, "model"},
      {R"({"model":["m"],"messages":[]})", K::kType, "model"},
      {R"({"model":"m"})", K::kMissing, "messages"},
      {R"({"model":"m","messages":null})", K::kType, "messages"},
      {R"({"model":"m","messages":{}})", K::kType, "messages"},
      {R"({"model":"m","messages":["hi"]})", K::kType, "messages[0]"},
      {WithMessage(R"({"role":"user"},null)"), K::kType, "messages[1]"},
      {WithMessage(R"({"content":"hi"})"), K::kMissing, "messages[0].role"},
      {WithMessage(R"({"role":"root","content":"hi"})"), K::kType, "messages[0].role"},
      {WithMessage(R"({"role":"us\u0065r","content":"hi"})"), K::kNone, ""},
      {WithMessage(R"({"role":"user","content":5})"), K::kType, "messages[0].content"},
      {WithMessage(R"({"role":"user","content":[13084,22195]})"), K::kType, "messages[0].content[0]"},
      {WithPart(R"({"text":"hi"})"), K::kMissing, "messages[0].content[0].type"},
      {WithPart(R"({"type":"text","text":"a"},{"type":"tool_use"})"), K::kType,
       "messages[0].content[1].type"},
      {With(R"("temperature":2.5)"), K::kType, "temperature"},
      {With(R"("temperature":"1")"), K::kType, "temperature"},
      {With(R"("temperature":null)"), K::kNone, ""},
      {With(R"("n":16)"), K::kNone, ""},
      {With(R"("n":17)"), K::kType, "n"},
      {With(R"("n":1.5)"), K::kType, "n"},
      {With(R"("max_tokens":-1)"), K::kType, "max_tokens"},
      {With(R"("max_tokens":1e3)"), K::kType, "max_tokens"},
      {With(R"("stream":"true")"), K::kType, "stream"},
      {With(R"("reasoning_effort":"536-22-8145")"), K::kType, "reasoning_effort"},
      {With(R"("tool_choice":"536-22-8145")"), K::kType, "tool_choice"},
      {With(R"("stop":["a",5])"), K::kType, "stop[1]"},
      // Tools that the server runs.
      {With(R"("tools":[{"type":"function","function":{"name":"f"}}])"), K::kNone, ""},
      {With(R"("tools":[{"type":"custom","custom":{"name":"f"}}])"), K::kNone, ""},
      {With(R"("tools":[{"type":"web_search"}])"), K::kTool, "tools[0].type"},
      {With(R"("tools":[{"type":"function"},{"type":"mcp","server_url":"https://x"}])"), K::kTool,
       "tools[1].type"},
      {With(R"("tools":[{"name":"f"}])"), K::kMissing, "tools[0].type"},
      {With(R"("tools":[{"type":null}])"), K::kType, "tools[0].type"},
      {With(R"("tool_choice":{"type":"web_search_preview"})"), K::kTool, "tool_choice.type"},
      {With(R"("web_search_options":{})"), K::kTool, "web_search_options"},
      {With(R"("web_search_options":null)"), K::kNone, ""},
      {With(R"("web_search_options":5)"), K::kTool, "web_search_options"},
      {With(R"("enable_search":true)"), K::kTool, "enable_search"},
      {With(R"("enable_search":"false")"), K::kTool, "enable_search"},
      {With(R"("chat_template":"{{ x }}")"), K::kTool, "chat_template"},
      {With(R"("logits_processors":["os.system"])"), K::kTool, "logits_processors"},
      {With(R"("plugins":[{"id":"web"}])"), K::kTool, "plugins"},
      // Fetches.
      {WithPart(R"({"type":"image_url","image_url":{"url":"https://a/?d=1"}})"), K::kFetch,
       "messages[0].content[0].image_url.url"},
      {WithPart(R"({"type":"image_url","image_url":{"url":"file:///etc/passwd"}})"), K::kFetch,
       "messages[0].content[0].image_url.url"},
      {WithPart(R"({"type":"image_url","image_url":"https://a"})"), K::kFetch,
       "messages[0].content[0].image_url"},
      {WithPart(R"({"type":"image_url","image_url":{"url":" data:image/png;base64,AA"}})"), K::kFetch,
       "messages[0].content[0].image_url.url"},
      {WithPart(R"({"type":"image_url","image_url":{"url":"data\u001aimage/png;base64,AA"}})"), K::kFetch,
       "messages[0].content[0].image_url.url"},
      {WithPart(R"({"type":"image_url","image_url":{"url":""}})"), K::kFetch,
       "messages[0].content[0].image_url.url"},
      {WithPart(R"({"type":"image_url","image_url":{"url":"d\u0061ta:image/png;base64,AA"}})"), K::kNone, ""},
      {WithPart(R"({"type":"video_url","video_url":{"url":"http://a"}})"), K::kFetch,
       "messages[0].content[0].video_url.url"},
      {With(R"("tools":[{"type":"function","function":{"name":"f","parameters":{"$ref":"https://a/s"}}}])"),
       K::kFetch, "tools[0].function.parameters.$ref"},
      {With(
           R"("tools":[{"type":"function","function":{"name":"f","parameters":{"a":[{"\u0024ref":"s.json"}]}}}])"),
       K::kFetch, R"(tools[0].function.parameters.a[0].\u0024ref)"},
      {With(R"("tools":[{"type":"function","function":{"parameters":{"$ref":"#/$defs/a"}}}])"), K::kNone, ""},
      // State at the provider.
      {With(R"("store":true)"), K::kStorage, "store"},
      {With(R"("store":1)"), K::kStorage, "store"},
      {With(R"("prompt_cache_retention":"24h")"), K::kStorage, "prompt_cache_retention"},
      {With(R"("previous_response_id":"r")"), K::kStorage, "previous_response_id"},
      {WithMessage(R"({"role":"assistant","audio":{"id":"a"}})"), K::kStorage, "messages[0].audio.id"},
      {WithPart(R"({"type":"file","file":{"file_id":"f"}})"), K::kStorage,
       "messages[0].content[0].file.file_id"},
      // Placement.
      {With(R"("service_tier":"auto")"), K::kPlacement, "service_tier"},
      {With(R"("models":["a","b"])"), K::kPlacement, "models"},
      {With(R"("provider":{"order":["a"]})"), K::kPlacement, "provider"},
      {With(R"("inference_geo":"us")"), K::kPlacement, "inference_geo"},
      {With(R"("api_base":"https://a")"), K::kPlacement, "api_base"},
      // A name that only some servers take for the field.
      {With(R"("Tools":[{"type":"web_search"}])"), K::kUnregistered, "Tools"},
      {With(R"("tool\u017f":[])"), K::kUnregistered, R"(tool\u017f)"},
      {R"({"Model":"m","messages":[]})", K::kUnregistered, "Model"},
      // An escaped spelling is the same name.
      {With(R"("st\u006fre":true)"), K::kStorage, "store"},
  };
  for (const RefusalCase& one : cases) {
    const Content content = Chat(one.body);
    EXPECT_EQ(content.refusal.kind, one.kind) << one.body << "\n  " << content.refusal.message;
    EXPECT_EQ(content.refusal.field, one.field) << one.body;
    EXPECT_EQ(content.refusal.message.empty(), one.kind == K::kNone) << one.body;
  }
}

TEST(Chat, MessagesHoldNoTextOfTheRequest) {
  for (const char* member : {R"("reasoning_effort":"536-22-8145")", R"("n":5362281456)",
                             R"("store":"536-22-8145")", R"("536-22-8145":tru)"}) {
    EXPECT_EQ(Chat(With(member)).refusal.message.find("5362"), std::string::npos) << member;
    EXPECT_EQ(Chat(With(member)).refusal.message.find("536-"), std::string::npos) << member;
  }
}

TEST(Chat, UnregisteredFieldsAreNamedAndScanned) {
  const std::string body = With(R"("x":1,"y":{"z":"536-22-8145","d":[4111111111111111]},"temperature":1)");
  const Content content = Chat(body);
  EXPECT_EQ(content.refusal.kind, K::kNone);
  EXPECT_EQ(content.unregistered, "x");
  const Strings pieces = Pieces(body, content);
  EXPECT_NE(std::find(pieces.begin(), pieces.end(), "536-22-8145/"), pieces.end());
  EXPECT_NE(std::find(pieces.begin(), pieces.end(), "4111111111111111#"), pieces.end());
  EXPECT_NE(std::find(pieces.begin(), pieces.end(), "d:"), pieces.end());

  EXPECT_EQ(Chat(WithPart(R"({"type":"text","text":"a","q":1})")).unregistered, "messages[0].content[0].q");
  EXPECT_EQ(Chat(With(R"("tools":[{"type":"function","server_url":"https://a"}])")).unregistered,
            "tools[0].server_url");
  EXPECT_EQ(Chat(With(R"("metadata":{"any":"thing"},"logit_bias":{"50256":-100})")).unregistered, "");
  const std::string key(100'000, 'k');
  EXPECT_LT(Chat(With('"' + key + "\":1")).unregistered.size(), 300u);
}

TEST(Chat, PiecesInOrder) {
  const std::string body =
      R"({"model":"m","messages":[{"role":"system","content":"be \"kind\""},)"
      R"({"role":"user","name":"bob","content":[{"type":"text","text":"536-22-"},{"type":"text","text":"8145"}]},)"
      R"({"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function",)"
      R"("function":{"name":"f","arguments":"{\"a\":1}"}}]},{"role":"tool","tool_call_id":"c1","content":""}],)"
      R"("seed":4111111111111111,"max_tokens":123456,"temperature":1.0000000})";
  const Content content = Chat(body);
  EXPECT_EQ(content.refusal.kind, K::kNone) << content.refusal.message;
  const Strings expected = {"model:",
                            "m/",
                            "messages:",
                            "role:",
                            "system/",
                            "content:",
                            R"(be \"kind\"/+)",
                            "role:",
                            "user/",
                            "name:",
                            "bob/",
                            "content:",
                            "type:",
                            "text/",
                            "text:",
                            "536-22-/+",
                            "type:",
                            "text/",
                            "text:",
                            "8145/+",
                            "role:",
                            "assistant/",
                            "content:",
                            "tool_calls:",
                            "id:",
                            "c1/",
                            "type:",
                            "function/",
                            "function:",
                            "name:",
                            "f/",
                            "arguments:",
                            R"({\"a\":1}/+)",
                            "role:",
                            "tool/",
                            "tool_call_id:",
                            "c1/",
                            "content:",
                            "seed:",
                            "4111111111111111#",
                            "max_tokens:",
                            "temperature:",
                            "1.0000000#"};
  EXPECT_EQ(Pieces(body, content), expected);
  for (const Piece& piece : content.pieces) EXPECT_EQ(piece.json, piece.kind != Piece::Kind::kNumber);
}

// `KEY=VALUE` of each value that stands beside a key.
std::vector<std::string> Keyed(std::string_view body) {
  const Content content = Chat(body);
  const auto raw = [&](const Piece& piece) {
    return std::string(body.substr(piece.begin, piece.end - piece.begin));
  };
  std::vector<std::string> out;
  for (size_t i = 0; i < content.pieces.size(); ++i) {
    const Piece& piece = content.pieces[i];
    if (piece.key == Piece::kNoKey) continue;
    EXPECT_LT(piece.key, i);
    EXPECT_EQ(content.pieces[piece.key].kind, Piece::Kind::kKey);
    out.push_back(raw(content.pieces[piece.key]) + "=" + raw(piece));
  }
  return out;
}

TEST(Chat, ValuesKnowTheirKeys) {
  const std::string parsed =
      R"({"role":"assistant","content":"c","parsed":{"ssn":"a","n":12345678,"":"b","list":["d",[12345678],{"in":"e"},"f"],"o":{}}})";
  EXPECT_EQ(Keyed(WithMessage(parsed)),
            (std::vector<std::string>{"ssn=a", "n=12345678", "list=d", "list=12345678", "in=e", "list=f"}));
  EXPECT_EQ(Keyed(WithPart(R"({"type":"text","text":"hi"})")), (std::vector<std::string>{}));
  EXPECT_EQ(Keyed(With(R"("metadata":{"ssn":"a"},"user":"b","brand_new":"c")")),
            (std::vector<std::string>{"ssn=a", "brand_new=c"}));
}

TEST(Chat, SchemasAreContent) {
  const std::string body =
      With(R"("tools":[{"type":"function","function":{"name":"f","description":"d","parameters":)"
           R"({"type":"object","properties":{"ssn":{"enum":["536-22-","8145",1,2]}}}}}])");
  const Content content = Chat(body);
  EXPECT_EQ(content.refusal.kind, K::kNone);
  EXPECT_EQ(content.unregistered, "");
  EXPECT_FALSE(content.unscanned);
  const Strings pieces = Pieces(body, content);
  for (const char* want : {"d/+", "object/+", "ssn:", "enum:", "536-22-/+", "8145/+"}) {
    EXPECT_NE(std::find(pieces.begin(), pieces.end(), want), pieces.end()) << want;
  }
}

TEST(Chat, ModelAndStream) {
  const std::string body = R"({"stream": true, "model" : "gpt-4o\u0041" ,"messages":[]})";
  const Content content = Chat(body);
  EXPECT_EQ(body.substr(content.model_begin, content.model_end - content.model_begin), R"("gpt-4o\u0041")");
  EXPECT_TRUE(content.stream);
  EXPECT_FALSE(Chat(With(R"("stream":false)")).stream);
  EXPECT_FALSE(Chat(With(R"("stream":null)")).stream);
}

TEST(Chat, Unscanned) {
  const struct {
    std::string body;
    bool unscanned;
  } cases[] = {
      {With(R"("logit_bias":{"50256":-100})"), true},
      {With(R"("logit_bias":{})"), false},
      {With(R"("logit_bias":null)"), false},
      {With(R"("prompt_token_ids":[13084])"), true},
      {With(R"("stop_token_ids":[])"), false},
      {With(R"("prompt_embeds":"AAAA")"), true},
      {With(R"("input":[13084,22195])"), true},
      {With(R"("input":[[13084],[22195]])"), true},
      {With(R"("x":1)"), false},
      {WithPart(R"({"type":"image_url","image_url":{"url":"data:image/png;base64,AA","detail":"low"}})"),
       true},
      {WithPart(R"({"type":"image_url","image_url":{"url":"DATA:image/png;base64,AA"}})"), true},
      {WithPart(R"({"type":"image_url","image_url":"data:image/png;base64,AA"})"), true},
      {WithPart(R"({"type":"input_audio","input_audio":{"data":"AA","format":"wav"}})"), true},
      {WithPart(R"({"type":"file","file":{"filename":"a.pdf","file_data":"AA"}})"), true},
      {WithPart(R"({"type":"text","text":"AA"})"), false},
      {WithMessage(
           R"({"role":"assistant","reasoning_details":[{"type":"reasoning.encrypted","data":"AA"}]})"),
       true},
      {WithMessage(R"({"role":"assistant","content":"a","refusal":null,"audio":null,"annotations":[]})"),
       false},
  };
  for (const auto& one : cases) {
    const Content content = Chat(one.body);
    EXPECT_EQ(content.refusal.kind, K::kNone) << one.body << content.refusal.field << content.refusal.message;
    EXPECT_EQ(content.unscanned, one.unscanned) << one.body;
  }
}

TEST(Chat, RemovedMembers) {
  const std::string rest = R"("model":"m","messages":[])";
  const struct {
    std::string body, patched;
  } cases[] = {
      {"{" + rest + "}", "{" + rest + "}"},
      {R"({"user":"u",)" + rest + "}", "{" + rest + "}"},
      {"{" + rest + R"(,"user":"u"})", "{" + rest + "}"},
      {R"({"model":"m","user":"u","messages":[]})", "{" + rest + "}"},
      {R"({"user":"u","metadata":{"a":"b","c":["d",{}]},)" + rest + "}", "{" + rest + "}"},
      {R"({"user":"u","store":false,)" + rest + R"(,"safety_identifier":"s","prompt_cache_key":null})",
       "{" + rest + "}"},
      {R"({ "user" : "u" , )" + rest + R"( , "metadata" : { } })", "{  " + rest + "  }"},
      {"{" + rest + R"(,"service_tier":null,"n":1,"models":null})", "{" + rest + R"(,"n":1})"},
      {"{" + rest + R"(,"prompt_cache_retention":"in_memory"})", "{" + rest + "}"},
      {R"({"messages":[{"role":"user","content":[{"prompt_cache_breakpoint":null,"type":"text"}]}],"model":"m"})",
       R"({"messages":[{"role":"user","content":[{"type":"text"}]}],"model":"m"})"},
  };
  for (const auto& one : cases) {
    const Content content = Chat(one.body);
    EXPECT_EQ(content.refusal.kind, K::kNone) << one.body << content.refusal.message;
    EXPECT_EQ(Apply(one.body, content.patches), one.patched) << one.body;
    const Content again = Chat(one.patched);
    EXPECT_EQ(again.refusal.kind, K::kNone) << one.patched;
    EXPECT_TRUE(again.patches.empty()) << one.patched;
  }
  // What is removed is scanned all the same: its text counts for the label.
  const std::string body = With(R"("user":"536-22-8145")");
  const Strings pieces = Pieces(body, Chat(body));
  EXPECT_NE(std::find(pieces.begin(), pieces.end(), "536-22-8145/"), pieces.end());
}

TEST(Chat, ContentIsReused) {
  Content content;
  Walk(Surface::kOpenAiChat, With(R"("user":"u","x":1,"logit_bias":{"1":1},"stream":true)"), content);
  ASSERT_FALSE(content.patches.empty());
  Walk(Surface::kOpenAiChat, "{}", content);
  EXPECT_EQ(content.refusal.field, "model");
  EXPECT_TRUE(content.patches.empty());
  EXPECT_EQ(content.unregistered, "");
  EXPECT_FALSE(content.unscanned);
  EXPECT_FALSE(content.stream);
  EXPECT_EQ(content.model_end, 0u);
  Walk(Surface::kOpenAiChat, With(R"("n":1)"), content);
  EXPECT_EQ(content.refusal.kind, K::kNone);
  EXPECT_EQ(content.refusal.message, "");
}

TEST(Chat, AllocatesNothingOnceWarm) {
  const std::string body = With(
      R"("user":"u","metadata":{"a":"b"},"stre\u0061m":true,"tools":[{"type":"function","function":{"name":"f",)"
      R"("parameters":{"type":"object","properties":{"é":{"type":"string"}}}}}])");
  Content content;
  Walk(Surface::kOpenAiChat, body, content);
  ASSERT_EQ(content.refusal.kind, K::kNone) << content.refusal.message;
  const size_t before = allocations;
  for (int i = 0; i < 10; ++i) Walk(Surface::kOpenAiChat, body, content);
  EXPECT_EQ(allocations, before);
}

Content Read(Surface surface, std::string_view body) {
  Content content;
  Walk(surface, body, content);
  return content;
}

struct SurfaceCase {
  Surface surface;
  std::string body;
  RefusalKind kind;
  const char* field;
  bool unscanned;
};

std::string Message(std::string_view block) {
  return R"({"model":"m","max_tokens":9,"messages":[{"role":"user","content":[)" + std::string(block) +
         "]}]}";
}
std::string Item(std::string_view item) { return R"({"model":"m","input":[)" + std::string(item) + "]}"; }
std::string OllamaMessage(std::string_view member) {
  return R"({"model":"m","messages":[{"role":"user","content":"hi",)" + std::string(member) + "}]}";
}

TEST(Surfaces, WhatActsIsRefusedAndWhatIsOpaqueIsSaid) {
  using enum Surface;
  const SurfaceCase cases[] = {
      // Token ids in place of text.
      {kOpenAiEmbeddings, R"({"model":"m","input":"hi"})", K::kNone, "", false},
      {kOpenAiEmbeddings, R"({"model":"m","input":["hi","there"]})", K::kNone, "", false},
      {kOpenAiEmbeddings, R"({"model":"m","input":[13084,22195]})", K::kNone, "", true},
      {kOpenAiEmbeddings, R"({"model":"m","input":[[13084],[22195]]})", K::kNone, "", true},
      {kOpenAiEmbeddings, R"({"model":"m","input":[true]})", K::kType, "input[0]", false},
      {kOpenAiEmbeddings, R"({"model":"m"})", K::kMissing, "input", false},
      {kOpenAiCompletions, R"({"model":"m","prompt":[1,2]})", K::kNone, "", true},
      {kOpenAiCompletions, R"({"model":"m","prompt":["a"],"suffix":"b"})", K::kNone, "", false},
      {kOllamaGenerate, R"({"model":"m","prompt":"a","context":[1,2]})", K::kNone, "", true},
      {kOllamaGenerate, R"({"model":"m","prompt":"a","context":[]})", K::kNone, "", false},
      // Pictures.
      {kOllamaGenerate, R"({"model":"m","prompt":"a","images":["iVBORw0K"]})", K::kNone, "", true},
      {kOllamaChat, OllamaMessage(R"("images":["iVBORw0K"])"), K::kNone, "", true},
      {kOpenAiResponses,
       Item(R"({"role":"user","content":[{"type":"input_image","image_url":"data:image/png;base64,AA"}]})"),
       K::kNone, "", true},
      {kOpenAiResponses,
       Item(R"({"role":"user","content":[{"type":"input_image","image_url":"https://a"}]})"), K::kFetch,
       "input[0].content[0].image_url", false},
      {kOpenAiResponses, Item(R"({"role":"user","content":[{"type":"input_file","file_url":"https://a"}]})"),
       K::kFetch, "input[0].content[0].file_url", false},
      {kOpenAiResponses, Item(R"({"role":"user","content":[{"type":"input_file","file_id":"f"}]})"),
       K::kStorage, "input[0].content[0].file_id", false},
      {kAnthropicMessages,
       Message(R"({"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA"}})"),
       K::kNone, "", true},
      {kAnthropicMessages,
       Message(R"({"type":"document","source":{"type":"text","media_type":"text/plain","data":"AA"}})"),
       K::kNone, "", false},
      {kAnthropicMessages, Message(R"({"type":"image","source":{"type":"url","url":"https://a"}})"),
       K::kFetch, "messages[0].content[0].source.type", false},
      {kAnthropicMessages, Message(R"({"type":"image","source":{"url":"https://a"}})"), K::kFetch,
       "messages[0].content[0].source.url", false},
      {kAnthropicMessages, Message(R"({"type":"document","source":{"data":"AA"}})"), K::kMissing,
       "messages[0].content[0].source.type", false},
      {kAnthropicMessages, Message(R"({"type":"document","source":{"type":"file","file_id":"f"}})"),
       K::kFetch, "messages[0].content[0].source.type", false},
      // Blocks in blocks.
      {kAnthropicMessages,
       Message(
           R"({"type":"tool_result","tool_use_id":"t","content":[{"type":"image","source":{"type":"base64","data":"AA"}}]})"),
       K::kNone, "", true},
      {kAnthropicMessages,
       Message(
           R"({"type":"tool_result","content":[{"type":"tool_result","content":[{"type":"web_search_result"}]}]})"),
       K::kTool, "messages[0].content[0].content[0].content[0].type", false},
      {kAnthropicMessages, R"({"model":"m","messages":[],"system":[{"type":"text","text":"a"}]})", K::kNone,
       "", false},
      {kAnthropicMessages, R"({"model":"m","messages":[],"system":[{"text":"a"}]})", K::kMissing,
       "system[0].type", false},
      // Ciphertext.
      {kAnthropicMessages, Message(R"({"type":"redacted_thinking","data":"AA"})"), K::kNone, "", true},
      {kAnthropicMessages, Message(R"({"type":"thinking","thinking":"a","signature":"AA"})"), K::kNone, "",
       true},
      {kAnthropicMessages, Message(R"({"type":"thinking","thinking":"a","signature":""})"), K::kNone, "",
       false},
      {kOpenAiResponses, Item(R"({"type":"reasoning","summary":[],"encrypted_content":"AA"})"), K::kNone, "",
       true},
      // Tools of the server.
      {kAnthropicMessages, R"({"model":"m","messages":[],"tools":[{"name":"a","input_schema":{}}]})",
       K::kNone, "", false},
      {kAnthropicMessages, R"({"model":"m","messages":[],"tools":[{"type":"bash_20250124","name":"bash"}]})",
       K::kNone, "", false},
      {kAnthropicMessages,
       R"({"model":"m","messages":[],"tools":[{"type":"web_search_20250305","name":"web_search"}]})",
       K::kTool, "tools[0].type", false},
      {kAnthropicCountTokens, R"({"model":"m","messages":[],"tools":[{"type":"code_execution_20250825"}]})",
       K::kTool, "tools[0].type", false},
      {kAnthropicMessages, R"({"model":"m","messages":[],"mcp_servers":[]})", K::kTool, "mcp_servers", false},
      {kAnthropicMessages, R"({"model":"m","messages":[],"container":"c"})", K::kStorage, "container", false},
      {kAnthropicMessages, R"({"model":"m","messages":[],"inference_geo":"us"})", K::kPlacement,
       "inference_geo", false},
      {kAnthropicMessages, R"({"model":"m","messages":[],"fallbacks":["a"]})", K::kPlacement, "fallbacks",
       false},
      {kAnthropicMessages, R"({"model":"m","messages":[],"speed":"fast"})", K::kPlacement, "speed", false},
      {kOpenAiResponses, R"({"model":"m","input":"a","tools":[{"type":"web_search"}]})", K::kTool,
       "tools[0].type", false},
      {kOpenAiResponses, R"({"model":"m","input":"a","tools":[{"type":"mcp","server_url":"https://a"}]})",
       K::kTool, "tools[0].type", false},
      {kOpenAiResponses,
       R"({"model":"m","input":"a","tools":[{"type":"namespace","tools":[{"type":"web_search"}]}]})",
       K::kTool, "tools[0].tools[0].type", false},
      {kOpenAiResponses, Item(R"({"type":"web_search_call","id":"w"})"), K::kTool, "input[0].type", false},
      {kOllamaChat, R"({"model":"m","messages":[],"tools":[{"type":"web_search"}]})", K::kTool,
       "tools[0].type", false},
      {kOllamaGenerate, R"({"model":"m","prompt":"a","template":"{{ .Prompt }}"})", K::kTool, "template",
       false},
      // State at the provider.
      {kOpenAiResponses, R"({"model":"m","input":"a","store":true})", K::kStorage, "store", false},
      {kOpenAiResponses, R"({"model":"m","input":"a","previous_response_id":"r"})", K::kStorage,
       "previous_response_id", false},
      {kOpenAiResponses, R"({"model":"m","input":"a","background":true})", K::kStorage, "background", false},
      {kOpenAiResponses, R"({"model":"m","input":"a","prompt":{"id":"p"}})", K::kStorage, "prompt", false},
      {kOpenAiResponses, Item(R"({"type":"item_reference","id":"i"})"), K::kTool, "input[0].type", false},
      // One surface's text field is nothing in another's body.
      {kOllamaChat, R"({"model":"m","messages":[],"think":"loud"})", K::kType, "think", false},
      {kOllamaChat, R"({"model":"m","messages":[],"think":true})", K::kNone, "", false},
  };
  for (const SurfaceCase& one : cases) {
    const Content content = Read(one.surface, one.body);
    EXPECT_EQ(content.refusal.kind, one.kind) << one.body << "\n  " << content.refusal.message;
    EXPECT_EQ(content.refusal.field, one.field) << one.body;
    EXPECT_EQ(content.unscanned, one.unscanned) << one.body;
    EXPECT_EQ(content.unregistered, "") << one.body;
  }
}

TEST(Surfaces, NothingIsKeptAtAProvider) {
  const struct {
    std::string body, patched;
  } cases[] = {
      {R"({"model":"m","input":"a"})", R"({"model":"m","input":"a","store":false})"},
      {R"({"model":"m","input":"a","user":"u"} )", R"({"model":"m","input":"a","store":false} )"},
      {R"({"user":"u","model":"m","input":"a"})", R"({"model":"m","input":"a","store":false})"},
      {R"({"store":null,"model":"m","input":"a"})", R"({"store":false,"model":"m","input":"a"})"},
      {R"({"store":false,"model":"m","input":"a"})", R"({"store":false,"model":"m","input":"a"})"},
      {R"({"model":"m","input":[{"role":"user","content":"a"}],"metadata":{"a":"b"},"stream":true})",
       R"({"model":"m","input":[{"role":"user","content":"a"}],"stream":true,"store":false})"},
  };
  for (const auto& one : cases) {
    const Content content = Read(Surface::kOpenAiResponses, one.body);
    EXPECT_EQ(content.refusal.kind, K::kNone) << one.body << content.refusal.message;
    EXPECT_EQ(Apply(one.body, content.patches), one.patched) << one.body;
    EXPECT_TRUE(Read(Surface::kOpenAiResponses, one.patched).patches.empty()) << one.patched;
  }
  const std::string cached =
      R"({"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}}]}],"cache_control":{"type":"ephemeral"}})";
  EXPECT_EQ(Apply(cached, Read(Surface::kAnthropicMessages, cached).patches),
            R"({"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"a"}]}]})");
}

TEST(Surfaces, FilesOfTextAreRead) {
  const auto unscanned = [](std::string_view url) {
    return Chat(WithPart(R"({"type":"image_url","image_url":{"url":")" + std::string(url) + "\"}}"))
        .unscanned;
  };
  EXPECT_FALSE(unscanned("data:text/plain;base64,c3NuIDUzNi0yMi04MTQ1"));
  EXPECT_FALSE(unscanned("DATA:text/csv;charset=utf-8;base64,c3NuIDUzNi0yMi04MTQ1"));
  EXPECT_FALSE(unscanned("data:,ssn%20536-22-8145"));
  EXPECT_FALSE(unscanned("data:application/json;base64,e30="));
  EXPECT_TRUE(unscanned("data:text/plain;charset=utf-7;base64,c3Nu"));
  EXPECT_TRUE(unscanned("data:text/plain;base64,AAEC")) << "no text";
  EXPECT_TRUE(unscanned("data:text/plain;base64,c3Nu IDUz")) << "no base64";
  EXPECT_TRUE(unscanned("data:text/plain;base64;x=1,c3Nu"));
  EXPECT_TRUE(unscanned("data:application/pdf;base64,c3Nu"));
  EXPECT_TRUE(unscanned("data:text/plain"));
}

TEST(Text, IsOnePiece) {
  Content content;
  const std::string text = "it's \"536-22-8145\" 夜";
  Walk(Surface::kText, text, content);
  ASSERT_EQ(content.pieces.size(), 1u);
  EXPECT_EQ(content.refusal.kind, K::kNone);
  EXPECT_EQ(content.pieces[0].begin, 0u);
  EXPECT_EQ(content.pieces[0].end, text.size());
  EXPECT_FALSE(content.pieces[0].json);
  EXPECT_TRUE(content.pieces[0].joins);
  Walk(Surface::kText, "a\xff", content);
  EXPECT_EQ(content.refusal.kind, K::kMalformed);
  Walk(Surface::kText, "", content);
  EXPECT_EQ(content.refusal.kind, K::kNone);
  EXPECT_TRUE(content.pieces.empty());
}

}  // namespace
}  // namespace hpol::surface
