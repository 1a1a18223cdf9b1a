// A set of code points under construction: what stands between `[` and `]`.
#pragma once

#include <span>
#include <vector>

#include "compiler/pattern/regex.h"

namespace hpol::pattern {

class CodePointSet {
 public:
  void Add(uint32_t first, uint32_t last) { ranges_.push_back({first, last}); }
  void Add(std::span<const CodePoints> ranges) {
    ranges_.insert(ranges_.end(), ranges.begin(), ranges.end());
  }
  // Adds everything that is not in `ranges` (which need not be in order).
  void AddAllBut(std::span<const CodePoints> ranges);
  // Adds every other form of the letters in the set. For `kDetector` an ASCII letter gains no form outside
  // ASCII: the fold of texts has already made `K` of a Kelvin sign and `s` of a long s (runtime/text), and
  // leaving them out keeps patterns of ASCII letters in ASCII.
  void FoldCase(Purpose purpose);
  void Negate();
  // The set in order, joined where ranges touch, without surrogates (no text has them).
  std::vector<CodePoints> Take() &&;

 private:
  void Remove(std::span<const CodePoints> ranges);
  void Normalize();
  bool Has(uint32_t code_point) const;
  std::vector<CodePoints> ranges_;
};

}  // namespace hpol::pattern
