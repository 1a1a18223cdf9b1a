#include "compiler/reference/attributes.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace hpol::reference {
namespace {

std::optional<uint32_t> IndexOf(const std::vector<std::string>& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<uint32_t>(found - names.begin());
}

bool ReadInt(std::string_view text, int64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

// `level` or `level+category+…`.
bool ReadLabel(const hir::Policy& policy, std::string_view text, Label& label) {
  for (bool first = true;; first = false) {
    const size_t plus = text.find('+');
    const std::string_view name = text.substr(0, plus);
    const std::optional<uint32_t> index = IndexOf(first ? policy.levels : policy.categories, name);
    if (!index) return false;
    const int number = static_cast<int>(*index);
    label = label.Join(first ? Label::Level(number) : Label::Category(number));
    if (plus == std::string_view::npos) return true;
    text.remove_prefix(plus + 1);
  }
}

bool ReadScalar(const hir::Policy& policy, const hir::Attribute& declared, std::string_view text,
                Value& value) {
  switch (declared.type) {
    case AttributeType::kBool:
      value.boolean = text == "true";
      return text == "true" || text == "false";
    case AttributeType::kInt:
      return ReadInt(text, value.number);
    case AttributeType::kString:
    case AttributeType::kStringSet:
      value.texts.emplace_back(text);
      return true;
    case AttributeType::kEnum:
    case AttributeType::kEnumSet: {
      const std::optional<uint32_t> index = IndexOf(declared.members, text);
      if (index) value.members.push_back(*index);
      return index.has_value();
    }
    case AttributeType::kLabel:
      return ReadLabel(policy, text, value.label);
  }
  return false;
}

Value Read(const hir::Policy& policy, const hir::Attribute& declared, const hpol::Attribute& given) {
  const bool set = declared.type == AttributeType::kStringSet || declared.type == AttributeType::kEnumSet;
  Value value;
  if (!set && given.values.size() != 1) return {};
  for (const std::string_view text : given.values)
    if (!ReadScalar(policy, declared, text, value)) return {};
  value.present = true;
  return value;
}

}  // namespace

std::vector<Value> ReadAttributes(const hir::Policy& policy, std::span<const hpol::Attribute> given) {
  std::vector<Value> values;
  for (const hir::Attribute& declared : policy.attributes) {
    const hpol::Attribute* only = nullptr;
    size_t count = 0;
    for (const hpol::Attribute& one : given) {
      if (one.name != declared.name || one.source != declared.source || one.source == Source::kNone) continue;
      only = &one;
      ++count;
    }
    values.push_back(count == 1 ? Read(policy, declared, *only) : Value{});
  }
  return values;
}

std::optional<AttributeId> FirstBadInput(const hir::Policy& policy, const std::vector<Value>& values) {
  for (uint32_t i = 0; i < values.size(); ++i)
    if (!policy.attributes[i].optional && !values[i].present) return AttributeId{i};
  return std::nullopt;
}

}  // namespace hpol::reference
