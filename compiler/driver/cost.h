// What scanning costs at worst, detector by detector: `hpol check --cost`. Computed from the automata alone;
// nothing is run or timed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/driver/driver.h"

namespace hpol::driver {

struct DetectorCost {
  std::string name;
  uint32_t max_length = 0;   // bytes of its longest match
  bool cut_off = false;      // it would match longer texts, but for the cap on one match
  uint32_t states = 0;       // of its automaton, and nodes of its tries
  uint64_t table_bytes = 0;  // memory of its tables
  // False: each place is tried by itself, and each try reads at most max_length bytes. True: where a try
  // reads far for nothing, all places are followed in one pass.
  bool tracked = false;
  // tracked: how many states one pass may have to follow at once. 1 otherwise.
  uint32_t live_states = 1;
  // What stands in tries beside the automaton: at each place they are walked from it, once.
  size_t words = 0;
  uint32_t word_reads = 0;        // bytes that this reads at most from one place
  uint32_t automaton_length = 0;  // bytes of the longest match of the automaton; 0: there are tries alone
  // Steps over one byte for each byte of text, at worst, its validator left out.
  uint64_t worst_reads = 0;
  // A validator, or an exception, may judge each shorter end of a match anew, and read it again.
  bool judged_again = false;
};

// For a build that reached Stage::kPattern.
std::vector<DetectorCost> Costs(const Build& build);

// How it is kept in bounds, in words.
std::string BoundText(const DetectorCost& cost);

// A table to read.
std::string CostText(const hir::Policy& policy, const std::vector<DetectorCost>& costs);
// One JSON object.
std::string CostJson(const hir::Policy& policy, const std::vector<DetectorCost>& costs);

}  // namespace hpol::driver
