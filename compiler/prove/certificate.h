// What a "no" of the solver rests on, as files that other programs can check. Private to compiler/prove.
#pragma once

#include <string>

#include "compiler/prove/solver.h"

namespace hpol::prove {

// Clauses as DIMACS, and as SMT-LIB for solvers that read that.
std::string Dimacs(const Cnf& cnf);
std::string SmtLib(const Cnf& cnf);

// Writes NAME.cnf and NAME.smt2, and NAME.drat where the answer is no, into `folder`. False when that cannot
// be done.
bool WriteCertificate(const Aig& aig, Lit claim, const std::string& folder, const std::string& name,
                      int conflict_budget);

}  // namespace hpol::prove
