// Clauses, and the one place that knows a SAT solver. Answers are "yes with an assignment", "no", or
// "not within the budget", which is never taken for a no. Private to compiler/prove.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
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

// Nodes of which only a part is taken in until an answer needs the rest: a long chain (which of thousands of
// rules is the first) costs most of a search that mostly does not depend on it. By node: the child that is
// taken in at once, or kTrue for none. Leaving clauses out only adds assignments, so a "no" stays a "no".
using Deferrals = std::unordered_map<uint32_t, Lit>;

// Asks many questions of one graph; clauses are added once, as far as a question needs them, and in the
// direction that it needs. `aig` and `deferrals` must outlive this; both may grow between questions.
class Asker {
 public:
  explicit Asker(const Aig& aig, const Deferrals* deferrals = nullptr);
  ~Asker();
  Asker(const Asker&) = delete;
  Asker& operator=(const Asker&) = delete;

  // Can all of `lits` be true together?
  Answer Ask(std::span<const Lit> lits, int conflict_budget = kConflictBudget);
  Answer Ask(Lit lit) { return Ask(std::span(&lit, 1)); }

  // After kYes: the value of every input, by number. What the question did not reach is false.
  std::vector<bool> Inputs() const;
  // After kYes: `values` are those of Inputs() in lane 0. Takes in what was left out and is contradicted by
  // them; false when there is nothing, which means that all that was asked is true of them.
  bool Refine(const Lanes& values);
  // After kNo: `lit`, one of those asked, was needed for the contradiction.
  bool Needed(Lit lit) const;

  size_t questions() const { return questions_; }

 private:
  struct Solver;
  static int Variable(uint32_t node) { return static_cast<int>(node) + 1; }
  static int LiteralOf(Lit lit) { return IsNegated(lit) ? -Variable(NodeOf(lit)) : Variable(NodeOf(lit)); }
  void Add(std::initializer_list<int> clause);
  // What follows when `lit` is true.
  void Load(Lit lit);
  void LoadNode(Lit lit, std::vector<Lit>& open);
  bool ModelSays(Lit lit) const;

  const Aig& aig_;
  const Deferrals* deferrals_;
  std::unique_ptr<Solver> solver_;
  std::vector<bool> loaded_;   // by literal
  std::vector<Lit> deferred_;  // literals of which a part was left out
  size_t questions_ = 0;
};

// Solves clauses alone; with a path, writes the DRAT proof of a "no" there.
Answer Solve(const Cnf& cnf, int conflict_budget = kConflictBudget, const std::string& proof_path = {});

}  // namespace hpol::prove
