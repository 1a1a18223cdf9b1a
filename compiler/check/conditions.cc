// Conditions: names to facts, and the two rules of flow that a single condition can break:
// a fact of a later phase (DESIGN 2.2), and findings that would lower (2.2.1). The one door
// is ResolveCondition. Comparisons and sets stand in files of their own; so do operands.
#include <string>
#include <utility>

#include "compiler/check/condition_resolver.h"

namespace hpol::check {

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

hir::Expr ConditionResolver::Resolve(const ast::Expr& expr, const Span* negation) {
  return std::visit([&](const auto& node) { return ResolveNode(node, expr.span, expr, negation); },
                    expr.node);
}

Operand ConditionResolver::Read(const ast::Expr& expr) {
  const auto* node = std::get_if<ast::NameExpr>(&expr.node);
  const std::optional<hir::Atom::Kind> outcome =
      node == nullptr || phase_ != Phase::kGuarantee ? std::nullopt : OutcomeOf(node->name.text);
  if (!outcome) return ReadOperand(context_, expr);
  Operand operand;
  operand.expr = &expr;
  operand.outcome = *outcome;
  operand.kind = Operand::Kind::kOutcome;
  if (const Names::Entry* input = context_.attributes.Find(node->name.text)) {
    Diagnostic& error = Error(DiagnosticKind::kAmbiguousName, expr.span,
                              Tick(node->name.text) + " is an input, and a word of guarantees",
                              "a guarantee could mean either");
    error.others.push_back({input->span, "the input is declared here"});
    error.help = dsl::Help{"give the input another name", {}};
    operand.kind = Operand::Kind::kError;
  }
  return operand;
}

hir::Expr ConditionResolver::ResolveNode(const ast::NameExpr& node, Span span, const ast::Expr& expr,
                                         const Span* negation) {
  const Operand operand = Read(expr);
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
      Error(DiagnosticKind::kTypeMismatch, span, Describe(context_, operand) + " alone is no condition",
            operand.kind == Operand::Kind::kLevel ? "compare it with a level" : "ask `label has` a category");
      return {};
    case Operand::Kind::kConstant:
      ReportUnknownCondition(node.name);
      return {};
    case Operand::Kind::kOutcome:
      return BareOutcome(operand, span);
    default:
      return {};
  }
}

