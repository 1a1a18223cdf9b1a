// Names, paths and credentials of dialects; the door is dialect.h.
#include "adapters/dialect/dialect.h"

#include <array>
#include <utility>

#include "adapters/dialect/sigv4.h"

namespace hpol::dialect {
namespace {

constexpr std::array<std::pair<std::string_view, Dialect>, 7> kNames = {{
    {"openai", Dialect::kOpenAi},
    {"anthropic", Dialect::kAnthropic},
    {"azure", Dialect::kAzure},
    {"ollama", Dialect::kOllama},
    {"gemini", Dialect::kGemini},
    {"bedrock", Dialect::kBedrock},
    {"dashscope", Dialect::kDashScope},
}};

}  // namespace

std::string_view DialectName(Dialect dialect) {
  for (const auto& [name, value] : kNames) {
    if (value == dialect) return name;
  }
  return "unknown";
}

std::optional<Dialect> DialectOf(std::string_view name) {
  for (const auto& [known, value] : kNames) {
    if (known == name) return value;
  }
  return std::nullopt;
}

namespace {

bool IsOpenAi(Surface surface) {
  return surface == Surface::kOpenAiChat || surface == Surface::kOpenAiResponses ||
         surface == Surface::kOpenAiCompletions || surface == Surface::kOpenAiEmbeddings;
}

// Requests that are a conversation, and so have a counterpart in every dialect.
bool IsConversation(Surface surface) {
  return surface == Surface::kOpenAiChat || surface == Surface::kOpenAiResponses ||
         surface == Surface::kAnthropicMessages || surface == Surface::kOllamaChat ||
         surface == Surface::kOllamaGenerate;
}

// What a dialect takes as it is.
bool Speaks(const Site& site, Surface surface) {
  switch (site.dialect) {
    case Dialect::kOpenAi:
    case Dialect::kAzure:
      return IsOpenAi(surface) && (surface != Surface::kOpenAiResponses || site.responses);
    case Dialect::kGemini:
      return surface == Surface::kOpenAiChat || surface == Surface::kOpenAiEmbeddings;
    case Dialect::kAnthropic:
      return surface == Surface::kAnthropicMessages || surface == Surface::kAnthropicCountTokens;
    case Dialect::kOllama:
      return surface == Surface::kOllamaChat || surface == Surface::kOllamaGenerate ||
             surface == Surface::kOllamaEmbed;
    case Dialect::kBedrock:
    case Dialect::kDashScope:
      return false;
  }
  return false;
}

Surface ConversationOf(Dialect dialect) {
  switch (dialect) {
    case Dialect::kOpenAi:
    case Dialect::kAzure:
    case Dialect::kGemini:
      break;
    case Dialect::kAnthropic:
      return Surface::kAnthropicMessages;
    case Dialect::kOllama:
      return Surface::kOllamaChat;
    case Dialect::kBedrock:
      return Surface::kBedrockConverse;
    case Dialect::kDashScope:
      return Surface::kDashScopeChat;
  }
  return Surface::kOpenAiChat;
}

// Behind the path of the target's URL.
std::string_view EndOf(Surface surface) {
  switch (surface) {
    case Surface::kOpenAiChat:
      return "/chat/completions";
    case Surface::kOpenAiResponses:
      return "/responses";
    case Surface::kOpenAiCompletions:
      return "/completions";
    case Surface::kOpenAiEmbeddings:
      return "/embeddings";
    case Surface::kAnthropicMessages:
      return "/messages";
    case Surface::kAnthropicCountTokens:
      return "/messages/count_tokens";
    case Surface::kOllamaChat:
      return "/api/chat";
    case Surface::kOllamaGenerate:
      return "/api/generate";
    case Surface::kOllamaEmbed:
      return "/api/embed";
    case Surface::kDashScopeChat:
      return "/services/aigc/text-generation/generation";
    case Surface::kBedrockConverse:
    case Surface::kText:
      break;
  }
  return "";
}

constexpr std::string_view kAnthropicVersion = "2023-06-01";

std::string Line(std::string_view name, std::string_view value) {
  return std::string(name) + ": " + std::string(value) + "\r\n";
}

}  // namespace

std::optional<Surface> SurfaceFor(const Site& site, Surface client) {
  if (Speaks(site, client)) return client;
  if (!IsConversation(client)) return std::nullopt;
  return ConversationOf(site.dialect);
}

Framing FramingOf(Surface surface, bool stream) {
  if (!stream) return Framing::kWhole;
  if (surface == Surface::kOllamaChat || surface == Surface::kOllamaGenerate) return Framing::kNdjson;
  return surface == Surface::kBedrockConverse ? Framing::kAwsEvents : Framing::kSse;
}

std::string_view MediaTypeOf(Framing framing) {
  constexpr std::string_view kTypes[] = {"application/json", "text/event-stream", "application/x-ndjson",
                                         "application/vnd.amazon.eventstream"};
  return kTypes[static_cast<size_t>(framing)];
}

std::string TargetOf(const Site& site, const Call& call) {
  std::string target(site.path);
  if (site.dialect == Dialect::kBedrock) {
    return target + "/model/" + EscapeSegment(site.model) + (call.stream ? "/converse-stream" : "/converse");
  }
  if (site.dialect == Dialect::kAzure) {
    // Responses have no deployment in their path: the model in the body names it.
    target += "/openai";
    if (call.surface != Surface::kOpenAiResponses) target += "/deployments/" + EscapeSegment(site.model);
    return target.append(EndOf(call.surface)) + "?api-version=" + std::string(site.api_version);
  }
  return target.append(EndOf(call.surface));
}

std::optional<std::string> FieldsOf(const Site& site, const Call& call, const Credential* credential) {
  std::string fields;
  if (site.dialect == Dialect::kAnthropic) fields += Line("anthropic-version", kAnthropicVersion);
  if (site.dialect == Dialect::kDashScope && call.stream) fields += Line("x-dashscope-sse", "enable");
  if (credential == nullptr) return fields;
  switch (site.dialect) {
    case Dialect::kAnthropic:
      return fields + Line("x-api-key", credential->secret);
    case Dialect::kAzure:
      return fields + Line("api-key", credential->secret);
    case Dialect::kBedrock: {
      const std::string path = TargetOf(site, call);
      const AwsRequest request{.host = site.authority, .path = path, .body = call.body};
      const std::string lines = SignAws(request, {.access_key_id = credential->id,
                                                  .secret_key = credential->secret,
                                                  .session_token = credential->token,
                                                  .region = site.region,
                                                  .service = "bedrock",
                                                  .now = call.now});
      if (lines.empty()) return std::nullopt;
      return fields + lines;
    }
    default:
      return fields + Line("authorization", "Bearer " + credential->secret);
  }
}

}  // namespace hpol::dialect
