// `require` and `guarantee`: what every request must be, and what must be proved of every request. Also
// `trusting caller`, the one mark by which a rule may depend on what a caller says of itself.
#include <map>
#include <string>
#include <utility>

#include "compiler/check/context.h"

namespace hpol::check {
namespace {

template <typename F>
bool AnyAtom(const hir::Expr& expr, const F& holds) {
  if (expr.kind == hir::Expr::Kind::kAtom && holds(expr.atom)) return true;
  for (const hir::Expr& operand : expr.operands) {
    if (AnyAtom(operand, holds)) return true;
  }
  return false;
}

bool AsksOfCandidate(const hir::Atom& atom) {
  switch (atom.kind) {
    case hir::Atom::Kind::kTarget:
    case hir::Atom::Kind::kZone:
    case hir::Atom::Kind::kTrusted:
    case hir::Atom::Kind::kRegion:
    case hir::Atom::Kind::kRedaction:
      return true;
    default:
      return atom.whose == hir::LabelOf::kSent;
  }
}

bool AsksOfAttribute(const hir::Atom& atom) {
  switch (atom.kind) {
    case hir::Atom::Kind::kBool:
    case hir::Atom::Kind::kCompare:
    case hir::Atom::Kind::kIn:
    case hir::Atom::Kind::kHas:
    case hir::Atom::Kind::kPresent:
      return true;
    default:
      return false;
  }
}

// Two with one title could not be told apart in a report.
class Titles {
 public:
  bool Declare(const ast::String& title, std::string_view what, Diagnostics& diagnostics) {
    const auto [it, fresh] = seen_.try_emplace(title.value, title.span);
    if (fresh) return true;
    Diagnostic& error =
        diagnostics.Error(DiagnosticKind::kDuplicateName, title.span,
                          "two " + std::string(what) + " have this title", "second declaration");
    error.others.push_back({it->second, "first declared here"});
    return false;
  }

 private:
  std::map<std::string, Span> seen_;
};

void CheckTitle(Context& context, const ast::String& title, std::string_view what) {
  if (!title.value.empty()) return;
  context.diagnostics.Error(DiagnosticKind::kMissingPart, title.span,
                            "a " + std::string(what) + " without a title",
                            "say what it is for: reports show it");
}

}  // namespace

bool ResolveTrust(Context& context, const std::optional<Span>& trusting, const hir::Expr& condition) {
  if (!trusting) return false;
  const bool reads_caller = AnyAtom(condition, [&](const hir::Atom& atom) {
    return AsksOfAttribute(atom) && context.hir.attributes[atom.attribute.value].source == Source::kCaller;
  });
  if (reads_caller) return true;
  Diagnostic& warning = context.diagnostics.Warning(DiagnosticKind::kIdleTrust, *trusting,
                                                    "this rule reads nothing that the caller says",
                                                    "`trusting caller` changes nothing here");
  warning.help = {"leave it out", {{*trusting, ""}}};
  return true;
}

void CheckRequirements(Context& context) {
  Titles titles;
  for (const ast::Requirement& declaration : context.ast.requirements) {
    if (context.hir.requirements.size() == kMaxDeclarations) {
      ReportTooMany(declaration.span, "`require` lines", kMaxDeclarations, context.diagnostics);
      return;
    }
    CheckTitle(context, declaration.title, "`require`");
    if (!titles.Declare(declaration.title, "`require` lines", context.diagnostics)) continue;
    hir::Requirement requirement;
    requirement.title = declaration.title.value;
    requirement.condition = ResolveCondition(context, *declaration.condition, Phase::kRequire);
    requirement.trusting_caller = ResolveTrust(context, declaration.trusting, requirement.condition);
    requirement.span = declaration.condition->span;
    context.hir.requirements.push_back(std::move(requirement));
  }
}

void CheckGuarantees(Context& context) {
  Titles titles;
  for (const ast::Guarantee& declaration : context.ast.guarantees) {
    if (context.hir.guarantees.size() == kMaxDeclarations) {
      ReportTooMany(declaration.span, "guarantees", kMaxDeclarations, context.diagnostics);
      return;
    }
    CheckTitle(context, declaration.title, "guarantee");
    if (!titles.Declare(declaration.title, "guarantees", context.diagnostics)) continue;
    hir::Guarantee guarantee;
    guarantee.title = declaration.title.value;
    guarantee.title_span = declaration.title.span;
    guarantee.span = declaration.span;
    guarantee.never = declaration.never;
    if (declaration.when) guarantee.when = ResolveCondition(context, *declaration.when, Phase::kGuarantee);
    guarantee.property = ResolveCondition(context, *declaration.property, Phase::kGuarantee);
    guarantee.about_candidates = AnyAtom(guarantee.property, AsksOfCandidate) ||
                                 (guarantee.when && AnyAtom(*guarantee.when, AsksOfCandidate));
    context.hir.guarantees.push_back(std::move(guarantee));
  }
}

}  // namespace hpol::check
