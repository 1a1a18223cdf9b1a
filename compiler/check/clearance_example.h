// Examples and causes in words. Private to compiler/check.
#pragma once

#include <string>
#include <vector>

#include "compiler/check/clearance.h"
#include "compiler/hir/hir.h"

namespace hpol::check {

// `prompt "staff no E-482913", application copywriting, region us`: as a test would give it.
std::string RequestText(const hir::Policy& policy, const ExampleRequest& example);

// Why the label of what is sent is too high: one classify row that still applies.
struct Cause {
  dsl::Span span;  // the narrowest text that raises
  Label label;     // what it raises to
  bool floor = false;
  std::vector<DetectorId> detectors;    // of the example, read by the row and not redacted
  std::vector<AttributeId> attributes;  // of the example, read by the row
};
// Nothing when no row is to blame: content was not scanned, or the redaction itself leaves it.
std::vector<Cause> CausesOf(const hir::Policy& policy, const hir::Step& step, const ExampleRequest& example);

}  // namespace hpol::check
