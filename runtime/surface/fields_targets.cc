// The request fields of dialects that only targets speak: AWS Bedrock Converse and DashScope's native
// text generation. Nobody but the gateway writes these bodies, so the tables hold what its translation
// can write and nothing else: a slip there is an unregistered field, and does not leave.
#include "runtime/surface/registry.h"

namespace hpol::surface {
namespace {

using enum Field::Class;
using enum Field::Type;
using enum Rule;

constexpr Row kBedrockRows[] = {
    {"messages", kContent, kArray, kScan, "", kRequired},
    {"messages[]", kContent, kObject, kScan},
    {"messages[].role", kParameter, kString, kOneOf, "user assistant", kRequired},
    {"messages[].content", kContent, kArray, kScan, "", kRequired},
    {"messages[].content[]", kContent, kObject, kScan},
    {"messages[].content[].text", kContent, kString, kText},
    {"messages[].content[].toolUse", kContent, kObject, kScan},
    {"messages[].content[].toolUse.toolUseId", kContent, kString, kScan},
    {"messages[].content[].toolUse.name", kContent, kString, kScan},
    {"messages[].content[].toolUse.input", kContent, kObject, kFree},
    {"messages[].content[].toolResult", kContent, kObject, kScan},
    {"messages[].content[].toolResult.toolUseId", kContent, kString, kScan},
    {"messages[].content[].toolResult.status", kParameter, kString, kOneOf, "success error"},
    {"messages[].content[].toolResult.content", kContent, kArray, kScan},
    {"messages[].content[].toolResult.content[]", kContent, kObject, kScan},
    {"messages[].content[].toolResult.content[].text", kContent, kString, kText},
    {"system", kContent, kArray, kScan},
    {"system[]", kContent, kObject, kScan},
    {"system[].text", kContent, kString, kText},
    {"inferenceConfig", kParameter, kObject, kScan},
    {"inferenceConfig.maxTokens", kParameter, kNumber, kScan},
    {"inferenceConfig.temperature", kParameter, kNumber, kScan},
    {"inferenceConfig.topP", kParameter, kNumber, kScan},
    {"inferenceConfig.stopSequences", kContent, kArray, kFree},
    {"toolConfig", kContent, kObject, kScan},
    {"toolConfig.tools", kContent, kArray, kScan},
    {"toolConfig.tools[]", kContent, kObject, kScan},
    {"toolConfig.tools[].toolSpec", kContent, kObject, kScan},
    {"toolConfig.tools[].toolSpec.name", kContent, kString, kScan},
    {"toolConfig.tools[].toolSpec.description", kContent, kString, kText},
    {"toolConfig.tools[].toolSpec.inputSchema", kContent, kObject, kScan},
    {"toolConfig.tools[].toolSpec.inputSchema.json", kContent, kObject, kSchema},
    {"toolConfig.toolChoice", kContent, kObject, kFree},
};

constexpr Row kDashScopeRows[] = {
    {"model", kPlacement, kString, kModel, "", kRequired},
    {"input", kContent, kObject, kScan, "", kRequired},
    {"input.messages", kContent, kArray, kScan, "", kRequired},
    {"input.messages[]", kContent, kObject, kScan},
    {"input.messages[].role", kParameter, kString, kOneOf, "system user assistant tool", kRequired},
    {"input.messages[].content", kContent, kString, kText},
    {"input.messages[].tool_call_id", kContent, kString, kScan},
    {"input.messages[].tool_calls", kContent, kArray, kScan},
    {"input.messages[].tool_calls[]", kContent, kObject, kScan},
    {"input.messages[].tool_calls[].id", kContent, kString, kScan},
    {"input.messages[].tool_calls[].type", kParameter, kString, kOneOf, "function"},
    {"input.messages[].tool_calls[].function", kContent, kObject, kScan},
    {"input.messages[].tool_calls[].function.name", kContent, kString, kScan},
    {"input.messages[].tool_calls[].function.arguments", kContent, kString, kText},
    {"parameters", kParameter, kObject, kScan},
    {"parameters.result_format", kParameter, kString, kOneOf, "message"},
    {"parameters.incremental_output", kParameter, kBool, kScan},
    {"parameters.max_tokens", kParameter, kNumber, kScan},
    {"parameters.temperature", kParameter, kNumber, kScan},
    {"parameters.top_p", kParameter, kNumber, kScan},
    {"parameters.top_k", kParameter, kNumber, kScan},
    {"parameters.seed", kParameter, kNumber, kScan},
    {"parameters.presence_penalty", kParameter, kNumber, kScan},
    {"parameters.stop", kContent, kArray, kFree},
    {"parameters.response_format", kParameter, kObject, kScan},
    {"parameters.response_format.type", kParameter, kString, kOneOf, "text json_object"},
    {"parameters.parallel_tool_calls", kParameter, kBool, kScan},
    {"parameters.tool_choice", kContent, kAny, kFree},
    {"parameters.tools", kContent, kArray, kScan},
    {"parameters.tools[]", kContent, kObject, kScan},
    {"parameters.tools[].type", kParameter, kString, kOneOf, "function"},
    {"parameters.tools[].function", kContent, kObject, kScan},
    {"parameters.tools[].function.name", kContent, kString, kScan},
    {"parameters.tools[].function.description", kContent, kString, kText},
    {"parameters.tools[].function.parameters", kContent, kObject, kSchema},
};

}  // namespace

std::span<const Row> BedrockConverseRows() { return kBedrockRows; }
std::span<const Row> DashScopeChatRows() { return kDashScopeRows; }

}  // namespace hpol::surface
