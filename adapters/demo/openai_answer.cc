// Answers of the demo's model servers; see openai_answer.h.
#include "adapters/demo/openai_answer.h"

#include <algorithm>
#include <ctime>

#include "adapters/demo/said.h"

namespace hpol::demo {
namespace {

// What the model says, and how this API calls it.
struct Reply {
  std::string model, id;
  std::time_t created = 0;
  uint64_t choices = 1;
  Said said;
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

std::string AsBody(const Reply& reply) {
  Json message = {{"role", "assistant"}, {"content", nullptr}, {"refusal", nullptr}};
  if (reply.said.calls.empty()) message["content"] = reply.said.text();
  for (const ToolCall& call : reply.said.calls)
    message["tool_calls"].push_back({{"id", call.id},
                                     {"type", "function"},
                                     {"function", {{"name", call.name}, {"arguments", call.arguments}}}});
  Json body = Envelope(reply, "chat.completion");
  for (uint64_t i = 0; i < reply.choices; ++i)
    body["choices"].push_back(
        {{"index", i}, {"message", message}, {"logprobs", nullptr}, {"finish_reason", reply.said.finish}});
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
    ForEachChoice({{"role", "assistant"}, {"content", reply_.said.calls.empty() ? Json("") : Json(nullptr)}});
    for (const std::string& word : reply_.said.words)
      if (reply_.said.calls.empty()) ForEachChoice(Member("content", word));
    for (size_t i = 0; i < reply_.said.calls.size(); ++i) WriteCall(i, reply_.said.calls[i]);
    ForEachChoice(Json::object(), reply_.said.finish);
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
    for (const std::string& piece : Pieces(call.arguments)) {
      const Json more = {{"index", index}, {"function", {{"arguments", piece}}}};
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

Reply MakeReply(std::string_view name, const Json& request, uint64_t id) {
  Reply reply;
  reply.model = request.value("model", "");
  reply.id = "chatcmpl-" + std::string(name) + "-" + std::to_string(id);
  reply.created = std::time(nullptr);
  reply.choices = request.value("n", uint64_t{1});
  reply.said = Say(name, request);
  reply.include_usage = request.value("stream_options", Json::object()).value("include_usage", false);
  const size_t answer = reply.said.answer_tokens * reply.choices;
  reply.usage = {{"prompt_tokens", reply.said.prompt_tokens},
                 {"completion_tokens", answer},
                 {"total_tokens", reply.said.prompt_tokens + answer}};
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
