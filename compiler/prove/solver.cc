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

Asker::Asker(const Aig& aig, const Deferrals* deferrals)
    : aig_(aig), deferrals_(deferrals), solver_(std::make_unique<Solver>()) {
  Configure(solver_->cadical);
  Add({-Variable(0)});
}

Asker::~Asker() = default;

void Asker::Add(std::initializer_list<int> clause) {
  for (const int one : clause) solver_->cadical.add(one);
  solver_->cadical.add(0);
}

void Asker::Load(Lit lit) {
  loaded_.resize(aig_.size() * 2, false);
  std::vector<Lit> open = {lit};
  while (!open.empty()) {
    const Lit next = open.back();
    open.pop_back();
    if (loaded_[next]) continue;
    loaded_[next] = true;
    const uint32_t node = NodeOf(next);
    if (!aig_.IsAnd(node)) continue;
    const auto deferral = deferrals_ == nullptr ? Deferrals::const_iterator{} : deferrals_->find(node);
    if (deferrals_ == nullptr || deferral == deferrals_->end()) {
      LoadNode(next, open);
      continue;
    }
    deferred_.push_back(next);
    if (IsNegated(next) || deferral->second == kTrue) continue;
    Add({-Variable(node), LiteralOf(deferral->second)});
    open.push_back(deferral->second);
  }
}

// An AND that is true has true children; one that is false has a false one. The other direction is not asked.
void Asker::LoadNode(Lit lit, std::vector<Lit>& open) {
  const uint32_t node = NodeOf(lit);
  const Lit left = aig_.left(node);
  const Lit right = aig_.right(node);
  if (IsNegated(lit)) {
    Add({Variable(node), -LiteralOf(left), -LiteralOf(right)});
    open.insert(open.end(), {Negate(left), Negate(right)});
  } else {
    Add({-Variable(node), LiteralOf(left)});
    Add({-Variable(node), LiteralOf(right)});
    open.insert(open.end(), {left, right});
  }
}

bool Asker::ModelSays(Lit lit) const { return solver_->cadical.val(LiteralOf(lit)) > 0; }

bool Asker::Refine(const Lanes& values) {
  std::vector<Lit> wrong;
  std::vector<Lit> right;
  for (const Lit lit : deferred_) {
    const bool is_true = (values[lit] & 1) != 0;
    // A chain that is false because of its kept child is mended where that child is.
    const Lit kept = deferrals_->at(NodeOf(lit));
    const bool elsewhere = !IsNegated(lit) && kept != kTrue && (values[kept] & 1) == 0;
    (!is_true && !elsewhere && ModelSays(lit) ? wrong : right).push_back(lit);
  }
  deferred_ = std::move(right);
  for (const Lit lit : wrong) {
    std::vector<Lit> open;
    LoadNode(lit, open);
    for (const Lit child : open) Load(child);
  }
  return !wrong.empty();
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
  for (uint32_t node = 1; node * 2 < loaded_.size(); ++node)
    if (aig_.IsInput(node) && (loaded_[node * 2] || loaded_[node * 2 + 1]))
      inputs[aig_.InputOf(node)] = ModelSays(node * 2);
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
