// Matchers and filter → running code in this process. Two objects, each by itself: the detectors, the
// filter's steps; one that a cache has is linked without LLVM's passes being run. The header shows no LLVM
// type; the artifact is the same as a bundle's.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "compiler/cache/store.h"
#include "compiler/pattern/pattern.h"
#include "hpol/result.h"
#include "runtime/abi/artifact.h"
#include "runtime/abi/filter.h"

namespace hpol::jit {

enum class Optimize : uint8_t { kNone, kFull };  // O0 and O2

// Where objects are kept, and what stands for the matchers there: equal keys, equal matchers.
struct Caching {
  cache::Store* store = nullptr;
  cache::Digest matchers{};
};

struct Code {
  const hpol_artifact* artifact = nullptr;
  std::shared_ptr<const void> owner;  // frees the code when the last holder lets go
  // Which objects had to be compiled, for want of one in the cache.
  bool compiled_detectors = false;
  bool compiled_filter = false;
};

// With `filter`, its steps are compiled too. With `caching`, objects are looked for before they are compiled.
Result<Code> Compile(const std::vector<pattern::Matcher>& matchers, Optimize optimize = Optimize::kFull,
                     const filter::Program* filter = nullptr, const Caching* caching = nullptr);

// `--dump=llvm` (optimised when asked) without running anything.
std::string DumpLlvm(const std::vector<pattern::Matcher>& matchers, Optimize optimize);

}  // namespace hpol::jit
