// The door is refusal_words.h.
#include "runtime/surface/refusal_words.h"

#include <utility>

namespace hpol::surface {

RefusalKind KindOf(Field::Class field_class) {
  switch (field_class) {
    case Field::Class::kTool:
      return RefusalKind::kTool;
    case Field::Class::kFetch:
      return RefusalKind::kFetch;
    case Field::Class::kPlacement:
      return RefusalKind::kPlacement;
    case Field::Class::kReference:
    case Field::Class::kStorage:
      return RefusalKind::kStorage;
    default:
      return RefusalKind::kType;
  }
}

const char* MessageOf(Field::Class field_class) {
  switch (field_class) {
    case Field::Class::kTool:
      return "this would run at the model server; only tools that the caller runs are passed on";
    case Field::Class::kFetch:
      return "the model server would fetch this; send the content itself as a data: URL";
    case Field::Class::kPlacement:
      return "where and how a request runs is decided by the gateway; leave this field out";
    case Field::Class::kReference:
      return "a reference to something stored at a provider is not passed on; send the content itself";
    case Field::Class::kStorage:
      return "nothing may be kept at the provider; leave this field out";
    default:
      return "this value is not allowed";
  }
}

std::string TypeWords(Field::Type type) {
  constexpr std::pair<Field::Type, std::string_view> kNames[] = {
      {Field::Type::kString, "a string"},    {Field::Type::kNumber, "a number"},
      {Field::Type::kBool, "true or false"}, {Field::Type::kObject, "an object"},
      {Field::Type::kArray, "an array"},
  };
  std::string out;
  for (const auto& [one, name] : kNames) {
    if (!Has(type, one)) continue;
    out += (out.empty() ? "" : " or ");
    out += name;
  }
  return out;
}

std::string Choices(const Node& node) {
  std::string out;
  for (const std::string_view word : node.words) {
    if (!out.empty()) out += ' ';
    out += word.substr(word[0] == '!' ? 1 : 0);
  }
  return out;
}

void Truncate(std::string& path) {
  if (path.size() <= kMaxPathBytes) return;
  size_t size = kMaxPathBytes;
  while (size > 0 && (static_cast<unsigned char>(path[size]) & 0xc0) == 0x80) --size;
  path.resize(size);
  path += "…";
}

}  // namespace hpol::surface
