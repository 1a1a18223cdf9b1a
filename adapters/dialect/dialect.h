// What a target speaks: its paths, how it is told who asks, and how its answers are framed. Each
// dialect is one row of facts about a provider; the gateway knows none of them by name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hpol/engine.h"

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

// Where a target is, as far as its dialect asks.
struct Site {
  Dialect dialect = Dialect::kOpenAi;
  std::string_view authority;    // the Host field
  std::string_view path;         // of its URL, without a slash at its end
  std::string_view model;        // what it is asked for
  std::string_view api_version;  // Azure's
  std::string_view region;       // AWS's
  bool responses = true;         // OpenAI: has /responses
};

// What a target is asked when a client asks with `client`: the same where the target speaks it, else what it
// is translated to. Nothing: there is no way.
std::optional<Surface> SurfaceFor(const Site& site, Surface client);

// How an answer comes.
enum class Framing : uint8_t {
  kWhole,      // one JSON body
  kSse,        // server-sent events
  kNdjson,     // a JSON value a line
  kAwsEvents,  // AWS event messages
};
Framing FramingOf(Surface surface, bool stream);
std::string_view MediaTypeOf(Framing framing);

// One request on the wire.
struct Call {
  Surface surface = Surface::kOpenAiChat;
  bool stream = false;
  std::string_view body;  // exactly what is sent: AWS signs it
  int64_t now = 0;        // seconds since 1970
};
// The request target.
std::string TargetOf(const Site& site, const Call& call);
// The header lines that prove who asks (`credential` may be null) and those that the dialect wants, each with
// its CRLF. Nothing when it cannot be signed.
std::optional<std::string> FieldsOf(const Site& site, const Call& call, const Credential* credential);

}  // namespace hpol::dialect
