// Matchers and filter → two LLVM modules, so that a change in one leaves the other's code as it is. Rules are
// no code: the runtime reads their tables (runtime/decide/index.h). LLVM types stay inside
// compiler/{lower,jit,aot}.
#pragma once

#include <llvm/ExecutionEngine/Orc/ThreadSafeModule.h>

#include <string>
#include <vector>

#include "compiler/pattern/pattern.h"
#include "runtime/abi/filter.h"

namespace hpol::lower {

// Names of what the modules define; the functions' types are those of runtime/abi/artifact.h. Those of the
// filter's steps are in filter_steps.h.
inline constexpr char kDetectorsName[] = "hpol_detectors";  // an array of hpol_detector_code

// The attribute of functions that are long straight bit code: as short as it gets when written, so that
// LLVM's passes over IR and vectors only cost time there.
inline constexpr char kBitCode[] = "hpol-bit-code";

// The modules have no undefined symbols.
llvm::orc::ThreadSafeModule LowerDetectors(const std::vector<pattern::Matcher>& matchers);
llvm::orc::ThreadSafeModule LowerFilter(const filter::Program& program);

// The module as text: `--dump=llvm`.
std::string Print(const llvm::orc::ThreadSafeModule& module);

}  // namespace hpol::lower
