// Which credential of a target to use now. One that was refused, limited or used up rests for a while;
// the others are used meanwhile.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "adapters/gateway/failure.h"

namespace hpol::gateway {

// Not thread-safe: every worker has its own, and learns for itself.
class KeyRing {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr size_t kNoKey = static_cast<size_t>(-1);

  // How many credentials the target has.
  explicit KeyRing(size_t keys) : rests_until_(keys) {}

  // The first that does not rest and is none of `tried`; kNoKey for a target without credentials.
  // Nothing: all of them rest or were tried.
  std::optional<size_t> Pick(Clock::time_point now, const std::vector<size_t>& tried) const;
  // When the first of them may be used again.
  Clock::time_point Until() const;
  // An attempt with this key failed: it rests where another may do better, or where the target asked for a
  // pause, of which the first minute counts.
  void Learn(size_t key, Failure failure, std::chrono::milliseconds pause, Clock::time_point now);

 private:
  void Rest(size_t key, Clock::time_point until);

  std::vector<Clock::time_point> rests_until_;
};

}  // namespace hpol::gateway
