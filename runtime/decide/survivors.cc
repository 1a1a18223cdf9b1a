// The variant for any CPU, and the choice.
#include "runtime/decide/survivors.h"

#include "runtime/decide/survivors_steps.h"

namespace hpol::decide {
namespace {

struct Word {
  static constexpr uint32_t kWords = 1;
  uint64_t bits;
  static Word Load(const uint64_t* at) { return {*at}; }
  static void Store(uint64_t* at, Word word) { *at = word.bits; }
  static Word And(Word a, Word b) { return {a.bits & b.bits}; }
  static Word Or(Word a, Word b) { return {a.bits | b.bits}; }
  static Word AndNot(Word not_these, Word b) { return {~not_these.bits & b.bits}; }
  static bool IsZero(Word word) { return word.bits == 0; }
};

}  // namespace

uint32_t NextSurvivorsScalar(const RowsOfSearch& rows, uint32_t word, uint32_t end,
                             uint64_t survivors[kBlockWords]) {
  return NextSurvivors<Word>(rows, word, end, survivors);
}

NextSurvivorsFn NextSurvivorsFor(filter::Variant variant) {
#if defined(__x86_64__)
  if (variant == filter::Variant::kAvx512) return NextSurvivorsAvx512;
  if (variant == filter::Variant::kAvx2) return NextSurvivorsAvx2;
#else
  (void)variant;
#endif
  return NextSurvivorsScalar;
}

}  // namespace hpol::decide