hir::Expr ConditionResolver::BareAttribute(const Operand& operand, Span span) {
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

void ConditionResolver::ReportUnknownCondition(const ast::Name& name) {
  std::vector<std::string> known = context_.attributes.All();
  for (std::string& detector : context_.detectors.AllNames()) known.push_back(std::move(detector));
  if (phase_ == Phase::kGuarantee) {
    for (const std::string_view word : {"target", "zone", "redaction", "redacted", "denied", "undecided"})
      known.emplace_back(word);
  }
  Diagnostic& error = ReportUnknown(name, "input or detector", known, context_.diagnostics);
  if (phase_ != Phase::kGuarantee && OutcomeOf(name.text))
    error.primary.text = "only a `guarantee` asks what becomes of a request";
  const bool guarantee = phase_ == Phase::kGuarantee;
  if (phase_ != Phase::kDeny && phase_ != Phase::kSend && !guarantee)
    return;  // the label cannot be read there
  const std::string whose = guarantee ? "request." : "";
  if (context_.levels.Find(name.text) != nullptr) {
    error.primary.text = "this is a level";
    error.help = {"compare the level of the request", {{name.span, whose + "level == " + name.text}}};
  } else if (context_.categories.Find(name.text) != nullptr) {
    error.primary.text = "this is a category";
    error.help = {"ask for a category of the request's label",
                  {{name.span, whose + "label has " + name.text}}};
  }
}

hir::Expr ConditionResolver::ResolveNode(const ast::StringExpr&, Span span, const ast::Expr&, const Span*) {
  Error(DiagnosticKind::kTypeMismatch, span, "a string alone is no condition", "compare an input with it");
  return {};
}

hir::Expr ConditionResolver::ResolveNode(const ast::IntegerExpr&, Span span, const ast::Expr&, const Span*) {
  Error(DiagnosticKind::kTypeMismatch, span, "a number alone is no condition", "compare something with it");
  return {};
}

hir::Expr ConditionResolver::ResolveNode(const ast::CallExpr&, Span span, const ast::Expr& expr,
                                         const Span*) {
  return BareNumber(Read(expr), span);
}

hir::Expr ConditionResolver::ResolveNode(const ast::SumExpr&, Span span, const ast::Expr& expr, const Span*) {
  return BareNumber(Read(expr), span);
}

hir::Expr ConditionResolver::BareNumber(const Operand& operand, Span span) {
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

hir::Expr ConditionResolver::ResolveNode(const ast::NotExpr& node, Span span, const ast::Expr&,
                                         const Span* negation) {
  if (!node.operand) return {};
  const Span here{span.file, span.begin, span.begin + 3};  // the word `not`
  return Negate(Resolve(*node.operand, negation == nullptr ? &here : negation), span);
}

hir::Expr ConditionResolver::ResolveNode(const ast::AndExpr& node, Span span, const ast::Expr&,
                                         const Span* negation) {
  return Many(hir::Expr::Kind::kAnd, node.operands, span, negation);
}

hir::Expr ConditionResolver::ResolveNode(const ast::OrExpr& node, Span span, const ast::Expr&,
                                         const Span* negation) {
  return Many(hir::Expr::Kind::kOr, node.operands, span, negation);
}

hir::Expr ConditionResolver::Many(hir::Expr::Kind kind, const std::vector<ast::ExprPtr>& operands, Span span,
                                  const Span* negation) {
  hir::Expr expr;
  expr.kind = kind;
  expr.span = span;
  for (const ast::ExprPtr& operand : operands) {
    if (operand) expr.operands.push_back(Resolve(*operand, negation));
  }
  return expr;
}

bool ConditionResolver::MayUseAttribute(AttributeId id, Span span) {
  const hir::Attribute& attribute = context_.hir.attributes[id.value];
  if (phase_ != Phase::kFloor || attribute.source != Source::kCaller) return true;
  Diagnostic& error = Error(DiagnosticKind::kCallerFloor, span,
                            "a floor depends on " + Tick(attribute.name) + ", which the caller chooses",
                            "anyone could lower it");
  error.others.push_back({attribute.span, "declared `from caller`"});
  error.help = dsl::Help{"use an input from `identity` or `gateway`, or raise by it", {}};
  return false;
}

bool ConditionResolver::MayUseLabel(const Operand& operand) {
  const Span span = operand.expr->span;
  if (phase_ == Phase::kGuarantee && operand.whose != hir::LabelOf::kAnswer) {
    if (operand.qualified) return true;
    const std::string name = operand.kind == Operand::Kind::kLevel ? "level" : "label";
    Diagnostic& error =
        Error(DiagnosticKind::kWhoseLabel, span, "a guarantee says whose " + name + " it means",
              "the request's, or what is sent after redaction");
    error.help = {"write `request." + name + "`, or `sent." + name + "` for what leaves",
                  {{span, "request." + name}}};
    return false;
  }
  if (phase_ == Phase::kRespond) {
    if (operand.whose == hir::LabelOf::kAnswer) return true;
    const std::string name = operand.kind == Operand::Kind::kLevel ? "level" : "label";
    Diagnostic& error = Error(DiagnosticKind::kWhoseLabel, span, "`respond` says whose " + name + " it means",
                              "only the answer's is known here");
    error.help = {"write `answer." + name + "`: it holds what was sent, and what the answer says",
                  {{span, "answer." + name}}};
    return false;
  }
  if (operand.whose == hir::LabelOf::kAnswer) {
    Error(DiagnosticKind::kWrongPhase, span, "the answer is read before there is one",
          "only `respond` asks about it");
    return false;
  }
  if (operand.whose == hir::LabelOf::kSent) {
    Error(DiagnosticKind::kWrongPhase, span, "what is sent is read before it is chosen",
          "only a `guarantee` asks about it");
    return false;
  }
  if (phase_ == Phase::kDeny || phase_ == Phase::kSend) return true;
  Error(DiagnosticKind::kWrongPhase, span, "the label is read before it is known",
        phase_ == Phase::kFloor     ? "a floor makes the label"
        : phase_ == Phase::kRequire ? "`require` is checked before the text is read"
                                    : "`classify` makes the label");
  return false;
}

bool ConditionResolver::MayUseDetectors(Span span) {
  if (phase_ == Phase::kClassify || phase_ == Phase::kDeny || phase_ == Phase::kRespond ||
      phase_ == Phase::kGuarantee)
    return true;
  if (phase_ == Phase::kRequire) {
    Diagnostic& error = Error(DiagnosticKind::kWrongPhase, span, "a `require` reads content",
                              "it is checked before the text is read");
    error.help = dsl::Help{"say it in `route`: `when … deny \"…\"`", {}};
    return false;
  }
  Diagnostic& error =
      Error(DiagnosticKind::kWrongPhase, span,
            phase_ == Phase::kFloor ? "a floor depends on content" : "a `send` rule reads content",
            phase_ == Phase::kFloor ? "a floor holds whatever the text says"
                                    : "only labels and inputs decide where to send");
  error.help = dsl::Help{"raise the label by it in `classify`", {}};
  return false;
}

bool ConditionResolver::IsPositive(Span span, const Span* negation) {
  if (negation == nullptr || phase_ == Phase::kGuarantee) return true;  // a guarantee decides nothing
  Diagnostic& error = Error(DiagnosticKind::kNotMonotone, *negation, "`not` over findings",
                            "more evidence could lower the result");
  error.others.push_back({span, "depends on findings"});
  error.help = dsl::Help{"move the exception into the detector: `except \"…\"`", {}};
  return false;
}

Diagnostic& ConditionResolver::Error(DiagnosticKind kind, Span span, std::string message, std::string label) {
  return context_.diagnostics.Error(kind, span, std::move(message), std::move(label));
}

Diagnostic& ConditionResolver::Constant(Span span, std::string why, bool value) {
  return context_.diagnostics.Warning(DiagnosticKind::kConstantCondition, span,
                                      "this condition is always " + std::string(value ? "true" : "false"),
                                      std::move(why));
}

hir::Expr ResolveCondition(Context& context, const ast::Expr& expr, Phase phase) {
  return ConditionResolver(context, phase).Resolve(expr, nullptr);
}

}  // namespace hpol::check
