// Conditions: names to facts, types, and the two rules of flow that a single condition can
// break: a fact of a later phase (DESIGN 2.2), and findings that would lower (2.2.1).
// The one door is ResolveCondition. What an operand is stands in operands.cc.
#include <limits>
#include <string>
#include <utility>

#include "compiler/check/operands.h"

namespace hpol::check {
namespace {

using Op = ast::CompareOp;

constexpr std::string_view kOpText[] = {"==", "!=", "<", "<=", ">", ">="};

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
      break;
  }
  return op;
}

hir::CompareOp ToHir(Op op) { return static_cast<hir::CompareOp>(op); }
static_assert(static_cast<int>(Op::kGreaterEqual) == static_cast<int>(hir::CompareOp::kGreaterEqual));

hir::Expr AtomExpr(hir::Atom atom, Span span) {
  hir::Expr expr;
  expr.kind = hir::Expr::Kind::kAtom;
  expr.atom = std::move(atom);
  expr.span = span;
  return expr;
}

hir::Expr Negate(hir::Expr operand, Span span) {
  hir::Expr expr;
  expr.kind = hir::Expr::Kind::kNot;
  expr.operands.push_back(std::move(operand));
  expr.span = span;
  return expr;
}

class ConditionResolver {
 public:
  ConditionResolver(Context& context, Phase phase) : context_(context), phase_(phase) {}

  // `negation`: the `not` around this part, if any. After an error the result means nothing.
  hir::Expr Resolve(const ast::Expr& expr, const Span* negation) {
    return std::visit([&](const auto& node) { return ResolveNode(node, expr.span, expr, negation); },
                      expr.node);
  }

 private:
  // ---- what stands alone: a bool input or a detector ----

  hir::Expr ResolveNode(const ast::NameExpr& node, Span span, const ast::Expr& expr, const Span* negation) {
    const Operand operand = ReadOperand(context_, expr);
    switch (operand.kind) {
      case Operand::Kind::kAttribute:
        return BareAttribute(operand, span);
      case Operand::Kind::kDetector: {
        if (!MayUseDetectors(span) || !IsPositive(span, negation)) return {};
        hir::Atom atom;
        atom.kind = hir::Atom::Kind::kDetector;
        atom.detectors = operand.detectors;
        return AtomExpr(std::move(atom), span);
      }
      case Operand::Kind::kLevel:
      case Operand::Kind::kLabel:
        Error(
            DiagnosticKind::kTypeMismatch, span, Describe(context_, operand) + " alone is no condition",
            operand.kind == Operand::Kind::kLevel ? "compare it with a level" : "ask `label has` a category");
        return {};
      case Operand::Kind::kConstant:
        ReportUnknownCondition(node.name);
        return {};
      default:
        return {};
    }
  }

  hir::Expr BareAttribute(const Operand& operand, Span span) {
    if (!MayUseAttribute(operand.attribute, span)) return {};
    const hir::Attribute& attribute = context_.hir.attributes[operand.attribute.value];
    if (attribute.type != AttributeType::kBool) {
      Diagnostic& error = Error(DiagnosticKind::kTypeMismatch, span,
                                Describe(context_, operand) + " is no condition", "compare it with a value");
      error.others.push_back({attribute.span, "declared here"});
      return {};
    }
    hir::Atom atom;
    atom.kind = hir::Atom::Kind::kBool;
    atom.attribute = operand.attribute;
    return AtomExpr(std::move(atom), span);
  }

  void ReportUnknownCondition(const ast::Name& name) {
    std::vector<std::string> known = context_.attributes.All();
    for (std::string& detector : context_.detectors.AllNames()) known.push_back(std::move(detector));
    Diagnostic& error = ReportUnknown(name, "input or detector", known, context_.diagnostics);
    if (context_.levels.Find(name.text) != nullptr) {
      error.primary.text = "this is a level";
      error.help = {"compare the level of the request", {{name.span, "level == " + name.text}}};
    } else if (context_.categories.Find(name.text) != nullptr) {
      error.primary.text = "this is a category";
      error.help = {"ask for a category of the request's label", {{name.span, "label has " + name.text}}};
    }
  }

