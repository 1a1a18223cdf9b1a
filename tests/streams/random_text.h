// Random texts in every form that the fold and the decoders know, around what detectors find.
#pragma once

#include <string>
#include <vector>

#include "tests/differential/detectors.h"
#include "tests/differential/random.h"

namespace hpol::streams {

// A text of about `size` bytes.
std::string RandomText(const std::vector<differential::DetectorSource>& detectors, uint32_t size,
                       differential::Random& random);

}  // namespace hpol::streams
