#include "runtime/surface/surface.h"

#include <new>

#include "runtime/surface/json_index.h"
#include "runtime/surface/json_stage.h"
#include "runtime/surface/registry.h"
#include "runtime/surface/walker.h"

namespace hpol::surface {
namespace {

void WalkText(std::string_view body, Content& content) {
  if (body.size() > kMaxBodyBytes) {
    content.refusal = {RefusalKind::kMalformed, "", "the body is too large"};
  } else if (!IsUtf8(body)) {
    content.refusal = {RefusalKind::kMalformed, "", "the text is not valid UTF-8"};
  } else if (!body.empty()) {
    content.pieces.push_back({.end = static_cast<uint32_t>(body.size()), .joins = true});
  }
}

}  // namespace

void Content::Clear() {
  refusal.kind = RefusalKind::kNone;
  refusal.field.clear();
  refusal.message.clear();
  unscanned = false;
  unregistered.clear();
  pieces.clear();
  patches.clear();
  model_begin = 0;
  model_end = 0;
  stream = false;
}

void Walk(Surface surface, std::string_view body, Content& content) {
  content.Clear();
  try {
    if (surface == Surface::kText) return WalkText(body, content);
    if (const Registry* const registry = Registry::Of(surface)) return WalkJson(*registry, body, content);
    content.refusal = {RefusalKind::kMalformed, "", "this kind of request cannot be read here"};
  } catch (const std::bad_alloc&) {
    content.refusal.kind = RefusalKind::kMalformed;  // without a message: that might need memory
  }
}

std::string_view ClassName(Field::Class field_class) {
  constexpr std::string_view kNames[] = {"content", "parameter", "reference", "fetch",
                                         "tool",    "placement", "identity",  "storage"};
  return kNames[static_cast<size_t>(field_class)];
}

std::vector<std::string_view> TypeNames(Field::Type types) {
  constexpr std::pair<Field::Type, std::string_view> kNames[] = {
      {Field::Type::kString, "string"}, {Field::Type::kNumber, "number"}, {Field::Type::kBool, "bool"},
      {Field::Type::kObject, "object"}, {Field::Type::kArray, "array"},
  };
  std::vector<std::string_view> names;
  for (const auto& [type, name] : kNames) {
    if (Has(types, type)) names.push_back(name);
  }
  return names;
}

const std::vector<Field>& Fields(Surface surface) {
  static const std::vector<Field> none;
  const Registry* const registry = Registry::Of(surface);
  return registry ? registry->fields() : none;
}

}  // namespace hpol::surface
