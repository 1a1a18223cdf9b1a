// How detectors are found, for the author of a policy: `hpol explain --patterns`. Which condition says where
// a match may begin, how often it fires on ordinary text, and what that costs; then what bounds the look at
// it. Nothing is run or timed: costs are estimates for one core with AVX-512 at 2.6 GHz.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/driver/cost.h"
#include "compiler/driver/driver.h"

namespace hpol::driver {

struct PatternExplained {
  DetectorCost cost;  // its name, and what bounds it
  enum class Filter : uint8_t { kBegin, kInside, kLiterals, kEverywhere } filter = Filter::kBegin;
  std::string condition;    // in words; empty for kEverywhere
  double per_kilobyte = 0;  // how often it fires on ordinary text
  uint32_t steps = 0;       // of the filter program; those that detectors share count for each of them
  double steps_run = 0;     // in a block of ordinary text: a guard spares others
  double ns_per_kilobyte = 0;
};

struct Explained {
  std::vector<PatternExplained> patterns;  // in the order of the policy
  uint32_t steps = 0;                      // of the whole filter program, those that no output needs left out
  double steps_run = 0;                    // in a block of ordinary text
  uint32_t literal_groups = 0;             // of word tables
  double shared_ns_per_kilobyte = 0;  // reading text and looking into word tables, for all detectors together
  double ns_per_kilobyte = 0;         // everything
};

// For a build that reached Stage::kPattern. `store` may be null.
Explained Explain(const Build& build, cache::Store* store);

// To read.
std::string ExplainText(const hir::Policy& policy, const Explained& explained);
// One JSON object.
std::string ExplainJson(const hir::Policy& policy, const Explained& explained);

}  // namespace hpol::driver
