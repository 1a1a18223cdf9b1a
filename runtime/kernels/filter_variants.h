// The kernels behind FindCandidates, one file each.
#pragma once

#include <string_view>

#include "runtime/kernels/filter.h"

namespace hpol::filter {

void FindScalar(const Program& program, hpol_filter_fn steps, std::string_view text, DenseJudge* judge,
                Candidates& candidates);
void FindAvx2(const Program& program, hpol_filter_fn steps, std::string_view text, DenseJudge* judge,
              Candidates& candidates);
void FindAvx512(const Program& program, hpol_filter_fn steps, std::string_view text, DenseJudge* judge,
                Candidates& candidates);

// What native steps do, by looking at one operation after the other; `kReversed` as their kernel has planes.
template <bool kReversed>
uint64_t InterpretSteps(const Program& program, const uint64_t* planes, uint64_t* any, uint64_t* outputs);

}  // namespace hpol::filter
