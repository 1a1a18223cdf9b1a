// Runs a filter program over text and lists where matches can begin. One door,
// `FindCandidates`; the variants differ in speed alone (tested against each other).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "runtime/abi/artifact.h"
#include "runtime/abi/filter.h"

namespace hpol::filter {

// A match of `detector` may begin at any byte of [first, last].
struct Candidate {
  uint32_t detector = 0;
  uint32_t first = 0;
  uint32_t last = 0;
  friend bool operator==(const Candidate&, const Candidate&) = default;
};

// The kernels that this program was built with, slowest first.
enum class Variant : uint8_t { kScalar, kAvx2, kAvx512 };

// The fastest variant that this CPU runs. HPOL_CPU=scalar|avx2|avx512 lowers it.
Variant BestVariant();
bool Supported(Variant variant);

// Native code of a program's steps for a variant; null where the artifact has none (they are then
// interpreted).
hpol_filter_fn StepsFor(const hpol_artifact& artifact, Variant variant);

// Says which detectors can match in a block where candidates are dense, so that the others need no look.
class DenseJudge {
 public:
  // Bit d is set for each detector that may have a match that begins in [first, last]; may set more.
  // The words are valid until the next call.
  virtual const uint64_t* MayBegin(uint32_t first, uint32_t last) = 0;

 protected:
  ~DenseJudge() = default;
};

// Candidates of one text, and working memory that is reused from text to text.
struct Candidates {
  std::vector<Candidate> all;  // by detector; what one output or literals give, in order of `first`

  // Working memory.
  std::vector<Candidate> literals;
  std::vector<Candidate> ungrouped;
  std::vector<uint32_t> starts;
  std::array<uint32_t, 4096 + 2> places{};
  std::array<uint8_t, 192> last_lanes{};  // a copy of text: to be wiped by the owner
  std::vector<uint64_t> outputs;
  std::vector<uint32_t> set;
};

// Lists the candidates of all detectors; of those without a filter, the whole text. `text` is shorter than
// 4 GiB. `judge` may be null.
void FindCandidates(const Program& program, Variant variant, hpol_filter_fn steps, std::string_view text,
                    DenseJudge* judge, Candidates& candidates);

}  // namespace hpol::filter
