// The door is models.h.
#include "adapters/gateway/models.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "adapters/gateway/error_shape.h"

namespace hpol::gateway {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

// When a model was made is not known here, and clients want a date.
constexpr std::string_view kNoDate = "1970-01-01T00:00:00Z";

std::vector<std::string> Names(const Settings& settings) {
  std::vector<std::string> names;
  for (const TargetSettings& target : settings.targets) {
    if (std::ranges::find(names, target.model) == names.end()) names.push_back(target.model);
  }
  return names;
}

ordered_json Describe(const std::string& name, Surface surface) {
  if (ShapeOf(surface) == ErrorShape::kAnthropic) {
    return {{"type", "model"}, {"id", name}, {"display_name", name}, {"created_at", kNoDate}};
  }
  return {{"id", name}, {"object", "model"}, {"created", 0}, {"owned_by", "hpol"}};
}

ordered_json OllamaDetails() {
  return {{"parent_model", ""},   {"format", ""},
          {"family", ""},         {"families", ordered_json::array()},
          {"parameter_size", ""}, {"quantization_level", ""}};
}

// As encodeURIComponent writes it.
std::string Escaped(std::string_view name) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr std::string_view kPlain = "-_.!~*'()";
  std::string out;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter || kPlain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  return out;
}

}  // namespace

std::string ModelList(const Settings& settings, Surface surface) {
  ordered_json data = ordered_json::array();
  const std::vector<std::string> names = Names(settings);
  for (const std::string& name : names) data.push_back(Describe(name, surface));
  if (ShapeOf(surface) != ErrorShape::kAnthropic) {
    return ordered_json{{"object", "list"}, {"data", std::move(data)}}.dump();
  }
  ordered_json list = {
      {"data", std::move(data)}, {"has_more", false}, {"first_id", nullptr}, {"last_id", nullptr}};
  if (!names.empty()) {
    list["first_id"] = names.front();
    list["last_id"] = names.back();
  }
  return list.dump();
}

std::optional<std::string> OneModel(const Settings& settings, Surface surface, std::string_view id) {
  for (const std::string& name : Names(settings)) {
    // A slash in a name is often left as it is.
    if (id == name || id == Escaped(name)) return Describe(name, surface).dump();
  }
  return std::nullopt;
}

std::string OllamaTags(const Settings& settings) {
  ordered_json models = ordered_json::array();
  for (const std::string& name : Names(settings)) {
    models.push_back({{"name", name},
                      {"model", name},
                      {"modified_at", kNoDate},
                      {"size", 0},
                      {"digest", ""},
                      {"details", OllamaDetails()}});
  }
  return ordered_json{{"models", std::move(models)}}.dump();
}

std::string OllamaRunning() { return R"({"models":[]})"; }

std::optional<std::string> OllamaShow(const Settings& settings, std::string_view body) {
  const json asked = json::parse(body, nullptr, false);
  if (!asked.is_object()) return std::nullopt;
  // `name` is what older clients say.
  const auto member = asked.contains("model") ? asked.find("model") : asked.find("name");
  if (member == asked.end() || !member->is_string()) return std::nullopt;
  const std::vector<std::string> names = Names(settings);
  if (std::ranges::find(names, member->get<std::string>()) == names.end()) return std::nullopt;
  return ordered_json{{"modelfile", ""},
                      {"parameters", ""},
                      {"template", ""},
                      {"details", OllamaDetails()},
                      {"model_info", ordered_json::object()},
                      {"capabilities", {"completion", "tools"}},
                      {"modified_at", kNoDate}}
      .dump();
}

}  // namespace hpol::gateway
