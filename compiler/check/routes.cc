// Routes: ordered rules, their candidates, and the order that `cheapest of` gives them.
#include <algorithm>
#include <string>
#include <utility>

#include "compiler/check/context.h"

namespace hpol::check {
namespace {

// Orders the targets of one `cheapest of` by price; equal prices stay as written.
void OrderByPrice(Context& context, std::vector<hir::Step>& steps) {
  const hir::Target* first = nullptr;
  for (const hir::Step& step : steps) {
    const hir::Target& target = context.hir.targets[step.target.value];
    if (!target.price) {
      Diagnostic& error =
          context.diagnostics.Error(DiagnosticKind::kPriceMismatch, step.span,
                                    Tick(target.name) + " has no price to compare", "one of a `cheapest of`");
      error.others.push_back({target.span, "declared here without a `price`"});
      return;
    }
    if (first == nullptr) first = &target;
    if (target.currency == first->currency) continue;
    Diagnostic& error = context.diagnostics.Error(
        DiagnosticKind::kPriceMismatch, step.span,
        "prices in " + Tick(first->currency) + " and " + Tick(target.currency) + " cannot be compared",
        Tick(target.name) + " costs " + Tick(target.currency));
    error.others.push_back({first->span, Tick(first->name) + " costs " + Tick(first->currency)});
    error.help = dsl::Help{"give all targets of a `cheapest of` prices in one currency", {}};
    return;
  }
  std::stable_sort(steps.begin(), steps.end(), [&context](const hir::Step& a, const hir::Step& b) {
    return *context.hir.targets[a.target.value].price < *context.hir.targets[b.target.value].price;
  });
}

std::vector<hir::Step> ResolveStep(Context& context, const ast::Step& declaration) {
  RedactionId redaction = kNoRedaction;
  bool readable = true;
  if (declaration.redaction) {
    if (const Names::Entry* entry = context.redactions.Find(declaration.redaction->text)) {
      redaction.value = entry->index;
      context.redaction_used[entry->index] = true;
    } else {
      ReportUnknown(*declaration.redaction, "redaction", context.redactions.All(), context.diagnostics);
      readable = false;
    }
  }
  std::vector<hir::Step> steps;
  for (const ast::Name& name : declaration.targets) {
    const Names::Entry* entry = context.targets.Find(name.text);
    if (entry == nullptr) {
      ReportUnknown(name, "target", context.targets.All(), context.diagnostics);
      continue;
    }
    context.target_used[entry->index] = true;
    hir::Step step{TargetId{entry->index}, redaction, name.span};
    readable = ResolveGate(context, declaration, step) && readable;
    steps.push_back(std::move(step));
  }
  if (declaration.cheapest) OrderByPrice(context, steps);
  // Without its redaction, or what skips it, a target must not be offered at all.
  if (!readable) steps.clear();
  return steps;
}

void AddSteps(Context& context, std::vector<hir::Step> steps, hir::Route& route) {
  for (hir::Step& step : steps) {
    const auto same = std::find_if(route.steps.begin(), route.steps.end(), [&step](const hir::Step& other) {
      return other.target == step.target && other.redaction == step.redaction;
    });
    if (same != route.steps.end()) {
      Diagnostic& error = context.diagnostics.Error(
          DiagnosticKind::kDuplicateName, step.span,
          Tick(context.hir.targets[step.target.value].name) + " is a candidate of this rule already",
          "the second time changes nothing");
      error.others.push_back({same->span, "first here"});
      continue;
    }
    if (route.steps.size() == kMaxSteps) {
      ReportTooMany(step.span, "candidates in one rule", kMaxSteps, context.diagnostics);
      return;
    }
    route.steps.push_back(step);
  }
}

hir::Route ResolveRule(Context& context, const ast::RouteRule& declaration) {
  hir::Route route;
  route.span = declaration.span;
  route.action_span = declaration.action_span;
  const auto* deny = std::get_if<ast::Deny>(&declaration.action);
  route.deny = deny != nullptr;
  if (declaration.condition) {
    route.condition =
        ResolveCondition(context, *declaration.condition, route.deny ? Phase::kDeny : Phase::kSend);
    route.trusting_caller = ResolveTrust(context, declaration.trusting, *route.condition);
  }
  if (deny != nullptr) {
    route.reason = deny->reason.value;
    return route;
  }
  for (const ast::Step& step : std::get<ast::Send>(declaration.action).steps) {
    AddSteps(context, ResolveStep(context, step), route);
  }
  return route;
}

void ReportNoRoute(Context& context) {
  const Span at = context.ast.name ? context.ast.name->span : BeginOf(context.ast.span);
  Diagnostic& error = context.diagnostics.Error(DiagnosticKind::kMissingPart, at,
                                                "the policy sends nothing anywhere", "no `route` block");
  error.help = {"say where each label may go",
                {{EndOf(context.ast.span), "\nroute {\n  otherwise deny \"no rule decides\"\n}\n"}}};
}

void CheckRules(Context& context, const ast::Route& route) {
  const ast::RouteRule* otherwise = nullptr;
  for (const ast::RouteRule& declaration : route.rules) {
    if (context.hir.routes.size() == kMaxRules) {
      ReportTooMany(declaration.span, "route rules", kMaxRules, context.diagnostics);
      return;
    }
    if (otherwise != nullptr) {
      Diagnostic& error =
          context.diagnostics.Error(DiagnosticKind::kUnreachableRule, declaration.span,
                                    "no request reaches this rule", "rules are read top down");
      error.others.push_back({otherwise->span, "`otherwise` takes every request"});
      continue;
    }
    if (!declaration.condition) otherwise = &declaration;
    context.hir.routes.push_back(ResolveRule(context, declaration));
  }
}

}  // namespace

void CheckRoutes(Context& context) {
  if (context.ast.routes.empty()) {
    ReportNoRoute(context);
    return;
  }
  const ast::Route& route = context.ast.routes.front();
  for (size_t i = 1; i < context.ast.routes.size(); ++i) {
    Diagnostic& error = context.diagnostics.Error(DiagnosticKind::kRepeatedPart,
                                                  KeywordOf(context.ast.routes[i].span, context.sources),
                                                  "a second `route` block", "rules are one list, in order");
    error.others.push_back({KeywordOf(route.span, context.sources), "the first is here"});
  }
  CheckRules(context, route);
}

}  // namespace hpol::check
