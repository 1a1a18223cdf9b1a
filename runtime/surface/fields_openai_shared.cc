// The request fields that OpenAI's chat completions and completions share, and what vLLM, SGLang and
// llama.cpp servers read from the same bodies.
#include "runtime/surface/registry.h"

namespace hpol::surface {
namespace {

using enum Field::Class;
using enum Field::Type;
using enum Rule;

constexpr Row kSampling[] = {
    {"frequency_penalty", kParameter, kNumber, kRange, "-2 2"},
    {"presence_penalty", kParameter, kNumber, kRange, "-2 2"},
    {"temperature", kParameter, kNumber, kRange, "0 2"},
    {"top_p", kParameter, kNumber, kRange, "0 1"},
    {"seed", kParameter, kNumber, kInteger, "-9223372036854775808 18446744073709551615"},
    {"n", kParameter, kNumber, kInteger, "1 16"},  // each choice costs the target a whole answer
    {"max_tokens", kParameter, kNumber, kInteger, "1 4194304"},
    {"logit_bias", kContent, kObject, kUnscanned},  // its keys are token ids, and token ids are text
    {"stop", kContent, kStringOrArray, kText},
    {"stop[]", kContent, kString, kText},
    {"stream", kParameter, kBool, kStream},
    {"stream_options", kParameter, kObject, kScan},
    {"stream_options.include_usage", kParameter, kBool, kScan},
    {"stream_options.include_obfuscation", kParameter, kBool, kScan},
    {"stream_options.continuous_usage_stats", kParameter, kBool, kScan},
};

constexpr Row kOpenServers[] = {
    // ── Open model servers: text ──────────────────────────────────────────────────────────────
    {"documents", kContent, kArray, kFree},
    {"chat_template_kwargs", kContent, kObject, kFree},
    {"guided_json", kContent, kStringOrObject, kSchema},
    {"guided_regex", kContent, kString, kText},
    {"guided_choice", kContent, kArray, kFree},
    {"guided_grammar", kContent, kString, kText},
    {"guided_whitespace_pattern", kContent, kString, kText},
    {"guided_decoding_backend", kContent, kString, kScan},
    {"structured_outputs", kContent, kObject, kSchema},
    {"bad_words", kContent, kArray, kFree},
    {"prompt_embeds", kContent, kAny, kUnscanned},
    {"prompt_token_ids", kContent, kArray, kUnscanned},
    {"stop_token_ids", kContent, kArray, kUnscanned},
    {"allowed_token_ids", kContent, kArray, kUnscanned},

    // ── Open model servers: parameters ────────────────────────────────────────────────────────
    {"best_of", kParameter, kNumber, kInteger, "1 16"},
    {"top_k", kParameter, kNumber, kInteger, "-1 1000000"},
    {"min_p", kParameter, kNumber, kRange, "0 1"},
    {"repetition_penalty", kParameter, kNumber, kRange, "0 10"},
    {"length_penalty", kParameter, kNumber, kRange, "-10 10"},
    {"min_tokens", kParameter, kNumber, kInteger, "0 4194304"},
    {"truncate_prompt_tokens", kParameter, kNumber, kInteger, "-1 4194304"},
    {"prompt_logprobs", kParameter, kNumber, kInteger, "0 20"},
    {"thinking_budget", kParameter, kNumber, kInteger, "0 4194304"},
    {"enable_thinking", kParameter, kBool, kScan},
    {"include_reasoning", kParameter, kBool, kScan},
    {"use_beam_search", kParameter, kBool, kScan},
    {"ignore_eos", kParameter, kBool, kScan},
    {"skip_special_tokens", kParameter, kBool, kScan},
    {"spaces_between_special_tokens", kParameter, kBool, kScan},
    {"include_stop_str_in_output", kParameter, kBool, kScan},
    {"add_generation_prompt", kParameter, kBool, kScan},
    {"continue_final_message", kParameter, kBool, kScan},
    {"add_special_tokens", kParameter, kBool, kScan},
    {"echo", kParameter, kBool, kScan},
    {"return_tokens_as_token_ids", kParameter, kBool, kScan},
    {"return_token_ids", kParameter, kBool, kScan},
    {"thinking", kParameter, kObject, kScan},
    {"thinking.type", kParameter, kString, kOneOf, "enabled disabled auto"},
    {"thinking.budget_tokens", kParameter, kNumber, kInteger, "0 4194304"},
    {"reasoning", kParameter, kObject, kScan},
    {"reasoning.effort", kParameter, kString, kOneOf, "none minimal low medium high xhigh max"},
    {"reasoning.max_tokens", kParameter, kNumber, kInteger, "0 4194304"},
    {"reasoning.exclude", kParameter, kBool, kScan},
    {"reasoning.enabled", kParameter, kBool, kScan},
};

}  // namespace

std::span<const Row> OpenAiSamplingRows() { return kSampling; }
std::span<const Row> OpenServerRows() { return kOpenServers; }

}  // namespace hpol::surface
