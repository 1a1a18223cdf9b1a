// Numbers for artifacts, whoever makes them (runtime/abi/artifact.h).
#pragma once

#include <atomic>
#include <cstdint>

namespace hpol {

// Never the same twice in one process, never 0.
inline uint64_t NextArtifactSerial() {
  static std::atomic<uint64_t> last = 0;
  return ++last;
}

}  // namespace hpol
