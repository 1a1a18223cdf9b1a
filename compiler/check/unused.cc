// Declarations that nothing uses: mostly a slip, sometimes protection that was forgotten.
#include <string>

#include "compiler/check/context.h"

namespace hpol::check {
namespace {

void Warn(Context& context, Span span, std::string_view what, std::string_view name, std::string_view label) {
  context.diagnostics.Warning(DiagnosticKind::kUnusedName, span,
                              "the " + std::string(what) + " " + Tick(name) + " is never used",
                              std::string(label));
}

}  // namespace

void ReportUnused(Context& context) {
  for (const DetectorEntry& entry : context.detectors.entries()) {
    if (entry.used || !entry.qualifier.empty()) continue;
    Warn(context, entry.declaration->name.span, "detector", entry.declaration->name.text,
         "no rule and no redaction names it");
  }
  for (size_t i = 0; i < context.hir.redactions.size(); ++i) {
    if (context.redaction_used[i]) continue;
    Warn(context, context.hir.redactions[i].span, "redaction", context.hir.redactions[i].name,
         "no rule sends anything through it");
  }
  std::vector<bool> schedule_used(context.hir.schedules.size(), false);
  for (const hir::Route& route : context.hir.routes) {
    for (const hir::Step& step : route.steps) {
      if (step.schedule) schedule_used[*step.schedule] = true;
    }
  }
  for (size_t i = 0; i < schedule_used.size(); ++i) {
    if (!schedule_used[i])
      Warn(context, context.hir.schedules[i].span, "schedule", context.hir.schedules[i].name,
           "no step is bound to it");
  }
  std::vector<bool> zone_used(context.hir.zones.size(), false);
  for (size_t i = 0; i < context.hir.targets.size(); ++i) {
    const hir::Target& target = context.hir.targets[i];
    if (target.zone.value < zone_used.size()) zone_used[target.zone.value] = true;
    if (!context.target_used[i])
      Warn(context, target.span, "target", target.name, "no rule sends anything to it");
  }
  for (size_t i = 0; i < context.hir.zones.size(); ++i) {
    if (!zone_used[i]) {
      Warn(context, context.hir.zones[i].span, "zone", context.hir.zones[i].name, "no target stands in it");
    }
  }
}

}  // namespace hpol::check
