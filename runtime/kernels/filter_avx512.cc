// The filter for AVX-512 with VBMI, VBMI2 and GFNI: a plane of 512 text bytes is one register.
//
// Per 64 bytes one table look-up (vpermi2b) gives eight class bits a byte; GFNI transposes
// 8×8 bits, so that eight look-ups become eight planes. It numbers the rows of a matrix from the top, so
// words of planes hold their bytes from the highest bit down. Words: three exact tables of byte pairs.
#include <immintrin.h>

#include "runtime/kernels/filter_blocks.h"

namespace hpol::filter {
namespace {

// Lane k of planes[p] = 64 bits of plane p over text bytes [64k, 64k + 64).
// In: rows[k] holds the planes of block k, plane p in lane p.
inline void TransposeLanes(const __m512i* rows, __m512i* planes) {
  const __m512i a0 = _mm512_unpacklo_epi64(rows[0], rows[1]), a1 = _mm512_unpackhi_epi64(rows[0], rows[1]);
  const __m512i a2 = _mm512_unpacklo_epi64(rows[2], rows[3]), a3 = _mm512_unpackhi_epi64(rows[2], rows[3]);
  const __m512i a4 = _mm512_unpacklo_epi64(rows[4], rows[5]), a5 = _mm512_unpackhi_epi64(rows[4], rows[5]);
  const __m512i a6 = _mm512_unpacklo_epi64(rows[6], rows[7]), a7 = _mm512_unpackhi_epi64(rows[6], rows[7]);
  // a0 holds lanes 0 2 4 6 of rows 0 and 1, a1 lanes 1 3 5 7; 0x88 takes even pairs, 0xdd odd ones.
  const __m512i b0 = _mm512_shuffle_i64x2(a0, a2, 0x88), b1 = _mm512_shuffle_i64x2(a4, a6, 0x88);
  const __m512i c0 = _mm512_shuffle_i64x2(a0, a2, 0xdd), c1 = _mm512_shuffle_i64x2(a4, a6, 0xdd);
  const __m512i d0 = _mm512_shuffle_i64x2(a1, a3, 0x88), d1 = _mm512_shuffle_i64x2(a5, a7, 0x88);
  const __m512i e0 = _mm512_shuffle_i64x2(a1, a3, 0xdd), e1 = _mm512_shuffle_i64x2(a5, a7, 0xdd);
  planes[0] = _mm512_shuffle_i64x2(b0, b1, 0x88);
  planes[4] = _mm512_shuffle_i64x2(b0, b1, 0xdd);
  planes[2] = _mm512_shuffle_i64x2(c0, c1, 0x88);
  planes[6] = _mm512_shuffle_i64x2(c0, c1, 0xdd);
  planes[1] = _mm512_shuffle_i64x2(d0, d1, 0x88);
  planes[5] = _mm512_shuffle_i64x2(d0, d1, 0xdd);
  planes[3] = _mm512_shuffle_i64x2(e0, e1, 0x88);
  planes[7] = _mm512_shuffle_i64x2(e0, e1, 0xdd);
}

// Byte 8p + i of the result = byte 8(7 - i) + p of the argument.
struct GatherBytes {
  alignas(64) uint8_t bytes[64] = {};
  constexpr GatherBytes() {
    for (unsigned i = 0; i < 64; ++i) bytes[i] = static_cast<uint8_t>((7 - (i & 7)) * 8 + (i >> 3));
  }
};
constexpr GatherBytes kGatherBytes;

// Byte i of each word is 1 << i.
inline __m512i Diagonal() { return _mm512_set1_epi64(static_cast<int64_t>(0x8040201008040201ull)); }

struct Table {
  __m512i low, high;
  explicit Table(const uint8_t* bytes) : low(_mm512_load_si512(bytes)), high(_mm512_load_si512(bytes + 64)) {}
  __m512i At(__m512i index) const { return _mm512_permutex2var_epi8(low, index, high); }
};

// A text in lanes of 64 bytes, and zeros after its end.
class MaskedLanes {
 public:
  MaskedLanes(std::string_view text, const Candidates&)
      : text_(reinterpret_cast<const uint8_t*>(text.data())),
        size_(text.size()),
        whole_(text.size() < kReadAhead ? 0 : (text.size() - kReadAhead) / 64) {}

  uint64_t whole() const { return whole_; }
  uint64_t count() const { return (size_ + 63) / 64; }
  // 64 bytes from byte `offset` of a lane on; of a whole one when kWhole is true.
  template <bool kWhole>
  __m512i Load(uint64_t lane, uint64_t offset) const {
    const uint64_t at = 64 * lane + offset;
    if (kWhole) return _mm512_loadu_si512(text_ + at);
    const uint64_t left = at < size_ ? std::min<uint64_t>(size_ - at, 64) : 0;
    return _mm512_maskz_loadu_epi8(_cvtu64_mask64(_bzhi_u64(~uint64_t{0}, static_cast<uint32_t>(left))),
                                   text_ + at);
  }

 private:
  const uint8_t* text_;
  uint64_t size_;
  uint64_t whole_;
};

// The tables of byte pairs.
template <int kGroups>
class Pairs {
 public:
  explicit Pairs(const Literals& literals) : Pairs(literals.pairs) {}

