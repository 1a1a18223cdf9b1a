// The steps of a filter program as LLVM functions over vectors of eight words: what the runtime's kernels
// call for every block between classifying bytes and reading outputs.
#pragma once

#include <llvm/IR/Module.h>

#include "runtime/abi/filter.h"

namespace hpol::lower {

// One function a level of CPU; their type is hpol_filter_fn (runtime/abi/artifact.h).
inline constexpr char kFilterScalarName[] = "hpol_filter_scalar";
inline constexpr char kFilterAvx2Name[] = "hpol_filter_avx2";
inline constexpr char kFilterAvx512Name[] = "hpol_filter_avx512";

void EmitFilter(llvm::Module& module, const filter::Program& program);

}  // namespace hpol::lower
