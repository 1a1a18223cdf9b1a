// Decisions for people and machines: one shape for every engine, so that two engines
// can be compared by comparing what they print.
#pragma once

#include <string>

#include "compiler/hir/hir.h"
#include "compiler/reference/reference.h"
#include "dsl/source/source.h"
#include "hpol/engine.h"

namespace hpol::driver {

// What an engine decided, in the words of the reference.
reference::Outcome OutcomeOf(const Decision& decision);

// One JSON object: label, verdict, cause, reason, candidates, rules, findings.
std::string DecisionJson(const reference::Outcome& outcome, const hir::Policy& policy,
                         const dsl::SourceMap& sources);

// The same for a terminal.
std::string DecisionText(const reference::Outcome& outcome, const hir::Policy& policy,
                         const dsl::SourceMap& sources);

}  // namespace hpol::driver