  hir::Expr ResolveNode(const ast::StringExpr&, Span span, const ast::Expr&, const Span*) {
    Error(DiagnosticKind::kTypeMismatch, span, "a string alone is no condition", "compare an input with it");
    return {};
  }
  hir::Expr ResolveNode(const ast::IntegerExpr&, Span span, const ast::Expr&, const Span*) {
    Error(DiagnosticKind::kTypeMismatch, span, "a number alone is no condition", "compare something with it");
    return {};
  }
  hir::Expr ResolveNode(const ast::CallExpr&, Span span, const ast::Expr& expr, const Span*) {
    return BareNumber(ReadOperand(context_, expr), span);
  }
  hir::Expr ResolveNode(const ast::SumExpr&, Span span, const ast::Expr& expr, const Span*) {
    return BareNumber(ReadOperand(context_, expr), span);
  }
  hir::Expr BareNumber(const Operand& operand, Span span) {
    if (operand.kind == Operand::Kind::kError) return {};
    Diagnostic& error = Error(DiagnosticKind::kTypeMismatch, span,
                              Describe(context_, operand) + " alone is no condition", "compare it");
    if (operand.kind == Operand::Kind::kTier)
      error.help = {"say which tier is enough", {{EndOf(span), " >= shape"}}};
    if (operand.kind == Operand::Kind::kCount || operand.kind == Operand::Kind::kDistinct) {
      error.help = {"say how many are enough", {{EndOf(span), " >= 1"}}};
    }
    return {};
  }

  // ---- comparisons ----

