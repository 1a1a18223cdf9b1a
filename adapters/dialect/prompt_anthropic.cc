// Prompts of Anthropic's Messages API, both ways.
#include "adapters/dialect/prompt.h"

namespace hpol::dialect {
namespace {

// The API wants a limit; this is what its own examples and most clients name.
constexpr int64_t kDefaultMaxTokens = 4096;

std::string TextOf(const Json* content, const std::string& path) {
  if (content == nullptr) return {};
  if (content->is_string()) return content->get<std::string>();
  std::string text;
  for (size_t i = 0; i < content->size(); ++i) {
    Members block((*content)[i], path + "[" + std::to_string(i) + "]");
    if (block.Text("type") != "text") throw Unsupported{block.Path("type")};
    text = JoinText(text, block.Text("text"));
    block.Drop({"cache_control", "citations"});
    block.RefuseOthers();
  }
  return text;
}

Part ReadImage(Members& block) {
  Members source(block.Need("source"), block.Path("source"));
  if (source.Text("type") != "base64") throw Unsupported{source.Path("type")};
  Part part{Part::Kind::kImage, source.Text("data"), "", source.Text("media_type")};
  source.RefuseOthers();
  return part;
}

void ReadBlock(const Json& value, const std::string& path, std::vector<Part>& parts) {
  Members block(value, path);
  const std::string type = block.Text("type");
  if (type == "text") {
    parts.push_back(TextPart(block.Text("text")));
  } else if (type == "image") {
    parts.push_back(ReadImage(block));
  } else if (type == "tool_use") {
    parts.push_back(
        {Part::Kind::kToolCall, block.Need("input").dump(), block.Text("id"), block.Text("name")});
  } else if (type == "tool_result") {
    const bool failed = block.Find("is_error") != nullptr && block.Need("is_error").get<bool>();
    parts.push_back({Part::Kind::kToolResult, TextOf(block.Find("content"), block.Path("content")),
                     block.Text("tool_use_id"), "", failed});
  } else if (type == "thinking" || type == "redacted_thinking") {
    return;  // of an earlier turn, signed for the model that thought it
  } else {
    throw Unsupported{block.Path("type")};
  }
  block.Drop({"cache_control", "citations"});
  block.RefuseOthers();
}

void ReadMessage(const Json& value, const std::string& path, std::vector<Message>& messages) {
  Members message(value, path);
  const std::string role = message.Text("role");
  if (role != "user" && role != "assistant") throw Unsupported{message.Path("role")};
  Message read{role == "user" ? Role::kUser : Role::kAssistant, {}};
  const Json& content = message.Need("content");
  if (content.is_string()) {
    read.parts.push_back(TextPart(content.get<std::string>()));
  } else {
    for (size_t i = 0; i < content.size(); ++i) {
      ReadBlock(content[i], message.Path("content") + "[" + std::to_string(i) + "]", read.parts);
    }
  }
  message.RefuseOthers();
  if (!read.parts.empty()) messages.push_back(std::move(read));
}

void ReadTools(const Json* tools, std::vector<Tool>& read) {
  if (tools == nullptr) return;
  for (size_t i = 0; i < tools->size(); ++i) {
    Members tool((*tools)[i], "tools[" + std::to_string(i) + "]");
    const std::string type = tool.Text("type");
    if (!type.empty() && type != "custom") throw Unsupported{tool.Path("type")};
    read.push_back({tool.Text("name"), tool.Text("description"), tool.Need("input_schema")});
    tool.Drop({"cache_control", "strict"});
    tool.RefuseOthers();
  }
}

void ReadToolChoice(const Json* choice, Prompt& prompt) {
  if (choice == nullptr) return;
  Members members(*choice, "tool_choice");
  const std::string type = members.Text("type");
  prompt.tool_name = members.Text("name");
  if (const Json* const single = members.Find("disable_parallel_tool_use")) {
    prompt.parallel_tools = !single->get<bool>();
  }
  members.RefuseOthers();
  if (type == "auto") {
    prompt.tool_use = ToolUse::kAuto;
  } else if (type == "none") {
    prompt.tool_use = ToolUse::kNone;
  } else if (type == "any") {
    prompt.tool_use = ToolUse::kRequired;
  } else if (type == "tool") {
    prompt.tool_use = ToolUse::kNamed;
  } else {
    throw Unsupported{"tool_choice.type"};
  }
}

Json WriteBlock(const Part& part) {
  switch (part.kind) {
    case Part::Kind::kText:
      return {{"type", "text"}, {"text", part.text}};
    case Part::Kind::kImage:
      return {{"type", "image"},
              {"source", {{"type", "base64"}, {"media_type", part.name}, {"data", part.text}}}};
    case Part::Kind::kToolCall:
      return {{"type", "tool_use"}, {"id", part.id}, {"name", part.name}, {"input", Arguments(part)}};
    case Part::Kind::kToolResult: {
      Json result = {{"type", "tool_result"}, {"tool_use_id", part.id}, {"content", part.text}};
      if (part.failed) result["is_error"] = true;
      return result;
    }
  }
  return nullptr;
}

void WriteToolChoice(const Prompt& prompt, Json& body) {
  if (!prompt.tool_use && !prompt.parallel_tools) return;
  constexpr const char* kWords[] = {"auto", "none", "any", "tool"};
  const ToolUse use = prompt.tool_use.value_or(ToolUse::kAuto);
  Json choice = {{"type", kWords[static_cast<size_t>(use)]}};
  if (use == ToolUse::kNamed) choice["name"] = prompt.tool_name;
  if (prompt.parallel_tools == false && use != ToolUse::kNone) choice["disable_parallel_tool_use"] = true;
  body["tool_choice"] = std::move(choice);
}

}  // namespace

Prompt ReadAnthropic(const Json& value) {
  Prompt prompt;
  Members body(value, "");
  if (const std::string system = TextOf(body.Find("system"), "system"); !system.empty()) {
    prompt.messages.push_back({Role::kSystem, {TextPart(system)}});
  }
  const Json& messages = body.Need("messages");
  for (size_t i = 0; i < messages.size(); ++i) {
    ReadMessage(messages[i], "messages[" + std::to_string(i) + "]", prompt.messages);
  }
  ReadTools(body.Find("tools"), prompt.tools);
  ReadToolChoice(body.Find("tool_choice"), prompt);
  body.Take("max_tokens", prompt.max_tokens);
  body.Take("temperature", prompt.temperature);
  body.Take("top_p", prompt.top_p);
  body.Take("top_k", prompt.top_k);
  TakeStop(body.Find("stop_sequences"), prompt.stop);
  if (const Json* const stream = body.Find("stream")) prompt.stream = stream->get<bool>();
  if (const Json* const thinking = body.Find("thinking")) {
    if (thinking->value("type", "") != "disabled") throw Unsupported{"thinking"};
  }
  prompt.usage_wanted = true;  // this dialect's streams always tell
  body.Drop({"model", "metadata", "service_tier", "cache_control"});
  body.RefuseOthers();
  return prompt;
}

Json WriteAnthropic(const Prompt& prompt, std::string_view model) {
  if (prompt.form != Form::kText) throw Unsupported{"structured output"};
  if (prompt.seed) throw Unsupported{"`seed`"};
  if (prompt.presence_penalty.value_or(0) != 0) throw Unsupported{"`presence_penalty`"};
  if (prompt.frequency_penalty.value_or(0) != 0) throw Unsupported{"`frequency_penalty`"};
  Json body = {{"model", model}, {"max_tokens", prompt.max_tokens.value_or(kDefaultMaxTokens)}};
  std::string system;
  Json messages = Json::array();
  for (const Message& message : prompt.messages) {
    if (message.role == Role::kSystem) {
      system = JoinText(system, PlainText(message, "images in system prompts"));
      continue;
    }
    const char* const role = message.role == Role::kUser ? "user" : "assistant";
    // Turns alternate here: two in a row are one.
    if (messages.empty() || messages.back()["role"] != role) {
      messages.push_back({{"role", role}, {"content", Json::array()}});
    }
    for (const Part& part : message.parts) {
      if (part.kind == Part::Kind::kText && part.text.empty()) continue;  // refused there
      messages.back()["content"].push_back(WriteBlock(part));
    }
  }
  if (!system.empty()) body["system"] = system;
  body["messages"] = std::move(messages);
  for (const Tool& tool : prompt.tools) {
    Json written = {{"name", tool.name}};
    if (!tool.description.empty()) written["description"] = tool.description;
    written["input_schema"] = SchemaOf(tool);
    body["tools"].push_back(std::move(written));
  }
  WriteToolChoice(prompt, body);
  if (prompt.temperature) body["temperature"] = *prompt.temperature;
  if (prompt.top_p) body["top_p"] = *prompt.top_p;
  if (prompt.top_k) body["top_k"] = *prompt.top_k;
  if (!prompt.stop.empty()) body["stop_sequences"] = prompt.stop;
  if (prompt.stream) body["stream"] = true;
  return body;
}

}  // namespace hpol::dialect
