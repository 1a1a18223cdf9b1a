// Prompts of Ollama's own API: chat both ways, generate read only.
#include "adapters/dialect/prompt.h"

namespace hpol::dialect {
namespace {

void ReadImages(const Json* images, std::vector<Part>& parts) {
  if (images == nullptr) return;
  // There is no media type in this dialect; its servers look at the bytes, as others do.
  for (const Json& image : *images) {
    parts.push_back({Part::Kind::kImage, image.get<std::string>(), "", "image/png"});
  }
}

void ReadOptions(const Json* value, Prompt& prompt) {
  if (value == nullptr) return;
  Members options(*value, "options");
  options.Take("temperature", prompt.temperature);
  options.Take("top_p", prompt.top_p);
  options.Take("top_k", prompt.top_k);
  options.Take("seed", prompt.seed);
  options.Take("presence_penalty", prompt.presence_penalty);
  options.Take("frequency_penalty", prompt.frequency_penalty);
  if (const Json* const limit = options.Find("num_predict"); limit != nullptr && limit->get<int64_t>() > 0) {
    prompt.max_tokens = limit->get<int64_t>();
  }
  TakeStop(options.Find("stop"), prompt.stop);
  // How a server spends its memory is its own affair.
  options.Drop({"num_ctx", "num_batch", "num_gpu", "num_thread", "num_keep", "main_gpu", "use_mmap"});
  options.RefuseOthers();
}

void ReadFormat(const Json* format, Prompt& prompt) {
  if (format == nullptr || (format->is_string() && format->get_ref<const std::string&>().empty())) return;
  if (format->is_object()) {
    prompt.form = Form::kSchema;
    prompt.schema_name = "answer";
    prompt.schema = *format;
  } else if (*format == "json") {
    prompt.form = Form::kJson;
  } else {
    throw Unsupported{"format"};
  }
}

void ReadCommon(Members& body, Prompt& prompt) {
  ReadOptions(body.Find("options"), prompt);
  ReadFormat(body.Find("format"), prompt);
  const Json* const stream = body.Find("stream");
  prompt.stream = stream == nullptr || stream->get<bool>();  // the default of this dialect
  prompt.usage_wanted = true;                                // and so is this
  if (const Json* const think = body.Find("think"); think != nullptr && *think != false)
    throw Unsupported{"think"};
  body.Drop({"model", "keep_alive"});
}

// This dialect has no ids for calls: the n-th result of a tool belongs to its n-th call.
class CallIds {
 public:
  std::string Call(const std::string& name) {
    open_.push_back({name, "call_" + std::to_string(++count_)});
    return open_.back().id;
  }
  std::string Answer(const std::string& name) {
    for (size_t i = 0; i < open_.size(); ++i) {
      if (!name.empty() && open_[i].name != name) continue;
      const std::string id = open_[i].id;
      open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(i));
      return id;
    }
    throw Unsupported{"messages"};
  }