  hir::Expr ResolveNode(const ast::CompareExpr& node, Span span, const ast::Expr&, const Span* negation) {
    if (!node.left || !node.right) return {};
    Operand left = ReadOperand(context_, *node.left);
    const ast::Expr* right = node.right.get();
    Op op = node.op;
    if (left.kind == Operand::Kind::kConstant) {
      // `3 < n` reads as `n > 3`; a constant on both sides compares nothing.
      Operand other = ReadOperand(context_, *node.right);
      if (other.kind == Operand::Kind::kError) return {};
      if (other.kind == Operand::Kind::kConstant) return TwoConstants(*node.left, span);
      left = std::move(other);
      right = node.left.get();
      op = Flip(op);
    }
    switch (left.kind) {
      case Operand::Kind::kLevel:
        return CompareLevel(op, node.op_span, *right, span);
      case Operand::Kind::kAttribute:
        return CompareAttribute(left, op, node.op_span, *right, span);
      case Operand::Kind::kTier:
        return CompareTier(left, op, node.op_span, *right, span, negation);
      case Operand::Kind::kCount:
      case Operand::Kind::kDistinct:
        return CompareCount(left, op, node.op_span, *right, span, negation);
      case Operand::Kind::kLabel: {
        if (!MayUseLabel(left.expr->span)) return {};
        Diagnostic& error =
            Error(DiagnosticKind::kTypeMismatch, left.expr->span, "`label` cannot be compared",
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

  hir::Expr TwoConstants(const ast::Expr& left, Span span) {
    if (const auto* name = std::get_if<ast::NameExpr>(&left.node)) {
      ReportUnknown(name->name, "input", context_.attributes.All(), context_.diagnostics);
    } else {
      Error(DiagnosticKind::kTypeMismatch, span, "two constants are compared", "one side must be an input");
    }
    return {};
  }

  hir::Expr CompareLevel(Op op, Span op_span, const ast::Expr& right, Span span) {
    if (!MayUseLabel(span)) return {};
    const std::optional<int> level = ReadLevel(context_, right);
    if (!level) return {};
    const int highest = static_cast<int>(context_.hir.levels.size()) - 1;
    if ((op == Op::kGreater && *level == highest) || (op == Op::kLess && *level == 0)) {
      Constant(op_span,
               "no request is " + std::string(op == Op::kGreater ? "above" : "below") + " this level", false);
    } else if ((op == Op::kGreaterEqual && *level == 0) || (op == Op::kLessEqual && *level == highest)) {
      Constant(op_span, "every request is", true);
    }
    return LevelAtom(op, *level, span);
  }

  static hir::Expr LevelAtom(Op op, int level, Span span) {
    hir::Atom atom;
    atom.kind = hir::Atom::Kind::kLevel;
    atom.op = op == Op::kNotEqual ? hir::CompareOp::kEqual : ToHir(op);
    atom.label = Label::Level(level);
    hir::Expr expr = AtomExpr(std::move(atom), span);
    return op == Op::kNotEqual ? Negate(std::move(expr), span) : expr;
  }

  hir::Expr CompareAttribute(const Operand& left, Op op, Span op_span, const ast::Expr& right, Span span) {
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

  static std::string OperatorsFor(AttributeType type) {
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

  // The atom of `attribute op constant`; `!=` gives the atom of `==`.
  std::optional<hir::Expr> EqualityAtom(AttributeId id, const hir::Attribute& attribute, Op op,
                                        const ast::Expr& right, Span span) {
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

  // Findings count upwards only: `>=` and `>`.
  hir::Expr CompareCount(const Operand& left, Op op, Span op_span, const ast::Expr& right, Span span,
                         const Span* negation) {
    if (!MayUseDetectors(left.expr->span) || !IsPositive(left.expr->span, negation)) return {};
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

  hir::Expr CompareTier(const Operand& left, Op op, Span op_span, const ast::Expr& right, Span span,
                        const Span* negation) {
    if (!MayUseDetectors(left.expr->span) || !IsPositive(left.expr->span, negation)) return {};
    if (!RaisesOnly(op, op_span, /*strict_allowed=*/false)) return {};
    const std::optional<Tier> tier = ReadTier(context_, right);
    if (!tier) return {};
    if (*tier > Tier::kShape) WarnTierOutOfReach(left, right.span);
    hir::Atom atom;
    atom.kind = hir::Atom::Kind::kDetector;
    atom.detectors = left.detectors;
    atom.at_firing = false;
    atom.tier = *tier;
    return AtomExpr(std::move(atom), span);
  }

  // Without a validator a finding never rises above its shape.
  void WarnTierOutOfReach(const Operand& operand, Span span) {
    for (const DetectorId id : operand.detectors) {
      if (context_.detectors.entries()[id.value].declaration->validator) return;
    }
    const ast::Detector& detector =
        *context_.detectors.entries()[operand.detectors.front().value].declaration;
    Diagnostic& warning = Constant(span, Tick(detector.name.text) + " never has this tier", false);
    warning.others.push_back({detector.name.span, "has no `validate`"});
  }

  bool RaisesOnly(Op op, Span op_span, bool strict_allowed) {
    if (op == Op::kGreaterEqual || (strict_allowed && op == Op::kGreater)) return true;
    Diagnostic& error = Error(DiagnosticKind::kNotMonotone, op_span, OpTick(op) + " over findings",
                              "more evidence could lower the result");
    error.help = {"more findings may only raise", {{op_span, ">="}}};
    return false;
  }

  // ---- sets ----

  hir::Expr ResolveNode(const ast::InExpr& node, Span span, const ast::Expr&, const Span*) {
    if (!node.subject) return {};
    const Operand subject = ReadOperand(context_, *node.subject);
    if (node.members.size() > kMaxMembers) {
      ReportTooMany(node.members[kMaxMembers]->span, "values in one list", kMaxMembers, context_.diagnostics);
      return {};
    }
    std::optional<hir::Expr> expr;
    if (subject.kind == Operand::Kind::kLevel) {
      if (!MayUseLabel(span)) return {};
      expr = AnyLevel(node, span);
    } else if (subject.kind == Operand::Kind::kAttribute) {
      if (!MayUseAttribute(subject.attribute, node.subject->span)) return {};
      expr = AnyValue(node, subject, span);
    } else if (const auto* name = std::get_if<ast::NameExpr>(&node.subject->node);
               name != nullptr && subject.kind == Operand::Kind::kConstant) {
      ReportUnknown(name->name, "input", context_.attributes.All(), context_.diagnostics);
    } else if (subject.kind != Operand::Kind::kError) {
      Error(DiagnosticKind::kTypeMismatch, node.subject->span, Describe(context_, subject) + " before `in`",
            "expected an input or `level`");
    }
    if (!expr) return {};
    return node.negated ? Negate(*std::move(expr), span) : *std::move(expr);
  }

  std::optional<hir::Expr> AnyLevel(const ast::InExpr& node, Span span) {
    hir::Expr any;
    any.kind = hir::Expr::Kind::kOr;
    any.span = span;
    bool good = true;
    for (const ast::ExprPtr& member : node.members) {
      const std::optional<int> level = ReadLevel(context_, *member);
      if (level) any.operands.push_back(LevelAtom(Op::kEqual, *level, member->span));
      good = good && level.has_value();
    }
    return good ? std::optional(std::move(any)) : std::nullopt;
  }

  std::optional<hir::Expr> AnyValue(const ast::InExpr& node, const Operand& subject, Span span) {
    const hir::Attribute& attribute = context_.hir.attributes[subject.attribute.value];
    switch (attribute.type) {
      case AttributeType::kInt:
        return AnyNumber(node, subject.attribute, attribute, span);
      case AttributeType::kEnum:
      case AttributeType::kString:
        break;
      default: {
        Diagnostic& error =
            Error(DiagnosticKind::kTypeMismatch, node.subject->span,
                  Describe(context_, subject) + " before `in`", OperatorsForIn(attribute.type));
        error.others.push_back({attribute.span, "declared here"});
        return std::nullopt;
      }
    }
    hir::Atom atom;
    atom.kind = hir::Atom::Kind::kIn;
    atom.attribute = subject.attribute;
    bool good = true;
    for (const ast::ExprPtr& member : node.members) {
      if (attribute.type == AttributeType::kEnum) {
        const std::optional<uint32_t> index = ReadMember(context_, *member, attribute);
        if (index) atom.members.push_back(*index);
        good = good && index.has_value();
      } else {
        std::optional<std::string> text = ReadText(context_, *member, attribute);
        good = good && text.has_value();
        if (text) atom.texts.push_back(*std::move(text));
      }
    }
    if (!good) return std::nullopt;
    return AtomExpr(std::move(atom), span);
  }

  static std::string OperatorsForIn(AttributeType type) {
    switch (type) {
      case AttributeType::kStringSet:
      case AttributeType::kEnumSet:
        return "a set is asked with `has`";
      case AttributeType::kLabel:
        return "labels have `>=`, `<=` and `==`";
      default:
        return "a bool stands alone";
    }
  }

  std::optional<hir::Expr> AnyNumber(const ast::InExpr& node, AttributeId id, const hir::Attribute& attribute,
                                     Span span) {
    hir::Expr any;
    any.kind = hir::Expr::Kind::kOr;
    any.span = span;
    bool good = true;
    for (const ast::ExprPtr& member : node.members) {
      std::optional<hir::Expr> one = EqualityAtom(id, attribute, Op::kEqual, *member, member->span);
      good = good && one.has_value();
      if (one) any.operands.push_back(*std::move(one));
    }
    return good ? std::optional(std::move(any)) : std::nullopt;
  }

  hir::Expr ResolveNode(const ast::HasExpr& node, Span span, const ast::Expr&, const Span*) {
    if (!node.subject || !node.member) return {};
    const Operand subject = ReadOperand(context_, *node.subject);
    if (subject.kind == Operand::Kind::kLabel) return LabelHas(*node.member, span);
    if (subject.kind == Operand::Kind::kAttribute) {
      if (!MayUseAttribute(subject.attribute, node.subject->span)) return {};
      const hir::Attribute& attribute = context_.hir.attributes[subject.attribute.value];
      if (attribute.type == AttributeType::kStringSet || attribute.type == AttributeType::kEnumSet) {
        std::optional<hir::Expr> expr =
            EqualityAtom(subject.attribute, attribute, Op::kEqual, *node.member, span);
        return expr ? *std::move(expr) : hir::Expr{};
      }
    }
    if (const auto* name = std::get_if<ast::NameExpr>(&node.subject->node);
        name != nullptr && subject.kind == Operand::Kind::kConstant) {
      ReportUnknown(name->name, "input", context_.attributes.All(), context_.diagnostics);
    } else if (subject.kind != Operand::Kind::kError) {
      Error(DiagnosticKind::kTypeMismatch, node.subject->span, Describe(context_, subject) + " before `has`",
            "expected a set or `label`");
    }
    return {};
  }

  hir::Expr LabelHas(const ast::Expr& member, Span span) {
    if (!MayUseLabel(span)) return {};
    const auto* name = std::get_if<ast::NameExpr>(&member.node);
    if (name == nullptr) {
      Error(DiagnosticKind::kTypeMismatch, member.span, "a label has categories",
            "expected the name of a category");
      return {};
    }
    const std::optional<int> category = ResolveCategory(context_, name->name);
    if (!category) return {};
    hir::Atom atom;
    atom.kind = hir::Atom::Kind::kCategory;
    atom.label = Label::Category(*category);
    return AtomExpr(std::move(atom), span);
  }

  hir::Expr ResolveNode(const ast::PresentExpr& node, Span span, const ast::Expr&, const Span*) {
    if (!node.subject) return {};
    const Operand subject = ReadOperand(context_, *node.subject);
    if (subject.kind != Operand::Kind::kAttribute) {
      if (const auto* name = std::get_if<ast::NameExpr>(&node.subject->node);
          name != nullptr && subject.kind == Operand::Kind::kConstant) {
        ReportUnknown(name->name, "input", context_.attributes.All(), context_.diagnostics);
      } else if (subject.kind != Operand::Kind::kError) {
        Error(DiagnosticKind::kTypeMismatch, node.subject->span,
              Describe(context_, subject) + " before `is " + (node.negated ? "missing" : "present") + "`",
              "only an optional input can be missing");
      }
      return {};
    }
    if (!MayUseAttribute(subject.attribute, node.subject->span)) return {};
    const hir::Attribute& attribute = context_.hir.attributes[subject.attribute.value];
    if (!attribute.optional) {
      Diagnostic& warning = Constant(span, Tick(attribute.name) + " is required", !node.negated);
      warning.others.push_back({attribute.span, "declared without `optional`"});
    }
    hir::Atom atom;
    atom.kind = hir::Atom::Kind::kPresent;
    atom.attribute = subject.attribute;
    hir::Expr expr = AtomExpr(std::move(atom), span);
    return node.negated ? Negate(std::move(expr), span) : expr;
  }

  // ---- not, and, or ----

  hir::Expr ResolveNode(const ast::NotExpr& node, Span span, const ast::Expr&, const Span* negation) {
    if (!node.operand) return {};
    const Span here{span.file, span.begin, span.begin + 3};  // the word `not`
    return Negate(Resolve(*node.operand, negation == nullptr ? &here : negation), span);
  }
  hir::Expr ResolveNode(const ast::AndExpr& node, Span span, const ast::Expr&, const Span* negation) {
    return Many(hir::Expr::Kind::kAnd, node.operands, span, negation);
  }
  hir::Expr ResolveNode(const ast::OrExpr& node, Span span, const ast::Expr&, const Span* negation) {
    return Many(hir::Expr::Kind::kOr, node.operands, span, negation);
  }
  hir::Expr Many(hir::Expr::Kind kind, const std::vector<ast::ExprPtr>& operands, Span span,
                 const Span* negation) {
    hir::Expr expr;
    expr.kind = kind;
    expr.span = span;
    for (const ast::ExprPtr& operand : operands) {
      if (operand) expr.operands.push_back(Resolve(*operand, negation));
    }
    return expr;
  }

  // ---- flow ----

  bool MayUseAttribute(AttributeId id, Span span) {
    const hir::Attribute& attribute = context_.hir.attributes[id.value];
    if (phase_ != Phase::kFloor || attribute.source != Source::kCaller) return true;
    Diagnostic& error = Error(DiagnosticKind::kCallerFloor, span,
                              "a floor depends on " + Tick(attribute.name) + ", which the caller chooses",
                              "anyone could lower it");
    error.others.push_back({attribute.span, "declared `from caller`"});
    error.help = dsl::Help{"use an input from `identity` or `gateway`, or raise by it", {}};
    return false;
  }

  bool MayUseLabel(Span span) {
    if (phase_ == Phase::kDeny || phase_ == Phase::kSend) return true;
    Error(DiagnosticKind::kWrongPhase, span, "the label is read before it is known",
          phase_ == Phase::kFloor ? "a floor makes the label" : "`classify` makes the label");
    return false;
  }

  bool MayUseDetectors(Span span) {
    if (phase_ == Phase::kClassify || phase_ == Phase::kDeny) return true;
    Diagnostic& error =
        Error(DiagnosticKind::kWrongPhase, span,
              phase_ == Phase::kFloor ? "a floor depends on content" : "a `send` rule reads content",
              phase_ == Phase::kFloor ? "a floor holds whatever the text says"
                                      : "only labels and inputs decide where to send");
    error.help = dsl::Help{"raise the label by it in `classify`", {}};
    return false;
  }

  bool IsPositive(Span span, const Span* negation) {
    if (negation == nullptr) return true;
    Diagnostic& error = Error(DiagnosticKind::kNotMonotone, *negation, "`not` over findings",
                              "more evidence could lower the result");
    error.others.push_back({span, "depends on findings"});
    error.help = dsl::Help{"move the exception into the detector: `except \"…\"`", {}};
    return false;
  }

  // ---- reports ----

  Diagnostic& Error(DiagnosticKind kind, Span span, std::string message, std::string label = {}) {
    return context_.diagnostics.Error(kind, span, std::move(message), std::move(label));
  }

  Diagnostic& Constant(Span span, std::string why, bool value) {
    return context_.diagnostics.Warning(DiagnosticKind::kConstantCondition, span,
                                        "this condition is always " + std::string(value ? "true" : "false"),
                                        std::move(why));
  }

  Context& context_;
  Phase phase_;
};

}  // namespace

hir::Expr ResolveCondition(Context& context, const ast::Expr& expr, Phase phase) {
  return ConditionResolver(context, phase).Resolve(expr, nullptr);
}

}  // namespace hpol::check
