// Texts that a pattern matches, nearly matches, or has nothing to do with.
#pragma once

#include <string>

#include "compiler/pattern/regex.h"
#include "tests/differential/random.h"

namespace hpol::patterns {

using differential::Random;

// Some texts of the pattern's own language, changed here and there, with other things between them. Mostly
// UTF-8.
std::string RandomText(const pattern::Regex& regex, Random& random);

}  // namespace hpol::patterns
