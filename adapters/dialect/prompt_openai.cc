// Prompts in OpenAI's two dialects: chat completions, both ways, and responses, which are only read:
// a target that has no responses of its own is asked for a chat completion.
#include "adapters/dialect/prompt.h"

namespace hpol::dialect {
namespace {

Part ReadImage(const Json& image, const std::string& path) {
  if (image.is_string()) return ImageOfUrl(image.get<std::string>(), path);
  Members members(image, path);
  Part part = ImageOfUrl(members.Text("url"), members.Path("url"));
  members.Drop({"detail"});
  members.RefuseOthers();
  return part;
}

// `content` of a message: a string, or parts of the types that both dialects have.
std::vector<Part> ReadContent(const Json* content, const std::string& path) {
  std::vector<Part> parts;
  if (content == nullptr) return parts;
  if (content->is_string()) {
    parts.push_back(TextPart(content->get<std::string>()));
    return parts;
  }
  for (size_t i = 0; i < content->size(); ++i) {
    Members part((*content)[i], path + "[" + std::to_string(i) + "]");
    const std::string type = part.Text("type");
    if (type == "text" || type == "input_text" || type == "output_text") {
      parts.push_back(TextPart(part.Text("text")));
      part.Drop({"annotations", "logprobs"});
    } else if (type == "refusal") {
      parts.push_back(TextPart(part.Text("refusal")));
    } else if (type == "image_url" || type == "input_image") {
      parts.push_back(ReadImage(part.Need("image_url"), part.Path("image_url")));
      part.Drop({"detail"});
    } else {
      throw Unsupported{part.Path("type")};
    }
    part.RefuseOthers();
  }
  return parts;
}

std::string TextOf(const Json* content, const std::string& path) {
  std::string text;
  for (const Part& part : ReadContent(content, path)) {
    if (part.kind != Part::Kind::kText) throw Unsupported{path};
    text = JoinText(text, part.text);
  }
  return text;
}

Role RoleOf(const std::string& role, const std::string& path) {
  if (role == "system" || role == "developer") return Role::kSystem;
  if (role == "user") return Role::kUser;
  if (role == "assistant") return Role::kAssistant;
  throw Unsupported{path};
}

void ReadToolCalls(const Json* calls, const std::string& path, std::vector<Part>& parts) {
  if (calls == nullptr) return;
  for (size_t i = 0; i < calls->size(); ++i) {
    Members call((*calls)[i], path + "[" + std::to_string(i) + "]");
    const std::string type = call.Text("type");
    if (!type.empty() && type != "function") throw Unsupported{call.Path("type")};
    Members function(call.Need("function"), call.Path("function"));
    parts.push_back(
        {Part::Kind::kToolCall, function.Text("arguments"), call.Text("id"), function.Text("name")});
    call.Drop({"index"});
    function.RefuseOthers();
    call.RefuseOthers();
  }
}

void AddToolResult(Part result, std::vector<Message>& messages) {
  // Results of one turn stand together, as most dialects want them.
  const bool joins = !messages.empty() && messages.back().role == Role::kUser &&
                     messages.back().parts.back().kind == Part::Kind::kToolResult;
  if (!joins) messages.push_back({Role::kUser, {}});
  messages.back().parts.push_back(std::move(result));
}

void ReadMessage(const Json& value, const std::string& path, std::vector<Message>& messages) {
  Members message(value, path);
  const std::string role = message.Text("role");
  const Json* const content = message.Find("content");
  if (role == "tool") {
    AddToolResult(
        {Part::Kind::kToolResult, TextOf(content, message.Path("content")), message.Text("tool_call_id")},
        messages);
  } else {
    Message read{RoleOf(role, message.Path("role")), ReadContent(content, message.Path("content"))};
    if (read.role == Role::kAssistant) {
      if (const std::string refusal = message.Text("refusal"); !refusal.empty()) {
        read.parts.push_back(TextPart(refusal));
      }
      ReadToolCalls(message.Find("tool_calls"), message.Path("tool_calls"), read.parts);
      // What a model thought before is its own; others neither need nor understand it.
      message.Drop({"reasoning_content", "reasoning", "annotations"});
    }
    if (!read.parts.empty()) messages.push_back(std::move(read));
  }
  message.Drop({"name"});
  message.RefuseOthers();
}

void ReadToolChoice(const Json* choice, Prompt& prompt) {
  if (choice == nullptr) return;
  if (choice->is_string()) {
    const auto& word = choice->get_ref<const std::string&>();
    if (word != "auto" && word != "none" && word != "required") throw Unsupported{"tool_choice"};
    prompt.tool_use = word == "auto" ? ToolUse::kAuto : word == "none" ? ToolUse::kNone : ToolUse::kRequired;
    return;
  }
  Members members(*choice, "tool_choice");
  if (members.Text("type") != "function") throw Unsupported{"tool_choice.type"};
  const Json* const function = members.Find("function");
  prompt.tool_use = ToolUse::kNamed;
  prompt.tool_name = function != nullptr ? function->at("name").get<std::string>() : members.Text("name");
  members.RefuseOthers();
}

// `response_format`, and `text.format` of responses, which lacks one level.
void ReadFormat(const Json* format, const std::string& path, Prompt& prompt) {
  if (format == nullptr) return;
  Members members(*format, path);
  const std::string type = members.Text("type");
  if (type == "json_object") {
    prompt.form = Form::kJson;
  } else if (type == "json_schema") {
    const Json* const inner = members.Find("json_schema");
    const Json& schema = inner != nullptr ? *inner : *format;
    prompt.form = Form::kSchema;
    prompt.schema_name = schema.value("name", "answer");
    prompt.schema = schema.at("schema");
  } else if (type != "text") {
    throw Unsupported{members.Path("type")};
  }
}

void RequireOne(Members& body, std::string_view name) {
  if (const Json* const count = body.Find(name); count != nullptr && *count != 1)
    throw Unsupported{std::string(name)};
}

void RequireFalse(Members& body, std::string_view name) {
  if (const Json* const value = body.Find(name); value != nullptr && *value != false) {
    throw Unsupported{std::string(name)};
  }
}

void ReadResponsesItem(const Json& value, const std::string& path, std::vector<Message>& messages) {
  Members item(value, path);
  const std::string type = item.Find("type") == nullptr ? "message" : item.Text("type");
  if (type == "function_call") {
    if (messages.empty() || messages.back().role != Role::kAssistant)
      messages.push_back({Role::kAssistant, {}});
    messages.back().parts.push_back(
        {Part::Kind::kToolCall, item.Text("arguments"), item.Text("call_id"), item.Text("name")});
  } else if (type == "function_call_output") {
    AddToolResult(
        {Part::Kind::kToolResult, TextOf(item.Find("output"), item.Path("output")), item.Text("call_id")},
        messages);
  } else if (type == "message") {
    Message message{RoleOf(item.Text("role"), item.Path("role")),
                    ReadContent(item.Find("content"), item.Path("content"))};
    if (!message.parts.empty()) messages.push_back(std::move(message));
  } else {
    throw Unsupported{item.Path("type")};
  }
  item.Drop({"id", "status"});
  item.RefuseOthers();
}

std::vector<Tool> ReadResponsesTools(const Json& tools) {
  std::vector<Tool> read;
  for (size_t i = 0; i < tools.size(); ++i) {
    Members entry(tools[i], "tools[" + std::to_string(i) + "]");
    if (entry.Text("type") != "function") throw Unsupported{entry.Path("type")};
    Tool tool{entry.Text("name"), entry.Text("description"), nullptr};
    if (const Json* const schema = entry.Find("parameters")) tool.schema = *schema;
    entry.Drop({"strict"});
    entry.RefuseOthers();
    read.push_back(std::move(tool));
  }
  return read;
}

Json WriteParts(const Message& message) {
  if (message.parts.size() == 1 && message.parts[0].kind == Part::Kind::kText) return message.parts[0].text;
  Json parts = Json::array();
  for (const Part& part : message.parts) {
    if (part.kind == Part::Kind::kText) {
      parts.push_back({{"type", "text"}, {"text", part.text}});
    } else if (part.kind == Part::Kind::kImage) {
      const std::string url = "data:" + part.name + ";base64," + part.text;
      parts.push_back({{"type", "image_url"}, {"image_url", {{"url", url}}}});
    }
  }
  return parts;
}

void WriteMessage(const Message& message, Json& messages) {
  if (message.role == Role::kSystem) {
    messages.push_back({{"role", "system"}, {"content", PlainText(message, "images in system prompts")}});
    return;
  }
  Message said{message.role, {}};
  Json calls = Json::array();
  for (const Part& part : message.parts) {
    if (part.kind == Part::Kind::kToolResult) {
      messages.push_back({{"role", "tool"}, {"tool_call_id", part.id}, {"content", part.text}});
    } else if (part.kind == Part::Kind::kToolCall) {
      const Json function = {{"name", part.name}, {"arguments", part.text.empty() ? "{}" : part.text}};
      calls.push_back({{"id", part.id}, {"type", "function"}, {"function", function}});
    } else {
      said.parts.push_back(part);
    }
  }
  if (said.parts.empty() && calls.empty()) return;
  Json written = {{"role", message.role == Role::kUser ? "user" : "assistant"}};
  written["content"] = said.parts.empty() ? Json(nullptr) : WriteParts(said);
  if (!calls.empty()) written["tool_calls"] = std::move(calls);
  messages.push_back(std::move(written));
}

template <typename T>
void Put(Json& body, const char* name, const std::optional<T>& value) {
  if (value) body[name] = *value;
}

}  // namespace

Prompt ReadOpenAiChat(const Json& value) {
  Prompt prompt;
  Members body(value, "");
  const Json& messages = body.Need("messages");
  for (size_t i = 0; i < messages.size(); ++i) {
    ReadMessage(messages[i], "messages[" + std::to_string(i) + "]", prompt.messages);
  }
  if (const Json* const tools = body.Find("tools")) prompt.tools = ReadFunctionTools(*tools);
  ReadToolChoice(body.Find("tool_choice"), prompt);
  ReadFormat(body.Find("response_format"), "response_format", prompt);
  body.Take("parallel_tool_calls", prompt.parallel_tools);
  body.Take("max_tokens", prompt.max_tokens);
  body.Take("max_completion_tokens", prompt.max_tokens);
  body.Take("temperature", prompt.temperature);
  body.Take("top_p", prompt.top_p);
  body.Take("top_k", prompt.top_k);
  body.Take("seed", prompt.seed);
  body.Take("presence_penalty", prompt.presence_penalty);
  body.Take("frequency_penalty", prompt.frequency_penalty);
  TakeStop(body.Find("stop"), prompt.stop);
  RequireOne(body, "n");
  RequireFalse(body, "logprobs");
  if (const Json* const stream = body.Find("stream")) prompt.stream = stream->get<bool>();
  if (const Json* const options = body.Find("stream_options")) {
    prompt.usage_wanted = options->value("include_usage", false);
  }
  body.Drop({"model", "user", "metadata", "safety_identifier", "prompt_cache_key", "store", "service_tier"});
  body.RefuseOthers();
  return prompt;
}

Prompt ReadOpenAiResponses(const Json& value) {
  Prompt prompt;
  Members body(value, "");
  if (const std::string instructions = body.Text("instructions"); !instructions.empty()) {
    prompt.messages.push_back({Role::kSystem, {TextPart(instructions)}});
  }
  const Json& input = body.Need("input");
  if (input.is_string()) {
    prompt.messages.push_back({Role::kUser, {TextPart(input.get<std::string>())}});
  } else {
    for (size_t i = 0; i < input.size(); ++i) {
      ReadResponsesItem(input[i], "input[" + std::to_string(i) + "]", prompt.messages);
    }
  }
  if (const Json* const tools = body.Find("tools")) prompt.tools = ReadResponsesTools(*tools);
  ReadToolChoice(body.Find("tool_choice"), prompt);
  if (const Json* const text = body.Find("text")) {
    Members members(*text, "text");
    ReadFormat(members.Find("format"), "text.format", prompt);
    members.RefuseOthers();
  }
  body.Take("parallel_tool_calls", prompt.parallel_tools);
  body.Take("max_output_tokens", prompt.max_tokens);
  body.Take("temperature", prompt.temperature);
  body.Take("top_p", prompt.top_p);
  if (const Json* const stream = body.Find("stream")) prompt.stream = stream->get<bool>();
  RequireFalse(body, "background");
  prompt.usage_wanted = true;  // this dialect's streams always tell
  body.Drop({"model", "user", "metadata", "safety_identifier", "prompt_cache_key", "store", "service_tier",
             "truncation", "include", "stream_options"});
  body.RefuseOthers();
  return prompt;
}

Json WriteOpenAiChat(const Prompt& prompt, std::string_view model) {
  Json body = {{"model", model}, {"messages", Json::array()}};
  for (const Message& message : prompt.messages) WriteMessage(message, body["messages"]);
  if (!prompt.tools.empty()) body["tools"] = FunctionTools(prompt);
  if (prompt.tool_use == ToolUse::kNamed) {
    body["tool_choice"] = {{"type", "function"}, {"function", {{"name", prompt.tool_name}}}};
  } else if (prompt.tool_use) {
    constexpr const char* kWords[] = {"auto", "none", "required"};
    body["tool_choice"] = kWords[static_cast<size_t>(*prompt.tool_use)];
  }
  Put(body, "parallel_tool_calls", prompt.parallel_tools);
  Put(body, "max_tokens", prompt.max_tokens);
  Put(body, "temperature", prompt.temperature);
  Put(body, "top_p", prompt.top_p);
  Put(body, "top_k", prompt.top_k);
  Put(body, "seed", prompt.seed);
  Put(body, "presence_penalty", prompt.presence_penalty);
  Put(body, "frequency_penalty", prompt.frequency_penalty);
  if (!prompt.stop.empty()) body["stop"] = prompt.stop;
  if (prompt.form == Form::kJson) body["response_format"] = {{"type", "json_object"}};
  if (prompt.form == Form::kSchema) {
    const Json schema = {{"name", prompt.schema_name}, {"schema", prompt.schema}};
    body["response_format"] = {{"type", "json_schema"}, {"json_schema", schema}};
  }
  if (prompt.stream) {
    body["stream"] = true;
    // What an answer cost is always told upwards; the client hears of it when it asked.
    body["stream_options"] = {{"include_usage", true}};
  }
  return body;
}

}  // namespace hpol::dialect
