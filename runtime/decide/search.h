// Which rows of a table apply to what is known. Doors: FindFirst for ordered rows, FindAll for rows that
// join.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "runtime/decide/facts.h"
#include "runtime/decide/index.h"
#include "runtime/decide/searcher.h"

namespace hpol::decide {

inline constexpr uint32_t kNoRow = 0xffffffff;

// A row that may apply.
struct Hit {
  uint32_t row = 0;
  bool unknown = false;  // some fact that it needs is
  friend bool operator==(const Hit&, const Hit&) = default;
};

enum class WhichTable : uint8_t { kClassify, kRoute };

// The first row that surely applies, or kNoRow. Rows before it that only may apply are written to `maybe`, in
// their order.
uint32_t FindFirst(WhichTable table, const Facts& facts, SearchMemory& memory, std::vector<Hit>& maybe);

// All rows that apply or may apply, in their order.
void FindAll(WhichTable table, const Facts& facts, SearchMemory& memory, std::vector<Hit>& hits);

// The first `require` that is not surely met. They ask about inputs alone, before any content is read.
std::optional<Hit> FirstUnmet(const Facts& facts, SearchMemory& memory);

// The join of the words of all classify rows that apply or may apply.
Label FindLabel(const Facts& facts, SearchMemory& memory);

// The short way through the routes, where Index::constant_label holds and no attribute is missing: the first
// row that applies, or kNoRow; kNotExact: a row has to be looked at more closely, take the long way.
inline constexpr uint32_t kNotExact = 0xfffffffe;
uint32_t FindFirstExact(const Index& index, const Values& values, SearchMemory& memory);

}  // namespace hpol::decide
