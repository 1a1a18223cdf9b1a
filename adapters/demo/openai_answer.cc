// Answers of the demo's model servers; see openai_answer.h.
#include "adapters/demo/openai_answer.h"

#include <algorithm>
#include <cctype>
#include <ctime>
#include <nlohmann/json.hpp>

namespace hpol::demo {
namespace {

using Json = nlohmann::ordered_json;

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
    text += type == "text" ? part.value("text", "") : "[" + type + "]";
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

struct ToolCall {
  std::string id, name, arguments;
};

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

// What the model says, before it is put into one of the two forms.
struct Reply {
  std::string model, id;
  std::time_t created = 0;
  uint64_t choices = 1;
  std::vector<std::string> words;
  std::vector<ToolCall> calls;
  std::string finish;
  bool include_usage = false;
  Json usage;
};

Json Envelope(const Reply& reply, const char* object) {
  return {{"id", reply.id},
          {"object", object},
          {"created", reply.created},
          {"model", reply.model},
          {"system_fingerprint", "fp_demo"}};
}

std::string JoinedWords(const Reply& reply) {
  std::string text;
  for (const std::string& word : reply.words) text += word;
  return text;
}

std::string AsBody(const Reply& reply) {
  Json message = {{"role", "assistant"}, {"content", nullptr}, {"refusal", nullptr}};
  if (reply.calls.empty()) message["content"] = JoinedWords(reply);
  for (const ToolCall& call : reply.calls)
    message["tool_calls"].push_back({{"id", call.id},
                                     {"type", "function"},
                                     {"function", {{"name", call.name}, {"arguments", call.arguments}}}});
  Json body = Envelope(reply, "chat.completion");
  for (uint64_t i = 0; i < reply.choices; ++i)
    body["choices"].push_back(
        {{"index", i}, {"message", message}, {"logprobs", nullptr}, {"finish_reason", reply.finish}});
  body["usage"] = reply.usage;
  return body.dump();
}

// One member. (nlohmann reads a braced pair as an array where one value is expected.)
Json Member(const char* key, Json value) {
  Json object = Json::object();
  object[key] = std::move(value);
  return object;
}

// Writes chunks in the order of a real server: role, content or tool deltas, finish, usage, [DONE].
class ChunkWriter {
 public:
  explicit ChunkWriter(const Reply& reply) : reply_(reply) {}

  std::vector<std::string> Write() {
    ForEachChoice({{"role", "assistant"}, {"content", reply_.calls.empty() ? Json("") : Json(nullptr)}});
    for (const std::string& word : reply_.words)
      if (reply_.calls.empty()) ForEachChoice(Member("content", word));
    for (size_t i = 0; i < reply_.calls.size(); ++i) WriteCall(i, reply_.calls[i]);
    ForEachChoice(Json::object(), reply_.finish);
    if (reply_.include_usage) {
      Json chunk = Envelope(reply_, "chat.completion.chunk");
      chunk["choices"] = Json::array();
      chunk["usage"] = reply_.usage;
      events_.push_back(chunk.dump());
    }
    events_.emplace_back("[DONE]");
    return std::move(events_);
  }

 private:
  // The name and id come first, then the arguments in pieces of a few bytes, as real models send them.
  void WriteCall(size_t index, const ToolCall& call) {
    const Json opening = {{"index", index},
                          {"id", call.id},
                          {"type", "function"},
                          {"function", {{"name", call.name}, {"arguments", ""}}}};
    ForEachChoice(Member("tool_calls", Json::array({opening})));
    constexpr size_t kPiece = 5;
    for (size_t at = 0; at < call.arguments.size(); at += kPiece) {
      const Json more = {{"index", index}, {"function", {{"arguments", call.arguments.substr(at, kPiece)}}}};
      ForEachChoice(Member("tool_calls", Json::array({more})));
    }
  }

  void ForEachChoice(const Json& delta, const Json& finish = nullptr) {
    for (uint64_t i = 0; i < reply_.choices; ++i) {
      Json chunk = Envelope(reply_, "chat.completion.chunk");
      chunk["choices"].push_back(
          {{"index", i}, {"delta", delta}, {"logprobs", nullptr}, {"finish_reason", finish}});
      if (reply_.include_usage) chunk["usage"] = nullptr;
      events_.push_back(chunk.dump());
    }
  }

