// What readers and writers of prompts share; the door is prompt.h.
#include "adapters/dialect/prompt.h"

#include <algorithm>

namespace hpol::dialect {
namespace {

Prompt Read(Surface surface, const Json& body) {
  switch (surface) {
    case Surface::kOpenAiChat:
      return ReadOpenAiChat(body);
    case Surface::kOpenAiResponses:
      return ReadOpenAiResponses(body);
    case Surface::kAnthropicMessages:
      return ReadAnthropic(body);
    case Surface::kOllamaChat:
      return ReadOllamaChat(body);
    case Surface::kOllamaGenerate:
      return ReadOllamaGenerate(body);
    default:
      throw Unsupported{std::string(SurfaceName(surface))};
  }
}

Json Write(Surface surface, const Prompt& prompt, std::string_view model) {
  switch (surface) {
    case Surface::kOpenAiChat:
      return WriteOpenAiChat(prompt, model);
    case Surface::kAnthropicMessages:
      return WriteAnthropic(prompt, model);
    case Surface::kOllamaChat:
      return WriteOllamaChat(prompt, model);
    case Surface::kBedrockConverse:
      return WriteBedrock(prompt);
    case Surface::kDashScopeChat:
      return WriteDashScope(prompt, model);
    default:
      throw Unsupported{std::string(SurfaceName(surface))};
  }
}

}  // namespace

Result<Prompt> ReadPrompt(Surface surface, std::string_view body) {
  try {
    return Read(surface, ParseShallow(body));
  } catch (const Unsupported& unsupported) {
    return Error{"`" + unsupported.field +
                 "` cannot be carried to a target that speaks another dialect: leave it out, or ask for a "
                 "model whose server speaks yours"};
  } catch (const nlohmann::json::exception&) {
    return Error{"a field has another type than it should"};
  }
}

Result<std::string> WritePrompt(Surface surface, const Prompt& prompt, std::string_view model) {
  try {
    return Write(surface, prompt, model).dump();
  } catch (const Unsupported& unsupported) {
    return Error{"the target that this request may go to has no " + unsupported.field +
                 ": leave it out, or ask for another model"};
  } catch (const nlohmann::json::exception&) {
    return Error{"the request cannot be written in the target's dialect"};
  }
}

const Json* Members::Find(std::string_view name) {
  known_.push_back(name);
  const auto found = object_.find(std::string(name));
  return found == object_.end() || found->is_null() ? nullptr : &*found;
}

const Json& Members::Need(std::string_view name) {
  const Json* const value = Find(name);
  if (value == nullptr) throw Unsupported{Path(name)};
  return *value;
}

std::string Members::Text(std::string_view name) {
  const Json* const value = Find(name);
  return value == nullptr ? std::string() : value->get<std::string>();
}

void Members::Drop(std::initializer_list<std::string_view> names) {
  known_.insert(known_.end(), names.begin(), names.end());
}

void Members::RefuseOthers() const {
  for (const auto& [name, value] : object_.items()) {
    if (!value.is_null() && std::ranges::find(known_, name) == known_.end()) throw Unsupported{Path(name)};
  }
}

std::string Members::Path(std::string_view name) const {
  return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
}

Json ParseShallow(std::string_view text) {
  size_t depth = 0;
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kMaxDepth) throw Unsupported{"nesting of this depth"};
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return Json::parse(text);
}

Part TextPart(std::string text) { return {Part::Kind::kText, std::move(text)}; }

Part ImageOfUrl(const std::string& url, const std::string& path) {
  constexpr std::string_view kScheme = "data:";
  constexpr std::string_view kBase64 = ";base64,";
  const size_t data = url.find(kBase64);
  if (!url.starts_with(kScheme) || data == std::string::npos) throw Unsupported{path};
  return {Part::Kind::kImage, url.substr(data + kBase64.size()), "",
          url.substr(kScheme.size(), data - kScheme.size())};
}

void TakeStop(const Json* value, std::vector<std::string>& into) {
  if (value == nullptr) return;
  if (value->is_string()) {
    into = {value->get<std::string>()};
  } else {
    into = value->get<std::vector<std::string>>();
  }
}

Json SchemaOf(const Tool& tool) {
  return tool.schema.is_null() ? Json{{"type", "object"}, {"properties", Json::object()}} : tool.schema;
}

Json Arguments(const Part& call) {
  if (call.text.empty()) return Json::object();
  // A model may have written anything there.
  constexpr const char* kWhat = "place for tool arguments that are no JSON object";
  try {
    Json arguments = ParseShallow(call.text);
    if (arguments.is_object()) return arguments;
  } catch (const nlohmann::json::exception&) {
    throw Unsupported{kWhat};
  }
  throw Unsupported{kWhat};
}

std::string JoinText(const std::string& before, const std::string& more) {
  return before.empty() ? more : more.empty() ? before : before + "\n\n" + more;
}

std::string PlainText(const Message& message, const char* what) {
  std::string text;
  for (const Part& part : message.parts) {
    if (part.kind != Part::Kind::kText) throw Unsupported{what};
    text = JoinText(text, part.text);
  }
  return text;
}

Json FunctionTools(const Prompt& prompt) {
  Json tools = Json::array();
  for (const Tool& tool : prompt.tools) {
    Json function = {{"name", tool.name}};
    if (!tool.description.empty()) function["description"] = tool.description;
    function["parameters"] = SchemaOf(tool);
    tools.push_back({{"type", "function"}, {"function", std::move(function)}});
  }
  return tools;
}

std::vector<Tool> ReadFunctionTools(const Json& tools) {
  std::vector<Tool> read;
  for (size_t i = 0; i < tools.size(); ++i) {
    const std::string path = "tools[" + std::to_string(i) + "]";
    Members entry(tools[i], path);
    if (entry.Text("type") != "function") throw Unsupported{entry.Path("type")};
    Members function(entry.Need("function"), entry.Path("function"));
    Tool tool{function.Text("name"), function.Text("description"), nullptr};
    if (const Json* const schema = function.Find("parameters")) tool.schema = *schema;
    function.Drop({"strict"});
    function.RefuseOthers();
    entry.RefuseOthers();
    read.push_back(std::move(tool));
  }
  return read;
}

}  // namespace hpol::dialect
