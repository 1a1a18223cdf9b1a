// The door is paths.h.
#include "adapters/gateway/paths.h"

#include <algorithm>
#include <array>

namespace hpol::gateway {
namespace {

using enum Path::Serves;
constexpr Surface kOpenAi = Surface::kOpenAiChat;
constexpr Surface kAnthropic = Surface::kAnthropicMessages;
constexpr Surface kOllama = Surface::kOllamaChat;

constexpr std::array kPaths = std::to_array<Path>({
    {"/v1/chat/completions", "POST", kSurface, Surface::kOpenAiChat},
    {"/v1/responses", "POST", kSurface, Surface::kOpenAiResponses},
    {"/v1/completions", "POST", kSurface, Surface::kOpenAiCompletions},
    {"/v1/embeddings", "POST", kSurface, Surface::kOpenAiEmbeddings},
    {"/v1/messages", "POST", kSurface, Surface::kAnthropicMessages},
    // Fields of a beta are refused by name; the query alone changes nothing.
    {"/v1/messages?beta=true", "POST", kSurface, Surface::kAnthropicMessages},
    {"/v1/messages/count_tokens", "POST", kSurface, Surface::kAnthropicCountTokens},
    {"/v1/messages/count_tokens?beta=true", "POST", kSurface, Surface::kAnthropicCountTokens},
    {"/api/chat", "POST", kSurface, Surface::kOllamaChat},
    {"/api/generate", "POST", kSurface, Surface::kOllamaGenerate},
    {"/api/embed", "POST", kSurface, Surface::kOllamaEmbed},
    {"/v1/models", "GET", kModels, kOpenAi},
    {"/api/tags", "GET", kTags, kOllama},
    {"/api/show", "POST", kShow, kOllama},
    {"/api/ps", "GET", kRunning, kOllama},
    {"/healthz", "GET", kHealth, kOpenAi},
    {"/readyz", "GET", kReady, kOpenAi},
    {"/metrics", "GET", kMetrics, kOpenAi},
    {"/admin/reload", "POST", kReload, kOpenAi},
});

constexpr std::string_view kStored = "nothing is kept at a provider, so there is nothing stored to ask for";
constexpr std::string_view kFiles =
    "files kept at a provider are not offered: nobody would have scanned them";
constexpr std::string_view kBatches = "batches are not offered: each request is decided on when it is made";
constexpr std::string_view kMedia = "sound, pictures and films cannot be scanned and are not offered";
constexpr std::string_view kSockets = "realtime sessions are not offered: HTTP requests and streams are";
constexpr std::string_view kTraining = "training and evaluation at a provider are not offered";
constexpr std::string_view kAgents = "assistants, threads and containers at a provider are not offered";
constexpr std::string_view kManaging = "models and accounts are not managed through this gateway";
constexpr std::string_view kSearching = "searching and fetching by a model server are not offered";
constexpr std::string_view kOld = "this older form of the API is not offered";

// Refused with everything below them.
constexpr std::array kRefusals = std::to_array<Path>({
    {"/v1/files", "", kRefused, kOpenAi, kFiles},
    {"/v1/uploads", "", kRefused, kOpenAi, kFiles},
    {"/v1/vector_stores", "", kRefused, kOpenAi, kFiles},
    {"/v1/batches", "", kRefused, kOpenAi, kBatches},
    {"/v1/messages/batches", "", kRefused, kAnthropic, kBatches},
    {"/v1/realtime", "", kRefused, kOpenAi, kSockets},
    {"/v1/audio", "", kRefused, kOpenAi, kMedia},
    {"/v1/images", "", kRefused, kOpenAi, kMedia},
    {"/v1/videos", "", kRefused, kOpenAi, kMedia},
    {"/v1/fine_tuning", "", kRefused, kOpenAi, kTraining},
    {"/v1/evals", "", kRefused, kOpenAi, kTraining},
    {"/v1/graders", "", kRefused, kOpenAi, kTraining},
    {"/v1/assistants", "", kRefused, kOpenAi, kAgents},
    {"/v1/threads", "", kRefused, kOpenAi, kAgents},
    {"/v1/containers", "", kRefused, kOpenAi, kAgents},
    {"/v1/skills", "", kRefused, kOpenAi, kAgents},
    {"/v1/agents", "", kRefused, kAnthropic, kAgents},
    {"/v1/environments", "", kRefused, kAnthropic, kAgents},
    {"/v1/sessions", "", kRefused, kAnthropic, kAgents},
    {"/v1/conversations", "", kRefused, kOpenAi, kStored},
    {"/v1/responses", "", kRefused, Surface::kOpenAiResponses, kStored},
    {"/v1/chat/completions", "", kRefused, kOpenAi, kStored},
    {"/v1/moderations", "", kRefused, kOpenAi, kManaging},
    {"/v1/organization", "", kRefused, kOpenAi, kManaging},
    {"/v1/organizations", "", kRefused, kAnthropic, kManaging},
    {"/v1/complete", "", kRefused, kAnthropic, kOld},
    {"/api/embeddings", "", kRefused, kOllama, kOld},
    {"/api/web_search", "", kRefused, kOllama, kSearching},
    {"/api/web_fetch", "", kRefused, kOllama, kSearching},
    {"/api/create", "", kRefused, kOllama, kManaging},
    {"/api/pull", "", kRefused, kOllama, kManaging},
    {"/api/push", "", kRefused, kOllama, kManaging},
    {"/api/copy", "", kRefused, kOllama, kManaging},
    {"/api/delete", "", kRefused, kOllama, kManaging},
    {"/api/blobs", "", kRefused, kOllama, kFiles},
});

bool IsBelow(std::string_view target, std::string_view prefix) {
  // With dot segments it may be below anything.
  if (!target.starts_with(prefix) || target.find("..") != std::string_view::npos) return false;
  const std::string_view rest = target.substr(prefix.size());
  if (rest.starts_with('/')) return rest.size() > 1;
  // What is served itself takes no query.
  return (rest.empty() || rest.front() == '?') &&
         std::ranges::find(kPaths, prefix, &Path::target) == kPaths.end();
}

// Who asks for a path that nobody has is told so in the shape it most likely reads.
Surface GuessSurface(const http::RequestHead& head) {
  if (head.target.starts_with("/api/")) return kOllama;
  return head.Find("anthropic-version") ? kAnthropic : kOpenAi;
}

}  // namespace

Path FindPath(const http::RequestHead& head) {
  constexpr std::string_view kModelPrefix = "/v1/models/";
  Path path;
  path.target = head.target;
  path.surface = GuessSurface(head);
  if (const auto row = std::ranges::find(kPaths, head.target, &Path::target); row != kPaths.end()) {
    path = *row;
    // One path, two shapes.
    if (path.serves == kModels) path.surface = GuessSurface(head);
    return path;
  }
  if (head.target.starts_with(kModelPrefix)) {
    path.target.remove_prefix(kModelPrefix.size());
    path.method = "GET";
    path.serves = kModel;
    return path;
  }
  const auto refused =
      std::ranges::find_if(kRefusals, [&](const Path& row) { return IsBelow(head.target, row.target); });
  return refused == kRefusals.end() ? path : *refused;
}

}  // namespace hpol::gateway
