// A derived filter as text, for `--dump=pattern`.
#pragma once

#include <string>
#include <vector>

#include "compiler/filter/filter.h"

namespace hpol::filter {

// Planes with their bytes, steps, outputs, literals, and how each detector is filtered.
std::string Print(const Derived& derived, const std::vector<hir::Detector>& detectors);

}  // namespace hpol::filter
