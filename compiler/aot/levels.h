// Inside compiler/aot: one module, compiled for several levels of CPU at once. Functions are copied, one a
// level; tables are not, so that a bundle holds each automaton once.
#pragma once

#include <llvm/IR/Module.h>

#include <string>
#include <vector>

#include "compiler/jit/optimize.h"
#include "runtime/bundle/image.h"

namespace hpol::aot {

struct Level {
  uint32_t number = 0;  // as in bundle::Entry
  std::string processor;
  std::string suffix;  // of the symbols' names
};

struct Target {
  jit::Machine machine;  // that of the lowest level
  std::vector<Level> levels;
};

const Target& TargetOf(bundle::Machine machine);

// Copies every function, and whatever data refers to one, for each level above the lowest. Functions that
// name their own features are the filter's steps: they stay as they are, or go when the machine is another.
void AddLevels(llvm::Module& module, const Target& target);

}  // namespace hpol::aot
