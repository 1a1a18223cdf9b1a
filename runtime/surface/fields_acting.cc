// The request fields that act, wherever they stand: what makes a server run, fetch, keep or place
// something, by any provider, aggregator or open model server. Every surface has these rows, so that
// a field of one API in the body of another is refused by name.
#include "runtime/surface/registry.h"

namespace hpol::surface {
namespace {

using enum Field::Class;
using enum Field::Type;
using enum Rule;

constexpr Row kRows[] = {
    // ── Who asks ──────────────────────────────────────────────────────────────────────────────
    {"user", kIdentity, kString, kRemove},
    {"safety_identifier", kIdentity, kString, kRemove},
    {"prompt_cache_key", kIdentity, kString, kRemove},
    {"metadata", kIdentity, kObject, kRemove},
    {"request_id", kIdentity, kString, kRemove},
    {"cache_salt", kIdentity, kString, kRemove},

    // ── State at the provider ─────────────────────────────────────────────────────────────────
    {"prompt_cache_retention", kStorage, kString, kRefuse, "in_memory"},
    {"prompt_cache_options", kStorage, kObject, kRefuse},
    {"background", kStorage, kBool, kRefuse, "false"},
    {"previous_response_id", kReference, kString, kRefuse},
    {"conversation", kReference, kAny, kRefuse},
    {"file_ids", kReference, kArray, kRefuse},
    {"assistant_id", kReference, kString, kRefuse},
    {"thread_id", kReference, kString, kRefuse},
    {"thread", kReference, kAny, kRefuse},
    {"container", kReference, kAny, kRefuse},
    {"context_management", kStorage, kAny, kRefuse},
    {"compaction", kStorage, kAny, kRefuse},

    // ── What the server would run ─────────────────────────────────────────────────────────────
    {"web_search_options", kTool, kObject, kRefuse},
    {"enable_search", kTool, kBool, kRefuse, "false"},
    {"search_options", kTool, kAny, kRefuse},
    {"search_parameters", kTool, kAny, kRefuse},
    {"web_extractor", kTool, kAny, kRefuse},
    {"plugins", kTool, kAny, kRefuse},
    {"mcp_servers", kTool, kAny, kRefuse},
    {"data_sources", kTool, kAny, kRefuse},
    {"tool_resources", kTool, kAny, kRefuse},
    {"tool_server", kTool, kAny, kRefuse},
    {"guardrails", kTool, kAny, kRefuse},
    {"moderation", kTool, kObject, kRefuse},
    {"chat_template", kTool, kString, kRefuse},   // a program for the server's template engine
    {"logits_processors", kTool, kAny, kRefuse},  // qualified names of code
    {"custom_logit_processor", kTool, kAny, kRefuse},
    {"vllm_xargs", kTool, kAny, kRefuse},
    {"mm_processor_kwargs", kTool, kAny, kRefuse},
    {"media_io_kwargs", kTool, kAny, kRefuse},

    // ── Where and how the provider runs it ────────────────────────────────────────────────────
    {"service_tier", kPlacement, kString, kRefuse},
    {"inference_geo", kPlacement, kAny, kRefuse},
    {"models", kPlacement, kAny, kRefuse},
    {"route", kPlacement, kAny, kRefuse},
    {"provider", kPlacement, kAny, kRefuse},
    {"fallbacks", kPlacement, kAny, kRefuse},
    {"context_window_fallbacks", kPlacement, kAny, kRefuse},
    {"content_policy_fallbacks", kPlacement, kAny, kRefuse},
    {"transforms", kPlacement, kAny, kRefuse},
    {"preset", kPlacement, kAny, kRefuse},
    {"workspace_id", kPlacement, kAny, kRefuse},
    {"user_profile_id", kPlacement, kAny, kRefuse},
    {"priority", kPlacement, kAny, kRefuse},
    {"kv_transfer_params", kPlacement, kAny, kRefuse},
    {"api_base", kPlacement, kAny, kRefuse},
    {"base_url", kPlacement, kAny, kRefuse},
    {"api_key", kPlacement, kAny, kRefuse},
    {"api_version", kPlacement, kAny, kRefuse},
    {"organization", kPlacement, kAny, kRefuse},
    {"custom_llm_provider", kPlacement, kAny, kRefuse},
    {"deployment_id", kPlacement, kAny, kRefuse},
    {"extra_headers", kPlacement, kAny, kRefuse},
    {"extra_body", kPlacement, kAny, kRefuse},
    {"num_retries", kPlacement, kAny, kRefuse},
    {"lora_path", kPlacement, kAny, kRefuse},
};

}  // namespace

std::span<const Row> ActingRows() { return kRows; }

}  // namespace hpol::surface
