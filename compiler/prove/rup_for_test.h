// For tests: checks a DRAT proof by reverse unit propagation, slowly and plainly. The solver's options here
// need no more than RUP: a lemma whose negation does not propagate to a conflict is refused.
#pragma once

#include <string>

#include "compiler/prove/solver.h"

namespace hpol::prove {

// Empty when `drat` (text form) derives the empty clause from `cnf`; else what is wrong.
std::string CheckDrat(const Cnf& cnf, const std::string& drat);

}  // namespace hpol::prove
