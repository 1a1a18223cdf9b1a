// Clauses, and the one place that knows a SAT solver. Answers are "yes with an assignment", "no", or
// "not within the budget", which is never taken for a no. Private to compiler/prove.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "compiler/prove/aig.h"
#include "compiler/prove/prove.h"

namespace hpol::prove {

// Clauses as DIMACS writes them: literals ±variable, each clause ended by 0.
struct Cnf {
  int variables = 0;
  size_t clauses = 0;
  std::vector<int> literals;
};

// Tseitin's clauses of everything that decides `root`, and `root` itself: satisfiable exactly when
// `root` can be true.
Cnf ClausesOf(const Aig& aig, Lit root);

enum class Answer : uint8_t { kUnknown, kNo, kYes };

// Asks many questions of one graph; clauses are added once, as far as a question needs them.
// `aig` must outlive this; it may grow between questions.
class Asker {
 public:
  explicit Asker(const Aig& aig);
  ~Asker();
  Asker(const Asker&) = delete;
  Asker& operator=(const Asker&) = delete;

  // Can all of `lits` be true together?
  Answer Ask(std::span<const Lit> lits, int conflict_budget = kConflictBudget);
  Answer Ask(Lit lit) { return Ask(std::span(&lit, 1)); }

  // After kYes: the value of every input, by number. What the question did not reach is false.
  std::vector<bool> Inputs() const;
  // After kNo: `lit`, one of those asked, was needed for the contradiction.
  bool Needed(Lit lit) const;

  size_t questions() const { return questions_; }

 private:
  struct Solver;
  int Variable(uint32_t node) const { return static_cast<int>(node) + 1; }
  int LiteralOf(Lit lit) const { return IsNegated(lit) ? -Variable(NodeOf(lit)) : Variable(NodeOf(lit)); }
  void Load(Lit lit);

  const Aig& aig_;
  std::unique_ptr<Solver> solver_;
  std::vector<bool> loaded_;
  size_t questions_ = 0;
};

// Solves clauses alone; with a path, writes the DRAT proof of a "no" there.
Answer Solve(const Cnf& cnf, int conflict_budget = kConflictBudget, const std::string& proof_path = {});

}  // namespace hpol::prove
