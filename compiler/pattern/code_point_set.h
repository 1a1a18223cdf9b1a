// A set of code points under construction: what stands between `[` and `]`.
#pragma once

#include <span>
#include <vector>

#include "compiler/pattern/unicode.h"

namespace hpol::pattern {

class CodePointSet {
 public:
  void Add(uint32_t first, uint32_t last) { ranges_.push_back({first, last}); }
  void Add(std::span<const CodePoints> ranges) {
    ranges_.insert(ranges_.end(), ranges.begin(), ranges.end());
  }
  // Adds everything that is not in `ranges` (which need not be in order).
  void AddAllBut(std::span<const CodePoints> ranges);
  // Adds the other case of every ASCII letter in the set.
  void FoldCase();
  void Negate();
  // The set in order, joined where ranges touch, without surrogates (no text has them).
  std::vector<CodePoints> Take() &&;

 private:
  void Normalize();
  std::vector<CodePoints> ranges_;
};

}  // namespace hpol::pattern
