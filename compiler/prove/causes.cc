#include "compiler/prove/causes.h"

#include <algorithm>
#include <set>

#include "compiler/reference/meaning.h"

namespace hpol::prove {
namespace {

void CollectReads(const hir::Expr& expr, std::set<uint32_t>& detectors, std::set<uint32_t>& attributes) {
  if (expr.kind == hir::Expr::Kind::kAtom) {
    for (const DetectorId id : expr.atom.detectors) detectors.insert(id.value);
    if (expr.atom.detectors.empty()) attributes.insert(expr.atom.attribute.value);
  }
  for (const hir::Expr& operand : expr.operands) CollectReads(operand, detectors, attributes);
}

// The first atom that reads one of the detectors.
const hir::Expr* FindAtom(const hir::Expr& expr, const std::vector<DetectorId>& detectors) {
  if (expr.kind == hir::Expr::Kind::kAtom) {
    for (const DetectorId id : detectors) {
      if (std::find(expr.atom.detectors.begin(), expr.atom.detectors.end(), id) !=
          expr.atom.detectors.end()) {
        return &expr;
      }
    }
  }
  for (const hir::Expr& operand : expr.operands) {
    if (const hir::Expr* found = FindAtom(operand, detectors)) return found;
  }
  return nullptr;
}

bool Redacts(const hir::Policy& policy, RedactionId redaction, DetectorId detector) {
  if (redaction == kNoRedaction) return false;
  for (const hir::RedactionLine& line : policy.redactions[redaction.value].lines) {
    if (std::find(line.detectors.begin(), line.detectors.end(), detector) != line.detectors.end())
      return true;
  }
  return false;
}

class CauseFinder {
 public:
  CauseFinder(const hir::Policy& policy, const hir::Step& step, const Example& example)
      : policy_(policy), step_(step), example_(example) {}

  // `reads` are the conditions that decide the row; `own` the one that a reader looks at.
  Cause Make(const std::vector<const hir::Expr*>& reads, const hir::Expr* own, dsl::Span span, Label label,
             bool floor) const {
    Cause cause{own != nullptr ? own->span : span, label, floor, {}, {}};
    std::set<uint32_t> detectors;
    std::set<uint32_t> attributes;
    for (const hir::Expr* expr : reads) CollectReads(*expr, detectors, attributes);
    std::set<uint32_t> found;
    for (const reference::Evidence& evidence : example_.facts.findings) found.insert(evidence.detector.value);
    for (const uint32_t id : detectors)
      if (found.contains(id) && !Redacts(policy_, step_.redaction, {id})) cause.detectors.push_back({id});
    for (const uint32_t id : attributes)
      if (example_.matters[id]) cause.attributes.push_back({id});
    if (own != nullptr) {
      if (const hir::Expr* atom = FindAtom(*own, cause.detectors)) cause.span = atom->span;
    }
    return cause;
  }

 private:
  const hir::Policy& policy_;
  const hir::Step& step_;
  const Example& example_;
};

}  // namespace

std::vector<Cause> CausesOf(const hir::Policy& policy, const hir::Step& step, const Example& example) {
  const Label clearance = policy.targets[step.target.value].clearance;
  const CauseFinder finder(policy, step, example);
  std::vector<Cause> causes;
  if (example.facts.unscanned) return causes;
  reference::Kleene kleene(policy, example.facts);
  const auto rows = reference::Meaning<reference::Kleene>(policy, kleene).ClassifyRows(step.redaction);
  size_t row = 0;
  std::vector<const hir::Expr*> before;
  for (const hir::Floor& floor : policy.floors) {
    if (floor.condition) before.push_back(&*floor.condition);
    if (rows[row++].may && !floor.label.FlowsTo(clearance)) {
      causes.push_back(
          finder.Make(before, floor.condition ? &*floor.condition : nullptr, floor.span, floor.label, true));
    }
  }
  for (const hir::Raise& raise : policy.raises) {
    if (rows[row++].may && !raise.label.FlowsTo(clearance)) {
      causes.push_back(finder.Make({&raise.condition}, &raise.condition, raise.span, raise.label, false));
    }
  }
  return causes;
}

}  // namespace hpol::prove
