// The decision IR's text form, both ways. The data itself is runtime/abi/tables.h, its verifier
// runtime/tables/verify.h. print ∘ parse = identity (tested).
#pragma once

#include <string>
#include <string_view>

#include "hpol/result.h"
#include "runtime/abi/tables.h"
#include "runtime/tables/verify.h"

namespace hpol::ir {

// `--dump=ir`: one line a row, every field by name, strings quoted as JSON.
std::string Print(const Tables& tables);

// Reads what Print wrote. The error names line and what was expected.
Result<Tables> Parse(std::string_view text);

}  // namespace hpol::ir
