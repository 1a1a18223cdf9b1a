// The door is fields.h.
#include "adapters/gateway/fields.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "runtime/surface/surface.h"

namespace hpol::gateway {
namespace {

using nlohmann::ordered_json;
using surface::Field;

std::vector<Surface> Selected(std::string_view name) {
  std::vector<Surface> selected;
  // Plain text has no fields.
  for (size_t i = 1; i < kSurfaceCount; ++i) {
    const auto surface = static_cast<Surface>(i);
    if (name.empty() || name == SurfaceName(surface)) selected.push_back(surface);
  }
  return selected;
}

ordered_json AsJson(const std::vector<Surface>& surfaces) {
  ordered_json all = ordered_json::object();
  for (const Surface surface : surfaces) {
    ordered_json& list = all[std::string(SurfaceName(surface))] = ordered_json::array();
    for (const Field& field : surface::Fields(surface)) {
      ordered_json types = ordered_json::array();
      for (const std::string_view type : surface::TypeNames(field.type)) types.push_back(type);
      list.push_back({{"path", field.path},
                      {"class", surface::ClassName(field.field_class)},
                      {"types", std::move(types)},
                      {"required", field.required},
                      {"handling", field.handling}});
      if (!field.spec.empty()) list.back()["values"] = field.spec;
    }
  }
  return all;
}

void Pad(std::string& line, size_t column) { line.resize(std::max(line.size() + 2, column), ' '); }

std::string AsText(const std::vector<Surface>& surfaces) {
  std::string text;
  for (const Surface surface : surfaces) {
    text += (text.empty() ? "" : "\n") + std::string(SurfaceName(surface)) + "\n";
    for (const Field& field : surface::Fields(surface)) {
      std::string line = "  " + std::string(field.path);
      Pad(line, 56);
      line += surface::ClassName(field.field_class);
      Pad(line, 68);
      std::string types;
      for (const std::string_view type : surface::TypeNames(field.type)) {
        types += (types.empty() ? "" : "|") + std::string(type);
      }
      line += types;
      Pad(line, 90);
      line += field.handling;
      if (!field.spec.empty()) line += ": " + std::string(field.spec);
      if (field.required) line += " (required)";
      text += line + "\n";
    }
  }
  return text;
}

}  // namespace

Result<std::string> FieldsText(std::string_view surface, bool json) {
  const std::vector<Surface> surfaces = Selected(surface);
  if (surfaces.empty()) {
    std::string names;
    for (const Surface one : Selected(""))
      names += (names.empty() ? "" : ", ") + std::string(SurfaceName(one));
    return Error{"no such surface; there are " + names};
  }
  return json ? AsJson(surfaces).dump(2) + "\n" : AsText(surfaces);
}

}  // namespace hpol::gateway
