// The whole path table: what is served, what is refused by name, and in whose shape. Targets are
// compared byte by byte: no escapes, no absolute form, no query that is not listed (THREATS rule H).
#pragma once

#include <cstdint>
#include <string_view>

#include "adapters/http/head.h"
#include "hpol/engine.h"

namespace hpol::gateway {

struct Path {
  enum class Serves : uint8_t {
    kNothing,  // no such path
    kRefused,  // a part of an API that is not offered; `why` says what for
    kSurface,  // a request for a model, whose body is `surface`
    kModels,
    kModel,  // one model; its name is behind `target`
    kTags,   // Ollama's list of models
    kShow,   // Ollama's description of one; the name is in the body
    kRunning,
    kHealth,
    kReady,
    kMetrics,
    kReload,
  };
  std::string_view target;
  std::string_view method = "POST";
  Serves serves = Serves::kNothing;
  Surface surface = Surface::kOpenAiChat;  // whose shape errors have
  std::string_view why{};
  bool needs_key() const {
    return serves != Serves::kHealth && serves != Serves::kReady && serves != Serves::kMetrics;
  }
};

// The row of a request target. Never null: what is unknown is a row that serves nothing.
Path FindPath(const http::RequestHead& head);

}  // namespace hpol::gateway
