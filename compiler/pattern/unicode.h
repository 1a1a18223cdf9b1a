// Code point ranges and the classes that patterns may call by name, as in `\p{Han}`.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace hpol::pattern {

// Code points [first, last], both inclusive.
struct CodePoints {
  uint32_t first = 0;
  uint32_t last = 0;
  friend bool operator==(CodePoints, CodePoints) = default;
};

inline constexpr uint32_t kMaxCodePoint = 0x10FFFF;

// The ranges of a named class, in order; empty when there is no such name. Names are those of
// Unicode: categories L, Lu, Ll, Nd, and scripts such as Han, Latin, Cyrillic.
std::span<const CodePoints> FindUnicodeClass(std::string_view name);

}  // namespace hpol::pattern
