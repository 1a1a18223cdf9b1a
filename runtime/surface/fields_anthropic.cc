// The request fields of Anthropic's POST /v1/messages and /v1/messages/count_tokens: the
// `@anthropic-ai/sdk` npm package 1.10.0. Ask of each line: what text does it carry, and what does it
// make the server do? `cache_control` is taken out: it keeps text at the provider, changes no answer,
// and stands in almost every request of some clients.
#include "runtime/surface/registry.h"

namespace hpol::surface {
namespace {

using enum Field::Class;
using enum Field::Type;
using enum Rule;

constexpr Row kShared[] = {
    {"model", kPlacement, kString, kModel, "", kRequired},
    {"messages", kContent, kArray, kScan, "", kRequired},
    {"messages[]", kContent, kObject, kScan},
    {"messages[].role", kParameter, kString, kOneOf, "user assistant system", kRequired},
    {"messages[].content", kContent, kStringOrArray, kText},

    // ── A block; blocks stand in blocks. Kinds that a server's tools made are refused ─────────
    // A thinking block's signature holds the whole of it, encrypted.
    {"messages[].content[]", kContent, kObject, kScan},
    {"messages[].content[].type", kTool, kString, kOneOf,
     "text image document search_result thinking redacted_thinking tool_use tool_result tool_reference",
     kRequired},
    {"messages[].content[].text", kContent, kString, kText},
    {"messages[].content[].thinking", kContent, kString, kText},
    {"messages[].content[].signature", kContent, kString, kUnscanned},
    {"messages[].content[].data", kContent, kString, kUnscanned},
    {"messages[].content[].id", kContent, kString, kScan},
    {"messages[].content[].name", kContent, kString, kScan},
    {"messages[].content[].input", kContent, kAny, kFree},
    {"messages[].content[].tool_use_id", kContent, kString, kScan},
    {"messages[].content[].toolset_name", kContent, kString, kScan},
    {"messages[].content[].tool_name", kContent, kString, kScan},
    {"messages[].content[].is_error", kParameter, kBool, kScan},
    {"messages[].content[].content", kContent, kStringOrArray, kText},
    {"messages[].content[].content[]", kContent, kObject, kSame, "messages[].content[]"},
    {"messages[].content[].title", kContent, kString, kText},
    {"messages[].content[].context", kContent, kString, kText},
    {"messages[].content[].source", kContent, kStringOrObject, kText},
    {"messages[].content[].source.type", kFetch, kString, kOneOf, "text content !base64", kRequired},
    {"messages[].content[].source.media_type", kParameter, kString, kOneOf,
     "image/jpeg image/png image/gif image/webp application/pdf text/plain"},
    {"messages[].content[].source.data", kContent, kString, kText},
    {"messages[].content[].source.content", kContent, kStringOrArray, kText},
    {"messages[].content[].source.content[]", kContent, kObject, kSame, "messages[].content[]"},
    {"messages[].content[].source.url", kFetch, kString, kInlineUrl},
    {"messages[].content[].source.file_id", kReference, kString, kRefuse},
    {"messages[].content[].citations", kContent, kObjectOrArray, kScan},
    {"messages[].content[].citations.enabled", kParameter, kBool, kScan},
    {"messages[].content[].citations[]", kContent, kObject, kScan},
    {"messages[].content[].citations[].type", kParameter, kString, kOneOf,
     "char_location page_location content_block_location search_result_location web_search_result_location",
     kRequired},
    {"messages[].content[].citations[].cited_text", kContent, kString, kText},
    {"messages[].content[].citations[].document_title", kContent, kString, kScan},
    {"messages[].content[].citations[].title", kContent, kString, kScan},
    {"messages[].content[].citations[].source", kContent, kString, kScan},
    {"messages[].content[].citations[].url", kContent, kString, kScan},
    {"messages[].content[].citations[].encrypted_index", kContent, kString, kUnscanned},
    {"messages[].content[].citations[].file_id", kReference, kString, kRefuse},
    {"messages[].content[].citations[].document_index", kParameter, kNumber, kScan},
    {"messages[].content[].citations[].search_result_index", kParameter, kNumber, kScan},
    {"messages[].content[].citations[].start_char_index", kParameter, kNumber, kScan},
    {"messages[].content[].citations[].end_char_index", kParameter, kNumber, kScan},
    {"messages[].content[].citations[].start_page_number", kParameter, kNumber, kScan},
    {"messages[].content[].citations[].end_page_number", kParameter, kNumber, kScan},
    {"messages[].content[].citations[].start_block_index", kParameter, kNumber, kScan},
    {"messages[].content[].citations[].end_block_index", kParameter, kNumber, kScan},
    {"messages[].content[].cache_control", kStorage, kObject, kRemove},
    {"messages[].content[].transformations", kParameter, kObject, kScan},
    {"messages[].content[].transformations.oversized_image", kParameter, kString, kOneOf, "downsize error"},
    {"messages[].content[].caller", kTool, kObject, kScan},
    {"messages[].content[].caller.type", kTool, kString, kOneOf, "direct"},
    {"messages[].content[].caller.tool_id", kContent, kString, kScan},
    {"messages[].content[].file_id", kReference, kString, kRefuse},
    // Of blocks that a server's tools made.
    {"messages[].content[].encrypted_content", kTool, kAny, kRefuse},
    {"messages[].content[].page_age", kTool, kAny, kRefuse},
    {"messages[].content[].state_changes", kTool, kAny, kRefuse},
    {"messages[].content[].tabs", kTool, kAny, kRefuse},
    {"messages[].content[].url", kTool, kAny, kRefuse},
    {"system", kContent, kStringOrArray, kText},
    {"system[]", kContent, kObject, kSame, "messages[].content[]"},

    // ── Tools that the caller runs; all others are run by the server ──────────────────────────
    {"tools", kTool, kArray, kScan},
    {"tools[]", kTool, kObject, kScan},
    {"tools[].type", kTool, kString, kOneOf,
     "custom bash_20241022 bash_20250124 text_editor_20241022 text_editor_20250124 text_editor_20250429 "
     "text_editor_20250728 memory_20250818"},
    {"tools[].name", kContent, kString, kScan},
    {"tools[].description", kContent, kString, kText},
    {"tools[].input_schema", kContent, kObject, kSchema},
    {"tools[].input_examples", kContent, kArray, kFree},
    {"tools[].strict", kParameter, kBool, kScan},
    {"tools[].defer_loading", kParameter, kBool, kScan},
    {"tools[].eager_input_streaming", kParameter, kBool, kScan},
    {"tools[].max_characters", kParameter, kNumber, kInteger, "0 4194304"},
    {"tools[].allowed_callers", kTool, kArray, kScan},
    {"tools[].allowed_callers[]", kTool, kString, kOneOf, "direct"},
    {"tools[].cache_control", kStorage, kObject, kRemove},
    {"tools[].allowed_domains", kTool, kAny, kRefuse},
    {"tools[].blocked_domains", kTool, kAny, kRefuse},
    {"tools[].citations", kTool, kAny, kRefuse},
    {"tools[].configs", kTool, kAny, kRefuse},
    {"tools[].max_content_tokens", kTool, kAny, kRefuse},
    {"tools[].max_uses", kTool, kAny, kRefuse},
    {"tools[].response_inclusion", kTool, kAny, kRefuse},
    {"tools[].url_sources", kTool, kAny, kRefuse},
    {"tools[].use_cache", kTool, kAny, kRefuse},
    {"tools[].user_location", kTool, kAny, kRefuse},
    {"tool_choice", kParameter, kObject, kScan},
    {"tool_choice.type", kParameter, kString, kOneOf, "auto any tool none", kRequired},
    {"tool_choice.name", kContent, kString, kScan},
    {"tool_choice.disable_parallel_tool_use", kParameter, kBool, kScan},

    // ── Shape of the answer ───────────────────────────────────────────────────────────────────
    {"thinking", kParameter, kObject, kScan},
    {"thinking.type", kParameter, kString, kOneOf, "enabled disabled adaptive between_tools"},
    {"thinking.budget_tokens", kParameter, kNumber, kInteger, "0 4194304"},
    {"thinking.display", kParameter, kString, kOneOf, "summarized omitted"},
    {"output_config", kParameter, kObject, kScan},
    {"output_config.effort", kParameter, kString, kOneOf, "low medium high xhigh max"},
    {"output_config.format", kContent, kObject, kScan},
    {"output_config.format.type", kParameter, kString, kOneOf, "json_schema"},
    {"output_config.format.schema", kContent, kObject, kSchema},

    // ── What acts, beside what acts everywhere ────────────────────────────────────────────────
    {"cache_control", kStorage, kObject, kRemove},
    {"speed", kPlacement, kString, kRefuse, "standard"},
    {"diagnostics", kReference, kObject, kRefuse},
    {"betas", kTool, kAny, kRefuse},
};

constexpr Row kMessages[] = {
    {"max_tokens", kParameter, kNumber, kInteger, "0 4194304"},
    {"stop_sequences", kContent, kArray, kScan},
    {"stop_sequences[]", kContent, kString, kText},
    {"stream", kParameter, kBool, kStream},
    {"temperature", kParameter, kNumber, kRange, "0 1"},
    {"top_k", kParameter, kNumber, kInteger, "-1 1000000"},
    {"top_p", kParameter, kNumber, kRange, "0 1"},
};

}  // namespace

std::span<const Row> AnthropicRows() { return kShared; }
std::span<const Row> AnthropicMessagesRows() { return kMessages; }

}  // namespace hpol::surface
