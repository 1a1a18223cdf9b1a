// Matchers → how their matches begin (runtime/abi/openings.h).
#pragma once

#include <vector>

#include "compiler/pattern/pattern.h"
#include "runtime/abi/openings.h"

namespace hpol::pattern {

Openings FindOpenings(const std::vector<Matcher>& matchers);

}  // namespace hpol::pattern
