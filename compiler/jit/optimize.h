// Inside compiler/jit: the machine to compile for, and LLVM's own pipelines.
#pragma once

#include <llvm/ExecutionEngine/Orc/ThreadSafeModule.h>
#include <llvm/Support/Error.h>

#include <string>

#include "compiler/jit/jit.h"

namespace hpol::jit {

// This processor and its features in words: what native code depends on beside its source.
const std::string& HostName();

// Verifies the module, fits it to this machine, runs O0 or O2, and checks that it needs nothing from outside.
llvm::Error Prepare(llvm::orc::ThreadSafeModule& module, Optimize optimize);

// Prepares the module and returns it as an object file.
llvm::Expected<std::string> CompileObject(llvm::orc::ThreadSafeModule& module, Optimize optimize);

}  // namespace hpol::jit
