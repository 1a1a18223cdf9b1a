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

hpol_filter_fn StepsFor(const hpol_artifact& artifact, Variant variant) {
  switch (variant) {
    case Variant::kScalar:
      return artifact.filter_scalar;
    case Variant::kAvx2:
      return artifact.filter_avx2;
    case Variant::kAvx512:
      return artifact.filter_avx512;
  }
  return nullptr;
}

namespace {

// Groups candidates by detector and keeps their order: few by insertion, many by counting.
void GroupByDetector(Candidates& candidates) {
  constexpr size_t kFew = 24;
  std::vector<Candidate>& all = candidates.all;
  if (all.size() <= kFew) {
    for (size_t i = 1; i < all.size(); ++i) {
      const Candidate moved = all[i];
      size_t at = i;
      for (; at > 0 && all[at - 1].detector > moved.detector; --at) all[at] = all[at - 1];
      all[at] = moved;
    }
    return;
  }
  std::vector<uint32_t>& starts = candidates.starts;
  starts.clear();
  for (const Candidate& candidate : all) {
    if (candidate.detector + 2 > starts.size()) starts.resize(candidate.detector + 2);
    ++starts[candidate.detector + 1];
  }
  for (size_t d = 1; d < starts.size(); ++d) starts[d] += starts[d - 1];
  candidates.ungrouped.swap(all);
  all.resize(candidates.ungrouped.size());
  for (const Candidate& candidate : candidates.ungrouped) all[starts[candidate.detector]++] = candidate;
}

void RunVariant(const Program& program, Variant variant, hpol_filter_fn steps, std::string_view text,
                DenseJudge* judge, Candidates& candidates) {
#if defined(__x86_64__)
  if (variant == Variant::kAvx512) return FindAvx512(program, steps, text, judge, candidates);
  if (variant == Variant::kAvx2) return FindAvx2(program, steps, text, judge, candidates);
#else
  (void)variant;
#endif
  FindScalar(program, steps, text, judge, candidates);
}

}  // namespace

void FindCandidates(const Program& program, Variant variant, hpol_filter_fn steps, std::string_view text,
                    DenseJudge* judge, Candidates& candidates) {
  candidates.all.clear();
  if (text.empty()) return;
  RunVariant(program, variant, steps, text, judge, candidates);
  const auto last = static_cast<uint32_t>(text.size() - 1);
  for (const uint16_t detector : program.unfiltered) candidates.all.push_back({detector, 0, last});
  GroupByDetector(candidates);
}

}  // namespace hpol::filter
