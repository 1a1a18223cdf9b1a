// Ollama's chat and generate; the door is answers.h.
#include "adapters/demo/answer_forms.h"

namespace hpol::demo {
namespace {

constexpr const char* kDate = "2026-01-01T00:00:00Z";

void TakeOptions(const Json& request, Json& chat) {
  const Json options = request.value("options", Json::object());
  if (options.contains("num_predict")) chat["max_tokens"] = options["num_predict"];
  if (request.contains("format")) chat["response_format"] = {{"type", "json_object"}};
}

Json ToChat(const Json& request) {
  Json chat = {{"messages", Json::array()}};
  for (const Json& message : request.at("messages")) {
    chat["messages"].push_back(ChatMessage(message.value("role", "user"), message.value("content", "")));
  }
  if (request.contains("tools")) chat["tools"] = request["tools"];
  TakeOptions(request, chat);
  return chat;
}

Json Line(const Asked& asked, bool done) {
  return {{"model", asked.request.value("model", "")}, {"created_at", kDate}, {"done", done}};
}

void AddCounts(const Said& said, Json& line) {
  line["done_reason"] = said.finish == "length" ? "length" : "stop";
  line["total_duration"] = 1000;
  line["load_duration"] = 1;
  line["prompt_eval_count"] = said.prompt_tokens;
  line["prompt_eval_duration"] = 1;
  line["eval_count"] = said.answer_tokens;
  line["eval_duration"] = 1;
}

Json Calls(const Said& said) {
  Json calls = Json::array();
  for (const ToolCall& call : said.calls) {
    calls.push_back({{"function", {{"name", call.name}, {"arguments", Json::parse(call.arguments)}}}});
  }
  return calls;
}

// `put` writes one part of the text into a line.
template <typename Put>
Answer Write(const Asked& asked, const Said& said, const Put& put) {
  Answer answer;
  answer.stream = asked.request.value("stream", true);
  if (!answer.stream) {
    Json line = Line(asked, true);
    put(line, said.text(), true);
    AddCounts(said, line);
    answer.body = line.dump();
    return answer;
  }
  answer.content_type = "application/x-ndjson";
  const auto add = [&](const std::string& text, bool with_calls) {
    Json line = Line(asked, false);
    put(line, text, with_calls);
    answer.pieces.push_back(line.dump() + "\n");
  };
  for (const std::string& word : said.words) add(word, false);
  if (!said.calls.empty()) add("", true);
  Json last = Line(asked, true);
  put(last, "", false);
  AddCounts(said, last);
  answer.pieces.push_back(last.dump() + "\n");
  return answer;
}

}  // namespace

Answer AnswerOllamaChat(const Asked& asked) {
  const Said said = Say(asked.name, ToChat(asked.request));
  return Write(asked, said, [&](Json& line, const std::string& text, bool with_calls) {
    line["message"] = ChatMessage("assistant", text);
    if (with_calls && !said.calls.empty()) line["message"]["tool_calls"] = Calls(said);
  });
}

Answer AnswerOllamaGenerate(const Asked& asked) {
  Json chat = {{"messages", Json::array()}};
  if (asked.request.contains("system")) {
    chat["messages"].push_back(ChatMessage("system", asked.request.value("system", "")));
  }
  chat["messages"].push_back(ChatMessage("user", asked.request.value("prompt", "")));
  TakeOptions(asked.request, chat);
  return Write(asked, Say(asked.name, chat),
               [](Json& line, const std::string& text, bool) { line["response"] = text; });
}

}  // namespace hpol::demo
