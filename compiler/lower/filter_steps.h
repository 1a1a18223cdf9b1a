// The steps of a filter program as one LLVM function over vectors of `lanes` words: what
// the runtime's kernels call for every block between classifying bytes and reading outputs.
#pragma once

#include <llvm/IR/Module.h>

#include <string>

#include "runtime/abi/filter.h"

namespace hpol::lower {

// hpol_filter_<lanes>; its type is hpol_filter_fn (runtime/abi/artifact.h).
std::string FilterName(unsigned lanes);

llvm::Function* EmitFilter(llvm::Module& module, const filter::Program& program, unsigned lanes);

}  // namespace hpol::lower
