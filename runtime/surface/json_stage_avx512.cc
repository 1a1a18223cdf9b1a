// Compiled for AVX-512 (F, BW, VL) with carry-less multiplication; reached only where the CPU has them.
#include <immintrin.h>

#include "runtime/surface/json_stage.h"

namespace hpol::surface {
namespace {

__m512i Table(const uint8_t* table) {
  return _mm512_broadcast_i32x4(_mm_load_si128(reinterpret_cast<const __m128i*>(table)));
}

struct Avx512 {
  struct Block {
    explicit Block(const char* from) : bytes(_mm512_loadu_si512(from)) {}

    stage::Masks masks() const {
      stage::Masks masks;
      masks.quote = Is('"');
      masks.backslash = Is('\\');
      // The low half of a byte leads to the only white space, or bracket, that has it.
      alignas(16) static constexpr uint8_t kSpaces[16] = {' ', 100,  100,  100, 17,  100,  113, 2,
                                                          100, '\t', '\n', 112, 100, '\r', 100, 100};
      masks.space = _mm512_cmpeq_epi8_mask(bytes, _mm512_shuffle_epi8(Table(kSpaces), bytes));
      // With bit 5 set, [ is { and ] is }. So are two control bytes a colon and a comma: no document may show
      // them outside of a string, and inside they are found as control bytes.
      alignas(16) static constexpr uint8_t kBrackets[16] = {0, 0, 0,   0,   0,   0,   0, 0,
                                                            0, 0, ':', '{', ',', '}', 0, 0};
      masks.bracket = _mm512_cmpeq_epi8_mask(_mm512_or_si512(bytes, _mm512_set1_epi8(0x20)),
                                             _mm512_shuffle_epi8(Table(kBrackets), bytes));
      masks.control = _mm512_cmplt_epu8_mask(bytes, _mm512_set1_epi8(0x20));
      return masks;
    }
    uint64_t Is(char c) const { return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(c)); }

    __m512i bytes;
  };

  class Utf8 {
   public:
    void Add(const Block& block) {
      if (_mm512_movepi8_mask(block.bytes) == 0) {
        error_ = _mm512_or_si512(error_, incomplete_);
        incomplete_ = _mm512_setzero_si512();
        before_ = block.bytes;
        return;
      }
      Check(block.bytes);
      // A character that goes on in the next block: nothing but its last three bytes may begin one.
      alignas(64) static constexpr uint8_t kMost[64] = {
          255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,  255,  255,
          255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,  255,  255,
          255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,  255,  255,
          255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0xef, 0xdf, 0xbf};
      incomplete_ = _mm512_subs_epu8(block.bytes, _mm512_load_si512(kMost));
    }
    bool Finish() const {
      const __m512i all = _mm512_or_si512(error_, incomplete_);
      return _mm512_test_epi8_mask(all, all) == 0;
    }

   private:
    // The bytes that stand `kBack` before.
    template <int kBack>
    __m512i Before(__m512i bytes) const {
      const __m512i shifted = _mm512_alignr_epi32(bytes, before_, 12);  // 16 bytes before
      return _mm512_alignr_epi8(bytes, shifted, 16 - kBack);
    }
    static __m512i HighHalf(__m512i bytes) {
      return _mm512_and_si512(_mm512_srli_epi16(bytes, 4), _mm512_set1_epi8(0x0f));
    }
    void Check(__m512i bytes) {
      const __m512i one = Before<1>(bytes);
      const __m512i first_high = _mm512_shuffle_epi8(Table(stage::kFirstHigh), HighHalf(one));
      const __m512i first_low =
          _mm512_shuffle_epi8(Table(stage::kFirstLow), _mm512_and_si512(one, _mm512_set1_epi8(0x0f)));
      const __m512i second = _mm512_shuffle_epi8(Table(stage::kSecondHigh), HighHalf(bytes));
      const __m512i special = _mm512_and_si512(_mm512_and_si512(first_high, first_low), second);
      // The third and fourth byte of a character must be continuations, and nothing else may be two of them.
      const __m512i third = _mm512_subs_epu8(Before<2>(bytes), _mm512_set1_epi8(0x60));
      const __m512i fourth = _mm512_subs_epu8(Before<3>(bytes), _mm512_set1_epi8(0x70));
      const __m512i must =
          _mm512_and_si512(_mm512_or_si512(third, fourth), _mm512_set1_epi8(static_cast<char>(0x80)));
      error_ = _mm512_or_si512(error_, _mm512_xor_si512(must, special));
      before_ = bytes;
    }
    __m512i before_ = _mm512_setzero_si512();
    __m512i error_ = _mm512_setzero_si512();
    __m512i incomplete_ = _mm512_setzero_si512();
  };

  static uint64_t PrefixXor(uint64_t bits) {
    const __m128i ones = _mm_set1_epi8(-1);
    return static_cast<uint64_t>(
        _mm_cvtsi128_si64(_mm_clmulepi64_si128(_mm_set_epi64x(0, static_cast<int64_t>(bits)), ones, 0)));
  }
};

bool Present() {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("pclmul") &&
         __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt");
}

}  // namespace

const StageLevel kAvx512Stage{"avx512", stage::Run<Avx512>, stage::Validate<Avx512>, Present};

}  // namespace hpol::surface
