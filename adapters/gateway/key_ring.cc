// Credentials that rest; the door is key_ring.h.
#include "adapters/gateway/key_ring.h"

#include <algorithm>

namespace hpol::gateway {

std::optional<size_t> KeyRing::Pick(Clock::time_point now, const std::vector<size_t>& tried) const {
  if (rests_until_.empty()) return tried.empty() ? std::optional(kNoKey) : std::nullopt;
  for (size_t key = 0; key < rests_until_.size(); ++key) {
    const bool is_tried = std::ranges::find(tried, key) != tried.end();
    if (!is_tried && rests_until_[key] <= now) return key;
  }
  return std::nullopt;
}

KeyRing::Clock::time_point KeyRing::Until() const {
  return rests_until_.empty() ? Clock::time_point() : *std::ranges::min_element(rests_until_);
}

void KeyRing::Learn(size_t key, Failure failure, std::chrono::milliseconds pause, Clock::time_point now) {
  using Pause = std::chrono::milliseconds;
  constexpr std::chrono::seconds kDead{60}, kSpent{600};
  constexpr Pause kLeast{1'000}, kMost{60'000};
  // With a single credential nothing is gained by not asking again: it may have been replaced.
  const bool others = rests_until_.size() > 1;
  if (failure == Failure::kKey && others) Rest(key, now + kDead);
  if (failure == Failure::kSpent && others) Rest(key, now + kSpent);
  if (failure == Failure::kLimited && (others || pause.count() > 0)) {
    Rest(key, now + std::clamp(pause, kLeast, kMost));
  }
}

void KeyRing::Rest(size_t key, Clock::time_point until) {
  if (key < rests_until_.size()) rests_until_[key] = until;
}

}  // namespace hpol::gateway
