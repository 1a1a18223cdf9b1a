// Why the label of what a candidate would be sent is too high, in the policy's own words. Private to
// compiler/prove.
#pragma once

#include <vector>

#include "compiler/prove/example.h"

namespace hpol::prove {

// One classify row that still applies to what is sent.
struct Cause {
  dsl::Span span;  // the narrowest text that raises
  Label label;     // what it raises to
  bool floor = false;
  std::vector<DetectorId> detectors;    // of the example, read by the row and not redacted
  std::vector<AttributeId> attributes;  // that matter to the example, read by the row
};

// Rows that alone exceed `clearance`. None where no row is to blame: content was not scanned, or the
// redaction itself leaves too much.
std::vector<Cause> CausesOf(const hir::Policy& policy, const hir::Step& step, const Example& example);

}  // namespace hpol::prove
