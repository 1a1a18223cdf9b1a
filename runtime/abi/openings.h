// How matches begin: what a stream needs to tell that no match can have begun near the end of what it has
// seen. Derived by the compiler from every detector's automaton (compiler/pattern/openings.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hpol {

inline constexpr uint32_t kOpeningBytes = 16;  // bytes that are told apart; those after them together

struct Openings {
  uint32_t words = 0;  // of a set of detectors: one bit each
  // [position][byte]: the set of detectors that have a match with this byte at this position; the last
  // position stands for all that follow.
  std::vector<uint64_t> sets;

  const uint64_t* At(uint32_t position, uint8_t byte) const {
    const uint32_t row = position < kOpeningBytes ? position : kOpeningBytes;
    return sets.data() + (size_t{row} * 256 + byte) * words;
  }
};

}  // namespace hpol
