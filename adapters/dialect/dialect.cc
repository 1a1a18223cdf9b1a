// Names of dialects; the door is dialect.h.
#include "adapters/dialect/dialect.h"

#include <array>
#include <utility>

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

}  // namespace hpol::dialect
