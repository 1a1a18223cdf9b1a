// Run-time state over HIR: whether a step may be used now (DESIGN 2.2.5). What Engine::Now is compared with.
#pragma once

#include "compiler/hir/hir.h"
#include "hpol/engine.h"

namespace hpol::reference {

// Of the step of `route` that sends to this pair.
Availability Now(const hir::Policy& policy, const hir::Route& route, TargetId target, RedactionId redaction,
                 const RunState& state);

}  // namespace hpol::reference
