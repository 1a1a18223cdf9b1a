// Matchers → candidate filter: for each detector a necessary condition that fires rarely
// on background text and once per place, all of them merged into one program.
//
// A condition is one of
//   window   byte classes at fixed distances: from the match's beginning, or round the first
//            byte of a class that every match must contain (`@` in an e-mail address)
//   literals four folded bytes at a known offset of each of a few strings or words
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/hir/hir.h"
#include "compiler/pattern/pattern.h"
#include "runtime/abi/filter.h"

namespace hpol::filter {

// How one detector is filtered, for `hpol explain --patterns`.
struct Plan {
  enum class Kind : uint8_t { kBegin, kInside, kLiterals } kind = Kind::kBegin;
  std::string condition;    // in words: `[0-9]` at 0, `-` at 3, …
  double per_kilobyte = 0;  // how often it fires on the background text
};

struct Derived {
  Program program;
  std::vector<Plan> plans;     // one a detector
  std::vector<double> shares;  // one a group of steps: the part of ordinary text's blocks in which it runs
};

// Derives the filter of a policy. Total: a detector for which nothing rare is found gets
// the best of what there is.
Derived Derive(const std::vector<hir::Detector>& detectors, const std::vector<pattern::Matcher>& matchers);

}  // namespace hpol::filter
