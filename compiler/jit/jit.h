// Decision IR and matchers → running code in this process, through ORC LLJIT.
// The header shows no LLVM type; the artifact is the same as a bundle's.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "compiler/pattern/pattern.h"
#include "hpol/result.h"
#include "runtime/abi/artifact.h"
#include "runtime/abi/filter.h"
#include "runtime/abi/tables.h"

namespace hpol::jit {

enum class Optimize : uint8_t { kNone, kFull };  // O0 and O2

struct Code {
  const hpol_artifact* artifact = nullptr;
  std::shared_ptr<const void> owner;  // frees the code when the last holder lets go
};

// With `filter`, its steps are compiled too.
Result<Code> Compile(const ir::Tables& tables, const std::vector<pattern::Matcher>& matchers,
                     Optimize optimize = Optimize::kFull, const filter::Program* filter = nullptr);

// `--dump=llvm` (optimised when asked) without running anything.
std::string DumpLlvm(const ir::Tables& tables, const std::vector<pattern::Matcher>& matchers,
                     Optimize optimize);

}  // namespace hpol::jit
