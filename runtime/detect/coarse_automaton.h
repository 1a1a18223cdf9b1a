// A smaller automaton that matches wherever a detector's does, and perhaps elsewhere: counts of long
// repetitions are forgotten, `{1,63}` becomes `+`. For the combined automaton, to which a count is only
// noise: all the states that differ in it would have to be told apart, together with all states of all other
// detectors.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "runtime/abi/artifact.h"

namespace hpol::detect {

// Owns the tables that `data` points at; so it stays where it is.
class CoarseAutomaton {
 public:
  // States that agree for so many bytes are joined, and then whatever has to be, so that it stays
  // deterministic.
  static constexpr int kDepth = 16;
  // Smaller automata count to no more than others can bear, and say more when whole.
  static constexpr uint32_t kMinStates = 64;
  // Larger automata are word lists for the most part, which have no counts and too many states to look
  // through.
  static constexpr uint32_t kMaxStates = 6000;

  explicit CoarseAutomaton(const hpol_automaton& fine);
  CoarseAutomaton(const CoarseAutomaton&) = delete;
  CoarseAutomaton& operator=(const CoarseAutomaton&) = delete;

  const hpol_automaton& data() const { return data_; }

 private:
  hpol_automaton data_{};
  std::vector<uint32_t> next_;
  std::vector<uint8_t> accepts_;
};

}  // namespace hpol::detect
