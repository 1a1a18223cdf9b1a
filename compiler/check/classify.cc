// Classify: floors, read top down and closed by `otherwise`, and rules that raise.
#include <string>
#include <utility>

#include "compiler/check/context.h"

namespace hpol::check {
namespace {

void ReportNoFloor(Context& context, const ast::Classify* classify) {
  const std::string top = context.hir.levels.empty() ? "confidential" : context.hir.levels.back();
  if (classify == nullptr) {
    const Span at = context.ast.name ? context.ast.name->span : BeginOf(context.ast.span);
    Diagnostic& error = context.diagnostics.Error(DiagnosticKind::kMissingPart, at,
                                                  "the policy classifies nothing", "no `classify` block");
    error.help = {"say the least that every request is",
                  {{EndOf(context.ast.span), "\nclassify {\n  start at " + top + "\n}\n"}}};
    return;
  }
  Diagnostic& error =
      context.diagnostics.Error(DiagnosticKind::kMissingPart, KeywordOf(classify->span, context.sources),
                                "the policy has no floor", "no `start at` in here");
  error.help = {"say the least that every request is",
                {{AfterBrace(classify->span, context.sources), "\n  start at " + top}}};
}

void CheckFloors(Context& context, const ast::Classify& classify) {
  const ast::Floor* otherwise = nullptr;
  for (const ast::Floor& declaration : classify.floors) {
    if (otherwise != nullptr) {
      Diagnostic& error =
          context.diagnostics.Error(DiagnosticKind::kUnreachableRule, declaration.span,
                                    "no request reaches this floor", "floors are read top down");
      error.others.push_back({otherwise->span, "this one takes every request"});
      continue;
    }
    hir::Floor floor;
    floor.span = declaration.span;
    if (declaration.condition) {
      floor.condition = ResolveCondition(context, *declaration.condition, Phase::kFloor);
    } else {
      otherwise = &declaration;
    }
    floor.label = ResolveLabel(context, declaration.label);
    context.hir.floors.push_back(std::move(floor));
  }
  if (otherwise != nullptr || classify.floors.empty()) return;
  const ast::Floor& last = classify.floors.back();
  const std::string top = context.hir.levels.empty() ? "confidential" : context.hir.levels.back();
  Diagnostic& error =
      context.diagnostics.Error(DiagnosticKind::kMissingOtherwise, last.span, "some requests have no floor",
                                "the last floor has a condition");
  error.help = {"say what every other request is",
                {{EndOf(last.span), "\n  start at " + top + " otherwise"}}};
}

void CheckRaises(Context& context, const ast::Classify& classify) {
  for (const ast::Raise& declaration : classify.raises) {
    if (context.hir.raises.size() == kMaxRules) {
      ReportTooMany(declaration.span, "classify rules", kMaxRules, context.diagnostics);
      return;
    }
    hir::Raise raise;
    raise.span = declaration.span;
    // Without a readable condition the rule always applies: more is raised, not less.
    if (declaration.condition)
      raise.condition = ResolveCondition(context, *declaration.condition, Phase::kClassify);
    raise.trusting_caller = ResolveTrust(context, declaration.trusting, raise.condition);
    raise.label = ResolveLabel(context, declaration.label);
    context.hir.raises.push_back(std::move(raise));
  }
}

}  // namespace

void CheckClassify(Context& context) {
  if (context.ast.classifies.empty()) {
    ReportNoFloor(context, nullptr);
    return;
  }
  const ast::Classify& classify = context.ast.classifies.front();
  for (size_t i = 1; i < context.ast.classifies.size(); ++i) {
    Diagnostic& error = context.diagnostics.Error(DiagnosticKind::kRepeatedPart,
                                                  KeywordOf(context.ast.classifies[i].span, context.sources),
                                                  "a second `classify` block", "one policy, one block");
    error.others.push_back({KeywordOf(classify.span, context.sources), "the first is here"});
  }
  if (classify.floors.empty()) ReportNoFloor(context, &classify);
  CheckFloors(context, classify);
  CheckRaises(context, classify);
}

}  // namespace hpol::check
