#include <immintrin.h>

#include "runtime/decide/survivors_steps.h"

namespace hpol::decide {
namespace {

struct Vector {
  static constexpr uint32_t kWords = 8;
  __m512i bits;
  static Vector Load(const uint64_t* at) { return {_mm512_loadu_si512(at)}; }
  static void Store(uint64_t* at, Vector v) { _mm512_storeu_si512(at, v.bits); }
  static Vector And(Vector a, Vector b) { return {_mm512_and_si512(a.bits, b.bits)}; }
  static Vector Or(Vector a, Vector b) { return {_mm512_or_si512(a.bits, b.bits)}; }
  // Not _mm512_andnot_si512: g++ 12 takes its undefined operand for a mistake.
  static Vector AndNot(Vector not_these, Vector b) {
    return {_mm512_ternarylogic_epi64(not_these.bits, b.bits, b.bits, 0x0c)};
  }
  static bool IsZero(Vector v) { return _mm512_test_epi64_mask(v.bits, v.bits) == 0; }
};

}  // namespace

uint32_t NextSurvivorsAvx512(const RowsOfSearch& rows, uint32_t word, uint32_t end,
                             uint64_t survivors[kBlockWords]) {
  return NextSurvivors<Vector>(rows, word, end, survivors);
}

}  // namespace hpol::decide
