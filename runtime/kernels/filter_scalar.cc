// The filter for any CPU: eight bytes at a time in a 64-bit word.
#include "runtime/kernels/filter_blocks.h"

namespace hpol::filter {
namespace {

// Transposes an 8×8 bit matrix held in a word: bit 8r + c goes to bit 8c + r.
// (Hacker's Delight, 7-3.)
uint64_t Transpose8(uint64_t x) {
  uint64_t t = (x ^ (x >> 7)) & 0x00AA00AA00AA00AAull;
  x ^= t ^ (t << 7);
  t = (x ^ (x >> 14)) & 0x0000CCCC0000CCCCull;
  x ^= t ^ (t << 14);
  t = (x ^ (x >> 28)) & 0x00000000F0F0F0F0ull;
  return x ^ t ^ (t << 28);
}

// Byte r of word c goes to byte c of word r: halves change places, then quarters, then bytes.
void TransposeBytes(uint64_t (&words)[8]) {
  const auto swap = [&words](size_t low, size_t high, unsigned shift, uint64_t mask) {
    const uint64_t moved = (words[low] >> shift ^ words[high]) & mask;
    words[high] ^= moved;
    words[low] ^= moved << shift;
  };
  for (size_t i = 0; i < 4; ++i) swap(i, i + 4, 32, 0x00000000FFFFFFFFull);
  for (const size_t i : {0u, 1u, 4u, 5u}) swap(i, i + 2, 16, 0x0000FFFF0000FFFFull);
  for (const size_t i : {0u, 2u, 4u, 6u}) swap(i, i + 1, 8, 0x00FF00FF00FF00FFull);
}

class Scalar {
 public:
  explicit Scalar(const Program& program) : program_(program) {}
  using Lanes = CopiedLanes;
  static constexpr bool kReversed = false;
  static uint32_t SetLanes(const uint64_t* plane) { return WordsSet(plane); }
  static const Anchors& AnchorsOf(const Literals& literals) { return literals.wide; }

  template <bool kFull>
  void Classify(const Lanes& lanes, uint64_t first, uint32_t count, Planes& planes) {
    for (auto& plane : planes.words) {
      plane[0] = plane[kLanes - 1];
      if (!kFull) std::fill_n(plane + 1, kNewLanes, 0);
    }
    for (uint32_t k = 0; k < count; ++k) {
      const uint8_t* at = lanes.At(first + k);
      uint64_t words[8];
      for (uint32_t eight = 0; eight < 8; ++eight) words[eight] = Transpose8(Classes(at + 8 * eight));
      TransposeBytes(words);
      for (uint32_t p = 0; p < kClassPlanes; ++p) planes.words[p][k + 1] = words[p];
    }
  }

  // Without wide tables the exact hash is as cheap a test as any.
  uint64_t FindLiterals(const Lanes& lanes, uint64_t first, uint32_t count, uint64_t* hits) const {
    return FindHashes(program_.literals.wide, lanes, first, count, hits);
  }

 private:
  uint64_t Classes(const uint8_t* at) const {
    uint64_t classes = 0;
    for (uint32_t i = 0; i < 8; ++i) classes |= uint64_t{program_.classes[at[i]]} << (8 * i);
    return classes;
  }

  const Program& program_;
};

}  // namespace

void FindScalar(const Program& program, hpol_filter_fn steps, std::string_view text, DenseJudge* judge,
                Candidates& candidates) {
  Runner<Scalar>(program, steps, text, judge, candidates).Run();
}

}  // namespace hpol::filter
