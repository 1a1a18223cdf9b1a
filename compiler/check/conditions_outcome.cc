// What becomes of a request: target, zone, region, redaction, `denied`, `undecided`. Only guarantees ask.
#include <algorithm>
#include <string>
#include <utility>

#include "compiler/check/condition_resolver.h"

namespace hpol::check {
namespace {

using Kind = hir::Atom::Kind;

// The regions that the policy speaks of: those of targets, and members of enums, so that a guarantee may name
// one where no target stands yet, but not misspell one.
std::vector<std::string> Regions(const Context& context) {
  std::vector<std::string> regions;
  const auto add = [&regions](const std::string& region) {
    if (!region.empty() && std::find(regions.begin(), regions.end(), region) == regions.end())
      regions.push_back(region);
  };
  for (const hir::Target& target : context.hir.targets) add(target.region);
  for (const hir::Attribute& attribute : context.hir.attributes) {
    for (const std::string& member : attribute.members) add(member);
  }
  return regions;
}

std::string_view Wanted(Kind kind) {
  switch (kind) {
    case Kind::kTarget:
      return "target";
    case Kind::kZone:
      return "zone";
    case Kind::kRegion:
      return "region";
    default:
      return "redaction";
  }
}

}  // namespace

hir::Expr ConditionResolver::BareOutcome(const Operand& operand, Span span) {
  hir::Atom atom;
  atom.kind = operand.outcome;
  const auto* node = std::get_if<ast::NameExpr>(&operand.expr->node);
  const bool redacted = node != nullptr && node->name.text == "redacted";
  if (redacted) {
    for (uint32_t i = 0; i < context_.hir.redactions.size(); ++i) atom.members.push_back(i);
  } else if (atom.kind != Kind::kDenied && atom.kind != Kind::kUndecided) {
    Error(DiagnosticKind::kTypeMismatch, span, Describe(context_, operand) + " alone is no condition",
          "compare it with the name of a " + std::string(Wanted(atom.kind)));
    return {};
  }
  return AtomExpr(std::move(atom), span);
}

bool ConditionResolver::AddOutcome(const ast::Expr& member, hir::Atom& atom) {
  const auto* node = std::get_if<ast::NameExpr>(&member.node);
  if (node == nullptr) {
    Error(DiagnosticKind::kTypeMismatch, member.span, "a name is expected here",
          "names stand without quotes");
    return false;
  }
  const ast::Name& name = node->name;
  if (atom.kind == Kind::kRegion) {
    const std::vector<std::string> regions = Regions(context_);
    atom.texts.push_back(name.text);
    if (std::find(regions.begin(), regions.end(), name.text) != regions.end()) return true;
    ReportUnknown(name, Wanted(atom.kind), regions, context_.diagnostics);
    return false;
  }
  const Names& names = atom.kind == Kind::kTarget ? context_.targets
                       : atom.kind == Kind::kZone ? context_.zones
                                                  : context_.redactions;
  const Names::Entry* entry = names.Find(name.text);
  if (entry == nullptr) {
    ReportUnknown(name, Wanted(atom.kind), names.All(), context_.diagnostics);
    return false;
  }
  atom.members.push_back(entry->index);
  return true;
}

hir::Expr ConditionResolver::CompareOutcome(const Operand& left, Op op, Span op_span, const ast::Expr& right,
                                            Span span) {
  hir::Atom atom;
  atom.kind = left.outcome;
  const auto* node = std::get_if<ast::NameExpr>(&left.expr->node);
  if (atom.kind == Kind::kDenied || atom.kind == Kind::kUndecided ||
      (node != nullptr && node->name.text == "redacted")) {
    Error(DiagnosticKind::kTypeMismatch, op_span, Describe(context_, left) + " is compared",
          "it stands alone, or after `not`");
    return {};
  }
  if (op != Op::kEqual && op != Op::kNotEqual) {
    Error(DiagnosticKind::kTypeMismatch, op_span, Describe(context_, left) + " has no order",
          "has only `==`, `!=` and `in`");
    return {};
  }
  if (!AddOutcome(right, atom)) return {};
  hir::Expr expr = AtomExpr(std::move(atom), span);
  return op == Op::kNotEqual ? Negate(std::move(expr), span) : expr;
}

std::optional<hir::Expr> ConditionResolver::AnyOutcome(const ast::InExpr& node, const Operand& subject,
                                                       Span span) {
  hir::Atom atom;
  atom.kind = subject.outcome;
  if (atom.kind == Kind::kDenied || atom.kind == Kind::kUndecided) {
    Error(DiagnosticKind::kTypeMismatch, node.subject->span, Describe(context_, subject) + " before `in`",
          "it stands alone, or after `not`");
    return std::nullopt;
  }
  bool good = true;
  for (const ast::ExprPtr& member : node.members) good = AddOutcome(*member, atom) && good;
  if (!good) return std::nullopt;
  return AtomExpr(std::move(atom), span);
}

hir::Expr ConditionResolver::ResolveNode(const ast::TrustedExpr& node, Span span, const ast::Expr&,
                                         const Span*) {
  if (!node.subject) return {};
  const Operand subject = Read(*node.subject);
  if (subject.kind == Operand::Kind::kError) return {};
  const std::string_view word = node.negated ? "untrusted" : "trusted";
  if (phase_ != Phase::kGuarantee) {
    Error(DiagnosticKind::kWrongPhase, span, "a rule asks whether something is " + std::string(word),
          "only a `guarantee` asks what becomes of a request");
    return {};
  }
  if (subject.kind != Operand::Kind::kOutcome || subject.outcome != Kind::kZone) {
    Diagnostic& error = Error(DiagnosticKind::kTypeMismatch, node.subject->span,
                              Describe(context_, subject) + " before `is " + std::string(word) + "`",
                              "only a zone is trusted or not");
    error.help = {"ask about the zone of the target", {{node.subject->span, "zone"}}};
    return {};
  }
  hir::Atom atom;
  atom.kind = Kind::kTrusted;
  hir::Expr expr = AtomExpr(std::move(atom), span);
  return node.negated ? Negate(std::move(expr), span) : expr;
}

hir::Expr ConditionResolver::ResolveNode(const ast::RedactedExpr& node, Span span, const ast::Expr&,
                                         const Span*) {
  if (phase_ != Phase::kGuarantee) {
    Error(DiagnosticKind::kWrongPhase, span, "a rule asks how a request is redacted",
          "only a `guarantee` asks what becomes of a request");
    return {};
  }
  const Names::Entry* entry = context_.redactions.Find(node.redaction.text);
  if (entry == nullptr) {
    ReportUnknown(node.redaction, "redaction", context_.redactions.All(), context_.diagnostics);
    return {};
  }
  hir::Atom atom;
  atom.kind = Kind::kRedaction;
  atom.members.push_back(entry->index);
  return AtomExpr(std::move(atom), span);
}

}  // namespace hpol::check
