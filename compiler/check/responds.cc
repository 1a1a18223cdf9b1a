// `respond`: what becomes of answers.
#include <algorithm>
#include <string>
#include <utility>

#include "compiler/check/context.h"

namespace hpol::check {
namespace {

void AddDetectors(const hir::Expr& expr, std::vector<DetectorId>& detectors) {
  for (const DetectorId id : expr.atom.detectors) {
    if (std::find(detectors.begin(), detectors.end(), id) == detectors.end()) detectors.push_back(id);
  }
  for (const hir::Expr& operand : expr.operands) AddDetectors(operand, detectors);
}

// Two findings in one condition of a mask: looked at one by one, neither makes it true.
const hir::Expr* FindingsJoined(const hir::Expr& expr) {
  size_t asking = 0;
  for (const hir::Expr& operand : expr.operands) {
    if (const hir::Expr* joined = FindingsJoined(operand)) return joined;
    std::vector<DetectorId> detectors;
    AddDetectors(operand, detectors);
    asking += detectors.empty() ? 0 : 1;
  }
  return expr.kind == hir::Expr::Kind::kAnd && asking > 1 ? &expr : nullptr;
}

void CheckMask(Context& context, const ast::RespondRule& declaration, const hir::RespondRule& rule) {
  if (rule.detectors.empty()) {
    Diagnostic& error =
        context.diagnostics.Error(DiagnosticKind::kMissingPart, declaration.action_span,
                                  "`mask` has nothing to mask", "the condition names no detector");
    error.help = dsl::Help{"name what is to be masked, or say `block \"…\"`", {}};
  } else if (const hir::Expr* joined = FindingsJoined(rule.condition)) {
    Diagnostic& error =
        context.diagnostics.Error(DiagnosticKind::kConstantCondition, joined->span, "this masks nothing",
                                  "each finding is looked at by itself, and none is both");
    error.help = dsl::Help{"write `or`, or `block` an answer that holds both", {}};
  }
}

hir::RespondRule ResolveRule(Context& context, const ast::RespondRule& declaration) {
  hir::RespondRule rule;
  rule.span = declaration.span;
  rule.condition = ResolveCondition(context, *declaration.condition, Phase::kRespond);
  AddDetectors(rule.condition, rule.detectors);
  if (declaration.reason) rule.reason = declaration.reason->value;
  switch (declaration.action) {
    case ast::RespondRule::Action::kMask:
      rule.action = RespondAction::kMask;
      CheckMask(context, declaration, rule);
      break;
    case ast::RespondRule::Action::kBlock:
      rule.action = RespondAction::kBlock;
      break;
    case ast::RespondRule::Action::kAlert:
      rule.action = RespondAction::kAlert;
      break;
  }
  return rule;
}

}  // namespace

void CheckResponds(Context& context) {
  for (const ast::Respond& respond : context.ast.responds) {
    if (&respond != &context.ast.responds.front()) {
      Diagnostic& error =
          context.diagnostics.Error(DiagnosticKind::kRepeatedPart, KeywordOf(respond.span, context.sources),
                                    "a second `respond` block", "all rules stand in one");
      error.others.push_back(
          {KeywordOf(context.ast.responds.front().span, context.sources), "the first is here"});
    }
    for (const ast::RespondRule& declaration : respond.rules) {
      if (context.hir.responds.size() == kMaxRules) {
        ReportTooMany(declaration.span, "`respond` rules", kMaxRules, context.diagnostics);
        return;
      }
      context.hir.responds.push_back(ResolveRule(context, declaration));
    }
  }
}

}  // namespace hpol::check
