#include "bench/engine.h"

#include <cstdio>

namespace hpol::bench {

std::shared_ptr<const Engine> MakeEngine(const Compilation& compilation) {
  if (!compilation.ok) {
    std::fputs(compilation.report.c_str(), stderr);
    return nullptr;
  }
  Result<std::shared_ptr<const Engine>> engine = Engine::Make(compilation.program, "a key for benchmarks");
  if (!engine) std::fprintf(stderr, "%s\n", engine.error().message.c_str());
  return engine ? *engine : nullptr;
}

}  // namespace hpol::bench
