// Every request that policies can tell apart, as free inputs of a graph: inputs of the policy, detectors with
// tiers and counts, content that could not be read. Exact: each assignment is a request, each request an
// assignment (DESIGN 7). Private to compiler/prove.
//
// What is free: detectors are independent, so a request may have any findings at any tiers that their
// declarations allow. That only adds requests: a proof holds for the fewer that texts can make.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compiler/hir/hir.h"
#include "compiler/prove/aig.h"
#include "compiler/prove/numbers.h"
#include "compiler/reference/kleene.h"

namespace hpol::prove {

// Calls `visit(expr)` for every condition of the policy: floors, raises, routes, and what is proved of it.
template <typename F>
void ForEachCondition(const hir::Policy& policy, const F& visit) {
  for (const hir::Floor& floor : policy.floors)
    if (floor.condition) visit(*floor.condition);
  for (const hir::Raise& raise : policy.raises) visit(raise.condition);
  for (const hir::Route& route : policy.routes)
    if (route.condition) visit(*route.condition);
  for (const hir::Requirement& requirement : policy.requirements) visit(requirement.condition);
  for (const hir::Guarantee& guarantee : policy.guarantees) {
    if (guarantee.when) visit(*guarantee.when);
    visit(guarantee.property);
  }
}

template <typename F>
void ForEachAtom(const hir::Expr& expr, const F& visit) {
  if (expr.kind == hir::Expr::Kind::kAtom) visit(expr.atom);
  for (const hir::Expr& operand : expr.operands) ForEachAtom(operand, visit);
}

// One declared input. Which fields count depends on the type.
struct InputVariable {
  hir::Attribute declared;
  bool always_present = true;
  Lit present = kTrue;
  size_t present_input = 0;
  Choice choice;                    // enum and string: index into `values`; int: interval; label: level
  std::vector<std::string> values;  // enum: all members; string: those asked about, then one for all others
  std::vector<int64_t> thresholds;  // int: interval i lies below thresholds[i]
  std::vector<Lit> bits;            // bool: one; sets: one for each of `values`; label: one for each category
  size_t first_bit = 0;             // input number of bits[0]
  size_t levels = 0, categories = 0;  // of the policy, for labels
};

// Findings of one detector that share a fate: those that can be written over, or those that cannot.
struct FindingsVariable {
  std::vector<Lit> at_tier;         // [tier]: some finding at that tier or a higher one
  std::vector<size_t> tier_inputs;  // one for each tier that the detector can have
  Lit fires = kFalse;
  Number extra, extra_distinct;  // free; what is more than one
  size_t first_extra = 0, first_distinct = 0;
  Number count, distinct;  // of findings that fire; `distinct` counts texts that the other side has not
};

struct DetectorVariable {
  hir::Detector declared;
  std::vector<Tier> tiers;  // that it can have, lowest first
  bool covered = false;     // some redaction writes over it
  int64_t counted = 1, told_apart = 0;
  FindingsVariable replaceable;
  FindingsVariable fixed;  // only where `covered`: in keys, in numbers, over a cap
};

// The variables of one policy's inputs and detectors, in its order.
struct Variables {
  std::vector<const InputVariable*> inputs;
  std::vector<const DetectorVariable*> detectors;
};

class World {
 public:
  explicit World(Aig& aig) : aig_(aig) {}

  // What `policy` asks. All policies of one world are noted before Build.
  void Note(const hir::Policy& policy);
  void Build();

  Aig& aig() const { return aig_; }
  Lit unscanned() const { return unscanned_; }
  Lit unregistered() const { return unregistered_; }
  // No finding stands where a redaction cannot write over it. What the compile-time proof of clearance
  // takes for granted: the run-time check removes the candidate where it is not so (DESIGN 2.2.6).
  Lit all_replaceable() const { return all_replaceable_; }

  // After Build; valid as long as this is.
  Variables VariablesOf(const hir::Policy& policy) const;
  const std::vector<InputVariable>& inputs() const { return inputs_; }
  const std::vector<DetectorVariable>& detectors() const { return detectors_; }

  // Two declarations with one key are one variable.
  static std::string KeyOf(const hir::Policy& policy, const hir::Attribute& attribute);
  static std::string KeyOf(const hir::Policy& policy, const hir::Detector& detector);

  // The request of an assignment, and back. Facts list at most kMostFindings findings of a detector.
  static constexpr int64_t kMostFindings = 1000;
  reference::Facts FactsOf(const std::vector<bool>& assignment, const hir::Policy& policy,
                           const Variables& variables) const;
  std::vector<bool> AssignmentOf(const reference::Facts& facts, const hir::Policy& policy,
                                 const Variables& variables) const;

 private:
  void NoteAtom(const hir::Policy& policy, const hir::Atom& atom);
  void BuildInput(InputVariable& variable);
  void BuildDetector(DetectorVariable& variable);
  void BuildFindings(const DetectorVariable& detector, FindingsVariable& findings,
                     const FindingsVariable* before);

  Aig& aig_;
  Lit unscanned_ = kFalse, unregistered_ = kFalse, all_replaceable_ = kTrue;
  size_t unscanned_input_ = 0, unregistered_input_ = 0;
  size_t policies_ = 0;
  std::vector<InputVariable> inputs_;
  std::map<std::string, size_t> input_index_;
  std::vector<size_t> declared_in_;  // by input: how many policies declare it
  std::vector<std::set<std::string>> texts_;
  std::vector<std::set<int64_t>> thresholds_;
  std::vector<DetectorVariable> detectors_;
  std::map<std::string, size_t> detector_index_;
};

}  // namespace hpol::prove