 private:
  struct Open {
    std::string name, id;
  };
  std::vector<Open> open_;
  size_t count_ = 0;
};

void ReadMessage(const Json& value, const std::string& path, CallIds& ids, std::vector<Message>& messages) {
  Members message(value, path);
  const std::string role = message.Text("role");
  const std::string text = message.Text("content");
  Message read;
  if (role == "tool") {
    const std::string name = message.Text("tool_name");
    message.Drop({"tool_call_id", "name"});
    Part result{Part::Kind::kToolResult, text, ids.Answer(name), name};
    const bool joins = !messages.empty() && messages.back().role == Role::kUser &&
                       messages.back().parts.back().kind == Part::Kind::kToolResult;
    if (joins) {
      messages.back().parts.push_back(std::move(result));
    } else {
      messages.push_back({Role::kUser, {std::move(result)}});
    }
    message.RefuseOthers();
    return;
  }
  if (role != "system" && role != "user" && role != "assistant") throw Unsupported{message.Path("role")};
  read.role = role == "system" ? Role::kSystem : role == "user" ? Role::kUser : Role::kAssistant;
  if (!text.empty()) read.parts.push_back(TextPart(text));
  ReadImages(message.Find("images"), read.parts);
  if (const Json* const calls = message.Find("tool_calls")) {
    for (const Json& call : *calls) {
      const Json& function = call.at("function");
      const auto name = function.at("name").get<std::string>();
      read.parts.push_back({Part::Kind::kToolCall, function.at("arguments").dump(), ids.Call(name), name});
    }
  }
  message.Drop({"thinking"});
  message.RefuseOthers();
  if (!read.parts.empty()) messages.push_back(std::move(read));
}

void WriteMessage(const Message& message, Json& messages) {
  constexpr const char* kRoles[] = {"system", "user", "assistant"};
  Json written = {{"role", kRoles[static_cast<size_t>(message.role)]}, {"content", ""}};
  std::string text;
  for (const Part& part : message.parts) {
    switch (part.kind) {
      case Part::Kind::kText:
        text = JoinText(text, part.text);
        break;
      case Part::Kind::kImage:
        written["images"].push_back(part.text);
        break;
      case Part::Kind::kToolCall:
        written["tool_calls"].push_back(
            {{"function", {{"name", part.name}, {"arguments", Arguments(part)}}}});
        break;
      case Part::Kind::kToolResult: {
        Json result = {{"role", "tool"}, {"content", part.text}};
        if (!part.name.empty()) result["tool_name"] = part.name;
        messages.push_back(std::move(result));
        break;
      }
    }
  }
  if (text.empty() && written.size() == 2) return;
  written["content"] = text;
  messages.push_back(std::move(written));
}

}  // namespace

Prompt ReadOllamaChat(const Json& value) {
  Prompt prompt;
  Members body(value, "");
  CallIds ids;
  const Json& messages = body.Need("messages");
  for (size_t i = 0; i < messages.size(); ++i) {
    ReadMessage(messages[i], "messages[" + std::to_string(i) + "]", ids, prompt.messages);
  }
  if (const Json* const tools = body.Find("tools")) prompt.tools = ReadFunctionTools(*tools);
  ReadCommon(body, prompt);
  body.RefuseOthers();
  return prompt;
}

Prompt ReadOllamaGenerate(const Json& value) {
  Prompt prompt;
  Members body(value, "");
  if (const std::string system = body.Text("system"); !system.empty()) {
    prompt.messages.push_back({Role::kSystem, {TextPart(system)}});
  }
  Message said{Role::kUser, {TextPart(body.Text("prompt"))}};
  ReadImages(body.Find("images"), said.parts);
  prompt.messages.push_back(std::move(said));
  ReadCommon(body, prompt);
  body.RefuseOthers();
  return prompt;
}

Json WriteOllamaChat(const Prompt& prompt, std::string_view model) {
  if (prompt.tool_use && *prompt.tool_use != ToolUse::kAuto) throw Unsupported{"choice of tools"};
  Json body = {{"model", model}, {"messages", Json::array()}};
  for (const Message& message : prompt.messages) WriteMessage(message, body["messages"]);
  if (!prompt.tools.empty()) body["tools"] = FunctionTools(prompt);
  Json options = Json::object();
  if (prompt.max_tokens) options["num_predict"] = *prompt.max_tokens;
  if (prompt.temperature) options["temperature"] = *prompt.temperature;
  if (prompt.top_p) options["top_p"] = *prompt.top_p;
  if (prompt.top_k) options["top_k"] = *prompt.top_k;
  if (prompt.seed) options["seed"] = *prompt.seed;
  if (prompt.presence_penalty) options["presence_penalty"] = *prompt.presence_penalty;
  if (prompt.frequency_penalty) options["frequency_penalty"] = *prompt.frequency_penalty;
  if (!prompt.stop.empty()) options["stop"] = prompt.stop;
  if (!options.empty()) body["options"] = std::move(options);
  if (prompt.form == Form::kJson) body["format"] = "json";
  if (prompt.form == Form::kSchema) body["format"] = prompt.schema;
  body["stream"] = prompt.stream;
  return body;
}

}  // namespace hpol::dialect
