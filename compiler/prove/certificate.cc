#include "compiler/prove/certificate.h"

#include <cstdio>
#include <fstream>

namespace hpol::prove {
namespace {

bool WriteFile(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  return static_cast<bool>(out << text << std::flush);
}

}  // namespace

std::string Dimacs(const Cnf& cnf) {
  std::string text = "p cnf " + std::to_string(cnf.variables) + " " + std::to_string(cnf.clauses) + "\n";
  for (const int literal : cnf.literals) {
    text += std::to_string(literal);
    text += literal == 0 ? '\n' : ' ';
  }
  return text;
}

std::string SmtLib(const Cnf& cnf) {
  std::string text = "(set-logic QF_UF)\n";
  for (int variable = 1; variable <= cnf.variables; ++variable)
    text += "(declare-const v" + std::to_string(variable) + " Bool)\n";
  std::string clause;
  for (const int literal : cnf.literals) {
    if (literal != 0) {
      const std::string name = "v" + std::to_string(literal < 0 ? -literal : literal);
      clause += literal < 0 ? " (not " + name + ")" : " " + name;
      continue;
    }
    text += "(assert (or false" + clause + "))\n";
    clause.clear();
  }
  return text + "(check-sat)\n";
}

bool WriteCertificate(const Aig& aig, Lit claim, const std::string& folder, const std::string& name,
                      int conflict_budget) {
  const Cnf cnf = ClausesOf(aig, claim);
  const std::string path = folder + "/" + name;
  if (!WriteFile(path + ".cnf", Dimacs(cnf)) || !WriteFile(path + ".smt2", SmtLib(cnf))) return false;
  const std::string proof = path + ".drat";
  if (Solve(cnf, conflict_budget, proof) != Answer::kNo) std::remove(proof.c_str());
  return true;
}

}  // namespace hpol::prove
