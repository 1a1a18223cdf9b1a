// What every variant of the filter does with the bits it found. Included by the kernels
// only. Everything is in an unnamed namespace: were it shared, the linker could give the
// scalar kernel a copy that was compiled for another CPU.
#pragma once

#include <algorithm>
#include <cstring>
#include <string_view>
#include <vector>

#include "runtime/kernels/filter.h"

namespace hpol::filter {
namespace {

inline bool InSet(const std::array<uint64_t, 4>& set, uint8_t byte) {
  return (set[byte >> 6] >> (byte & 63)) & 1;
}

// Whether two neighbouring bytes are a pair of one table of the words.
inline bool HasPair(const Program& program, size_t group, size_t pair, uint8_t first, uint8_t second) {
  const uint8_t high = program.fold_high[second & 127];
  const uint8_t index = static_cast<uint8_t>(program.fold_low[first & 127] | (high & 0x60));
  return (program.pairs[group][pair][index] >> (high & 7)) & 1;
}

// Turns set bits of an output's plane into candidates.
class Events {
 public:
  Events(const Program& program, std::string_view text, std::vector<Candidate>& candidates)
      : program_(program), text_(text), candidates_(candidates) {}

  // `word` holds text bytes [base, base + 64).
  void Add(const Output& output, uint64_t base, uint64_t word) {
    for (; word != 0; word &= word - 1) {
      const uint64_t at = base + static_cast<uint64_t>(__builtin_ctzll(word));
      if (at < output.back || at - output.back >= text_.size()) continue;
      const auto last = static_cast<uint32_t>(at - output.back);
      candidates_.push_back({output.detector, output.runs ? RunStart(output, last) : last, last});
    }
  }

  // Four folded bytes from text[at] passed the pair tables of the words.
  void AddLiteral(int64_t at) {
    if (at < 0 || static_cast<uint64_t>(at) >= text_.size()) return;
    uint32_t bytes = 0;  // beyond the text's end stand zeros, as in the kernels
    std::memcpy(&bytes, text_.data() + at, std::min<size_t>(4, text_.size() - static_cast<size_t>(at)));
    const uint32_t hash = Hash(bytes, program_.hash_width);
    if (((program_.hash_bits[hash >> 5] >> (hash & 31)) & 1) == 0) return;
    for (uint32_t next = program_.hash_heads[hash]; next != 0; next = program_.anchors[next - 1].next) {
      const Anchor& anchor = program_.anchors[next - 1];
      const int64_t begin = at - anchor.offset;
      if (begin < 0 || static_cast<uint64_t>(begin) >= text_.size()) continue;
      candidates_.push_back({anchor.detector, static_cast<uint32_t>(begin), static_cast<uint32_t>(begin)});
    }
  }

  // All literals of the text, byte by byte, for kernels without a wider way. Beyond the text's end stand
  // zeros.
  void AddLiterals() {
    const auto byte = [this](size_t at) {
      return at < text_.size() ? static_cast<uint8_t>(text_[at]) : uint8_t{0};
    };
    for (size_t at = 0; at < text_.size(); ++at) {
      const uint8_t t[4] = {byte(at), byte(at + 1), byte(at + 2), byte(at + 3)};
      for (size_t group = 0; group < kLiteralGroups; ++group) {
        if (!HasPair(program_, group, 0, t[0], t[1]) || !HasPair(program_, group, 1, t[1], t[2]) ||
            !HasPair(program_, group, 2, t[2], t[3])) {
          continue;
        }
        AddLiteral(static_cast<int64_t>(at));
        break;
      }
    }
  }

 private:
  // Runs of one output never overlap (a run holds no byte that ends one), so that every
  // byte is walked at most once per output.
  uint32_t RunStart(const Output& output, uint32_t last) const {
    const std::array<uint64_t, 4>& set = program_.runs[output.run];
    uint32_t begin = last;
    while (begin > 0 && InSet(set, static_cast<uint8_t>(text_[begin - 1]))) --begin;
    return begin;
  }

  const Program& program_;
  std::string_view text_;
  std::vector<Candidate>& candidates_;
};

}  // namespace
}  // namespace hpol::filter
