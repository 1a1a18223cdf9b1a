// Inside compiler/{jit,aot}: the machine to compile for, and LLVM's own pipelines.
#pragma once

#include <llvm/ExecutionEngine/Orc/ThreadSafeModule.h>
#include <llvm/Support/Error.h>

#include <string>

#include "compiler/jit/jit.h"

namespace hpol::jit {

// What native code is made for, in LLVM's words.
struct Machine {
  std::string triple;
  std::string processor;
  std::string features;

  // All of it: what native code depends on beside its source.
  std::string Name() const { return triple + " " + processor + " " + features; }
};

// This processor with all its features.
const Machine& Host();

// Verifies the module, fits it to the machine, runs O0 or O2, and checks that it needs nothing from outside.
// Functions that name a processor of their own keep it.
llvm::Error Prepare(llvm::orc::ThreadSafeModule& module, Optimize optimize, const Machine& machine);

// Prepares the module and returns it as an object file. Equal modules give equal bytes.
llvm::Expected<std::string> CompileObject(llvm::orc::ThreadSafeModule& module, Optimize optimize,
                                          const Machine& machine);

}  // namespace hpol::jit
