// Connections to targets that wait for another request, and what is known of the targets' credentials.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "adapters/gateway/key_ring.h"
#include "adapters/gateway/settings.h"
#include "adapters/http/wire.h"

namespace hpol::gateway {

// What one worker keeps for each target: connections that wait for another request, by target and
// credential, and which credentials rest. Not thread-safe. Its connections belong to the worker's io_context:
// they must be gone (Clear) before it.
class UpstreamPool {
 public:
  explicit UpstreamPool(const std::vector<TargetSettings>& targets);
  // One that still looks alive, or null.
  std::unique_ptr<http::Wire> Take(uint32_t target, size_t key);
  // For the next request there with that credential. What waits too long, or is too much, is closed.
  void Put(uint32_t target, size_t key, std::unique_ptr<http::Wire> wire);
  void Clear();
  KeyRing& keys(uint32_t target) { return keys_[target]; }

 private:
  struct Idle {
    std::unique_ptr<http::Wire> wire;
    size_t key = 0;
    std::chrono::steady_clock::time_point since;
  };
  std::vector<std::vector<Idle>> idle_;
  std::vector<KeyRing> keys_;
};

}  // namespace hpol::gateway
