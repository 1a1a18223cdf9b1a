// Comparisons: `left op constant`, typed by what stands on the left.
#include <limits>
#include <string>
#include <utility>

#include "compiler/check/condition_resolver.h"

namespace hpol::check {
namespace {

constexpr std::string_view kOpText[] = {"==", "!=", "<", "<=", ">", ">=", "exceeds"};

std::string OpTick(Op op) { return Tick(kOpText[static_cast<size_t>(op)]); }

Op Flip(Op op) {
  switch (op) {
    case Op::kLess:
      return Op::kGreater;
    case Op::kLessEqual:
      return Op::kGreaterEqual;
    case Op::kGreater:
      return Op::kLess;
    case Op::kGreaterEqual:
      return Op::kLessEqual;
    case Op::kEqual:
    case Op::kNotEqual:
    case Op::kExceeds:
      break;
  }
  return op;
}

hir::CompareOp ToHir(Op op) { return static_cast<hir::CompareOp>(op); }
static_assert(static_cast<int>(Op::kGreaterEqual) == static_cast<int>(hir::CompareOp::kGreaterEqual));

}  // namespace

hir::Expr ConditionResolver::ResolveNode(const ast::CompareExpr& node, Span span, const ast::Expr&,
                                         const Span* negation) {
  if (!node.left || !node.right) return {};
  Operand left = Read(*node.left);
  const ast::Expr* right = node.right.get();
  Op op = node.op;
  if (left.kind == Operand::Kind::kConstant) {
    // `3 < n` reads as `n > 3`; a constant on both sides compares nothing.
    Operand other = Read(*node.right);
    if (other.kind == Operand::Kind::kError) return {};
    if (other.kind == Operand::Kind::kConstant) return TwoConstants(*node.left, span);
    left = std::move(other);
    right = node.left.get();
    op = Flip(op);
  }
  if (op == Op::kExceeds) return CompareExceeds(left, node.op_span, *right, span);
  switch (left.kind) {
    case Operand::Kind::kLevel:
      return CompareLevel(left, op, node.op_span, *right, span);
    case Operand::Kind::kAttribute:
      return CompareAttribute(left, op, node.op_span, *right, span);
    case Operand::Kind::kTier:
      return CompareTier(left, op, node.op_span, *right, span, negation);
    case Operand::Kind::kCount:
    case Operand::Kind::kDistinct:
      return CompareCount(left, op, node.op_span, *right, span, negation);
    case Operand::Kind::kOutcome:
      return CompareOutcome(left, op, node.op_span, *right, span);
    case Operand::Kind::kLabel: {
      if (!MayUseLabel(left)) return {};
      if (phase_ == Phase::kGuarantee) return CompareLabel(left, op, node.op_span, *right, span);
      Diagnostic& error = Error(DiagnosticKind::kTypeMismatch, left.expr->span, "`label` cannot be compared",
                                "compare `level`, or ask `label has` a category");
      error.help = {"compare the level", {{left.expr->span, "level"}}};
      return {};
    }
    case Operand::Kind::kDetector: {
      Diagnostic& error = Error(DiagnosticKind::kTypeMismatch, left.expr->span,
                                "a detector is compared with " + OpTick(op), "is found or not found");
      const std::string name(context_.sources.Text(left.expr->span));
      error.help = {"count its findings", {{left.expr->span, "count(" + name + ")"}}};
      return {};
    }
    default:
      return {};
  }
}

hir::Expr ConditionResolver::TwoConstants(const ast::Expr& left, Span span) {
  if (const auto* name = std::get_if<ast::NameExpr>(&left.node)) {
    ReportUnknown(name->name, "input", context_.attributes.All(), context_.diagnostics);
  } else {
    Error(DiagnosticKind::kTypeMismatch, span, "two constants are compared", "one side must be an input");
  }
  return {};
}

// The label has a level or a category that the input has not: as many conditions as the lattice has parts. An
// input that is missing exceeds nothing surely, so the rule may apply.
hir::Expr ConditionResolver::CompareExceeds(const Operand& left, Span op_span, const ast::Expr& right,
                                            Span span) {
  if (phase_ != Phase::kRespond || left.kind != Operand::Kind::kLabel) {
    Error(DiagnosticKind::kTypeMismatch, op_span, "`exceeds` compares the label of an answer",
          "only in `respond`: `answer.label exceeds` an input of type `label`");
    return {};
  }
  if (!MayUseLabel(left)) return {};
  const Operand other = Read(right);
  if (other.kind == Operand::Kind::kError) return {};
  if (other.kind != Operand::Kind::kAttribute ||
      context_.hir.attributes[other.attribute.value].type != AttributeType::kLabel) {
    Error(DiagnosticKind::kTypeMismatch, right.span, Describe(context_, other) + " after `exceeds`",
          "expected an input of type `label`");
    return {};
  }
  hir::Expr any;
  any.kind = hir::Expr::Kind::kOr;
  any.span = span;
  const auto add = [&](hir::Atom::Kind kind, Label part) {
    hir::Atom has;
    has.kind = kind;
    has.label = part;
    has.whose = hir::LabelOf::kAnswer;
    hir::Atom cleared;
    cleared.kind = hir::Atom::Kind::kCompare;
    cleared.attribute = other.attribute;
    cleared.label = part;
    hir::Expr both;
    both.kind = hir::Expr::Kind::kAnd;
    both.span = span;
    both.operands.push_back(AtomExpr(std::move(has), span));
    both.operands.push_back(Negate(AtomExpr(std::move(cleared), span), span));
    any.operands.push_back(std::move(both));
  };
  for (int level = 1; level < static_cast<int>(context_.hir.levels.size()); ++level)
    add(hir::Atom::Kind::kLevel, Label::Level(level));
  for (int category = 0; category < static_cast<int>(context_.hir.categories.size()); ++category)
    add(hir::Atom::Kind::kCategory, Label::Category(category));
  return any;
}

hir::Expr ConditionResolver::CompareLabel(const Operand& left, Op op, Span op_span, const ast::Expr& right,
                                          Span span) {
  if (op == Op::kLess || op == Op::kGreater) {
    Error(DiagnosticKind::kTypeMismatch, op_span, OpTick(op) + " on a label",
          OperatorsFor(AttributeType::kLabel));
    return {};
  }
  const std::optional<Label> label = ReadLabel(context_, right);
  if (!label) return {};
  hir::Atom atom;
  atom.kind = hir::Atom::Kind::kLabel;
  atom.op = op == Op::kNotEqual ? hir::CompareOp::kEqual : ToHir(op);
  atom.label = *label;
  atom.whose = left.whose;
  hir::Expr expr = AtomExpr(std::move(atom), span);
  return op == Op::kNotEqual ? Negate(std::move(expr), span) : expr;
}

hir::Expr ConditionResolver::CompareLevel(const Operand& left, Op op, Span op_span, const ast::Expr& right,
                                          Span span) {
  if (!MayUseLabel(left)) return {};
  const std::optional<int> level = ReadLevel(context_, right);
  if (!level) return {};
  const int highest = static_cast<int>(context_.hir.levels.size()) - 1;
  if ((op == Op::kGreater && *level == highest) || (op == Op::kLess && *level == 0)) {
    Constant(op_span, "no request is " + std::string(op == Op::kGreater ? "above" : "below") + " this level",
             false);
  } else if ((op == Op::kGreaterEqual && *level == 0) || (op == Op::kLessEqual && *level == highest)) {
    Constant(op_span,
             "every request is at " + std::string(op == Op::kGreaterEqual ? "least" : "most") + " this",
             true);
  }
  return LevelAtom(op, *level, left.whose, span);
}

hir::Expr ConditionResolver::LevelAtom(Op op, int level, hir::LabelOf whose, Span span) {
  hir::Atom atom;
  atom.kind = hir::Atom::Kind::kLevel;
  atom.op = op == Op::kNotEqual ? hir::CompareOp::kEqual : ToHir(op);
  atom.label = Label::Level(level);
  atom.whose = whose;
  hir::Expr expr = AtomExpr(std::move(atom), span);
  return op == Op::kNotEqual ? Negate(std::move(expr), span) : expr;
}

hir::Expr ConditionResolver::CompareAttribute(const Operand& left, Op op, Span op_span,
                                              const ast::Expr& right, Span span) {
  if (!MayUseAttribute(left.attribute, left.expr->span)) return {};
  const hir::Attribute& attribute = context_.hir.attributes[left.attribute.value];
  const bool equality = op == Op::kEqual || op == Op::kNotEqual;
  const bool ordered =
      attribute.type == AttributeType::kInt ||
      (attribute.type == AttributeType::kLabel && (op == Op::kGreaterEqual || op == Op::kLessEqual));
  const bool set = attribute.type == AttributeType::kStringSet || attribute.type == AttributeType::kEnumSet;
  if (set || (!equality && !ordered)) {
    Diagnostic& error = Error(DiagnosticKind::kTypeMismatch, op_span,
                              OpTick(op) + " on a value of type " + Tick(TypeWord(attribute.type)),
                              OperatorsFor(attribute.type));
    error.others.push_back({attribute.span, Tick(attribute.name) + " is declared here"});
    if (set && op == Op::kEqual) error.help = {"ask for a member", {{op_span, "has"}}};
    return {};
  }
  std::optional<hir::Expr> expr = EqualityAtom(left.attribute, attribute, op, right, span);
  if (!expr) return {};
  return op == Op::kNotEqual ? Negate(*std::move(expr), span) : *std::move(expr);
}

std::string ConditionResolver::OperatorsFor(AttributeType type) {
  switch (type) {
    case AttributeType::kStringSet:
    case AttributeType::kEnumSet:
      return "a set is asked with `has`";
    case AttributeType::kLabel:
      return "labels have `>=`, `<=` and `==`: one flows to another or not";
    default:
      return "has only `==`, `!=` and `in`";
  }
}

std::optional<hir::Expr> ConditionResolver::EqualityAtom(AttributeId id, const hir::Attribute& attribute,
                                                         Op op, const ast::Expr& right, Span span) {
  hir::Atom atom;
  atom.attribute = id;
  atom.op = op == Op::kNotEqual ? hir::CompareOp::kEqual : ToHir(op);
  switch (attribute.type) {
    case AttributeType::kBool: {
      const std::optional<bool> value = ReadBool(context_, right, attribute);
      if (!value) return std::nullopt;
      atom.kind = hir::Atom::Kind::kBool;
      hir::Expr expr = AtomExpr(std::move(atom), span);
      return *value ? std::move(expr) : Negate(std::move(expr), span);
    }
    case AttributeType::kInt: {
      const std::optional<int64_t> value = ReadInteger(context_, right, Tick(attribute.name));
      if (!value) return std::nullopt;
      atom.kind = hir::Atom::Kind::kCompare;
      atom.number = *value;
      break;
    }
    case AttributeType::kLabel: {
      const std::optional<Label> value = ReadLabel(context_, right);
      if (!value) return std::nullopt;
      atom.kind = hir::Atom::Kind::kCompare;
      atom.label = *value;
      break;
    }
    case AttributeType::kString:
    case AttributeType::kStringSet: {
      std::optional<std::string> value = ReadText(context_, right, attribute);
      if (!value) return std::nullopt;
      atom.kind = attribute.type == AttributeType::kString ? hir::Atom::Kind::kIn : hir::Atom::Kind::kHas;
      atom.texts.push_back(*std::move(value));
      break;
    }
    case AttributeType::kEnum:
    case AttributeType::kEnumSet: {
      const std::optional<uint32_t> value = ReadMember(context_, right, attribute);
      if (!value) return std::nullopt;
      atom.kind = attribute.type == AttributeType::kEnum ? hir::Atom::Kind::kIn : hir::Atom::Kind::kHas;
      atom.members.push_back(*value);
      break;
    }
  }
  return AtomExpr(std::move(atom), span);
}

hir::Expr ConditionResolver::CompareCount(const Operand& left, Op op, Span op_span, const ast::Expr& right,
                                          Span span, const Span* negation) {
  if (!MayUseDetectors(left.expr->span) || !IsPositive(left.expr->span, negation)) return {};
  if (phase_ == Phase::kRespond) {
    Diagnostic& error = Error(DiagnosticKind::kWrongPhase, left.expr->span,
                              "an answer is counted before its end", "its first part has left by then");
    error.help = dsl::Help{"ask whether there is a finding at all", {}};
    return {};
  }
  if (!RaisesOnly(op, op_span, /*strict_allowed=*/true)) return {};
  const std::optional<int64_t> number = ReadInteger(context_, right, "a number of findings");
  if (!number) return {};
  if (*number < 0 || *number >= std::numeric_limits<int32_t>::max()) {
    Error(DiagnosticKind::kTypeMismatch, right.span, "no text has this number of findings",
          "expected 0 to 2147483646");
    return {};
  }
  hir::Atom atom;
  atom.kind = left.kind == Operand::Kind::kCount ? hir::Atom::Kind::kCount : hir::Atom::Kind::kDistinct;
  atom.detectors = left.detectors;
  atom.number = op == Op::kGreater ? *number + 1 : *number;
  if (atom.number == 0) Constant(op_span, "every text has at least 0 findings", true);
  return AtomExpr(std::move(atom), span);
}

hir::Expr ConditionResolver::CompareTier(const Operand& left, Op op, Span op_span, const ast::Expr& right,
                                         Span span, const Span* negation) {
  if (!MayUseDetectors(left.expr->span) || !IsPositive(left.expr->span, negation)) return {};
  if (!RaisesOnly(op, op_span, /*strict_allowed=*/false)) return {};
  const std::optional<Tier> tier = ReadTier(context_, right);
  if (!tier) return {};
  if (*tier > Tier::kShape) WarnTierOutOfReach(left, *tier, right.span);
  hir::Atom atom;
  atom.kind = hir::Atom::Kind::kDetector;
  atom.detectors = left.detectors;
  atom.at_firing = false;
  atom.tier = *tier;
  return AtomExpr(std::move(atom), span);
}

void ConditionResolver::WarnTierOutOfReach(const Operand& operand, Tier tier, Span span) {
  for (const DetectorId id : operand.detectors) {
    const ast::Detector& declaration = *context_.detectors.entries()[id.value].declaration;
    const auto raises = [](const ast::Near& near) { return !near.negated; };
    if (declaration.validator) return;
    if (tier == Tier::kContext && std::any_of(declaration.near.begin(), declaration.near.end(), raises))
      return;
  }
  const ast::Detector& detector = *context_.detectors.entries()[operand.detectors.front().value].declaration;
  Diagnostic& warning = Constant(span, Tick(detector.name.text) + " never has this tier", false);
  warning.others.push_back({detector.name.span, tier == Tier::kContext ? "has neither `near` nor `validate`"
                                                                       : "has no `validate`"});
}

bool ConditionResolver::RaisesOnly(Op op, Span op_span, bool strict_allowed) {
  if (op == Op::kGreaterEqual || (strict_allowed && op == Op::kGreater)) return true;
  Diagnostic& error = Error(DiagnosticKind::kNotMonotone, op_span, OpTick(op) + " over findings",
                            "more evidence could lower the result");
  error.help = {"more findings may only raise", {{op_span, ">="}}};
  return false;
}

}  // namespace hpol::check
