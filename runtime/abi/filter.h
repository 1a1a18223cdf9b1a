// The candidate filter: a small program over byte-class planes, derived by the compiler
// from every pattern of a policy at once. A plane holds one bit a byte of text. The
// program says where a match can begin; the detectors' own matchers then look.
//
// The filter never decides: it may only fire too often. Where it does not fire, no
// match begins (tested against the matchers on random patterns).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace hpol::filter {

inline constexpr int kClassPlanes = 16;       // registers 0…15
inline constexpr uint32_t kBlockBytes = 512;  // one step of the program
inline constexpr int kLiteralGroups = 2;      // word tables, each exact over pairs of folded bytes

// One step. Registers are planes; `kDelay` moves a plane `amount` bytes later (1…63).
struct Op {
  enum class Kind : uint8_t { kAnd, kAndNot, kOr, kDelay };
  Kind kind = Kind::kAnd;
  uint8_t amount = 0;
  uint16_t result = 0;
  uint16_t left = 0;
  uint16_t right = 0;  // kAndNot: left & ~right; kDelay: index of `left` in Program::delayed
};

// A plane whose set bits are candidates of one detector.
struct Output {
  uint16_t plane = 0;
  uint16_t detector = 0;
  // A set bit at byte i: a match may begin at i - back. With `runs`, it may begin anywhere in the run of
  // bytes of class `run` that ends just before i - back, or at i - back itself.
  uint16_t back = 0;
  bool runs = false;
  uint16_t run = 0;  // index into Program::runs
};

// Where a literal anchors: four folded bytes at `offset` from its beginning.
struct Anchor {
  uint16_t detector = 0;
  int16_t offset = 0;
  uint32_t next = 0;  // the next anchor with the same hash, plus one; 0: none
};

struct Program {
  // Byte classes, for ASCII only: bit p of class_of[t][b] puts byte b into plane 8 * t + p. Bytes from 0x80
  // are in no plane.
  alignas(64) std::array<std::array<uint8_t, 128>, 2> class_of{};
  std::vector<Op> ops;
  std::vector<Output> outputs;
  std::vector<std::array<uint64_t, 4>> runs;  // byte sets
  std::vector<uint16_t> unfiltered;           // detectors that may match anywhere
  uint16_t planes = kClassPlanes;             // registers in use
  std::vector<uint16_t> delayed;              // planes that some kDelay reads: carried from block to block

  // Words and literal prefixes: bytes fold to 32 classes; a text position is looked at when the three
  // overlapping pairs of four bytes are in the tables of one group, then when its exact hash is set.
  bool has_literals = false;
  alignas(64) std::array<uint8_t, 128> fold_low{};   // class
  alignas(64) std::array<uint8_t, 128> fold_high{};  // class as the pair tables' index wants it
  alignas(64) std::array<std::array<std::array<uint8_t, 128>, 3>, kLiteralGroups> pairs{};
  std::vector<uint32_t> hash_bits;   // 1 << hash_width bits
  std::vector<uint32_t> hash_heads;  // index into anchors plus one
  uint32_t hash_width = 15;
  std::vector<Anchor> anchors;
};

// The hash of four bytes as they stand in memory (little-endian), letters folded.
constexpr uint32_t Hash(uint32_t four_bytes, uint32_t width) {
  return ((four_bytes | 0x20202020u) * 0x9E3779B1u) >> (32 - width);
}

}  // namespace hpol::filter
