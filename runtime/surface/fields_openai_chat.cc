// The request fields of POST /v1/chat/completions that only it has: those of the `openai` npm package
// 6.49.0. Ask of each line: what text does it carry, and what does it make the server do?
//
// A parent stands before its members. `metadata` and other free values have class content or
// identity; kRefuse lines name what would happen at the server.
#include "runtime/surface/registry.h"

namespace hpol::surface {
namespace {

using enum Field::Class;
using enum Field::Type;
using enum Rule;

constexpr Row kRows[] = {
    // ── The conversation ──────────────────────────────────────────────────────────────────────
    {"model", kPlacement, kString, kModel, "", kRequired},  // replaced by the target's (rule P)
    {"messages", kContent, kArray, kScan, "", kRequired},
    {"messages[]", kContent, kObject, kScan},
    {"messages[].role", kParameter, kString, kOneOf, "developer system user assistant tool function",
     kRequired},
    {"messages[].content", kContent, kStringOrArray, kText},
    {"messages[].content[]", kContent, kObject, kScan},
    {"messages[].content[].type", kParameter, kString, kOneOf,
     "text refusal image_url input_audio file video_url audio_url image_embeds audio_embeds", kRequired},
    {"messages[].content[].text", kContent, kString, kText},
    {"messages[].content[].refusal", kContent, kString, kText},
    {"messages[].content[].image_url", kFetch, kStringOrObject, kInlineUrl},
    {"messages[].content[].image_url.url", kFetch, kString, kInlineUrl},
    {"messages[].content[].image_url.detail", kParameter, kString, kOneOf, "auto low high"},
    {"messages[].content[].input_audio", kContent, kObject, kUnscanned},
    {"messages[].content[].input_audio.data", kContent, kString, kUnscanned},
    {"messages[].content[].input_audio.format", kParameter, kString, kOneOf,
     "wav mp3 flac opus pcm16 ogg webm m4a"},
    {"messages[].content[].file", kContent, kObject, kUnscanned},
    {"messages[].content[].file.file_data", kContent, kString, kUnscanned},
    {"messages[].content[].file.file_id", kReference, kString, kRefuse},
    {"messages[].content[].file.filename", kContent, kString, kScan},
    {"messages[].content[].prompt_cache_breakpoint", kStorage, kObject, kRefuse},
    {"messages[].content[].cache_control", kStorage, kObject, kRefuse},  // the same at other providers
    {"messages[].content[].video_url", kFetch, kStringOrObject, kInlineUrl},
    {"messages[].content[].video_url.url", kFetch, kString, kInlineUrl},
    {"messages[].content[].audio_url", kFetch, kStringOrObject, kInlineUrl},
    {"messages[].content[].audio_url.url", kFetch, kString, kInlineUrl},
    {"messages[].content[].image_embeds", kContent, kAny, kUnscanned},
    {"messages[].content[].audio_embeds", kContent, kAny, kUnscanned},
    // Names are scanned but do not join: between two contents they would part a split value.
    {"messages[].name", kContent, kString, kScan},
    {"messages[].refusal", kContent, kString, kText},
    {"messages[].audio", kReference, kObject, kScan},
    {"messages[].audio.id", kReference, kString, kRefuse},
    {"messages[].audio.data", kContent, kString, kUnscanned},
    {"messages[].audio.expires_at", kParameter, kNumber, kScan},
    {"messages[].audio.transcript", kContent, kString, kText},
    {"messages[].tool_calls", kContent, kArray, kScan},
    {"messages[].tool_calls[]", kContent, kObject, kScan},
    {"messages[].tool_calls[].id", kContent, kString, kScan},
    {"messages[].tool_calls[].index", kParameter, kNumber, kInteger, "0 4096"},  // left over from a stream
    {"messages[].tool_calls[].type", kTool, kString, kOneOf, "function custom"},
    {"messages[].tool_calls[].function", kContent, kObject, kScan},
    {"messages[].tool_calls[].function.name", kContent, kString, kScan},
    {"messages[].tool_calls[].function.arguments", kContent, kString, kText},
    {"messages[].tool_calls[].function.parsed_arguments", kContent, kAny, kFree},  // left over from .parse()
    {"messages[].tool_calls[].custom", kContent, kObject, kScan},
    {"messages[].tool_calls[].custom.name", kContent, kString, kScan},
    {"messages[].tool_calls[].custom.input", kContent, kString, kText},
    {"messages[].tool_call_id", kContent, kString, kScan},
    {"messages[].function_call", kContent, kObject, kScan},
    {"messages[].function_call.name", kContent, kString, kScan},
    {"messages[].function_call.arguments", kContent, kString, kText},
    // An answer's message that a client sends back as it came.
    {"messages[].annotations", kContent, kArray, kScan},
    {"messages[].annotations[]", kContent, kObject, kScan},
    {"messages[].annotations[].type", kParameter, kString, kOneOf, "url_citation"},
    {"messages[].annotations[].url_citation", kContent, kObject, kScan},
    {"messages[].annotations[].url_citation.start_index", kParameter, kNumber, kScan},
    {"messages[].annotations[].url_citation.end_index", kParameter, kNumber, kScan},
    {"messages[].annotations[].url_citation.title", kContent, kString, kScan},
    {"messages[].annotations[].url_citation.url", kContent, kString, kScan},
    {"messages[].parsed", kContent, kAny, kFree},
    {"messages[].reasoning_content", kContent, kString, kText},
    {"messages[].reasoning", kContent, kString, kText},
    {"messages[].reasoning_details", kContent, kAny, kUnscanned},  // may be ciphertext
    {"messages[].cache_control", kStorage, kObject, kRefuse},
    {"messages[].prefix", kParameter, kBool, kScan},
    {"messages[].partial", kParameter, kBool, kScan},

    // ── Tools that the caller runs; all others are run by the server ──────────────────────────
    {"tools", kTool, kArray, kScan},
    {"tools[]", kTool, kObject, kScan},
    {"tools[].type", kTool, kString, kOneOf, "function custom", kRequired},
    {"tools[].function", kContent, kObject, kScan},
    {"tools[].function.name", kContent, kString, kScan},
    {"tools[].function.description", kContent, kString, kText},
    {"tools[].function.parameters", kContent, kObject, kSchema},
    {"tools[].function.strict", kParameter, kBool, kScan},
    {"tools[].custom", kContent, kObject, kScan},
    {"tools[].custom.name", kContent, kString, kScan},
    {"tools[].custom.description", kContent, kString, kText},
    {"tools[].custom.format", kParameter, kObject, kScan},
    {"tools[].custom.format.type", kParameter, kString, kOneOf, "text grammar"},
    {"tools[].custom.format.grammar", kContent, kObject, kScan},
    {"tools[].custom.format.grammar.definition", kContent, kString, kText},
    {"tools[].custom.format.grammar.syntax", kParameter, kString, kOneOf, "lark regex"},
    {"tools[].cache_control", kStorage, kObject, kRefuse},
    {"tool_choice", kParameter, kStringOrObject, kOneOf, "none auto required"},
    {"tool_choice.type", kTool, kString, kOneOf, "function custom allowed_tools"},
    {"tool_choice.function", kContent, kObject, kScan},
    {"tool_choice.function.name", kContent, kString, kScan},
    {"tool_choice.custom", kContent, kObject, kScan},
    {"tool_choice.custom.name", kContent, kString, kScan},
    {"tool_choice.allowed_tools", kParameter, kObject, kScan},
    {"tool_choice.allowed_tools.mode", kParameter, kString, kOneOf, "auto required"},
    {"tool_choice.allowed_tools.tools", kTool, kArray, kScan},
    {"tool_choice.allowed_tools.tools[]", kTool, kObject, kScan},
    {"tool_choice.allowed_tools.tools[].type", kTool, kString, kOneOf, "function custom", kRequired},
    {"tool_choice.allowed_tools.tools[].function", kContent, kObject, kScan},
    {"tool_choice.allowed_tools.tools[].function.name", kContent, kString, kScan},
    {"tool_choice.allowed_tools.tools[].custom", kContent, kObject, kScan},
    {"tool_choice.allowed_tools.tools[].custom.name", kContent, kString, kScan},
    {"parallel_tool_calls", kParameter, kBool, kScan},
    {"functions", kTool, kArray, kScan},
    {"functions[]", kContent, kObject, kScan},
    {"functions[].name", kContent, kString, kScan},
    {"functions[].description", kContent, kString, kText},
    {"functions[].parameters", kContent, kObject, kSchema},
    {"function_call", kParameter, kStringOrObject, kOneOf, "none auto"},
    {"function_call.name", kContent, kString, kScan},

    // ── Shape of the answer ───────────────────────────────────────────────────────────────────
    {"response_format", kParameter, kObject, kScan},
    {"response_format.type", kParameter, kString, kOneOf, "text json_object json_schema"},
    {"response_format.json_schema", kContent, kObject, kScan},
    {"response_format.json_schema.name", kContent, kString, kScan},
    {"response_format.json_schema.description", kContent, kString, kText},
    {"response_format.json_schema.schema", kContent, kObject, kSchema},
    {"response_format.json_schema.strict", kParameter, kBool, kScan},
    {"prediction", kContent, kObject, kScan},
    {"prediction.type", kParameter, kString, kOneOf, "content"},
    {"prediction.content", kContent, kStringOrArray, kText},
    {"prediction.content[]", kContent, kObject, kScan},
    {"prediction.content[].type", kParameter, kString, kOneOf, "text", kRequired},
    {"prediction.content[].text", kContent, kString, kText},
    {"prediction.content[].prompt_cache_breakpoint", kStorage, kObject, kRefuse},
    {"modalities", kParameter, kArray, kScan},
    {"modalities[]", kParameter, kString, kOneOf, "text audio"},
    {"audio", kParameter, kObject, kScan},
    {"audio.format", kParameter, kString, kOneOf, "wav aac mp3 flac opus pcm16"},
    {"audio.voice", kContent, kStringOrObject, kScan},
    {"audio.voice.id", kReference, kString, kRefuse},
    // ── Numbers ───────────────────────────────────────────────────────────────────────────────
    {"max_completion_tokens", kParameter, kNumber, kInteger, "1 4194304"},
    {"logprobs", kParameter, kBool, kScan},
    {"top_logprobs", kParameter, kNumber, kInteger, "0 20"},
    {"reasoning_effort", kParameter, kString, kOneOf, "none minimal low medium high xhigh max"},
    {"verbosity", kParameter, kString, kOneOf, "low medium high"},

    // ── State at the provider ─────────────────────────────────────────────────────────────────
    {"store", kStorage, kBool, kRefuse, "false"},
    {"cache_control", kStorage, kObject, kRefuse},
    {"prompt", kReference, kAny, kRefuse},
    {"include", kStorage, kArray, kRefuse},
};

}  // namespace

std::span<const Row> OpenAiChatRows() { return kRows; }

}  // namespace hpol::surface
