// AST → HIR, in order: names first, then what refers to them, then what holds of the whole.
// The one door is Check; every part is its own file (see context.h).
#include "compiler/check/check.h"

#include <utility>

#include "compiler/check/context.h"

namespace hpol::check {

bool Decides(const ast::Policy& policy) {
  return !policy.levels.empty() || !policy.categories.empty() || !policy.read_without.empty() ||
         !policy.inputs.empty() || !policy.classifies.empty() || !policy.zones.empty() ||
         !policy.targets.empty() || !policy.sinks.empty() || !policy.redactions.empty() ||
         !policy.routes.empty() || !policy.responds.empty() || !policy.schedules.empty() ||
         !policy.limits.empty() || !policy.requirements.empty() || !policy.guarantees.empty() ||
         !policy.tests.empty();
}

namespace {

// A pack holds detectors and decides nothing.
bool IsPack(const ast::Policy& policy) {
  return !Decides(policy) && (!policy.detectors.empty() || !policy.imports.empty());
}

void CheckWhole(Context& context) {
  CollectLabels(context);
  CollectReading(context);
  CollectInputs(context);
  CollectDetectors(context);
  CollectZones(context);
  CollectTargets(context);
  CollectSinks(context);
  CollectSchedules(context);
  CollectLimits(context);
  CollectRedactions(context);
  CheckClassify(context);
  CheckRoutes(context);
  CheckResponds(context);
  CheckRequirements(context);
  CheckGuarantees(context);
  CheckTests(context);
}

}  // namespace

hir::Policy Check(const dsl::ast::Policy& policy, const Imports& imports, const dsl::SourceMap& sources,
                  dsl::Diagnostics& diagnostics) {
  Context context{.ast = policy,
                  .imports = imports,
                  .sources = sources,
                  .diagnostics = diagnostics,
                  .hir = {},
                  .levels = {},
                  .categories = {},
                  .attributes = {},
                  .zones = {},
                  .targets = {},
                  .sinks = {},
                  .redactions = {},
                  .schedules = {},
                  .detectors = {},
                  .target_used = {},
                  .redaction_used = {}};
  if (policy.name) context.hir.name = policy.name->text;
  if (policy.version) context.hir.version = policy.version->value;
  const bool pack = IsPack(policy);
  const size_t errors_before = diagnostics.error_count();
  if (pack) {
    CollectDetectors(context);
  } else {
    CheckWhole(context);
  }
  FinishDetectors(context);
  if (diagnostics.error_count() != errors_before || pack) return std::move(context.hir);
  ReportUnused(context);
  return std::move(context.hir);
}

}  // namespace hpol::check
