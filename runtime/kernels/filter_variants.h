// The kernels behind FindCandidates, one file each.
#pragma once

#include <string_view>
#include <vector>

#include "runtime/kernels/filter.h"

namespace hpol::filter {

void FindScalar(const Program& program, std::string_view text, std::vector<Candidate>& candidates);
void FindAvx2(const Program& program, hpol_filter_fn steps, std::string_view text,
              std::vector<Candidate>& candidates);
void FindAvx512(const Program& program, hpol_filter_fn steps, std::string_view text,
                std::vector<Candidate>& candidates);

}  // namespace hpol::filter
