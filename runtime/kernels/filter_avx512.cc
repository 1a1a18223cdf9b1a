// The filter for AVX-512 with VBMI, VBMI2 and GFNI: a plane of 512 text bytes is one register.
//
// Per 64 bytes one table look-up (vpermi2b) gives eight class bits a byte; GFNI transposes
// 8×8 bits, so that eight look-ups become eight planes. Words: three exact tables of byte pairs.
#include <immintrin.h>

#include <algorithm>
#include <bit>

#include "runtime/kernels/filter_common.h"
#include "runtime/kernels/filter_variants.h"

namespace hpol::filter {
namespace {

constexpr int kBlocks = kBlockBytes / 64;

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
struct Shuffles {
  __m512i reverse;
  __m512i gather;
  __m512i diagonal = _mm512_set1_epi64(static_cast<int64_t>(0x8040201008040201ull));
  Shuffles() {
    alignas(64) uint8_t r[64];
    alignas(64) uint8_t g[64];
    for (size_t i = 0; i < 64; ++i) {
      r[i] = static_cast<uint8_t>((i & 56) | (7 - (i & 7)));
      g[i] = static_cast<uint8_t>((i & 7) * 8 + (i >> 3));
    }
    reverse = _mm512_load_si512(r);
    gather = _mm512_load_si512(g);
  }
};

// Tables of the program in registers, loaded once a text.
struct Tables {
  __m512i class_low[2], class_high[2];
  __m512i fold_low[2], fold_high[2];
  __m512i pairs[kLiteralGroups][3][2];

  explicit Tables(const Program& program) {
    for (size_t t = 0; t < 2; ++t) {
      class_low[t] = Load(program.class_of[t].data());
      class_high[t] = Load(program.class_of[t].data() + 64);
      fold_low[t] = Load(program.fold_low.data() + 64 * t);
      fold_high[t] = Load(program.fold_high.data() + 64 * t);
    }
    for (size_t group = 0; group < kLiteralGroups; ++group) {
      for (size_t pair = 0; pair < 3; ++pair) {
        pairs[group][pair][0] = Load(program.pairs[group][pair].data());
        pairs[group][pair][1] = Load(program.pairs[group][pair].data() + 64);
      }
    }
  }
  static __m512i Load(const uint8_t* bytes) { return _mm512_load_si512(bytes); }
};

class Runner {
 public:
  Runner(const Program& program, hpol_filter_fn steps, std::string_view text,
         std::vector<Candidate>& candidates)
      : program_(program),
        text_(reinterpret_cast<const uint8_t*>(text.data())),
        size_(text.size()),
        events_(program, text, candidates),
        steps_(steps) {
    static thread_local std::vector<Register> memory;
    memory.resize(kClassPlanes + program.outputs.size() + program.delayed.size());
    planes_ = memory.data();
    outputs_ = planes_ + kClassPlanes;
    carries_ = outputs_ + program.outputs.size();
    std::fill_n(carries_, program.delayed.size(), Register{});
  }

  void Run() {
    if (program_.has_literals) {
      RunBlocks<true>();
    } else {
      RunBlocks<false>();
    }
  }

 private:
  struct alignas(64) Register {
    __m512i bits = _mm512_setzero_si512();
  };

  static __mmask64 FirstBytes(int64_t count) {
    return count >= 64 ? ~uint64_t{0} : count <= 0 ? 0 : (uint64_t{1} << count) - 1;
  }

  template <bool kLiterals>
  void RunBlocks() {
    const Tables tables(program_);
    const Shuffles shuffles;
    uint64_t base = 0;
    for (; base + kBlockBytes + 1 <= size_; base += kBlockBytes)
      Block<false, kLiterals>(tables, shuffles, base);
    for (; base < size_ + 64; base += kBlockBytes) Block<true, kLiterals>(tables, shuffles, base);
  }

  template <bool kTail, bool kLiterals>
  __attribute__((always_inline)) inline void Block(const Tables& tables, const Shuffles& shuffles_,
                                                   uint64_t base) {
    __m512i rows0[kBlocks], rows1[kBlocks];
    uint64_t literal_hits[kBlocks] = {};
    uint64_t any_literal = 0;
    for (int k = 0; k < kBlocks; ++k) {
      const __m512i reversed = _mm512_shuffle_epi8(LoadBlock<kTail>(base, k, 0), shuffles_.reverse);
      const __mmask64 ascii = _mm512_testn_epi8_mask(reversed, _mm512_set1_epi8(static_cast<char>(0x80)));
      rows0[k] = Planes(shuffles_, _mm512_maskz_permutex2var_epi8(ascii, tables.class_low[0], reversed,
                                                                  tables.class_high[0]));
      rows1[k] = Planes(shuffles_, _mm512_maskz_permutex2var_epi8(ascii, tables.class_low[1], reversed,
                                                                  tables.class_high[1]));
    }
    if (kLiterals) any_literal = FindLiterals<kTail>(tables, shuffles_, base, literal_hits);
    TransposeLanes(rows0, PlaneArray(0));
    TransposeLanes(rows1, PlaneArray(8));
    if (__builtin_expect(steps_(Words(planes_), Words(carries_), Words(outputs_)) != 0, 0)) AddOutputs(base);
    if (kLiterals && any_literal != 0) {
      for (int k = 0; k < kBlocks; ++k) {
        for (uint64_t hits = literal_hits[k]; hits != 0; hits &= hits - 1) {
          events_.AddLiteral(static_cast<int64_t>(base) + 64 * k + std::countr_zero(hits) - 2);
        }
      }
    }
  }

