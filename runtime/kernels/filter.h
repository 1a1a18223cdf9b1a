// Runs a filter program over text and lists where matches can begin. One door,
// `FindCandidates`; the variants differ in speed alone (tested against each other).
#pragma once

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

// Appends candidates in no particular order. `text` is shorter than 4 GiB. `steps` is the program's native
// code for the variant's width; without it (null) the scalar variant runs, which needs none.
void FindCandidates(const Program& program, Variant variant, hpol_filter_fn steps, std::string_view text,
                    std::vector<Candidate>& candidates);

}  // namespace hpol::filter
