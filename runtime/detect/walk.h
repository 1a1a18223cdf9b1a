// One text → the matches of every detector: leftmost, then longest that validator and exceptions accept, not
// overlapping. Candidates from the filter, attempts by the detectors' code, and where either would cost too
// much, the governor and the tracked walk. Door: Walking.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "runtime/abi/artifact.h"
#include "runtime/abi/filter.h"
#include "runtime/abi/tables.h"
#include "runtime/abi/vocabulary.h"
#include "runtime/detect/judge.h"
#include "runtime/detect/tracked_walk.h"
#include "runtime/kernels/filter.h"

namespace hpol::detect {

// An attempt that read more than this behind what it found may be one of many that read the same bytes again:
// from there on all starts are followed in one pass. A detector whose matches are not longer never is.
inline constexpr uint32_t kVainBytes = 64;

// An attempt that read more than this and found nothing is worth a pass of the coarse automaton, where there
// is one: it tells which of the other starts inside can match at all.
inline constexpr uint32_t kSieveBytes = 24;

struct Walked {
  uint32_t detector = 0;
  uint32_t begin = 0;
  uint32_t end = 0;
  Tier tier = Tier::kShape;
};

// Working memory, reused from text to text. Not thread-safe.
class Walking {
 public:
  Walking();
  ~Walking();
  Walking(Walking&&) noexcept;
  Walking& operator=(Walking&&) noexcept;

  std::vector<Walked> found;  // by detector, then by place

  // Fills `found` with the matches that begin at `from` or later. `text` is not empty. `filter` may be null.
  // False when the code breaks the contract of hpol_match_fn.
  bool Run(const ir::Tables& tables, const hpol_artifact& artifact, const filter::Program* filter,
           std::string_view text, uint32_t from, filter::Variant variant = filter::BestVariant());

 private:
  // Of an artifact that may change under its address nothing is kept.
  Judge* JudgeOf(const hpol_artifact& artifact) { return artifact.serial != 0 ? &judge_ : nullptr; }
  void FindCandidates(const hpol_artifact& artifact, const filter::Program* filter, std::string_view text,
                      filter::Variant variant);

  filter::Candidates candidates_;
  TrackedWalk tracked_;
  std::vector<uint64_t> starts_;
  std::vector<uint64_t> sieve_;
  Judge judge_;
};

}  // namespace hpol::detect
