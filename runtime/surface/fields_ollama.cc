// The request fields of Ollama's POST /api/chat, /api/generate and /api/embed: the `ollama` npm package
// 0.6.4, and what the server's own api/types.go reads beside.
#include "runtime/surface/registry.h"

namespace hpol::surface {
namespace {

using enum Field::Class;
using enum Field::Type;
using enum Rule;

constexpr Row kChat[] = {
    {"messages", kContent, kArray, kScan, "", kRequired},
    {"messages[]", kContent, kObject, kScan},
    {"messages[].role", kParameter, kString, kOneOf, "system user assistant tool", kRequired},
    {"messages[].content", kContent, kString, kText},
    {"messages[].thinking", kContent, kString, kText},
    {"messages[].images", kContent, kArray, kUnscanned},
    {"messages[].tool_calls", kContent, kArray, kScan},
    {"messages[].tool_calls[]", kContent, kObject, kScan},
    {"messages[].tool_calls[].id", kContent, kString, kScan},
    {"messages[].tool_calls[].type", kTool, kString, kOneOf, "function"},
    {"messages[].tool_calls[].function", kContent, kObject, kScan},
    {"messages[].tool_calls[].function.index", kParameter, kNumber, kInteger, "0 4096"},
    {"messages[].tool_calls[].function.name", kContent, kString, kScan},
    {"messages[].tool_calls[].function.arguments", kContent, kAny, kFree},
    {"messages[].tool_name", kContent, kString, kScan},
    {"messages[].tool_call_id", kContent, kString, kScan},
    {"tools", kTool, kArray, kScan},
    {"tools[]", kTool, kObject, kScan},
    {"tools[].type", kTool, kString, kOneOf, "function", kRequired},
    {"tools[].items", kContent, kAny, kSchema},
    {"tools[].function", kContent, kObject, kScan},
    {"tools[].function.type", kTool, kString, kOneOf, "function"},
    {"tools[].function.name", kContent, kString, kScan},
    {"tools[].function.description", kContent, kString, kText},
    {"tools[].function.parameters", kContent, kObject, kSchema},
};

constexpr Row kGenerate[] = {
    {"prompt", kContent, kString, kText},
    {"suffix", kContent, kString, kText},
    {"system", kContent, kString, kText},
    {"template", kTool, kString, kRefuse},      // a program for the server's template engine
    {"context", kContent, kArray, kUnscanned},  // token ids of an earlier conversation
    {"raw", kParameter, kBool, kScan},
    {"images", kContent, kArray, kUnscanned},
    {"width", kParameter, kNumber, kInteger, "0 65536"},
    {"height", kParameter, kNumber, kInteger, "0 65536"},
    {"steps", kParameter, kNumber, kInteger, "0 65536"},
};

constexpr Row kAnswers[] = {
    {"stream", kParameter, kBool, kStream},
    {"format", kContent, kStringOrObject, kSchema},
    {"think", kParameter, kStringOrBool, kOneOf, "low medium high max"},
    {"logprobs", kParameter, kBool, kScan},
    {"top_logprobs", kParameter, kNumber, kInteger, "0 20"},
    {"shift", kParameter, kBool, kScan},
};

constexpr Row kEmbed[] = {
    {"input", kContent, kStringOrArray, kText, "", kRequired},
    {"input[]", kContent, kString, kText},
    {"dimensions", kParameter, kNumber, kInteger, "1 65536"},
};

constexpr Row kAll[] = {
    {"model", kPlacement, kString, kModel, "", kRequired},
    {"truncate", kParameter, kBool, kScan},
    {"keep_alive", kPlacement, kStringOrNumber, kRemove},  // what stays loaded is the operator's to say
    {"options", kParameter, kObject, kScan},
    {"options.num_keep", kParameter, kNumber, kScan},
    {"options.seed", kParameter, kNumber, kScan},
    {"options.num_predict", kParameter, kNumber, kScan},
    {"options.top_k", kParameter, kNumber, kScan},
    {"options.top_p", kParameter, kNumber, kRange, "0 1"},
    {"options.min_p", kParameter, kNumber, kRange, "0 1"},
    {"options.typical_p", kParameter, kNumber, kScan},
    {"options.tfs_z", kParameter, kNumber, kScan},
    {"options.repeat_last_n", kParameter, kNumber, kScan},
    {"options.temperature", kParameter, kNumber, kRange, "0 10"},
    {"options.repeat_penalty", kParameter, kNumber, kScan},
    {"options.presence_penalty", kParameter, kNumber, kRange, "-2 2"},
    {"options.frequency_penalty", kParameter, kNumber, kRange, "-2 2"},
    {"options.mirostat", kParameter, kNumber, kScan},
    {"options.mirostat_tau", kParameter, kNumber, kScan},
    {"options.mirostat_eta", kParameter, kNumber, kScan},
    {"options.penalize_newline", kParameter, kBool, kScan},
    {"options.stop", kContent, kStringOrArray, kText},
    {"options.stop[]", kContent, kString, kText},
    // How the server loads a model: it is loaded anew when one of them differs.
    {"options.num_ctx", kParameter, kNumber, kInteger, "1 4194304"},
    {"options.num_batch", kParameter, kNumber, kInteger, "1 65536"},
    {"options.num_gpu", kParameter, kNumber, kScan},
    {"options.main_gpu", kParameter, kNumber, kScan},
    {"options.num_thread", kParameter, kNumber, kScan},
    {"options.numa", kParameter, kBool, kScan},
    {"options.low_vram", kParameter, kBool, kScan},
    {"options.f16_kv", kParameter, kBool, kScan},
    {"options.logits_all", kParameter, kBool, kScan},
    {"options.vocab_only", kParameter, kBool, kScan},
    {"options.use_mmap", kParameter, kBool, kScan},
    {"options.use_mlock", kParameter, kBool, kScan},
    {"options.embedding_only", kParameter, kBool, kScan},
};

}  // namespace

std::span<const Row> OllamaChatRows() { return kChat; }
std::span<const Row> OllamaGenerateRows() { return kGenerate; }
std::span<const Row> OllamaAnswerRows() { return kAnswers; }
std::span<const Row> OllamaEmbedRows() { return kEmbed; }
std::span<const Row> OllamaRows() { return kAll; }

}  // namespace hpol::surface
