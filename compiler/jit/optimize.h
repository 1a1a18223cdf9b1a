// Inside compiler/jit: the machine to compile for, and LLVM's own pipelines.
#pragma once

#include <llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h>
#include <llvm/ExecutionEngine/Orc/ThreadSafeModule.h>
#include <llvm/Support/Error.h>

#include "compiler/jit/jit.h"

namespace hpol::jit {

// This processor with all its features; LLVM's targets are set up once a process.
llvm::Expected<llvm::orc::JITTargetMachineBuilder> Host(Optimize optimize);

// Verifies the module, fits it to the machine, runs O0 or O2, and checks that it needs nothing from
// outside.
llvm::Error Prepare(llvm::orc::ThreadSafeModule& module, llvm::orc::JITTargetMachineBuilder& host,
                    Optimize optimize);

}  // namespace hpol::jit
