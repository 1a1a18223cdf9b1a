// OpenAI's responses; the door is answers.h.
#include "adapters/demo/answer_forms.h"

namespace hpol::demo {
namespace {

Json ToChat(const Json& request) {
  Json chat = {{"model", request.value("model", "")}, {"messages", Json::array()}};
  Json& messages = chat["messages"];
  if (request.contains("instructions") && request["instructions"].is_string()) {
    messages.push_back(ChatMessage("system", request.value("instructions", "")));
  }
  const Json& input = request.at("input");
  if (input.is_string()) messages.push_back(ChatMessage("user", input.get<std::string>()));
  for (const Json& item : input.is_array() ? input : Json::array()) {
    const std::string type = item.value("type", "message");
    if (type == "message") {
      messages.push_back(ChatMessage(item.value("role", "user"), TextOf(item)));
    } else if (type == "function_call_output") {
      messages.push_back(ChatMessage("tool", TextOf(Json{{"content", item.at("output")}})));
    }
  }
  for (const Json& tool : request.value("tools", Json::array())) {
    if (tool.value("type", "") != "function") continue;
    chat["tools"].push_back(ChatTool(tool.value("name", ""), tool.value("description", Json("")),
                                     tool.value("parameters", Json::object())));
  }
  if (request.value("tool_choice", Json("auto")).is_string()) {
    chat["tool_choice"] = request.value("tool_choice", "auto");
  }
  if (request.contains("max_output_tokens")) chat["max_tokens"] = request["max_output_tokens"];
  const Json format = request.value("text", Json::object()).value("format", Json::object());
  if (format.value("type", "text") != "text") chat["response_format"] = format;
  return chat;
}

// Builds the response and, on the way, the events that a stream of it has.
class Writer {
 public:
  Writer(const Asked& asked, const Said& said) : said_(said) {
    response_ = {{"id", "resp_" + std::string(asked.name) + std::to_string(asked.id)},
                 {"object", "response"},
                 {"created_at", 1767225600},
                 {"status", "in_progress"},
                 {"error", nullptr},
                 {"incomplete_details", nullptr},
                 {"instructions", nullptr},
                 {"metadata", Json::object()},
                 {"model", asked.request.value("model", "")},
                 {"output", Json::array()},
                 {"parallel_tool_calls", true},
                 {"temperature", 1},
                 {"tool_choice", "auto"},
                 {"tools", Json::array()},
                 {"top_p", 1}};
  }

  void Write() {
    Add("response.created", {{"response", response_}});
    Add("response.in_progress", {{"response", response_}});
    if (said_.calls.empty()) Message();
    for (const ToolCall& call : said_.calls) Call(call);
    response_["status"] = said_.finish == "length" ? "incomplete" : "completed";
    if (said_.finish == "length") response_["incomplete_details"] = {{"reason", "max_output_tokens"}};
    response_["usage"] = {{"input_tokens", said_.prompt_tokens},
                          {"input_tokens_details", {{"cached_tokens", 0}}},
                          {"output_tokens", said_.answer_tokens},
                          {"output_tokens_details", {{"reasoning_tokens", 0}}},
                          {"total_tokens", said_.prompt_tokens + said_.answer_tokens}};
    Add(said_.finish == "length" ? "response.incomplete" : "response.completed", {{"response", response_}});
  }

  std::string body() const { return response_.dump(); }
  std::vector<std::string>& events() { return events_; }

 private:
  void Add(const std::string& type, const Json& members) {
    Json event = {{"type", type}, {"sequence_number", events_.size()}};
    event.update(members);
    events_.push_back(SseEvent(type, event));
  }

  void Message() {
    const size_t index = response_["output"].size();
    const std::string id = "msg_" + std::to_string(index);
    Json item = {{"id", id},
                 {"type", "message"},
                 {"status", "in_progress"},
                 {"role", "assistant"},
                 {"content", Json::array()}};
    Add("response.output_item.added", {{"output_index", index}, {"item", item}});
    const Json at = {{"item_id", id}, {"output_index", index}, {"content_index", 0}};
    const auto with = [&](const Json& members) {
      Json all = at;
      all.update(members);
      return all;
    };
    Json part = {{"type", "output_text"}, {"text", ""}, {"annotations", Json::array()}};
    Add("response.content_part.added", with({{"part", part}}));
    for (const std::string& word : said_.words) {
      Add("response.output_text.delta", with({{"delta", word}, {"logprobs", Json::array()}}));
    }
    part["text"] = said_.text();
    Add("response.output_text.done", with({{"text", said_.text()}, {"logprobs", Json::array()}}));
    Add("response.content_part.done", with({{"part", part}}));
    item["status"] = "completed";
    item["content"].push_back(part);
    Add("response.output_item.done", {{"output_index", index}, {"item", item}});
    response_["output"].push_back(item);
  }

  void Call(const ToolCall& call) {
    const size_t index = response_["output"].size();
    const std::string id = "fc_" + call.id;
    Json item = {{"id", id},           {"type", "function_call"}, {"status", "in_progress"},
                 {"call_id", call.id}, {"name", call.name},       {"arguments", ""}};
    Add("response.output_item.added", {{"output_index", index}, {"item", item}});
    for (const std::string& piece : Pieces(call.arguments)) {
      Add("response.function_call_arguments.delta",
          {{"item_id", id}, {"output_index", index}, {"delta", piece}});
    }
    Add("response.function_call_arguments.done",
        {{"item_id", id}, {"output_index", index}, {"name", call.name}, {"arguments", call.arguments}});
    item["status"] = "completed";
    item["arguments"] = call.arguments;
    Add("response.output_item.done", {{"output_index", index}, {"item", item}});
    response_["output"].push_back(item);
  }

  const Said& said_;
  Json response_;
  std::vector<std::string> events_;
};

}  // namespace

Answer AnswerResponses(const Asked& asked) {
  const Said said = Say(asked.name, ToChat(asked.request));
  Writer writer(asked, said);
  writer.Write();
  Answer answer;
  answer.stream = asked.request.value("stream", false);
  if (answer.stream) {
    answer.pieces = std::move(writer.events());
  } else {
    answer.body = writer.body();
  }
  return answer;
}

}  // namespace hpol::demo
