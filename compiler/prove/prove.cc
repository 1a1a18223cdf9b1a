#include "compiler/prove/prove.h"

#include <utility>

#include "compiler/prove/certificate.h"
#include "compiler/prove/prover.h"

namespace hpol::prove {
namespace {

World& Built(World& world, const hir::Policy& policy) {
  world.Note(policy);
  world.Build();
  return world;
}

Deferrals DeferralsOf(const Formula& formula) {
  Deferrals deferrals;
  formula.Defer(deferrals);
  return deferrals;
}

}  // namespace

Prover::Prover(const hir::Policy& checked, const Options& wanted, dsl::Diagnostics& said, Report& result)
    : policy(checked),
      options(wanted),
      diagnostics(said),
      report(result),
      world(aig),
      formula(checked, Built(world, checked)),
      questions(aig, wanted.conflict_budget, DeferralsOf(formula)),
      examples(formula, wanted.runner, wanted.texts) {}

std::string LabelWords(const hir::Policy& policy, Label label) {
  return Tick(hir::LabelText(label, policy.levels, policy.categories));
}

std::string ExampleText(const hir::Policy& policy, const Example& example) {
  return RequestText(policy, example) + ": labelled " + LabelWords(policy, example.outcome.label);
}

std::optional<dsl::Span> SentBy(const hir::Policy& policy, const reference::Outcome& outcome,
                                const reference::Outcome::Sent& sent) {
  for (const Reason& reason : outcome.reasons) {
    if (reason.table != Reason::Table::kRoute || reason.unknown) continue;
    for (const hir::Step& step : policy.routes[reason.row].steps)
      if (step.target == sent.target && step.redaction == sent.redaction) return step.span;
  }
  return std::nullopt;
}

void ReportUnknown(Prover& prover, dsl::Span span, const std::string& what) {
  prover.diagnostics.Error(
      dsl::DiagnosticKind::kProofUnknown, span, "it is not known whether " + what,
      "the solver gave up after " + std::to_string(prover.options.conflict_budget) + " conflicts");
}

void Certify(Prover& prover, const Aig& aig, Lit claim) {
  if (prover.options.certificates.empty()) return;
  const std::string name = "proof-" + std::to_string(prover.report.proofs.size() + 1);
  if (!WriteCertificate(aig, claim, prover.options.certificates, name, prover.options.conflict_budget))
    prover.report.certificates_failed = prover.options.certificates + "/" + name;
}

const char* StatusName(Status status) {
  switch (status) {
    case Status::kProved:
      return "proved";
    case Status::kBroken:
      return "broken";
    case Status::kUnknown:
      return "unknown";
  }
  return "unknown";
}

const char* KindName(Proof::Kind kind) {
  switch (kind) {
    case Proof::Kind::kClearance:
      return "clearance";
    case Proof::Kind::kCaller:
      return "caller";
    case Proof::Kind::kCoverage:
      return "coverage";
    case Proof::Kind::kGuarantee:
      return "guarantee";
  }
  return "guarantee";
}

Report Prove(const hir::Policy& policy, const Options& options, dsl::Diagnostics& diagnostics) {
  const Stopwatch watch;
  Report report;
  Prover prover(policy, options, diagnostics, report);
  if (!IsContradictory(prover)) {
    ProveClearance(prover);
    ProveCaller(prover);
    ProveCoverage(prover);
    ProveGuarantees(prover);
    if (options.rules) {
      FindDeadRules(prover);
      FindUselessRules(prover);
      FindOpenDefault(prover);
    }
  }
  report.nodes = prover.aig.size();
  report.questions = prover.questions.asked();
  if (report.fault.empty()) report.fault = prover.examples.fault();
  report.milliseconds = watch.milliseconds();
  return report;
}

}  // namespace hpol::prove
