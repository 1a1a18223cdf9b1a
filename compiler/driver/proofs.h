// Proofs for people and machines: the table of `hpol prove`, and the same as JSON, SARIF and JUnit.
#pragma once

#include <string>

#include "compiler/driver/driver.h"

namespace hpol::driver {

// How far an example was confirmed: "replayed on the compiled code".
std::string Confirmed(const prove::Example& example);
// One line for each proof, and under a broken one its request and a `test` block that shows it.
std::string ProofTable(const Build& build);
std::string ProofJson(const Build& build);
// What a bundle's manifest says of the proofs, as JSON: no times, for the same policy makes the same bytes.
std::string ProofManifest(const Build& build);
// Broken and unknown proofs as results, with their places; for code scanning in CI.
std::string ProofSarif(const Build& build);
// One test case for each proof.
std::string ProofJunit(const Build& build);

}  // namespace hpol::driver