  const Reply& reply_;
  std::vector<std::string> events_;
};

ChatAnswer Refuse(unsigned status, std::string_view message, std::string_view code = {}) {
  ChatAnswer answer;
  answer.status = status;
  answer.body = ErrorBody(message, "invalid_request_error", code);
  return answer;
}

void CutAtTokenLimit(const Json& request, Reply& reply) {
  for (const char* field : {"max_tokens", "max_completion_tokens"}) {
    const uint64_t limit = request.contains(field) && request[field].is_number_unsigned()
                               ? request[field].get<uint64_t>()
                               : reply.words.size();
    if (limit >= reply.words.size()) continue;
    reply.words.resize(limit);
    reply.finish = "length";
  }
}

// Words stand for tokens.
Json UsageOf(const Json& request, const Reply& reply) {
  size_t prompt = 0;
  for (const Json& message : request["messages"]) prompt += SplitWords(TextOf(message)).size();
  size_t answer = reply.words.size();
  for (const ToolCall& call : reply.calls) answer += 1 + call.arguments.size() / 4;
  answer *= reply.choices;
  return {{"prompt_tokens", prompt}, {"completion_tokens", answer}, {"total_tokens", prompt + answer}};
}

Reply MakeReply(std::string_view name, const Json& request, uint64_t id) {
  const Json& last = request["messages"].back();
  const std::string text = TextOf(last);
  Reply reply;
  reply.model = request.value("model", "");
  reply.id = "chatcmpl-" + std::string(name) + "-" + std::to_string(id);
  reply.created = std::time(nullptr);
  reply.choices = request.value("n", uint64_t{1});
  reply.calls = ChooseCalls(request, last, text);
  reply.finish = reply.calls.empty() ? "stop" : "tool_calls";
  if (reply.calls.empty()) {
    const std::string format = request.value("response_format", Json::object()).value("type", "text");
    reply.words = SplitWords(format == "text" ? "Hello from " + std::string(name) + ". You wrote: " + text
                                              : Json{{"from", name}, {"text", text}}.dump());
    CutAtTokenLimit(request, reply);
  }
  reply.include_usage = request.value("stream_options", Json::object()).value("include_usage", false);
  reply.usage = UsageOf(request, reply);
  return reply;
}

bool IsMessage(const Json& message) {
  return message.is_object() && message.contains("role") && message["role"].is_string();
}

bool IsChatRequest(const Json& request) {
  if (!request.is_object() || !request.contains("messages")) return false;
  const Json& messages = request["messages"];
  return messages.is_array() && !messages.empty() && std::all_of(messages.begin(), messages.end(), IsMessage);
}

}  // namespace

std::string ErrorBody(std::string_view message, std::string_view type, std::string_view code) {
  return Json{{"error",
               {{"message", message},
                {"type", type},
                {"param", nullptr},
                {"code", code.empty() ? Json(nullptr) : Json(code)}}}}
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string ModelList(std::string_view name, const std::vector<std::string>& models) {
  Json list = {{"object", "list"}, {"data", Json::array()}};
  for (const std::string& model : models)
    list["data"].push_back({{"id", model}, {"object", "model"}, {"created", 0}, {"owned_by", name}});
  return list.dump();
}

ChatAnswer AnswerChat(std::string_view name, const std::vector<std::string>& models, std::string_view body,
                      uint64_t id) {
  // nlohmann reports a wrong type inside a request by throwing; it stops here.
  try {
    const Json request = Json::parse(body, nullptr, /*allow_exceptions=*/false);
    if (!IsChatRequest(request)) return Refuse(400, "`messages` must be a non-empty array of messages");
    const std::string model = request.value("model", "");
    if (!models.empty() && std::find(models.begin(), models.end(), model) == models.end())
      return Refuse(404, "The model `" + model + "` does not exist.", "model_not_found");
    const uint64_t choices = request.value("n", uint64_t{1});
    if (choices < 1 || choices > 16) return Refuse(400, "`n` must be between 1 and 16");
    const Reply reply = MakeReply(name, request, id);
    ChatAnswer answer;
    answer.stream = request.value("stream", false);
    if (answer.stream)
      answer.events = ChunkWriter(reply).Write();
    else
      answer.body = AsBody(reply);
    return answer;
  } catch (const nlohmann::json::exception&) {
    return Refuse(400, "a field of the request has the wrong type");
  }
}

}  // namespace hpol::demo
