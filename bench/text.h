// Text to measure with: ordinary office prose of our own, with an identifier now and then.
#pragma once

#include <cstddef>
#include <string>

namespace hpol::bench {

// Exactly `bytes` bytes of ASCII, the same on every run.
std::string NaturalText(size_t bytes);

}  // namespace hpol::bench
