// The request fields of POST /v1/completions and POST /v1/embeddings, beside those they share with
// chat completions: the `openai` npm package 6.49.0. Both take token ids in place of text, and
// LangChain's embeddings send them by default.
#include "runtime/surface/registry.h"

namespace hpol::surface {
namespace {

using enum Field::Class;
using enum Field::Type;
using enum Rule;

constexpr Row kCompletions[] = {
    {"model", kPlacement, kString, kModel, "", kRequired},
    {"prompt", kContent, kStringOrArray, kText, "", kRequired},
    {"prompt[]", kContent, kStringNumberOrArray, kTokens},
    {"prompt[][]", kContent, kNumber, kUnscanned},
    {"suffix", kContent, kString, kText},
    {"logprobs", kParameter, kNumber, kInteger, "0 20"},
    {"store", kStorage, kBool, kRefuse, "false"},
};

constexpr Row kEmbeddings[] = {
    {"model", kPlacement, kString, kModel, "", kRequired},
    {"input", kContent, kStringOrArray, kText, "", kRequired},
    {"input[]", kContent, kStringNumberOrArray, kTokens},
    {"input[][]", kContent, kNumber, kUnscanned},
    {"encoding_format", kParameter, kString, kOneOf, "float base64"},
    {"dimensions", kParameter, kNumber, kInteger, "1 65536"},
    // Open model servers and other providers.
    {"input_type", kParameter, kString, kOneOf, "query passage document search_query search_document"},
    {"truncate", kParameter, kString, kOneOf, "NONE START END"},
    {"truncate_prompt_tokens", kParameter, kNumber, kInteger, "-1 4194304"},
    {"add_special_tokens", kParameter, kBool, kScan},
};

}  // namespace

std::span<const Row> OpenAiCompletionsRows() { return kCompletions; }
std::span<const Row> OpenAiEmbeddingsRows() { return kEmbeddings; }

}  // namespace hpol::surface
