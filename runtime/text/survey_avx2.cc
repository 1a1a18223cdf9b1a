#include <immintrin.h>

#include "runtime/text/survey_masks.h"

namespace hpol::text {
namespace {

class Block {
 public:
  explicit Block(const char* bytes)
      : low_(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes))),
        high_(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + 32))) {}
  uint64_t High() const { return Bits(low_, high_); }
  uint64_t Is(char c) const {
    const __m256i wanted = _mm256_set1_epi8(c);
    return Bits(_mm256_cmpeq_epi8(low_, wanted), _mm256_cmpeq_epi8(high_, wanted));
  }
  uint64_t In(char first, char last) const {
    const __m256i below = _mm256_set1_epi8(static_cast<char>(first - 1));
    const __m256i above = _mm256_set1_epi8(static_cast<char>(last + 1));
    return Bits(_mm256_and_si256(_mm256_cmpgt_epi8(low_, below), _mm256_cmpgt_epi8(above, low_)),
                _mm256_and_si256(_mm256_cmpgt_epi8(high_, below), _mm256_cmpgt_epi8(above, high_)));
  }

 private:
  static uint64_t Bits(__m256i low, __m256i high) {
    return static_cast<uint32_t>(_mm256_movemask_epi8(low)) |
           uint64_t{static_cast<uint32_t>(_mm256_movemask_epi8(high))} << 32;
  }
  __m256i low_, high_;
};

}  // namespace

SurveyMasks MasksOfAvx2(const char* bytes) { return MasksOf(Block(bytes)); }

}  // namespace hpol::text
