// `in`, `has`, `is present`.
#include <string>
#include <utility>

#include "compiler/check/condition_resolver.h"

namespace hpol::check {

hir::Expr ConditionResolver::ResolveNode(const ast::InExpr& node, Span span, const ast::Expr&, const Span*) {
  if (!node.subject) return {};
  const Operand subject = Read(*node.subject);
  if (node.members.size() > kMaxMembers) {
    ReportTooMany(node.members[kMaxMembers]->span, "values in one list", kMaxMembers, context_.diagnostics);
    return {};
  }
  std::optional<hir::Expr> expr;
  if (subject.kind == Operand::Kind::kLevel) {
    if (!MayUseLabel(subject)) return {};
    expr = AnyLevel(node, subject.whose, span);
  } else if (subject.kind == Operand::Kind::kOutcome) {
    expr = AnyOutcome(node, subject, span);
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

std::optional<hir::Expr> ConditionResolver::AnyLevel(const ast::InExpr& node, hir::LabelOf whose, Span span) {
  hir::Expr any;
  any.kind = hir::Expr::Kind::kOr;
  any.span = span;
  bool good = true;
  for (const ast::ExprPtr& member : node.members) {
    const std::optional<int> level = ReadLevel(context_, *member);
    if (level) any.operands.push_back(LevelAtom(Op::kEqual, *level, whose, member->span));
    good = good && level.has_value();
  }
  return good ? std::optional(std::move(any)) : std::nullopt;
}

std::optional<hir::Expr> ConditionResolver::AnyValue(const ast::InExpr& node, const Operand& subject,
                                                     Span span) {
  const hir::Attribute& attribute = context_.hir.attributes[subject.attribute.value];
  switch (attribute.type) {
    case AttributeType::kInt:
      return AnyNumber(node, subject.attribute, attribute, span);
    case AttributeType::kEnum:
    case AttributeType::kString:
      break;
    default: {
      Diagnostic& error = Error(DiagnosticKind::kTypeMismatch, node.subject->span,
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

std::string ConditionResolver::OperatorsForIn(AttributeType type) {
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

std::optional<hir::Expr> ConditionResolver::AnyNumber(const ast::InExpr& node, AttributeId id,
                                                      const hir::Attribute& attribute, Span span) {
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

hir::Expr ConditionResolver::ResolveNode(const ast::HasExpr& node, Span span, const ast::Expr&, const Span*) {
  if (!node.subject || !node.member) return {};
  const Operand subject = Read(*node.subject);
  if (subject.kind == Operand::Kind::kLabel) return LabelHas(subject, *node.member, span);
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

hir::Expr ConditionResolver::LabelHas(const Operand& subject, const ast::Expr& member, Span span) {
  if (!MayUseLabel(subject)) return {};
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
  atom.whose = subject.whose;
  return AtomExpr(std::move(atom), span);
}

hir::Expr ConditionResolver::ResolveNode(const ast::PresentExpr& node, Span span, const ast::Expr&,
                                         const Span*) {
  if (!node.subject) return {};
  const Operand subject = Read(*node.subject);
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

}  // namespace hpol::check
