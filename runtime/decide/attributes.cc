// Reading attributes: the door of a request. A value that is not exactly what was
// declared is no value; nothing is guessed.
#include <charconv>

#include "runtime/decide/facts.h"

namespace hpol::decide {
namespace {

bool IsSet(AttributeType type) {
  return type == AttributeType::kStringSet || type == AttributeType::kEnumSet;
}

// Index of `text` in a list of strings.
std::optional<uint32_t> IndexIn(const ir::Tables& tables, ir::Range list, std::string_view text) {
  for (uint32_t i = 0; i < list.count; ++i) {
    if (tables.Text(tables.lists[list.begin + i]) == text) return i;
  }
  return std::nullopt;
}

std::optional<int> IndexIn(const ir::Tables& tables, const std::vector<ir::StringId>& names,
                           std::string_view text) {
  for (size_t i = 0; i < names.size(); ++i) {
    if (tables.Text(names[i]) == text) return static_cast<int>(i);
  }
  return std::nullopt;
}

// `level` or `level+category+…`.
bool ReadLabel(const ir::Tables& tables, std::string_view text, Label& label) {
  for (bool first = true;; first = false) {
    const size_t plus = text.find('+');
    const std::optional<int> index =
        IndexIn(tables, first ? tables.levels : tables.categories, text.substr(0, plus));
    if (!index) return false;
    label = label.Join(first ? Label::Level(*index) : Label::Category(*index));
    if (plus == std::string_view::npos) return true;
    text.remove_prefix(plus + 1);
  }
}

bool ReadInt(std::string_view text, int64_t& number) {
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end && !text.empty();
}

bool ReadOne(const ir::Tables& tables, const ir::Attribute& declared, std::string_view text, Value& value) {
  switch (declared.type) {
    case AttributeType::kBool:
      value.index = text == "true" ? 1 : 0;
      return text == "true" || text == "false";
    case AttributeType::kInt:
      return ReadInt(text, value.number);
    case AttributeType::kString:
    case AttributeType::kStringSet:
      return true;
    case AttributeType::kEnum:
    case AttributeType::kEnumSet: {
      const std::optional<uint32_t> index = IndexIn(tables, declared.members, text);
      if (index) value.index = *index;
      return index.has_value();
    }
    case AttributeType::kLabel:
      return ReadLabel(tables, text, value.label);
  }
  return false;
}

Value Read(const ir::Tables& tables, const ir::Attribute& declared, const Attribute& given) {
  if (!IsSet(declared.type) && given.values.size() != 1) return {};
  Value value;
  for (const std::string_view text : given.values) {
    if (!ReadOne(tables, declared, text, value)) return {};
  }
  value.texts = given.values;
  value.present = true;
  return value;
}

}  // namespace

void ReadAttributes(const ir::Tables& tables, std::span<const Attribute> given, std::vector<Value>& values) {
  values.clear();
  for (const ir::Attribute& declared : tables.attributes) {
    const Attribute* only = nullptr;
    size_t count = 0;
    for (const Attribute& one : given) {
      if (one.source == Source::kNone || one.source != declared.source) continue;
      if (one.name != tables.Text(declared.name)) continue;
      only = &one;
      ++count;
    }
    values.push_back(count == 1 ? Read(tables, declared, *only) : Value{});
  }
}

std::optional<AttributeId> FirstBadInput(const ir::Tables& tables, const std::vector<Value>& values) {
  for (uint32_t i = 0; i < values.size(); ++i) {
    if (!tables.attributes[i].optional && !values[i].present) return AttributeId{i};
  }
  return std::nullopt;
}

}  // namespace hpol::decide
