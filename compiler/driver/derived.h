// What the slow stages make of detectors: automata, and the candidate filter over all of them. Found in a
// store where it was made before, by the content of the detectors' source.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "compiler/cache/store.h"
#include "compiler/filter/filter.h"
#include "compiler/hir/hir.h"
#include "compiler/pattern/pattern.h"
#include "dsl/diag/diagnostic.h"
#include "runtime/abi/openings.h"

namespace hpol::driver {

// How many of each had to be made anew, for want of them in the store.
struct MadeAnew {
  uint32_t matchers = 0;
  uint32_t filters = 0;
  uint32_t detectors_code = 0;
  uint32_t filter_code = 0;
  friend bool operator==(const MadeAnew&, const MadeAnew&) = default;
};

// What stands for one detector's automaton: its patterns and words, and nothing else of it.
cache::Digest MatcherKey(const hir::Detector& detector);

// The same for the automata of all detectors, in their order.
cache::Digest MatchersKey(const std::vector<hir::Detector>& detectors);

// pattern::Compile. Only what compiles without a word is kept: a warning is said every time. `store` may be
// null.
std::optional<pattern::Matcher> MatcherOf(const hir::Detector& detector, dsl::Diagnostics& diagnostics,
                                          cache::Store* store, MadeAnew& anew);

// The filter, and how matches begin.
struct Filtering {
  filter::Derived derived;
  Openings openings;
};

// filter::Derive and pattern::FindOpenings. `store` may be null.
std::shared_ptr<const Filtering> FilteringOf(const std::vector<hir::Detector>& detectors,
                                             const std::vector<pattern::Matcher>& matchers,
                                             cache::Store* store, MadeAnew& anew);

}  // namespace hpol::driver
