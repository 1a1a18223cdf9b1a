// The kernel of a search: which rules of a range are inside the boxes of a request, up to 512 rules a step.
// One variant for each level of CPU, all with the same answers. Door: NextSurvivors.
#pragma once

#include <cstdint>

#include "runtime/kernels/filter.h"

namespace hpol::decide {

inline constexpr uint32_t kBlockWords = 8;  // 512 rules

// Bitmap rows, by pointers to their first words; a word holds 64 rules. A rule survives when it is in every
// row of `all`, and for every alternative in some of its rows, or, where blocked, in none of them.
struct RowsOfSearch {
  struct Alternative {
    const uint64_t* const* rows = nullptr;
    uint32_t count = 0;
    bool blocked = false;
  };
  const uint64_t* const* all = nullptr;  // the most selective first
  uint32_t all_count = 0;                // a multiple of 4, at least 4
  const Alternative* alternatives = nullptr;
  uint32_t alternative_count = 0;
};

// The first block at or after `word` with a survivor; its words are written to `survivors`. `end` or more:
// there is none. Reads up to kBlockWords words from each word before `end`, so rows need that much memory
// behind them; what stands there may be among the survivors.
using NextSurvivorsFn = uint32_t (*)(const RowsOfSearch& rows, uint32_t word, uint32_t end,
                                     uint64_t survivors[kBlockWords]);

NextSurvivorsFn NextSurvivorsFor(filter::Variant variant);

uint32_t NextSurvivorsScalar(const RowsOfSearch&, uint32_t word, uint32_t end, uint64_t[kBlockWords]);
uint32_t NextSurvivorsAvx2(const RowsOfSearch&, uint32_t word, uint32_t end, uint64_t[kBlockWords]);
uint32_t NextSurvivorsAvx512(const RowsOfSearch&, uint32_t word, uint32_t end, uint64_t[kBlockWords]);

}  // namespace hpol::decide
