// The decision IR read back as a policy, so that what is in a bundle can be proved without its source, and so
// that what the compiler wrote can be proved to mean what it read (translation validation).
#pragma once

#include <string>

#include "compiler/hir/hir.h"
#include "runtime/abi/tables.h"

namespace hpol::prove {

// The policy that verified tables (ir::Verify) stand for. Floors come back as raises, for the tables have
// them so; detectors have no patterns, but the tiers that they can have; spans are empty.
hir::Policy PolicyOf(const ir::Tables& tables);

// Empty when `tables` label, route and turn away every request as `policy` does, proved; else what differs.
std::string DifferenceOf(const hir::Policy& policy, const ir::Tables& tables);

}  // namespace hpol::prove
