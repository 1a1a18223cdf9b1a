#include <immintrin.h>

#include "runtime/decide/survivors_steps.h"

namespace hpol::decide {
namespace {

struct Vector {
  static constexpr uint32_t kWords = 4;
  __m256i bits;
  static Vector Load(const uint64_t* at) {
    return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(at))};
  }
  static void Store(uint64_t* at, Vector v) { _mm256_storeu_si256(reinterpret_cast<__m256i*>(at), v.bits); }
  static Vector And(Vector a, Vector b) { return {_mm256_and_si256(a.bits, b.bits)}; }
  static Vector Or(Vector a, Vector b) { return {_mm256_or_si256(a.bits, b.bits)}; }
  static Vector AndNot(Vector not_these, Vector b) { return {_mm256_andnot_si256(not_these.bits, b.bits)}; }
  static bool IsZero(Vector v) { return _mm256_testz_si256(v.bits, v.bits) != 0; }
};

}  // namespace

uint32_t NextSurvivorsAvx2(const RowsOfSearch& rows, uint32_t word, uint32_t end,
                           uint64_t survivors[kBlockWords]) {
  return NextSurvivors<Vector>(rows, word, end, survivors);
}

}  // namespace hpol::decide
