// Random patterns that use all of the dialect. Small alphabets, so that parts meet.
#pragma once

#include <string>

#include "compiler/hir/hir.h"
#include "tests/differential/random.h"

namespace hpol::patterns {

using differential::Random;

// One pattern with its `bounded` and `ignoring case`. Nearly all are accepted.
hir::Pattern RandomPattern(Random& random);

}  // namespace hpol::patterns