  // Bit i: the second of the four bytes from byte i of the lane on goes with the three others, in one group.
  template <bool kWhole>
  __attribute__((always_inline)) inline uint64_t At(const MaskedLanes& lanes, uint64_t lane) const {
    // Bits 0 to 2 stay, bits 3 and 4 become 5 and 6: row i of the matrix is byte 7 - i.
    const __m512i spread = _mm512_set1_epi64(0x0102040000081000);
    const __m512i low_five = _mm512_set1_epi8(31);
    const __m512i second = _mm512_gf2p8affine_epi64_epi8(lanes.Load<kWhole>(lane, 1), spread, 0);
    __m512i index[3];
    for (uint64_t j = 0; j < 3; ++j) {
      const __m512i other = lanes.Load<kWhole>(lane, j > 0 ? j + 1 : 0);
      index[j] = _mm512_ternarylogic_epi64(low_five, other, second, 0xCA);  // low five bits of `other`
    }
    __m512i found = _mm512_setzero_si512();
    for (int group = 0; group < kGroups; ++group) {
      const Table* t = tables_[group];
      const __m512i all =
          _mm512_ternarylogic_epi64(t[0].At(index[0]), t[1].At(index[1]), t[2].At(index[2]), 0x80);
      found = _mm512_or_si512(found, all);
    }
    return _cvtmask64_u64(_mm512_test_epi8_mask(found, _mm512_shuffle_epi8(Diagonal(), second)));
  }

 private:
  using Bytes = std::array<std::array<std::array<uint8_t, 128>, 3>, kLiteralGroups>;
  explicit Pairs(const Bytes& b)
      : tables_{{Table(b[0][0].data()), Table(b[0][1].data()), Table(b[0][2].data())},
                {Table(b[1][0].data()), Table(b[1][1].data()), Table(b[1][2].data())}} {}

  Table tables_[2][3];
};

class Avx512 {
 public:
  explicit Avx512(const Program& program) : program_(program) {}
  using Lanes = MaskedLanes;
  static constexpr bool kReversed = true;
  static const Anchors& AnchorsOf(const Literals& literals) { return literals.wide; }

  static uint32_t SetLanes(const uint64_t* plane) {
    const __m512i words = _mm512_load_si512(plane);
    return _mm512_test_epi64_mask(words, words) & 0xFEu;
  }

  template <bool kFull>
  __attribute__((always_inline)) inline void Classify(const Lanes& lanes, uint64_t first, uint32_t count,
                                                      Planes& planes) {
    const Table classes(program_.classes.data());
    const __m512i gather = _mm512_load_si512(kGatherBytes.bytes);
    const __m512i diagonal = Diagonal();
    const __m512i last = _mm512_set1_epi8(kUnclassed);
    __m512i rows[kLanes];
    rows[0] = last_row_;
    for (uint32_t k = 0; k < kNewLanes; ++k) {
      rows[k + 1] = _mm512_setzero_si512();
      if (!kFull && k >= count) continue;
      const __m512i text = lanes.Load<kFull>(first + k, 0);
      const __m512i bits = classes.At(_mm512_min_epu8(text, last));
      rows[k + 1] = _mm512_permutexvar_epi8(gather, _mm512_gf2p8affine_epi64_epi8(diagonal, bits, 0));
    }
    last_row_ = rows[kNewLanes];
    __m512i transposed[kClassPlanes];
    TransposeLanes(rows, transposed);
    for (int p = 0; p < kClassPlanes; ++p) _mm512_store_si512(planes.words[p], transposed[p]);
  }

  uint64_t FindLiterals(const Lanes& lanes, uint64_t first, uint32_t count, uint64_t* hits) const {
    return program_.literals.groups > 1 ? LookUpPairs<2>(lanes, first, count, hits)
                                        : LookUpPairs<1>(lanes, first, count, hits);
  }

 private:
  template <int kGroups>
  uint64_t LookUpPairs(const Lanes& lanes, uint64_t first, uint32_t count, uint64_t* hits) const {
    const Pairs<kGroups> pairs(program_.literals);
    const uint64_t end = first + count;
    const uint64_t whole = std::min(end, lanes.whole());
    uint64_t lane = first;
    for (; lane < whole; ++lane) hits[lane - first] = pairs.template At<true>(lanes, lane);
    for (; lane < end; ++lane) hits[lane - first] = pairs.template At<false>(lanes, lane);
    return Filled(hits, count);
  }

  static uint64_t Filled(const uint64_t* hits, uint32_t count) {
    uint64_t filled = 0;
    for (uint32_t k = 0; k < count; k += 8) {
      const __m512i words = _mm512_load_si512(hits + k);
      filled |= uint64_t{_mm512_test_epi64_mask(words, words)} << k;
    }
    return count < 64 ? filled & ((uint64_t{1} << count) - 1) : filled;
  }

  const Program& program_;
  __m512i last_row_ = _mm512_setzero_si512();
};

}  // namespace

void FindAvx512(const Program& program, hpol_filter_fn steps, std::string_view text, DenseJudge* judge,
                Candidates& candidates) {
  Runner<Avx512>(program, steps, text, judge, candidates).Run();
}

}  // namespace hpol::filter
