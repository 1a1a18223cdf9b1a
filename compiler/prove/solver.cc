#include "compiler/prove/solver.h"

#include <cadical.hpp>
#include <utility>

namespace hpol::prove {
namespace {

// node = left AND right, in three clauses. `literal` names a Lit as DIMACS does.
template <typename Literal, typename Add>
void AddAnd(const Aig& aig, uint32_t node, const Literal& literal, const Add& add) {
  const int out = literal(node * 2);
  const int left = literal(aig.left(node));
  const int right = literal(aig.right(node));
  add({-out, left});
  add({-out, right});
  add({out, -left, -right});
}

Answer AnswerOf(int result) {
  return result == 10 ? Answer::kYes : result == 20 ? Answer::kNo : Answer::kUnknown;
}

void Configure(CaDiCaL::Solver& solver) {
  solver.set("quiet", 1);
  // The questions are small and many: what prepares for long searches costs more than it saves.
  solver.set("lucky", 0);
  solver.set("walk", 0);
  solver.set("elim", 0);
  solver.set("probe", 0);
}

}  // namespace

Cnf ClausesOf(const Aig& aig, Lit root) {
  Cnf cnf;
  const auto add = [&cnf](std::initializer_list<int> clause) {
    cnf.literals.insert(cnf.literals.end(), clause);
    cnf.literals.push_back(0);
    ++cnf.clauses;
  };
  const std::vector<uint32_t> cone = aig.Cone(std::span(&root, 1));
  std::vector<int> variable(aig.size(), 0);
  variable[0] = cnf.variables = 1;
  add({-1});  // the constant
  for (const uint32_t node : cone) variable[node] = ++cnf.variables;
  const auto literal = [&variable](Lit lit) {
    return IsNegated(lit) ? -variable[NodeOf(lit)] : variable[NodeOf(lit)];
  };
  for (const uint32_t node : cone)
    if (aig.IsAnd(node)) AddAnd(aig, node, literal, add);
  add({literal(root)});
  return cnf;
}

struct Asker::Solver {
  CaDiCaL::Solver cadical;
};

Asker::Asker(const Aig& aig) : aig_(aig), solver_(std::make_unique<Solver>()) {
  Configure(solver_->cadical);
  solver_->cadical.add(-Variable(0));
  solver_->cadical.add(0);
}

Asker::~Asker() = default;

void Asker::Load(Lit lit) {
  loaded_.resize(aig_.size(), false);
  loaded_[0] = true;
  const auto literal = [this](Lit one) { return LiteralOf(one); };
  const auto add = [this](std::initializer_list<int> clause) {
    for (const int one : clause) solver_->cadical.add(one);
    solver_->cadical.add(0);
  };
  std::vector<uint32_t> open = {NodeOf(lit)};
  while (!open.empty()) {
    const uint32_t node = open.back();
    open.pop_back();
    if (loaded_[node]) continue;
    loaded_[node] = true;
    if (aig_.IsInput(node)) continue;
    AddAnd(aig_, node, literal, add);
    open.push_back(NodeOf(aig_.left(node)));
    open.push_back(NodeOf(aig_.right(node)));
  }
}

Answer Asker::Ask(std::span<const Lit> lits, int conflict_budget) {
  ++questions_;
  for (const Lit lit : lits) Load(lit);
  for (const Lit lit : lits) solver_->cadical.assume(LiteralOf(lit));
  solver_->cadical.limit("conflicts", conflict_budget);
  return AnswerOf(solver_->cadical.solve());
}

std::vector<bool> Asker::Inputs() const {
  std::vector<bool> inputs(aig_.inputs(), false);
  for (uint32_t node = 1; node < loaded_.size(); ++node)
    if (loaded_[node] && aig_.IsInput(node))
      inputs[aig_.InputOf(node)] = solver_->cadical.val(Variable(node)) > 0;
  return inputs;
}

bool Asker::Needed(Lit lit) const { return solver_->cadical.failed(LiteralOf(lit)); }

Answer Solve(const Cnf& cnf, int conflict_budget, const std::string& proof_path) {
  CaDiCaL::Solver solver;
  Configure(solver);
  if (!proof_path.empty()) {
    solver.set("binary", 0);  // text, for people and for every checker
    if (!solver.trace_proof(proof_path.c_str())) return Answer::kUnknown;
  }
  for (const int literal : cnf.literals) solver.add(literal);
  solver.limit("conflicts", conflict_budget);
  const int result = solver.solve();
  if (!proof_path.empty()) solver.close_proof_trace();
  return AnswerOf(result);
}

std::string SolverName() { return std::string("CaDiCaL ") + CaDiCaL::Solver::version(); }

}  // namespace hpol::prove
