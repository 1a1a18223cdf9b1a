// Conditions → negation normal form over shared facts. Every comparison becomes "at least",
// "member" or a label test, negated or not, so that the kernel knows only positive and
// negative facts. All steps hold in three values: a fact and the comparison it came from are
// unknown for the same requests.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "compiler/hir/hir.h"
#include "compiler/plan/pools.h"
#include "runtime/abi/tables.h"

namespace hpol::plan {

// A condition in negation normal form. kTrue and kFalse occur only at the top.
struct Nnf {
  ir::NodeKind kind = ir::NodeKind::kTrue;
  uint32_t fact = 0;          // of kFact and kNotFact
  std::vector<Nnf> operands;  // of kAnd and kOr; at least two

  static Nnf Constant(bool value) { return {value ? ir::NodeKind::kTrue : ir::NodeKind::kFalse, 0, {}}; }
  // Flattened, constants folded away.
  static Nnf And(std::vector<Nnf> operands);
  static Nnf Or(std::vector<Nnf> operands);
  Nnf Not() const;
};

class Conditions {
 public:
  // Facts and nodes are added to `facts` and `nodes`: those of rules, or those of guarantees.
  Conditions(const hir::Policy& policy, std::vector<ir::Fact>& facts, std::vector<ir::Node>& nodes,
             Pools& pools)
      : policy_(policy), facts_(facts), nodes_(nodes), pools_(pools) {}

  Nnf Normalise(const hir::Expr& expr);
  // Writes postfix nodes. An empty range is true.
  ir::Range Emit(const Nnf& condition);

 private:
  using Key =
      std::tuple<ir::FactKind, uint32_t, std::vector<uint32_t>, std::vector<std::string>, int64_t, uint64_t>;

  Nnf Atom(const hir::Atom& atom, dsl::Span span);
  Nnf Detector(const hir::Atom& atom, dsl::Span span);
  Nnf Number(const hir::Atom& atom, dsl::Span span);
  Nnf CompareLabel(const hir::Atom& atom, dsl::Span span);
  Nnf Level(const hir::Atom& atom, dsl::Span span);
  Nnf WholeLabel(const hir::Atom& atom, dsl::Span span);
  Nnf Place(const hir::Atom& atom, dsl::Span span);
  Nnf Evidence(ir::FactKind kind, const std::vector<DetectorId>& detectors, int64_t number, dsl::Span span);
  Nnf Fact(ir::Fact fact, std::vector<uint32_t> indices, std::vector<std::string> texts, dsl::Span span);
  void EmitNodes(const Nnf& condition);

  const hir::Policy& policy_;
  std::vector<ir::Fact>& facts_;
  std::vector<ir::Node>& nodes_;
  Pools& pools_;
  std::map<Key, uint32_t> known_;
};

}  // namespace hpol::plan
