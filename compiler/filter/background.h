// A model of ordinary text: a fixed sample of prose, dialogue, documentation, code and
// JSON in several languages, with a little that is no language at all, made by background_text.h at first
// use. Filters are chosen by how often they fire on it; the choice affects speed alone.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/filter/byte_set.h"

namespace hpol::filter {

// The sample as bits: bit i of Bits(set) says that byte i is in the set.
class Background {
 public:
  static const Background& Get();

  using Bits = std::vector<uint64_t>;

  std::string_view text() const { return text_; }
  Bits BitsOf(const ByteSet& set) const;
  // `bits` moved `distance` bytes later (negative: earlier).
  static Bits Moved(const Bits& bits, int distance);
  static uint64_t Count(const Bits& bits);
  static uint64_t CountBoth(const Bits& a, const Bits& b);  // bits that are set in both
  double PerKilobyte(uint64_t count) const {
    return static_cast<double>(count) * 1024 / static_cast<double>(text_.size());
  }

  // How many bytes are in the set; one at least.
  double CountOf(const ByteSet& set) const;

  // How often four bytes with these low five bits stand in a row (Key() in anchors.h).
  uint32_t FourGrams(uint32_t key) const { return four_grams_[key]; }
  // How often the low five bits of a byte are `c`.
  uint32_t CountOfLowFive(uint8_t c) const { return low_five_[c]; }

 private:
  Background();
  std::string text_;
  std::array<Bits, 256> places_;  // of each byte; empty where it does not occur
  std::vector<uint32_t> four_grams_;
  std::array<uint32_t, 256> bytes_{};
  std::array<uint32_t, 32> low_five_{};
};

// What kernels look at of a byte of a word: a letter has its own class, whatever its case.
constexpr uint8_t LowFive(uint8_t byte) { return byte & 31; }

}  // namespace hpol::filter
