// The fastest of many short rounds: what a machine that is shared with others can do when it is left alone.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace hpol::bench {

inline double SecondsNow() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// ns of one of the `each` things that one call of `round` does. Some 200 rounds, or half a second.
template <typename Round>
double FastestNs(size_t each, Round round) {
  round();
  double best = 1e30;
  const double until = SecondsNow() + 0.5;
  for (int i = 0; i < 200 || SecondsNow() < until; ++i) {
    const double begin = SecondsNow();
    round();
    best = std::min(best, SecondsNow() - begin);
    if (i >= 5 && SecondsNow() > until) break;
  }
  return best * 1e9 / static_cast<double>(each);
}

}  // namespace hpol::bench
