// The decision IR's text form, both ways, and its verifier. The data itself is
// runtime/abi/tables.h. print ∘ parse = identity (tested).
#pragma once

#include <string>
#include <string_view>

#include "hpol/result.h"
#include "runtime/abi/tables.h"

namespace hpol::ir {

// `--dump=ir`: one line a row, every field by name, strings quoted as JSON.
std::string Print(const Tables& tables);

// Reads what Print wrote. The error names line and what was expected.
Result<Tables> Parse(std::string_view text);

// Every index in range, every condition well-formed, labels inside the lattice, target ≤ zone.
// A runtime may only be given tables that pass.
Result<bool> Verify(const Tables& tables);

}  // namespace hpol::ir
