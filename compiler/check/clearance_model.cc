// Evaluation over sets of values. INVARIANT: an evaluated range contains the truth of every
// request whose values lie in the domains; the proof rests on it.
#include "compiler/check/clearance_model.h"

#include <algorithm>
#include <limits>

namespace hpol::check {
namespace {

Truth Not(Truth truth) { return static_cast<Truth>(2 - static_cast<int>(truth)); }

}  // namespace

bool ClearanceModel::Compare(int64_t left, hir::CompareOp op, int64_t right) {
  switch (op) {
    case hir::CompareOp::kEqual:
      return left == right;
    case hir::CompareOp::kNotEqual:
      return left != right;
    case hir::CompareOp::kLess:
      return left < right;
    case hir::CompareOp::kLessEqual:
      return left <= right;
    case hir::CompareOp::kGreater:
      return left > right;
    case hir::CompareOp::kGreaterEqual:
      return left >= right;
  }
  return false;
}

Domains ClearanceModel::FullDomains() const {
  Domains domains;
  for (const Variable& variable : variables_) domains.push_back(variable.full());
  return domains;
}

// What the redaction covers was never found, as far as the label of what is sent goes.
Values ClearanceModel::ValuesOf(uint32_t variable, const View& view) const {
  if (view.redaction != kNoRedaction && covered_[view.redaction.value][variable]) return 1;
  return view.domains[variable];
}

TruthRange ClearanceModel::EvaluateSum(const Atom& atom, const View& view) const {
  int64_t least = 0;
  int64_t most = 0;
  for (const Atom::Part& part : atom.parts) {
    const Values values = ValuesOf(part.variable, view);
    const std::vector<Variable::Findings>& findings = variables_[part.variable].findings;
    uint32_t low = std::numeric_limits<uint32_t>::max();
    uint32_t high = 0;
    for (size_t i = 0; i < findings.size(); ++i) {
      if (((values >> i) & 1) == 0) continue;
      const uint32_t number = atom.distinct ? findings[i].distinct : findings[i].count;
      low = std::min(low, number);
      high = std::max(high, number);
    }
    least += low;
    most += high;
  }
  return {least >= atom.number ? Truth::kTrue : Truth::kFalse,
          most >= atom.number ? Truth::kTrue : Truth::kFalse};
}

TruthRange ClearanceModel::EvaluateAtom(const Atom& atom, const View& view) const {
  TruthRange range{Truth::kFalse, Truth::kFalse};
  switch (atom.kind) {
    case Atom::Kind::kOpen: {
      const bool redacted = view.redaction != kNoRedaction && !atom.redacted.empty();
      const Values values =
          view.domains[redacted ? atom.redacted[view.redaction.value] : atom.parts[0].variable];
      range.low = (values & 1) != 0 ? Truth::kFalse : (values & 4) != 0 ? Truth::kUnknown : Truth::kTrue;
      range.high = (values & 2) != 0 ? Truth::kTrue : (values & 4) != 0 ? Truth::kUnknown : Truth::kFalse;
      return range;
    }
    case Atom::Kind::kScalar: {
      const Values values = ValuesOf(atom.parts[0].variable, view);
      const Values truths = atom.parts[0].truths;
      const bool can_be_unknown = (values & atom.unknowns) != 0;
      if ((values & truths) != 0) {
        range.high = Truth::kTrue;
      } else if (can_be_unknown) {
        range.high = Truth::kUnknown;
      }
      if ((values & ~truths) == 0) {
        range.low = Truth::kTrue;
      } else if ((values & ~truths & ~atom.unknowns) == 0) {
        range.low = Truth::kUnknown;
      }
      return range;
    }
    case Atom::Kind::kAny:
      for (const Atom::Part& part : atom.parts) {
        const Values values = ValuesOf(part.variable, view);
        if ((values & part.truths) != 0) range.high = Truth::kTrue;
        if ((values & ~part.truths) == 0) range.low = Truth::kTrue;
      }
      if (atom.missing != kNoVariable) {
        const Values missing = view.domains[atom.missing];
        if (missing == 0b10) return {Truth::kUnknown, Truth::kUnknown};
        if (missing == 0b11)
          range = {std::min(range.low, Truth::kUnknown), std::max(range.high, Truth::kUnknown)};
      }
      break;
    case Atom::Kind::kSum:
      range = EvaluateSum(atom, view);
      break;
    case Atom::Kind::kLevel: {
      bool all = true;
      bool any = false;
      for (int level = view.label.low.level(); level <= view.label.high.level(); ++level) {
        const bool holds = Compare(level, atom.op, atom.label.level());
        all = all && holds;
        any = any || holds;
      }
      return {all ? Truth::kTrue : Truth::kFalse, any ? Truth::kTrue : Truth::kFalse};
    }
    case Atom::Kind::kCategory:
      return {atom.label.FlowsTo(view.label.low) ? Truth::kTrue : Truth::kFalse,
              atom.label.FlowsTo(view.label.high) ? Truth::kTrue : Truth::kFalse};
  }
  if (atom.content) {
    const Values unscanned = view.domains[unscanned_];
    if ((unscanned & 0b10) != 0) range.high = std::max(range.high, Truth::kUnknown);
    if (unscanned == 0b10) range.low = std::max(range.low, Truth::kUnknown);
  }
  return range;
}

TruthRange ClearanceModel::Evaluate(const Condition& condition, const View& view) const {
  ++visits_;
  switch (condition.kind) {
    case hir::Expr::Kind::kTrue:
      return {Truth::kTrue, Truth::kTrue};
    case hir::Expr::Kind::kFalse:
      return {Truth::kFalse, Truth::kFalse};
    case hir::Expr::Kind::kAtom:
      return EvaluateAtom(atoms_[condition.atom], view);
    case hir::Expr::Kind::kNot: {
      const TruthRange range = Evaluate(condition.operands[0], view);
      return {Not(range.high), Not(range.low)};
    }
    case hir::Expr::Kind::kAnd: {
      TruthRange all{Truth::kTrue, Truth::kTrue};
      for (const Condition& operand : condition.operands) {
        const TruthRange range = Evaluate(operand, view);
        all = {std::min(all.low, range.low), std::min(all.high, range.high)};
        if (all.high == Truth::kFalse) break;
      }
      return all;
    }
    case hir::Expr::Kind::kOr: {
      TruthRange any{Truth::kFalse, Truth::kFalse};
      for (const Condition& operand : condition.operands) {
        const TruthRange range = Evaluate(operand, view);
        any = {std::max(any.low, range.low), std::max(any.high, range.high)};
        if (any.low == Truth::kTrue) break;
      }
      return any;
    }
  }
  return {};
}

TruthRange ClearanceModel::ClassifyRow(size_t row, const Domains& domains, RedactionId redaction) const {
  return Evaluate(rows_[row].condition, {domains, redaction, {}});
}

Label ClearanceModel::ClassifyLabel(size_t row) const { return rows_[row].label; }

TruthRange ClearanceModel::RouteRow(size_t route, const Domains& domains, LabelRange label) const {
  return Evaluate(routes_[route], {domains, kNoRedaction, label});
}

// The join of what the lines leave that write over something.
Label ClearanceModel::Leaves(const Domains& domains, RedactionId redaction, bool certainly) const {
  Label leaves;
  for (const hir::RedactionLine& line : policy_.redactions[redaction.value].lines) {
    for (const DetectorId id : line.detectors) {
      const Values values = domains[detector_variable_[id.value]];
      const bool writes = certainly ? (values & 1) == 0 : (values & ~Values{1}) != 0;
      if (writes) leaves = leaves.Join(line.leaves);
    }
  }
  return leaves;
}

LabelRange ClearanceModel::LabelOf(const Domains& domains, RedactionId redaction) const {
  LabelRange range;
  for (size_t row = 0; row < rows_.size(); ++row) {
    // A row that adds nothing new to either end need not be evaluated.
    if (rows_[row].label.FlowsTo(range.low)) continue;
    const TruthRange truth = ClassifyRow(row, domains, redaction);
    // A rule that may apply does (DESIGN 2.2.3).
    if (truth.low >= Truth::kUnknown) range.low = range.low.Join(rows_[row].label);
    if (truth.high >= Truth::kUnknown) range.high = range.high.Join(rows_[row].label);
  }
  if (redaction != kNoRedaction) {
    range.low = range.low.Join(Leaves(domains, redaction, /*certainly=*/true));
    range.high = range.high.Join(Leaves(domains, redaction, /*certainly=*/false));
  }
  const Values unscanned = domains[unscanned_];
  if ((unscanned & 0b10) != 0) range.high = top_;
  if (unscanned == 0b10) range.low = top_;
  return range;
}

}  // namespace hpol::check
