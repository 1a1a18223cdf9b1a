// Which steps need not run in every block: the conditions of many detectors imply one that is cheap, such as
// four digits in a row, and most blocks of ordinary text hold none.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "compiler/filter/conditions.h"

namespace hpol::filter {

// Somewhere in a block, or in the 64 bytes before it, stands a run of `length` bytes of `bytes`.
struct Guard {
  ByteSet bytes;
  int length = 1;
  double share = 1;  // of the background text's blocks
};

// What a detector's matches all have: its windows, and the steps that its condition takes without a guard.
struct Guarded {
  std::vector<Window> windows;
  double steps = 0;
};

struct Guards {
  std::vector<Guard> all;
  std::vector<std::optional<size_t>> of;  // index into `all`, for each of the detectors
};

// Greedy: the guard that spares most steps, until none spares more than it costs.
Guards ChooseGuards(const std::vector<Guarded>& detectors, Runs& runs);

// The places of a window that say that the guard's run stands there; empty: a match need not have it.
std::vector<Place> PlacesOf(const Guard& guard, const Window& window);

}  // namespace hpol::filter
