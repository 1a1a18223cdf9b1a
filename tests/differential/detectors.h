// Detectors for random policies: some as authors write them, with texts that hit and texts
// that nearly do, and some whose pattern is random.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/differential/random.h"

namespace hpol::differential {

struct DetectorSource {
  std::string fields;  // what stands between the braces of its declaration
  std::vector<std::string> hits;
  std::vector<std::string> misses;        // near ones; some of them hit other detectors
  std::vector<std::string> context = {};  // words of its `near` and `not near`
};

// Letters of random patterns, and of the noise that they are tried on.
inline constexpr std::string_view kNoiseAlphabet = "aabbc01-_ ";

DetectorSource RandomDetector(Random& random);

}  // namespace hpol::differential