  // Text bytes [base + 64 * block + shift, …); beyond the text's end stand zeros.
  template <bool kTail>
  __attribute__((always_inline)) inline __m512i LoadBlock(uint64_t base, int block, int shift) const {
    const uint8_t* at = text_ + base + 64 * block + shift;
    if (!kTail) return _mm512_loadu_si512(at);
    const auto left = static_cast<int64_t>(size_) - static_cast<int64_t>(base) - 64 * block - shift;
    return _mm512_maskz_loadu_epi8(FirstBytes(left), at);
  }

  __m512i* PlaneArray(size_t first) { return &planes_[first].bits; }

  static __m512i Planes(const Shuffles& shuffles_, __m512i classes) {
    return _mm512_permutexvar_epi8(shuffles_.gather,
                                   _mm512_gf2p8affine_epi64_epi8(shuffles_.diagonal, classes, 0));
  }

  // Bit i of hits[k]: the four bytes from text[base + 64k + i - 2] pass the three pair tables of one group.
  // Where in a table a pair of bytes is looked up, and at which bit, is computed once and read at three
  // distances; both arrays keep 64 bytes of the block before.
  template <bool kTail>
  __attribute__((always_inline)) inline uint64_t FindLiterals(const Tables& tables, const Shuffles& shuffles,
                                                              uint64_t base, uint64_t* hits) {
    _mm512_store_si512(pair_index_, _mm512_load_si512(pair_index_ + kBlockBytes));
    _mm512_store_si512(pair_bit_, _mm512_load_si512(pair_bit_ + kBlockBytes));
    const __m512i row = _mm512_set1_epi8(0x60);
    for (int k = 0; k < kBlocks; ++k) {
      const __m512i x = LoadBlock<kTail>(base, k, 0);
      const __m512i y = LoadBlock<kTail>(base, k, 1);
      const __m512i first = _mm512_permutex2var_epi8(tables.fold_low[0], x, tables.fold_low[1]);
      const __m512i second = _mm512_permutex2var_epi8(tables.fold_high[0], y, tables.fold_high[1]);
      // index = first | (second & 0x60); the bit to test = second & 7
      _mm512_store_si512(pair_index_ + 64 + 64 * k, _mm512_ternarylogic_epi64(first, second, row, 0xF8));
      _mm512_store_si512(pair_bit_ + 64 + 64 * k, _mm512_shuffle_epi8(shuffles.diagonal, second));
    }
    uint64_t any = 0;
    for (int k = 0; k < kBlocks; ++k) {
      const uint8_t* index = pair_index_ + 64 + 64 * k;
      const uint8_t* bit = pair_bit_ + 64 + 64 * k;
      const __m512i i0 = _mm512_loadu_si512(index - 2), i1 = _mm512_loadu_si512(index - 1),
                    i2 = _mm512_load_si512(index);
      const __m512i b0 = _mm512_loadu_si512(bit - 2), b1 = _mm512_loadu_si512(bit - 1),
                    b2 = _mm512_load_si512(bit);
      __mmask64 found = 0;
#pragma GCC unroll 2
      for (int group = 0; group < kLiteralGroups; ++group) {
        const auto& pairs = tables.pairs[group];
        __mmask64 all = _mm512_test_epi8_mask(_mm512_permutex2var_epi8(pairs[0][0], i0, pairs[0][1]), b0);
        all = _mm512_mask_test_epi8_mask(all, _mm512_permutex2var_epi8(pairs[1][0], i1, pairs[1][1]), b1);
        all = _mm512_mask_test_epi8_mask(all, _mm512_permutex2var_epi8(pairs[2][0], i2, pairs[2][1]), b2);
        found = _kor_mask64(found, all);
      }
      hits[k] = _cvtmask64_u64(found);
      any |= hits[k];
    }
    return any;
  }

  static uint64_t* Words(Register* registers) { return reinterpret_cast<uint64_t*>(registers); }

  void AddOutputs(uint64_t base) {
    for (size_t i = 0; i < program_.outputs.size(); ++i) {
      const Output& output = program_.outputs[i];
      const __m512i bits = outputs_[i].bits;
      unsigned lanes = _mm512_test_epi64_mask(bits, bits);
      if (__builtin_expect(lanes == 0, 1)) continue;
      alignas(64) uint64_t words[kBlocks];
      _mm512_store_si512(words, bits);
      for (; lanes != 0; lanes &= lanes - 1) {
        const auto k = static_cast<unsigned>(std::countr_zero(lanes));
        events_.Add(output, base + 64 * k, words[k]);
      }
    }
  }

  const Program& program_;
  const uint8_t* text_;
  uint64_t size_;
  Events events_;
  hpol_filter_fn steps_;
  Register* planes_;
  Register* outputs_;
  Register* carries_;
  alignas(64) uint8_t pair_index_[64 + kBlockBytes] = {};
  alignas(64) uint8_t pair_bit_[64 + kBlockBytes] = {};
};

}  // namespace

void FindAvx512(const Program& program, hpol_filter_fn steps, std::string_view text,
                std::vector<Candidate>& candidates) {
  Runner(program, steps, text, candidates).Run();
}

}  // namespace hpol::filter
