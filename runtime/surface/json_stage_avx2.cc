// Compiled for AVX2 with carry-less multiplication; reached only where the CPU has them.
#include <immintrin.h>

#include "runtime/surface/json_stage.h"

namespace hpol::surface {
namespace {

__m256i Table(const uint8_t* table) {
  return _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(table)));
}

struct Avx2 {
  struct Block {
    explicit Block(const char* bytes)
        : low(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes))),
          high(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + 32))) {}

    stage::Masks masks() const {
      stage::Masks masks;
      masks.quote = Is('"');
      masks.backslash = Is('\\');
      // The low half of a byte leads to the only white space, or bracket, that has it.
      const __m256i spaces =
          _mm256_setr_epi8(' ', 100, 100, 100, 17, 100, 113, 2, 100, '\t', '\n', 112, 100, '\r', 100, 100,
                           ' ', 100, 100, 100, 17, 100, 113, 2, 100, '\t', '\n', 112, 100, '\r', 100, 100);
      masks.space =
          Gather([=](__m256i part) { return _mm256_cmpeq_epi8(part, _mm256_shuffle_epi8(spaces, part)); });
      // With bit 5 set, [ is { and ] is }. So are two control bytes a colon and a comma: no document may show
      // them outside of a string, and inside they are found as control bytes.
      const __m256i brackets = _mm256_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ':', '{', ',', '}', 0, 0, 0, 0,
                                                0, 0, 0, 0, 0, 0, 0, 0, ':', '{', ',', '}', 0, 0);
      const __m256i bit = _mm256_set1_epi8(0x20);
      masks.bracket = Gather([=](__m256i part) {
        return _mm256_cmpeq_epi8(_mm256_or_si256(part, bit), _mm256_shuffle_epi8(brackets, part));
      });
      const __m256i last = _mm256_set1_epi8(0x1f);
      masks.control =
          Gather([=](__m256i part) { return _mm256_cmpeq_epi8(_mm256_min_epu8(part, last), part); });
      return masks;
    }

    template <typename Test>
    uint64_t Gather(Test test) const {
      const auto bits = [](__m256i part) { return static_cast<uint32_t>(_mm256_movemask_epi8(part)); };
      return uint64_t{bits(test(low))} | uint64_t{bits(test(high))} << 32;
    }
    uint64_t Is(char c) const {
      const __m256i wanted = _mm256_set1_epi8(c);
      return Gather([=](__m256i part) { return _mm256_cmpeq_epi8(part, wanted); });
    }

    __m256i low, high;
  };

  class Utf8 {
   public:
    void Add(const Block& block) {
      if (_mm256_movemask_epi8(_mm256_or_si256(block.low, block.high)) == 0) {
        error_ = _mm256_or_si256(error_, incomplete_);
        incomplete_ = _mm256_setzero_si256();
        before_ = block.high;
        return;
      }
      Check(block.low);
      Check(block.high);
      // A character that goes on in the next block.
      const __m256i most = _mm256_setr_epi8(
          -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
          -1, -1, -1, -1, static_cast<char>(0xef), static_cast<char>(0xdf), static_cast<char>(0xbf));
      incomplete_ = _mm256_subs_epu8(block.high, most);
    }
    bool Finish() const {
      const __m256i all = _mm256_or_si256(error_, incomplete_);
      return _mm256_testz_si256(all, all) == 1;
    }

   private:
    template <int kBack>
    __m256i Before(__m256i part) const {
      return _mm256_alignr_epi8(part, _mm256_permute2x128_si256(before_, part, 0x21), 16 - kBack);
    }
    static __m256i HighHalf(__m256i part) {
      return _mm256_and_si256(_mm256_srli_epi16(part, 4), _mm256_set1_epi8(0x0f));
    }
    void Check(__m256i part) {
      const __m256i one = Before<1>(part);
      const __m256i first_high = _mm256_shuffle_epi8(Table(stage::kFirstHigh), HighHalf(one));
      const __m256i first_low =
          _mm256_shuffle_epi8(Table(stage::kFirstLow), _mm256_and_si256(one, _mm256_set1_epi8(0x0f)));
      const __m256i second = _mm256_shuffle_epi8(Table(stage::kSecondHigh), HighHalf(part));
      const __m256i special = _mm256_and_si256(_mm256_and_si256(first_high, first_low), second);
      // The third and fourth byte of a character must be continuations, and nothing else may be two of them.
      const __m256i third = _mm256_subs_epu8(Before<2>(part), _mm256_set1_epi8(0x60));
      const __m256i fourth = _mm256_subs_epu8(Before<3>(part), _mm256_set1_epi8(0x70));
      const __m256i must =
          _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8(static_cast<char>(0x80)));
      error_ = _mm256_or_si256(error_, _mm256_xor_si256(must, special));
      before_ = part;
    }
    __m256i before_ = _mm256_setzero_si256();
    __m256i error_ = _mm256_setzero_si256();
    __m256i incomplete_ = _mm256_setzero_si256();
  };

  static uint64_t PrefixXor(uint64_t bits) {
    const __m128i ones = _mm_set1_epi8(-1);
    return static_cast<uint64_t>(
        _mm_cvtsi128_si64(_mm_clmulepi64_si128(_mm_set_epi64x(0, static_cast<int64_t>(bits)), ones, 0)));
  }
};

bool Present() {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
         __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("popcnt");
}

}  // namespace

const StageLevel kAvx2Stage{"avx2", stage::Run<Avx2>, stage::Validate<Avx2>, Present};

}  // namespace hpol::surface
