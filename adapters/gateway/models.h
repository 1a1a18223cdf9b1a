// The models that a caller may name, in the shape of each API: those of the policy's targets. Which
// of them answers is the policy's choice.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/gateway/settings.h"
#include "hpol/engine.h"

namespace hpol::gateway {

// GET /v1/models, in OpenAI's or Anthropic's shape.
std::string ModelList(const Settings& settings, Surface surface);
// GET /v1/models/{id}; `id` as it stands in the path, escaped as encodeURIComponent does. Nothing when
// there is no such model.
std::optional<std::string> OneModel(const Settings& settings, Surface surface, std::string_view id);
// GET /api/tags and /api/ps. No server is asked what it has in memory: /api/ps lists none.
std::string OllamaTags(const Settings& settings);
std::string OllamaRunning();
// POST /api/show with this body. Nothing when it names no such model.
std::optional<std::string> OllamaShow(const Settings& settings, std::string_view body);

}  // namespace hpol::gateway
