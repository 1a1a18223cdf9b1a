#include "compiler/pattern/code_point_set.h"

#include <algorithm>
#include <utility>

namespace hpol::pattern {
namespace {

constexpr CodePoints kSurrogates{0xD800, 0xDFFF};

// The only forms of ASCII letters that are not ASCII.
constexpr uint32_t kLongS = 0x17F;
constexpr uint32_t kKelvin = 0x212A;

// No letter has more forms than this: each round of FoldCase adds one.
constexpr int kMaxForms = 4;

}  // namespace

void CodePointSet::AddAllBut(std::span<const CodePoints> ranges) {
  CodePointSet others;
  others.Add(ranges);
  others.Negate();
  Add(others.ranges_);
}

void CodePointSet::FoldCase(Purpose purpose) {
  Normalize();
  const bool long_s = Has(kLongS);
  const bool kelvin = Has(kKelvin);
  for (int round = 1; round < kMaxForms; ++round) {
    std::vector<CodePoints> more;
    for (const CodePoints range : ranges_) AddNextCases(range, more);
    Add(more);
    Normalize();
  }
  if (purpose == Purpose::kSearch) return;
  CodePointSet others;
  if (!long_s) others.Add(kLongS, kLongS);
  if (!kelvin) others.Add(kKelvin, kKelvin);
  Remove(others.ranges_);
}

void CodePointSet::Remove(std::span<const CodePoints> ranges) {
  Negate();
  Add(ranges);
  Negate();
}

bool CodePointSet::Has(uint32_t code_point) const {
  return std::any_of(ranges_.begin(), ranges_.end(),
                     [&](CodePoints range) { return range.first <= code_point && code_point <= range.last; });
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
