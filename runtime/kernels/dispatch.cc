// Chooses the kernel for this CPU, once.
#include <cstdlib>
#include <cstring>

#include "runtime/kernels/filter_variants.h"

namespace hpol::filter {
namespace {

#if defined(__x86_64__)
bool CpuHas(Variant variant) {
  __builtin_cpu_init();
  switch (variant) {
    case Variant::kScalar:
      return true;
    case Variant::kAvx2:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
    case Variant::kAvx512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi") &&
             __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("gfni");
  }
  return false;
}
#else
bool CpuHas(Variant variant) { return variant == Variant::kScalar; }
#endif

// What HPOL_CPU allows; an unknown word allows everything.
Variant Ceiling() {
  const char* wanted = std::getenv("HPOL_CPU");
  if (wanted == nullptr) return Variant::kAvx512;
  if (std::strcmp(wanted, "scalar") == 0) return Variant::kScalar;
  if (std::strcmp(wanted, "avx2") == 0) return Variant::kAvx2;
  return Variant::kAvx512;
}

Variant Choose() {
  const Variant ceiling = Ceiling();
  if (ceiling == Variant::kAvx512 && CpuHas(Variant::kAvx512)) return Variant::kAvx512;
  if (ceiling != Variant::kScalar && CpuHas(Variant::kAvx2)) return Variant::kAvx2;
  return Variant::kScalar;
}

}  // namespace

bool Supported(Variant variant) { return CpuHas(variant); }

Variant BestVariant() {
  static const Variant best = Choose();
  return best;
}

void FindCandidates(const Program& program, Variant variant, hpol_filter_fn steps, std::string_view text,
                    std::vector<Candidate>& candidates) {
#if defined(__x86_64__)
  if (steps != nullptr && variant == Variant::kAvx512) return FindAvx512(program, steps, text, candidates);
  if (steps != nullptr && variant == Variant::kAvx2) return FindAvx2(program, steps, text, candidates);
#else
  (void)variant;
  (void)steps;
#endif
  FindScalar(program, text, candidates);
}

}  // namespace hpol::filter
