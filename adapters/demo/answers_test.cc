#include "adapters/demo/answers.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace hpol::demo {
namespace {

using nlohmann::json;

Answer Ask(std::string_view path, const std::string& body) {
  return AnswerRequest(path, "qwen", {"m"}, body, 7);
}

// The JSON in each piece of a stream.
std::vector<json> Events(const Answer& answer) {
  std::vector<json> events;
  for (const std::string& piece : answer.pieces) {
    const size_t at = piece.find('{');
    if (at != std::string::npos) events.push_back(json::parse(piece.substr(at)));
  }
  return events;
}

// All strings found under `pointer` in the events, joined.
std::string Joined(const Answer& answer, const char* pointer) {
  std::string text;
  for (const json& event : Events(answer)) {
    const json::json_pointer at(pointer);
    if (event.contains(at) && event[at].is_string()) text += event[at].get<std::string>();
  }
  return text;
}

constexpr char kText[] = "Hello from qwen. You wrote: hi there";

struct Form {
  const char* path;
  std::string members;   // of the request, beside model and stream
  const char* whole;     // where the text stands in a whole answer
  const char* streamed;  // and in the events of a stream
};
const Form kForms[] = {
    {"/v1/chat/completions", R"("messages":[{"role":"user","content":"hi there"}])",
     "/choices/0/message/content", "/choices/0/delta/content"},
    {"/v1/responses", R"("input":"hi there")", "/output/0/content/0/text", "/delta"},
    {"/v1/responses", R"("input":[{"role":"user","content":[{"type":"input_text","text":"hi there"}]}])",
     "/output/0/content/0/text", "/delta"},
    {"/v1/completions", R"("prompt":"hi there")", "/choices/0/text", "/choices/0/text"},
    {"/v1/messages",
     R"("max_tokens":99,"messages":[{"role":"user","content":[{"type":"text","text":"hi there"}]}])",
     "/content/0/text", "/delta/text"},
    {"/api/chat", R"("messages":[{"role":"user","content":"hi there"}])", "/message/content",
     "/message/content"},
    {"/api/generate", R"("prompt":"hi there")", "/response", "/response"},
};

TEST(Answers, SayTheSameInEveryForm) {
  for (const Form& form : kForms) {
    const Answer whole = Ask(form.path, R"({"model":"m","stream":false,)" + form.members + "}");
    ASSERT_EQ(whole.status, 200u) << form.path << whole.body;
    EXPECT_EQ(json::parse(whole.body)[json::json_pointer(form.whole)], kText) << form.path;
    const Answer stream = Ask(form.path, R"({"model":"m","stream":true,)" + form.members + "}");
    ASSERT_TRUE(stream.stream) << form.path;
    EXPECT_EQ(Joined(stream, form.streamed), kText) << form.path;
    EXPECT_GT(stream.pieces.size(), 5u);
  }
  EXPECT_TRUE(Ask("/api/generate", R"({"model":"m","prompt":"a"})").stream)
      << "Ollama streams unless told not to";
}

TEST(Answers, CallToolsInEveryForm) {
  const std::string schema = R"({"type":"object","properties":{"city":{"type":"string"}}})";
  const Answer responses = Ask("/v1/responses", R"({"model":"m","stream":true,"input":"use a tool","tools":[)"
                                                R"({"type":"function","name":"weather","parameters":)" +
                                                    schema + "}]}");
  EXPECT_EQ(Joined(responses, "/delta"), R"({"city":"some city"})");
  const Answer messages =
      Ask("/v1/messages", R"({"model":"m","stream":true,"messages":[{"role":"user","content":)"
                          R"("use a tool"}],"tools":[{"name":"weather","input_schema":)" +
                              schema + "}]}");
  EXPECT_EQ(Joined(messages, "/delta/partial_json"), R"({"city":"some city"})");
  EXPECT_EQ(Joined(messages, "/delta/stop_reason"), "tool_use");
  const Answer ollama =
      Ask("/api/chat", R"({"model":"m","stream":false,"messages":[{"role":"user","content":)"
                       R"("use a tool"}],"tools":[{"type":"function","function":{"name":"weather",)"
                       R"("parameters":)" +
                           schema + "}}]}");
  EXPECT_EQ(json::parse(ollama.body)["message"]["tool_calls"][0]["function"]["arguments"]["city"],
            "some city");
}

TEST(Answers, EmbedTextsAndCountTokens) {
  const json vectors = json::parse(Ask("/v1/embeddings", R"({"model":"m","input":["a","b c"]})").body);
  EXPECT_EQ(vectors["data"].size(), 2u);
  EXPECT_EQ(vectors["data"][1]["embedding"].size(), 8u);
  const json base64 =
      json::parse(Ask("/v1/embeddings", R"({"model":"m","input":[1,2],"encoding_format":"base64"})").body);
  EXPECT_EQ(base64["data"][0]["embedding"].get<std::string>().size(), 44u);
  EXPECT_EQ(json::parse(Ask("/api/embed", R"({"model":"m","input":"a"})").body)["embeddings"].size(), 1u);
  EXPECT_EQ(json::parse(Ask("/v1/messages/count_tokens",
                            R"({"model":"m","messages":[{"role":"user","content":"a b c"}]})")
                            .body)["input_tokens"],
            3);
}

TEST(Answers, RefuseWhatIsNoRequest) {
  EXPECT_EQ(Ask("/v1/responses", "[]").status, 400u);
  EXPECT_EQ(Ask("/v1/responses", R"({"model":"m"})").status, 400u);
  EXPECT_EQ(Ask("/api/chat", R"({"model":"m","messages":[]})").status, 400u);
  EXPECT_EQ(Ask("/v1/messages", R"({"model":"m","messages":[{"role":"user","content":5}]})").status, 400u);
  EXPECT_EQ(Ask("/api/chat", R"({"model":"other","messages":[]})").status, 404u);
  EXPECT_EQ(Ask("/v1/files", "{}").status, 404u);
  EXPECT_FALSE(IsModelPath("/v1/models"));
}

}  // namespace
}  // namespace hpol::demo
