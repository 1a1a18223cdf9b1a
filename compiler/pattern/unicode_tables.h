// What unicode_tables.cc holds. Private to unicode.cc, which gives it meaning.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace hpol::pattern {

// Code points from `first` to the next run have the value `name`, a place in the list of names.
struct ValueRun {
  uint32_t first;
  uint8_t name;
};

// Orbits of simple case folding: code points that are forms of one letter stand in a ring, and each one's
// successor is `distance` away. kPairs: the first of the run with the second, the third with the fourth …
struct CaseRun {
  uint32_t first;
  uint32_t last;
  int32_t distance;
};
inline constexpr int32_t kPairs = 0;

// Short names of the general categories, full names of the scripts; what has none is unassigned.
extern const std::span<const std::string_view> kCategories;
extern const std::span<const ValueRun> kCategoryOf;
extern const std::span<const std::string_view> kScripts;
extern const std::span<const ValueRun> kScriptOf;
extern const std::span<const CaseRun> kCaseOrbits;  // in order, disjoint

}  // namespace hpol::pattern
