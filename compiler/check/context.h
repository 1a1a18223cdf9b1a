// The working state of one check, and the parts of it by concern. Each function adds its
// part to `hir` and reports; none stops the others, so that one run shows every error.
// Private to compiler/check.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/check/check.h"
#include "compiler/check/names.h"
#include "compiler/check/symbols.h"
#include "compiler/hir/hir.h"

namespace hpol::check {

struct Context {
  const ast::Policy& ast;
  const Imports& imports;
  const dsl::SourceMap& sources;
  Diagnostics& diagnostics;
  hir::Policy hir;

  Names levels;
  Names categories;  // the built-in `pseudonymous` included
  Names attributes;
  Names zones;
  Names targets;
  Names sinks;
  Names redactions;
  Names schedules;
  DetectorScope detectors;
  std::vector<bool> target_used;
  std::vector<bool> redaction_used;
};

// labels.cc
void CollectLabels(Context& context);
// Nothing when there is no such level or category; reported.
std::optional<int> ResolveLevel(Context& context, const ast::Name& name);
std::optional<int> ResolveCategory(Context& context, const ast::Name& name);
// The label written; what cannot be resolved is left out and reported.
Label ResolveLabel(Context& context, const ast::Label& label);
std::string TextOf(const Context& context, Label label);

// reading.cc
void CollectReading(Context& context);

// inputs.cc
void CollectInputs(Context& context);

// detectors.cc: own detectors and packs into the scope; then, when everything has been
// resolved, those that are needed into the HIR.
void CollectDetectors(Context& context);
void FinishDetectors(Context& context);

// imports.cc
void ImportPacks(Context& context);
// extends.cc: an own detector whose `extends` names one of a pack.
void AddExtension(Context& context, const ast::Detector& extension);
// kNone for any other word than `low`, `medium`, `high`, `critical`.
hir::Severity SeverityNamed(std::string_view word);

// check.cc: whether a file has more than imports and detectors, so that it is no pack.
bool Decides(const ast::Policy& policy);

// targets.cc: zones, targets, sinks.
void CollectZones(Context& context);
void CollectTargets(Context& context);
void CollectSinks(Context& context);

// redactions.cc
void CollectRedactions(Context& context);

// classify.cc
void CheckClassify(Context& context);

// routes.cc
void CheckRoutes(Context& context);

// responds.cc
void CheckResponds(Context& context);

// run_time.cc
void CollectSchedules(Context& context);
void CollectLimits(Context& context);
// What skips the step at run time. False after an error: without it the step must not be offered.
bool ResolveGate(Context& context, const ast::Step& declaration, hir::Step& step);

// guarantees.cc
void CheckRequirements(Context& context);
void CheckGuarantees(Context& context);
// Whether a rule with this condition is marked `trusting caller`; warns where the mark is idle.
bool ResolveTrust(Context& context, const std::optional<Span>& trusting, const hir::Expr& condition);

// tests.cc
void CheckTests(Context& context);

// unused.cc: declarations that nothing uses.
void ReportUnused(Context& context);

// conditions.cc. What a condition may read depends on where it stands (DESIGN 2.2.1).
enum class Phase : uint8_t {
  kFloor,     // identity and gateway inputs
  kClassify,  // inputs and, positively, detectors
  kDeny,      // inputs, the label and, positively, detectors
  kSend,      // inputs and the label
  kRequire,   // inputs
  kRespond,   // inputs, the answer's label and, positively, detectors, but not how many findings
  kGuarantee  // everything, what becomes of the request included
};
hir::Expr ResolveCondition(Context& context, const ast::Expr& expr, Phase phase);

}  // namespace hpol::check
