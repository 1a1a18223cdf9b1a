#include "compiler/pattern/code_point_set.h"

#include <algorithm>
#include <utility>

namespace hpol::pattern {
namespace {

constexpr CodePoints kSurrogates{0xD800, 0xDFFF};

// Shifts the part of `range` inside [first, last] by `distance` into `out`.
void AddShifted(CodePoints range, uint32_t first, uint32_t last, int32_t distance,
                std::vector<CodePoints>& out) {
  const uint32_t low = std::max(range.first, first);
  const uint32_t high = std::min(range.last, last);
  if (low > high) return;
  out.push_back({static_cast<uint32_t>(static_cast<int32_t>(low) + distance),
                 static_cast<uint32_t>(static_cast<int32_t>(high) + distance)});
}

}  // namespace

void CodePointSet::AddAllBut(std::span<const CodePoints> ranges) {
  CodePointSet others;
  others.Add(ranges);
  others.Negate();
  Add(others.ranges_);
}

void CodePointSet::FoldCase() {
  std::vector<CodePoints> more;
  for (CodePoints range : ranges_) {
    AddShifted(range, 'a', 'z', 'A' - 'a', more);
    AddShifted(range, 'A', 'Z', 'a' - 'A', more);
  }
  Add(more);
}

void CodePointSet::Negate() {
  Normalize();
  std::vector<CodePoints> result;
  uint32_t next = 0;
  for (CodePoints range : ranges_) {
    if (range.first > next) result.push_back({next, range.first - 1});
    next = range.last + 1;
  }
  if (next <= kMaxCodePoint) result.push_back({next, kMaxCodePoint});
  ranges_ = std::move(result);
}

void CodePointSet::Normalize() {
  std::sort(ranges_.begin(), ranges_.end(), [](CodePoints a, CodePoints b) { return a.first < b.first; });
  std::vector<CodePoints> result;
  for (CodePoints range : ranges_) {
    if (!result.empty() && range.first <= result.back().last + 1) {
      result.back().last = std::max(result.back().last, range.last);
    } else {
      result.push_back(range);
    }
  }
  ranges_ = std::move(result);
}

std::vector<CodePoints> CodePointSet::Take() && {
  Normalize();
  std::vector<CodePoints> result;
  for (CodePoints range : ranges_) {
    if (range.first < kSurrogates.first) {
      result.push_back({range.first, std::min(range.last, kSurrogates.first - 1)});
    }
    if (range.last > kSurrogates.last) {
      result.push_back({std::max(range.first, kSurrogates.last + 1), range.last});
    }
  }
  return result;
}

}  // namespace hpol::pattern
