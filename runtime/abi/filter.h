// The candidate filter: a small program over byte-class planes, derived by the compiler
// from every pattern of a policy at once. A plane holds one bit a byte of text. The
// program says where a match can begin; the detectors' own matchers then look.
//
// The filter never decides: it may only fire too often. Where it does not fire, no
// match begins (tested against the matchers on random patterns).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace hpol::filter {

inline constexpr int kClassPlanes = 8;  // registers 0…7
inline constexpr int kLanes = 8;        // words of a plane

// The program runs over blocks that know nothing of each other: a plane holds the 448 bytes of its block
// and, in its first word, the 64 bytes before them. No step looks further back than that.
inline constexpr uint32_t kBlockBytes = 448;
inline constexpr uint32_t kLookBack = 63;

inline constexpr uint8_t kUnclassed = 0x7f;  // the first byte that is in no plane: DEL, and what is not ASCII

inline constexpr size_t kBucketBytes = 6;
inline constexpr int kLiteralGroups = 2;  // of word tables, each exact over pairs of folded bytes

// One step. Registers are planes; `kDelay` moves a plane `amount` bytes later (1…63).
struct Op {
  enum class Kind : uint8_t { kAnd, kAndNot, kOr, kDelay };
  Kind kind = Kind::kAnd;
  uint8_t amount = 0;
  uint16_t result = 0;
  uint16_t left = 0;
  uint16_t right = 0;  // kAndNot: left & ~right
};

// A plane whose set bits are candidates of one detector. A detector may have several.
struct Output {
  uint16_t plane = 0;
  uint16_t detector = 0;
  // A set bit at byte i: a match may begin at i - back. With `runs`, it may begin anywhere in the run of
  // bytes of class `run` that ends just before i - back, or at i - back itself.
  uint16_t back = 0;
  bool runs = false;
  uint16_t run = 0;  // index into Program::runs
};

// Where a literal anchors: four folded bytes at `offset` from its beginning. Four more, at `other_offset`,
// are compared before anything else looks.
struct Anchor {
  uint16_t detector = 0;
  uint16_t offset = 0;
  uint16_t other_offset = 0;
  uint32_t other = 0;  // folded as Fold() does
  uint32_t next = 0;   // the next anchor with the same head, plus one; 0: none
};

// Steps and outputs stand in groups, one after the other. Those of the first run in every block; those of any
// other only where its guard has a bit, in the block or in the 64 bytes before: nowhere else can one of its
// outputs have one. A guard is a plane that the first group makes, and a group reads no planes but those of
// the first and its own.
inline constexpr size_t kMaxGroups = 64;
struct StepGroup {
  uint16_t guard = 0;    // of the first group: not looked at
  uint32_t ops = 0;      // where they end in Program::ops
  uint32_t outputs = 0;  // and in Program::outputs
};

// The anchors of all literals by their exact hash.
struct Anchors {
  std::vector<uint32_t> hash_bits;  // 1 << hash_width bits
  std::vector<uint32_t> heads;      // 1 << head_width indexes into `all`, plus one
  uint32_t hash_width = 15;
  uint32_t head_width = 10;
  std::vector<Anchor> all;
  uint32_t longest_offset = 0;
};

// Words, and strings that patterns begin with. A place of the text is looked at when its four bytes pass
// the tables of the kernel, then when their exact hash is set.
struct Literals {
  // For kernels with wide tables: of a byte its low five bits are looked at. The second of four bytes must go
  // with each of the others: bit (second & 7) of the table's entry (other | (second >> 3) << 5), in all three
  // tables of one group.
  alignas(64) std::array<std::array<std::array<uint8_t, 128>, 3>, kLiteralGroups> pairs{};
  int groups = 0;  // in use
  Anchors wide;

  // For kernels with narrow ones: bit b of buckets[j][c] says that bucket b holds a literal whose byte j from
  // its anchor has the low five bits c, or that ends before. Some bucket must hold all six. Empty anchors:
  // there are too many literals for that, and such a kernel tests the hash of `wide` at every byte.
  alignas(32) std::array<std::array<uint8_t, 32>, kBucketBytes> buckets{};
  Anchors narrow;

  std::vector<uint64_t> detectors;  // bits: those that have literals

  bool empty() const { return wide.all.empty(); }
};

struct Program {
  // Bit p of classes[b]: byte b is in plane p. Bytes from kUnclassed on are in none.
  alignas(64) std::array<uint8_t, 256> classes{};
  // The same for kernels with narrow tables: bit h of class_rows[p][l] is for byte 16h + l.
  alignas(16) std::array<std::array<uint8_t, 16>, kClassPlanes> class_rows{};
  std::vector<Op> ops;
  std::vector<Output> outputs;
  std::vector<StepGroup> groups;
  std::vector<std::array<uint64_t, 4>> runs;  // byte sets
  std::vector<uint16_t> unfiltered;           // detectors that may match anywhere
  uint16_t planes = kClassPlanes;             // registers in use
  Literals literals;
};

// Four bytes as they stand in memory (little-endian), letters without case.
constexpr uint32_t Fold(uint32_t four_bytes) { return four_bytes | 0x20202020u; }

// The hash of four folded bytes; its upper bits are a shorter one.
constexpr uint32_t Hash(uint32_t folded, uint32_t width) { return (folded * 0x9E3779B1u) >> (32 - width); }

}  // namespace hpol::filter
