// The door check of a runtime: whether tables may be run at all. Compilers check what they made, loaders what
// they were given.
#pragma once

#include "hpol/result.h"
#include "runtime/abi/tables.h"

namespace hpol::ir {

// Every index in range, every condition well-formed, labels inside the lattice, target ≤ zone.
// A runtime may only be given tables that pass.
Result<bool> Verify(const Tables& tables);

}  // namespace hpol::ir
