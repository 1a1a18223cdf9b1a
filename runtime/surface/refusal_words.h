// What a refused body is told: which kind of refusal a class of fields has, and the words for it. Fixed
// words and the table's own; no text of the body.
#pragma once

#include <cstddef>
#include <string>

#include "runtime/surface/registry.h"

namespace hpol::surface {

// kType for classes whose fields may be there.
RefusalKind KindOf(Field::Class field_class);
const char* MessageOf(Field::Class field_class);

// `a string or an array`.
std::string TypeWords(Field::Type type);

// The words of a kOneOf row as a caller writes them.
std::string Choices(const Node& node);

// Field paths hold keys of the caller: they are cut, to whole characters.
inline constexpr size_t kMaxPathBytes = 256;
void Truncate(std::string& path);

}  // namespace hpol::surface
