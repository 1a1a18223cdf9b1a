// Code point ranges, the classes that patterns may call by name as in `\p{Han}`, and which
// letters are forms of each other. Unicode 14, like the fold of texts (runtime/text).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace hpol::pattern {

// Code points [first, last], both inclusive.
struct CodePoints {
  uint32_t first = 0;
  uint32_t last = 0;
  friend bool operator==(CodePoints, CodePoints) = default;
};

inline constexpr uint32_t kMaxCodePoint = 0x10FFFF;

// The ranges of a named class, in order; nothing when there is no such name. Names are those of RE2: `Any`,
// general categories by one letter or two (`L`, `Lu`; `C` is without what is unassigned), scripts by
// their full name (`Old_Italic`).
std::optional<std::vector<CodePoints>> UnicodeClass(std::string_view name);

// All names, for a suggestion when one is misspelt.
std::vector<std::string_view> UnicodeClassNames();

// The next form of the same letter by simple case folding, around the ring k → K → K → k; itself when there
// is no other.
uint32_t NextCase(uint32_t code_point);

// Appends to `out` the ranges of the next forms of everything in `range`.
void AddNextCases(CodePoints range, std::vector<CodePoints>& out);

}  // namespace hpol::pattern
