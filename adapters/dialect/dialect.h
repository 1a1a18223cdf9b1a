// What a target speaks: its paths, how it is told who asks, and how its answers are framed. Each
// dialect is one row of facts about a provider; the gateway knows none of them by name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hpol::dialect {

enum class Dialect : uint8_t {
  kOpenAi,     // OpenAI and everything compatible: vLLM, SGLang, llama.cpp, TGI, LM Studio, DeepSeek, …
  kAnthropic,  // the Messages API
  kAzure,      // Azure OpenAI: OpenAI's bodies behind a path for each deployment
  kOllama,     // Ollama's own API: lines of JSON
  kGemini,     // the OpenAI-compatible endpoint of Gemini
  kBedrock,    // AWS Bedrock Converse: requests signed with SigV4, streams of AWS event messages
  kDashScope,  // the native text-generation API of DashScope
};

// How gateway.json spells them: `openai`, `anthropic`, …
std::string_view DialectName(Dialect dialect);
std::optional<Dialect> DialectOf(std::string_view name);

// One way to prove to a target who asks. Only visible ASCII.
struct Credential {
  std::string secret;   // the API key; AWS: the secret access key
  std::string id{};     // AWS: the access key id
  std::string token{};  // AWS: the session token, or empty
};

}  // namespace hpol::dialect
