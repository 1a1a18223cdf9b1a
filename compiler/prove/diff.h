// What changed between two policies, in what they do and not in how they are written: which requests change
// their label, their fate or their candidates. Proved: a kind of change that is not listed happens to no
// request.
#pragma once

#include <string>
#include <vector>

#include "compiler/prove/prove.h"

namespace hpol::prove {

// One kind of change with one request that it happens to.
struct Change {
  std::string what;  // "may go to `gpt4o` redacted by `scrub`", "is no longer labelled `pii`"
  // More data may go to more places, or is thought less sensitive.
  bool loosens = false;
  bool known = true;  // false: the solver gave up, so it may happen
  Example example;    // as the old policy sees it; `replayed`: by the compiled code of both
  reference::Outcome before, after;
};

struct Difference {
  std::vector<Change> changes;  // none: no request is treated differently
  double milliseconds = 0;
  std::string fault;
  bool loosens() const;
};

// Inputs are the same by name, type and source; detectors by what they find, not by name; targets,
// redactions, levels and categories by name.
struct Side {
  const hir::Policy& policy;
  Runner runner;  // its compiled code; may be empty
};
Difference Compare(const Side& before, const Side& after, int conflict_budget = kConflictBudget);

}  // namespace hpol::prove
