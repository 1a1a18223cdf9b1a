// The filter for AVX-512 with VBMI, VBMI2 and GFNI: a plane of 512 text bytes is one register.
//
// Per 64 bytes one table look-up (vpermi2b) gives eight class bits a byte; GFNI transposes
// 8×8 bits, so that eight look-ups become eight planes. Words: three exact tables of byte pairs.
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

// Byte 8q + i of the result = byte 8i + q of the argument, after reversing bytes in each
// qword for GFNI (whose matrix rows are numbered from the top).
struct ShuffleBytes {
  alignas(64) uint8_t reverse[64] = {};
  alignas(64) uint8_t gather[64] = {};
  constexpr ShuffleBytes() {
    for (unsigned i = 0; i < 64; ++i) {
      reverse[i] = static_cast<uint8_t>((i & 56) | (7 - (i & 7)));
      gather[i] = static_cast<uint8_t>((i & 7) * 8 + (i >> 3));
    }
  }
};
constexpr ShuffleBytes kShuffleBytes;

struct Shuffles {
  __m512i reverse = _mm512_load_si512(kShuffleBytes.reverse);
  __m512i gather = _mm512_load_si512(kShuffleBytes.gather);
  __m512i diagonal = _mm512_set1_epi64(static_cast<int64_t>(0x8040201008040201ull));
};

struct Table {
  __m512i low, high;
  explicit Table(const uint8_t* bytes) : low(_mm512_load_si512(bytes)), high(_mm512_load_si512(bytes + 64)) {}
  __m512i At(__m512i index) const { return _mm512_permutex2var_epi8(low, index, high); }
};

class Avx512 {
 public:
  explicit Avx512(const Program& program) : program_(program) {}
  static const Anchors& AnchorsOf(const Literals& literals) { return literals.wide; }

  template <bool kFull>
  __attribute__((always_inline)) inline void Classify(const uint8_t* at, uint32_t lanes, Planes& planes) {
    const Table classes(program_.classes.data());
    const Shuffles& shuffles = shuffles_;
    const __m512i top = _mm512_set1_epi8(static_cast<char>(0x80));
    __m512i rows[kLanes];
    rows[0] = last_row_;
    for (uint32_t k = 0; k < kNewLanes; ++k) {
      rows[k + 1] = _mm512_setzero_si512();
      if (!kFull && k >= lanes) continue;
      const __m512i reversed = _mm512_shuffle_epi8(_mm512_loadu_si512(at + 64 * k), shuffles.reverse);
      const __mmask64 ascii = _mm512_testn_epi8_mask(reversed, top);
      const __m512i bits = _mm512_maskz_permutex2var_epi8(ascii, classes.low, reversed, classes.high);
      rows[k + 1] =
          _mm512_permutexvar_epi8(shuffles.gather, _mm512_gf2p8affine_epi64_epi8(shuffles.diagonal, bits, 0));
    }
    last_row_ = rows[kNewLanes];
    __m512i transposed[kClassPlanes];
    TransposeLanes(rows, transposed);
    for (int p = 0; p < kClassPlanes; ++p) _mm512_store_si512(planes.words[p], transposed[p]);
  }

  template <bool kFull>
  __attribute__((always_inline)) inline uint64_t FindLiterals(const uint8_t* at, uint32_t lanes,
                                                              uint64_t* hits) {
    return program_.literals.groups > 1 ? LookUpPairs<kFull, 2>(at, lanes, hits)
                                        : LookUpPairs<kFull, 1>(at, lanes, hits);
  }

 private:
  // Bit i of hits[k]: the second of four bytes from i on goes with the three others, in one group.
  template <bool kFull, int kGroups>
  __attribute__((always_inline)) inline uint64_t LookUpPairs(const uint8_t* at, uint32_t lanes,
                                                             uint64_t* hits) const {
    const Literals& literals = program_.literals;
    const Table other(literals.fold_other.data());
    const Table second(literals.fold_second.data());
    const auto& pairs = literals.pairs;
    const Table tables[2][3] = {
        {Table(pairs[0][0].data()), Table(pairs[0][1].data()), Table(pairs[0][2].data())},
        {Table(pairs[1][0].data()), Table(pairs[1][1].data()), Table(pairs[1][2].data())}};
    const __m512i row = _mm512_set1_epi8(0x60);
    const __m512i diagonal = shuffles_.diagonal;
    uint64_t filled = 0;
    for (uint32_t k = 0; k < (kFull ? kNewLanes : lanes); ++k) {
      const uint8_t* text = at + 64 * k;
      const __m512i with = second.At(_mm512_loadu_si512(text + 1));
      __m512i index[3];
      for (int j = 0; j < 3; ++j) {
        const __m512i one = other.At(_mm512_loadu_si512(text + j + (j > 0 ? 1 : 0)));
        index[j] = _mm512_ternarylogic_epi64(one, with, row, 0xF8);  // one | (with & row)
      }
      __m512i found = _mm512_setzero_si512();
      for (int group = 0; group < kGroups; ++group) {
        const Table* t = tables[group];
        const __m512i all =
            _mm512_ternarylogic_epi64(t[0].At(index[0]), t[1].At(index[1]), t[2].At(index[2]), 0x80);
        found = _mm512_or_si512(found, all);
      }
      hits[k] = _cvtmask64_u64(_mm512_test_epi8_mask(found, _mm512_shuffle_epi8(diagonal, with)));
      filled |= uint64_t{hits[k] != 0} << k;
    }
    return filled;
  }

  const Program& program_;
  const Shuffles shuffles_;
  __m512i last_row_ = _mm512_setzero_si512();
};

}  // namespace

void FindAvx512(const Program& program, hpol_filter_fn steps, std::string_view text, DenseJudge* judge,
                Candidates& candidates) {
  Runner<Avx512>(program, steps, text, judge, candidates).Run();
}

}  // namespace hpol::filter
