// Which credential of a target to use now. One that was refused, limited or used up rests for a while;
// the others are used meanwhile.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

namespace hpol::gateway {

// Not thread-safe: every worker has its own, and learns for itself.
class KeyRing {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr size_t kNoKey = static_cast<size_t>(-1);

  explicit KeyRing(size_t keys) : rests_until_(keys) {}

  // The first that does not rest and is none of `tried`; kNoKey for a target without credentials.
  // Nothing: all of them rest or were tried.
  std::optional<size_t> Pick(Clock::time_point now, const std::vector<size_t>& tried) const {
    if (rests_until_.empty()) return tried.empty() ? std::optional(kNoKey) : std::nullopt;
    for (size_t key = 0; key < rests_until_.size(); ++key) {
      bool is_tried = false;
      for (const size_t one : tried) is_tried |= one == key;
      if (!is_tried && rests_until_[key] <= now) return key;
    }
    return std::nullopt;
  }
  // When the first of them may be used again.
  Clock::time_point Until() const {
    Clock::time_point first = rests_until_.empty() ? Clock::time_point() : rests_until_[0];
    for (const Clock::time_point until : rests_until_) first = std::min(first, until);
    return first;
  }
  void Rest(size_t key, Clock::time_point until) {
    if (key < rests_until_.size()) rests_until_[key] = until;
  }

 private:
  std::vector<Clock::time_point> rests_until_;
};

}  // namespace hpol::gateway
