// Anthropic's messages and count_tokens; the door is answers.h.
#include "adapters/demo/answer_forms.h"

namespace hpol::demo {
namespace {

// Text of blocks; a tool's result is what its tool said.
std::string BlockText(const Json& content) {
  if (content.is_string()) return content.get<std::string>();
  std::string text;
  for (const Json& block : content) {
    const std::string type = block.value("type", "");
    if (!text.empty()) text += ' ';
    if (type == "text") {
      text += block.value("text", "");
    } else if (type == "tool_result") {
      text += BlockText(block.value("content", Json("")));
    } else {
      text += "[" + type + "]";
    }
  }
  return text;
}

bool IsToolResult(const Json& content) {
  return content.is_array() && !content.empty() && content.back().value("type", "") == "tool_result";
}

Json ToChat(const Json& request) {
  Json chat = {{"model", request.value("model", "")}, {"messages", Json::array()}};
  if (request.contains("system")) {
    chat["messages"].push_back(ChatMessage("system", BlockText(request["system"])));
  }
  for (const Json& message : request.at("messages")) {
    const Json& content = message.at("content");
    const std::string role = IsToolResult(content) ? "tool" : message.value("role", "user");
    chat["messages"].push_back(ChatMessage(role, BlockText(content)));
  }
  if (request.contains("max_tokens")) chat["max_tokens"] = request["max_tokens"];
  for (const Json& tool : request.value("tools", Json::array())) {
    chat["tools"].push_back(ChatTool(tool.value("name", ""), tool.value("description", ""),
                                     tool.value("input_schema", Json::object())));
  }
  const Json choice = request.value("tool_choice", Json::object());
  if (choice.value("type", "auto") == "any") chat["tool_choice"] = "required";
  if (choice.value("type", "auto") == "none") chat["tool_choice"] = "none";
  if (request.value("output_config", Json::object()).contains("format")) {
    chat["response_format"] = {{"type", "json_schema"}};
  }
  return chat;
}

std::string StopReason(const Said& said) {
  return said.finish == "tool_calls" ? "tool_use" : said.finish == "length" ? "max_tokens" : "end_turn";
}

Json Envelope(const Asked& asked, const Said& said) {
  return {{"id", "msg_" + std::string(asked.name) + "_" + std::to_string(asked.id)},
          {"type", "message"},
          {"role", "assistant"},
          {"model", asked.request.value("model", "")},
          {"content", Json::array()},
          {"stop_reason", nullptr},
          {"stop_sequence", nullptr},
          {"usage", {{"input_tokens", said.prompt_tokens}, {"output_tokens", 1}}}};
}

Json ToolUse(const ToolCall& call, const Json& input) {
  return {{"type", "tool_use"}, {"id", call.id}, {"name", call.name}, {"input", input}};
}

std::string Whole(const Asked& asked, const Said& said) {
  Json body = Envelope(asked, said);
  if (said.calls.empty()) body["content"].push_back({{"type", "text"}, {"text", said.text()}});
  for (const ToolCall& call : said.calls)
    body["content"].push_back(ToolUse(call, Json::parse(call.arguments)));
  body["stop_reason"] = StopReason(said);
  body["usage"]["output_tokens"] = said.answer_tokens;
  return body.dump();
}

class StreamWriter {
 public:
  StreamWriter(const Asked& asked, const Said& said) : asked_(asked), said_(said) {}

  std::vector<std::string> Write() {
    Add("message_start", {{"message", Envelope(asked_, said_)}});
    Add("ping", Json::object());
    if (said_.calls.empty()) Block(0, {{"type", "text"}, {"text", ""}}, "text_delta", "text", said_.words);
    for (size_t i = 0; i < said_.calls.size(); ++i) {
      const ToolCall& call = said_.calls[i];
      Block(i, ToolUse(call, Json::object()), "input_json_delta", "partial_json", Pieces(call.arguments));
    }
    Add("message_delta", {{"delta", {{"stop_reason", StopReason(said_)}, {"stop_sequence", nullptr}}},
                          {"usage", {{"output_tokens", said_.answer_tokens}}}});
    Add("message_stop", Json::object());
    return std::move(events_);
  }

 private:
  void Add(const char* type, const Json& members) {
    Json event = {{"type", type}};
    event.update(members);
    events_.push_back(SseEvent(type, event));
  }

  void Block(size_t index, const Json& opening, const char* delta, const char* member,
             const std::vector<std::string>& pieces) {
    Add("content_block_start", {{"index", index}, {"content_block", opening}});
    for (const std::string& piece : pieces) {
      Json inside = {{"type", delta}};
      inside[member] = piece;
      Add("content_block_delta", {{"index", index}, {"delta", inside}});
    }
    Add("content_block_stop", Json{{"index", index}});
  }

  const Asked& asked_;
  const Said& said_;
  std::vector<std::string> events_;
};

}  // namespace

Answer AnswerMessages(const Asked& asked) {
  const Said said = Say(asked.name, ToChat(asked.request));
  Answer answer;
  answer.stream = asked.request.value("stream", false);
  if (answer.stream) {
    answer.pieces = StreamWriter(asked, said).Write();
  } else {
    answer.body = Whole(asked, said);
  }
  return answer;
}

Answer AnswerCountTokens(const Asked& asked) {
  Answer answer;
  answer.body = Json{{"input_tokens", Say(asked.name, ToChat(asked.request)).prompt_tokens}}.dump();
  return answer;
}

}  // namespace hpol::demo
