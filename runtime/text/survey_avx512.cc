#include <immintrin.h>

#include "runtime/text/survey_masks.h"

namespace hpol::text {
namespace {

class Block {
 public:
  explicit Block(const char* bytes) : bytes_(_mm512_loadu_si512(bytes)) {}
  uint64_t High() const { return _cvtmask64_u64(_mm512_movepi8_mask(bytes_)); }
  uint64_t Is(char c) const { return _cvtmask64_u64(_mm512_cmpeq_epi8_mask(bytes_, _mm512_set1_epi8(c))); }
  uint64_t In(char first, char last) const {
    const __m512i moved = _mm512_sub_epi8(bytes_, _mm512_set1_epi8(first));
    return _cvtmask64_u64(_mm512_cmple_epu8_mask(moved, _mm512_set1_epi8(static_cast<char>(last - first))));
  }

 private:
  __m512i bytes_;
};

}  // namespace

SurveyMasks MasksOfAvx512(const char* bytes) { return MasksOf(Block(bytes)); }

}  // namespace hpol::text
