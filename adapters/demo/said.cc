// The door is said.h.
#include "adapters/demo/said.h"

#include <algorithm>
#include <cctype>

namespace hpol::demo {
namespace {

bool ContainsIgnoringCase(std::string_view text, std::string_view word) {
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  return std::search(text.begin(), text.end(), word.begin(), word.end(),
                     [&](char a, char b) { return lower(a) == lower(b); }) != text.end();
}

// Arguments that fit a JSON schema's top-level properties.
std::string ArgumentsFor(const Json& function) {
  Json arguments = Json::object();
  const Json properties = function.value("parameters", Json::object()).value("properties", Json::object());
  for (const auto& [key, schema] : properties.items()) {
    const std::string type = schema.is_object() ? schema.value("type", "string") : "string";
    if (schema.is_object() && schema.contains("enum") && !schema["enum"].empty())
      arguments[key] = schema["enum"][0];
    else if (type == "number" || type == "integer")
      arguments[key] = 1;
    else if (type == "boolean")
      arguments[key] = true;
    else if (type == "array")
      arguments[key] = Json::array();
    else if (type == "object")
      arguments[key] = Json::object();
    else
      arguments[key] = "some " + key;
  }
  return arguments.dump();
}

std::vector<const Json*> FunctionsOf(const Json& request) {
  std::vector<const Json*> functions;
  const auto tools = request.find("tools");
  if (tools == request.end() || !tools->is_array()) return functions;
  for (const Json& tool : *tools)
    if (tool.is_object() && tool.value("type", "") == "function" && tool.contains("function"))
      functions.push_back(&tool["function"]);
  return functions;
}

// Which functions the "model" calls: those that the last user message or tool_choice names, or the
// first one when the message speaks of a tool. None after a tool result, so that a loop ends.
std::vector<ToolCall> ChooseCalls(const Json& request, const Json& last, std::string_view text) {
  const std::vector<const Json*> functions = FunctionsOf(request);
  const Json choice = request.value("tool_choice", Json("auto"));
  std::vector<ToolCall> calls;
  if (functions.empty() || choice == "none" || last.value("role", "") != "user") return calls;
  std::vector<const Json*> chosen;
  const std::string forced =
      choice.is_object() ? choice.value("function", Json::object()).value("name", "") : "";
  for (const Json* function : functions) {
    const std::string name = function->value("name", "");
    if (forced.empty() ? ContainsIgnoringCase(text, name) : name == forced) chosen.push_back(function);
  }
  if (chosen.empty() && (choice == "required" || ContainsIgnoringCase(text, "tool")))
    chosen.push_back(functions[0]);
  if (chosen.size() > 1 && !request.value("parallel_tool_calls", true)) chosen.resize(1);
  for (const Json* function : chosen)
    calls.push_back(
        {"call_" + std::to_string(calls.size() + 1), function->value("name", ""), ArgumentsFor(*function)});
  return calls;
}

void CutAtTokenLimit(const Json& request, Said& said) {
  for (const char* field : {"max_tokens", "max_completion_tokens"}) {
    const uint64_t limit = request.contains(field) && request[field].is_number_unsigned()
                               ? request[field].get<uint64_t>()
                               : said.words.size();
    if (limit >= said.words.size()) continue;
    said.words.resize(limit);
    said.finish = "length";
  }
}

size_t PromptTokens(const Json& request) {
  size_t tokens = 0;
  for (const Json& message : request["messages"]) tokens += SplitWords(TextOf(message)).size();
  return tokens;
}

size_t AnswerTokens(const Said& said) {
  size_t tokens = said.words.size();
  for (const ToolCall& call : said.calls) tokens += 1 + call.arguments.size() / 4;
  return tokens;
}

}  // namespace

std::string Said::text() const {
  std::string text;
  for (const std::string& word : words) text += word;
  return text;
}

// The text of a message: its string, or its parts, with `[type]` for a part that is not text.
std::string TextOf(const Json& message) {
  const auto content = message.find("content");
  if (content == message.end()) return {};
  if (content->is_string()) return content->get<std::string>();
  std::string text;
  if (!content->is_array()) return text;
  for (const Json& part : *content) {
    if (!part.is_object()) continue;
    const std::string type = part.value("type", "");
    if (!text.empty()) text += ' ';
    text += type == "text" || type == "input_text" || type == "output_text" ? part.value("text", "")
                                                                            : "[" + type + "]";
  }
  return text;
}

// Words with the space before them, so that joining them gives the text back.
std::vector<std::string> SplitWords(std::string_view text) {
  std::vector<std::string> words;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = text.find(' ', begin + 1);
    words.emplace_back(text.substr(begin, end == std::string_view::npos ? end : end - begin));
    begin = end == std::string_view::npos ? text.size() : end;
  }
  return words;
}

std::vector<std::string> Pieces(const std::string& arguments) {
  constexpr size_t kPiece = 5;
  std::vector<std::string> pieces;
  for (size_t at = 0; at < arguments.size(); at += kPiece) pieces.push_back(arguments.substr(at, kPiece));
  return pieces;
}

Said Say(std::string_view name, const Json& request) {
  const Json& messages = request.at("messages");
  const Json& last = messages.at(messages.size() - 1);  // throws when there is none
  const std::string text = TextOf(last);
  Said said;
  said.calls = ChooseCalls(request, last, text);
  said.finish = said.calls.empty() ? "stop" : "tool_calls";
  if (said.calls.empty()) {
    const std::string format = request.value("response_format", Json::object()).value("type", "text");
    said.words = SplitWords(format == "text" ? "Hello from " + std::string(name) + ". You wrote: " + text
                                             : Json{{"from", name}, {"text", text}}.dump());
    CutAtTokenLimit(request, said);
  }
  said.prompt_tokens = PromptTokens(request);
  said.answer_tokens = AnswerTokens(said);
  return said;
}

}  // namespace hpol::demo
