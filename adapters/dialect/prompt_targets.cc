// Prompts of dialects that only targets speak: AWS Bedrock Converse, and DashScope's native text
// generation. What may stand in them is registered in runtime/surface/fields_targets.cc.
#include "adapters/dialect/prompt.h"

namespace hpol::dialect {
namespace {

Json WriteConverseBlock(const Part& part) {
  switch (part.kind) {
    case Part::Kind::kText:
      return {{"text", part.text}};
    case Part::Kind::kImage:
      throw Unsupported{"way to take images through this gateway"};
    case Part::Kind::kToolCall:
      return {{"toolUse", {{"toolUseId", part.id}, {"name", part.name}, {"input", Arguments(part)}}}};
    case Part::Kind::kToolResult:
      return {{"toolResult",
               {{"toolUseId", part.id},
                {"content", Json::array({{{"text", part.text}}})},
                {"status", part.failed ? "error" : "success"}}}};
  }
  return nullptr;
}

Json ConverseTools(const Prompt& prompt) {
  Json config = {{"tools", Json::array()}};
  for (const Tool& tool : prompt.tools) {
    Json spec = {{"name", tool.name}};
    if (!tool.description.empty()) spec["description"] = tool.description;
    spec["inputSchema"] = {{"json", SchemaOf(tool)}};
    config["tools"].push_back({{"toolSpec", std::move(spec)}});
  }
  if (prompt.tool_use == ToolUse::kAuto) config["toolChoice"] = {{"auto", Json::object()}};
  if (prompt.tool_use == ToolUse::kRequired) config["toolChoice"] = {{"any", Json::object()}};
  if (prompt.tool_use == ToolUse::kNamed) config["toolChoice"] = {{"tool", {{"name", prompt.tool_name}}}};
  return config;
}

void WriteDashScopeMessage(const Message& message, Json& messages) {
  constexpr const char* kRoles[] = {"system", "user", "assistant"};
  std::string text;
  Json calls = Json::array();
  for (const Part& part : message.parts) {
    if (part.kind == Part::Kind::kImage) throw Unsupported{"way to take images through this gateway"};
    if (part.kind == Part::Kind::kToolResult) {
      messages.push_back({{"role", "tool"}, {"content", part.text}, {"tool_call_id", part.id}});
    } else if (part.kind == Part::Kind::kToolCall) {
      const Json function = {{"name", part.name}, {"arguments", part.text.empty() ? "{}" : part.text}};
      calls.push_back({{"id", part.id}, {"type", "function"}, {"function", function}});
    } else {
      text = JoinText(text, part.text);
    }
  }
  if (text.empty() && calls.empty()) return;
  Json written = {{"role", kRoles[static_cast<size_t>(message.role)]}, {"content", text}};
  if (!calls.empty()) written["tool_calls"] = std::move(calls);
  messages.push_back(std::move(written));
}

}  // namespace

Json WriteBedrock(const Prompt& prompt) {
  if (prompt.form != Form::kText) throw Unsupported{"structured output"};
  if (prompt.seed) throw Unsupported{"`seed`"};
  if (prompt.top_k) throw Unsupported{"`top_k`"};
  if (prompt.presence_penalty.value_or(0) != 0) throw Unsupported{"`presence_penalty`"};
  if (prompt.frequency_penalty.value_or(0) != 0) throw Unsupported{"`frequency_penalty`"};
  if (prompt.tool_use == ToolUse::kNone && !prompt.tools.empty()) throw Unsupported{"`tool_choice` none"};
  Json messages = Json::array();
  Json system = Json::array();
  for (const Message& message : prompt.messages) {
    if (message.role == Role::kSystem) {
      system.push_back({{"text", PlainText(message, "images in system prompts")}});
      continue;
    }
    const char* const role = message.role == Role::kUser ? "user" : "assistant";
    if (messages.empty() || messages.back()["role"] != role) {
      messages.push_back({{"role", role}, {"content", Json::array()}});
    }
    for (const Part& part : message.parts) {
      if (part.kind == Part::Kind::kText && part.text.empty()) continue;
      messages.back()["content"].push_back(WriteConverseBlock(part));
    }
  }
  Json body = {{"messages", std::move(messages)}};
  if (!system.empty()) body["system"] = std::move(system);
  Json config = Json::object();
  if (prompt.max_tokens) config["maxTokens"] = *prompt.max_tokens;
  if (prompt.temperature) config["temperature"] = *prompt.temperature;
  if (prompt.top_p) config["topP"] = *prompt.top_p;
  if (!prompt.stop.empty()) config["stopSequences"] = prompt.stop;
  if (!config.empty()) body["inferenceConfig"] = std::move(config);
  if (!prompt.tools.empty()) body["toolConfig"] = ConverseTools(prompt);
  return body;
}

Json WriteDashScope(const Prompt& prompt, std::string_view model) {
  if (prompt.form == Form::kSchema) throw Unsupported{"answers by a schema"};
  if (prompt.frequency_penalty.value_or(0) != 0) throw Unsupported{"`frequency_penalty`"};
  if (prompt.tool_use == ToolUse::kRequired) throw Unsupported{"`tool_choice` required"};
  Json messages = Json::array();
  for (const Message& message : prompt.messages) WriteDashScopeMessage(message, messages);
  Json parameters = {{"result_format", "message"}};
  if (prompt.stream) parameters["incremental_output"] = true;
  if (prompt.max_tokens) parameters["max_tokens"] = *prompt.max_tokens;
  if (prompt.temperature) parameters["temperature"] = *prompt.temperature;
  if (prompt.top_p) parameters["top_p"] = *prompt.top_p;
  if (prompt.top_k) parameters["top_k"] = *prompt.top_k;
  if (prompt.seed) parameters["seed"] = *prompt.seed;
  if (prompt.presence_penalty) parameters["presence_penalty"] = *prompt.presence_penalty;
  if (!prompt.stop.empty()) parameters["stop"] = prompt.stop;
  if (prompt.form == Form::kJson) parameters["response_format"] = {{"type", "json_object"}};
  if (prompt.parallel_tools) parameters["parallel_tool_calls"] = *prompt.parallel_tools;
  if (!prompt.tools.empty()) parameters["tools"] = FunctionTools(prompt);
  if (prompt.tool_use == ToolUse::kNamed) {
    parameters["tool_choice"] = {{"type", "function"}, {"function", {{"name", prompt.tool_name}}}};
  } else if (prompt.tool_use) {
    parameters["tool_choice"] = prompt.tool_use == ToolUse::kNone ? "none" : "auto";
  }
  Json input = {{"messages", std::move(messages)}};
  return {{"model", model}, {"input", std::move(input)}, {"parameters", std::move(parameters)}};
}

}  // namespace hpol::dialect
