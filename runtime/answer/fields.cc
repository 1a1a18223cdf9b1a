#include "runtime/answer/fields.h"

#include <array>
#include <map>
#include <span>
#include <string>

namespace hpol::answer {
namespace {

struct Row {
  std::string_view path;
  Role role;
};

constexpr Row kOpenAiChat[] = {
    {"id", Role::kPass},
    {"object", Role::kPass},
    {"created", Role::kPass},
    {"model", Role::kPass},
    {"service_tier", Role::kPass},
    {"system_fingerprint", Role::kPass},
    {"usage", Role::kPass},
    {"choices[].index", Role::kNumber},
    {"choices[].finish_reason", Role::kEnd},
    {"choices[].delta.role", Role::kPass},
    {"choices[].delta.content", Role::kProse},
    {"choices[].delta.refusal", Role::kProse},
    {"choices[].delta.reasoning", Role::kProse},
    {"choices[].delta.reasoning_content", Role::kProse},
    {"choices[].delta.function_call.name", Role::kTool},
    {"choices[].delta.function_call.arguments", Role::kJson},
    {"choices[].delta.tool_calls[].index", Role::kNumber},
    {"choices[].delta.tool_calls[].id", Role::kPass},
    {"choices[].delta.tool_calls[].type", Role::kPass},
    {"choices[].delta.tool_calls[].function.name", Role::kTool},
    {"choices[].delta.tool_calls[].function.arguments", Role::kJson},
    {"choices[].delta.tool_calls[].custom.name", Role::kTool},
    {"choices[].delta.tool_calls[].custom.input", Role::kJson},
    {"choices[].message.role", Role::kPass},
    {"choices[].message.content", Role::kProseWhole},
    {"choices[].message.refusal", Role::kProseWhole},
    {"choices[].message.reasoning", Role::kProseWhole},
    {"choices[].message.reasoning_content", Role::kProseWhole},
    {"choices[].message.function_call.name", Role::kTool},
    {"choices[].message.function_call.arguments", Role::kJsonWhole},
    {"choices[].message.tool_calls[].index", Role::kNumber},
    {"choices[].message.tool_calls[].id", Role::kPass},
    {"choices[].message.tool_calls[].type", Role::kPass},
    {"choices[].message.tool_calls[].function.name", Role::kTool},
    {"choices[].message.tool_calls[].function.arguments", Role::kJsonWhole},
    {"choices[].message.tool_calls[].custom.name", Role::kTool},
    {"choices[].message.tool_calls[].custom.input", Role::kJsonWhole},
};

constexpr Row kOpenAiCompletions[] = {
    {"id", Role::kPass},
    {"object", Role::kPass},
    {"created", Role::kPass},
    {"model", Role::kPass},
    {"system_fingerprint", Role::kPass},
    {"usage", Role::kPass},
    {"choices[].index", Role::kNumber},
    {"choices[].finish_reason", Role::kEnd},
    {"choices[].text", Role::kProse},
};

// The same items stand in `output` of a whole answer, in `item` of events and in `response.output`.
#define HPOL_ITEM(at)                                                                      \
  {at ".id", Role::kPass}, {at ".type", Role::kPass}, {at ".status", Role::kPass},         \
      {at ".role", Role::kPass}, {at ".call_id", Role::kPass}, {at ".name", Role::kTool},  \
      {at ".arguments", Role::kJsonWhole}, {at ".input", Role::kJsonWhole},                \
      {at ".content[].type", Role::kPass}, {at ".content[].text", Role::kProseWhole},      \
      {at ".content[].refusal", Role::kProseWhole}, {at ".summary[].type", Role::kPass}, { \
    at ".summary[].text", Role::kProseWhole                                                \
  }
#define HPOL_RESPONSE(at)                                                                           \
  {at "id", Role::kPass}, {at "object", Role::kPass}, {at "created_at", Role::kPass},               \
      {at "completed_at", Role::kPass}, {at "status", Role::kPass}, {at "background", Role::kPass}, \
      {at "error", Role::kPass}, {at "incomplete_details", Role::kPass}, {at "model", Role::kPass}, \
      {at "usage", Role::kPass}, {at "output_text", Role::kProseWhole}, HPOL_ITEM(at "output[]")

constexpr Row kOpenAiResponses[] = {
    {"type", Role::kType},
    {"sequence_number", Role::kSequence},
    {"output_index", Role::kNumber},
    {"content_index", Role::kNumber},
    {"summary_index", Role::kNumber},
    {"item_id", Role::kPass},
    {"delta", Role::kDelta},
    {"text", Role::kProseWhole},
    {"refusal", Role::kProseWhole},
    {"arguments", Role::kJsonWhole},
    {"name", Role::kTool},
    {"part.type", Role::kPass},
    {"part.text", Role::kProseWhole},
    {"part.refusal", Role::kProseWhole},
    HPOL_ITEM("item"),
    HPOL_RESPONSE(""),
    HPOL_RESPONSE("response."),
};
#undef HPOL_ITEM
#undef HPOL_RESPONSE

constexpr Row kAnthropic[] = {
    {"type", Role::kType},
    {"id", Role::kPass},
    {"role", Role::kPass},
    {"model", Role::kPass},
    {"stop_reason", Role::kPass},
    {"usage", Role::kPass},
    {"index", Role::kNumber},
    {"content[].type", Role::kPass},
    {"content[].text", Role::kProseWhole},
    {"content[].thinking", Role::kProseWhole},
    {"content[].signature", Role::kPass},
    {"content[].id", Role::kPass},
    {"content[].name", Role::kTool},
    {"content[].input", Role::kArguments},
    {"content_block.type", Role::kPass},
    {"content_block.text", Role::kProse},
    {"content_block.thinking", Role::kProse},
    {"content_block.signature", Role::kPass},
    {"content_block.id", Role::kPass},
    {"content_block.name", Role::kTool},
    {"content_block.input", Role::kArguments},
    {"delta.type", Role::kPass},
    {"delta.text", Role::kProse},
    {"delta.thinking", Role::kProse},
    {"delta.partial_json", Role::kJson},
    {"delta.signature", Role::kPass},
    {"delta.stop_reason", Role::kPass},
    {"message.id", Role::kPass},
    {"message.type", Role::kPass},
    {"message.role", Role::kPass},
    {"message.model", Role::kPass},
    {"message.stop_reason", Role::kPass},
    {"message.usage", Role::kPass},
    {"message.content[].type", Role::kPass},
    {"message.content[].text", Role::kProseWhole},
};

#define HPOL_OLLAMA                                                                                        \
  {"model", Role::kPass}, {"created_at", Role::kPass}, {"done", Role::kEnd}, {"done_reason", Role::kPass}, \
      {"total_duration", Role::kPass}, {"load_duration", Role::kPass}, {"prompt_eval_count", Role::kPass}, \
      {"prompt_eval_duration", Role::kPass}, {"eval_count", Role::kPass}, {                                \
    "eval_duration", Role::kPass                                                                           \
  }
constexpr Row kOllamaChat[] = {
    HPOL_OLLAMA,
    {"message.role", Role::kPass},
    {"message.content", Role::kProse},
    {"message.thinking", Role::kProse},
    {"message.tool_name", Role::kPass},
    {"message.tool_calls[].function.index", Role::kPass},
    {"message.tool_calls[].function.name", Role::kTool},
    {"message.tool_calls[].function.arguments", Role::kArguments},
};
constexpr Row kOllamaGenerate[] = {
    HPOL_OLLAMA,
    {"response", Role::kProse},
    {"thinking", Role::kProse},
};
#undef HPOL_OLLAMA

using Roles = std::map<std::string, Role, std::less<>>;

// The rows, and the containers that lead to them.
Roles MakeRoles(std::span<const Row> rows) {
  Roles roles;
  for (const Row& row : rows) {
    for (size_t i = 0; i < row.path.size(); ++i) {
      if (row.path[i] != '.' && row.path[i] != '[') continue;
      roles.emplace(row.path.substr(0, i), Role::kWithin);
      if (row.path[i] == '[') roles.emplace(row.path.substr(0, i += 2), Role::kWithin);
    }
    roles.insert_or_assign(std::string(row.path), row.role);
  }
  return roles;
}

const Roles* RolesOf(Surface surface) {
  static const Roles chat = MakeRoles(kOpenAiChat);
  static const Roles completions = MakeRoles(kOpenAiCompletions);
  static const Roles responses = MakeRoles(kOpenAiResponses);
  static const Roles anthropic = MakeRoles(kAnthropic);
  static const Roles ollama_chat = MakeRoles(kOllamaChat);
  static const Roles ollama_generate = MakeRoles(kOllamaGenerate);
  switch (surface) {
    case Surface::kOpenAiChat:
      return &chat;
    case Surface::kOpenAiCompletions:
      return &completions;
    case Surface::kOpenAiResponses:
      return &responses;
    case Surface::kAnthropicMessages:
      return &anthropic;
    case Surface::kOllamaChat:
      return &ollama_chat;
    case Surface::kOllamaGenerate:
      return &ollama_generate;
    default:
      return nullptr;
  }
}

}  // namespace

bool HasText(Surface surface) { return RolesOf(surface) != nullptr; }

Role RoleOf(Surface surface, std::string_view path) {
  const Roles* roles = RolesOf(surface);
  if (roles == nullptr) return Role::kUnknown;
  const auto found = roles->find(path);
  return found == roles->end() ? Role::kUnknown : found->second;
}

bool EndsTexts(Surface surface, std::string_view type) {
  if (surface == Surface::kAnthropicMessages)
    return type == "content_block_stop" || type == "message_delta" || type == "message_stop";
  return surface == Surface::kOpenAiResponses && !type.ends_with(".delta") && type != "keepalive";
}

bool IsToolType(std::string_view type) {
  return type.find("arguments") != std::string_view::npos || type.find("_input") != std::string_view::npos;
}

}  // namespace hpol::answer
