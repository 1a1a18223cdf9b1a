// Random policies as source text, so that parser, check and plan take part in every comparison.
#pragma once

#include <string>
#include <vector>

#include "tests/differential/detectors.h"
#include "tests/differential/random.h"

namespace hpol::differential {

// Whole declarations and rules, one a line, so that a shrinker can leave some out.
struct PolicySource {
  std::vector<std::string> lines;
  std::vector<DetectorSource> detectors;  // where requests take their texts from

  std::string Text() const;
};

// Clearances are generous, but not always enough: the run-time check must have something to do.
PolicySource RandomPolicy(Random& random);

}  // namespace hpol::differential
