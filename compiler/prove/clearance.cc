// Clearance of every candidate (DESIGN 2.2.7): can any request that reaches it be sent with a label above the
// target's clearance? A leak is shown with its request, its cause and an edit.
//
// The proof is about reading (a) of DESIGN 2.2.6 and takes what a redaction covers as written over. Findings
// that cannot be written over, and reading (b), only remove candidates at run time.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "compiler/prove/causes.h"
#include "compiler/prove/prover.h"

namespace hpol::prove {
namespace {

dsl::Span BeginOf(dsl::Span span) { return {span.file, span.begin, span.begin}; }
dsl::Span EndOf(dsl::Span span) { return {span.file, span.end, span.end}; }

class LeakReport {
 public:
  LeakReport(const hir::Policy& policy, const hir::Route& route, const hir::Step& step,
             const Example& example, dsl::Diagnostics& diagnostics)
      : policy_(policy),
        route_(route),
        step_(step),
        target_(policy.targets[step.target.value]),
        example_(example),
        sent_(SentLabel()),
        diagnostics_(diagnostics) {}

  void Write() {
    const std::vector<Cause> causes = CausesOf(policy_, step_, example_);
    dsl::Diagnostic& error = diagnostics_.Error(
        dsl::DiagnosticKind::kLabelEscapes, step_.span,
        LabelOf(sent_) + " can reach " + Tick(target_.name) + ", which clears " + LabelOf(target_.clearance),
        "not cleared for " + LabelOf(sent_));
    error.others.push_back({target_.clearance_span, Tick(target_.name) + " clears no more than this"});
    for (const Cause& cause : causes) error.others.push_back({cause.span, CauseText(cause)});
    if (step_.redaction != kNoRedaction) {
      const hir::Redaction& redaction = policy_.redactions[step_.redaction.value];
      error.others.push_back({redaction.span, RedactionText(causes)});
    }
    error.example = ExampleText(policy_, example_) + ", sent as " + LabelOf(sent_);
    error.help = HelpFor(causes);
  }

 private:
  std::string LabelOf(Label label) const { return LabelWords(policy_, label); }

  // What the candidate would be sent of the example.
  Label SentLabel() const {
    reference::Kleene kleene(policy_, example_.facts);
    reference::Meaning<reference::Kleene> meaning(policy_, kleene);
    const auto& pairs = meaning.candidates();
    const auto pair =
        std::find(pairs.begin(), pairs.end(), reference::CandidatePair{step_.target, step_.redaction});
    Label label;
    const auto& bits = meaning.SentLabel(static_cast<size_t>(pair - pairs.begin()));
    for (size_t i = 0; i < bits.size(); ++i) label.word |= uint64_t{bits[i]} << i;
    return label;
  }

  std::string CauseText(const Cause& cause) const {
    std::string text = (cause.floor ? "starts at " : "raises to ") + LabelOf(cause.label);
    if (cause.detectors.empty() && step_.redaction != kNoRedaction) text += ", which no redaction lowers";
    return text;
  }

  std::string RedactionText(const std::vector<Cause>& causes) const {
    std::string missed;
    for (const Cause& cause : causes) {
      for (const DetectorId id : cause.detectors) {
        const std::string name = Tick(policy_.detectors[id.value].name);
        if (missed.find(name) == std::string::npos) missed += (missed.empty() ? "" : ", ") + name;
      }
    }
    if (!missed.empty()) return "does not redact " + missed;
    if (!causes.empty() || example_.facts.unscanned) return "cannot lower this";
    return "leaves more than " + Tick(target_.name) + " clears";
  }

  std::optional<dsl::Help> HelpFor(const std::vector<Cause>& causes) const {
    if (example_.facts.unscanned) return HelpUnscanned();
    if (causes.empty()) return dsl::Help{"mask or remove instead, or leave less", {}};
    const Cause& cause = causes.front();
    if (!cause.detectors.empty()) return HelpRedact(cause.detectors.front());
    return HelpExclude(cause);
  }

  // Content that nobody could read has the top label; a rule for the top level takes it away.
  dsl::Help HelpUnscanned() const {
    const std::string top = policy_.levels.empty() ? "confidential" : policy_.levels.back();
    return {"decide " + Tick("level == " + top) + " first, because what cannot be scanned has the top label",
            {{BeginOf(route_.span), "when level == " + top + "  " + SafeAction() + "\n  "}}};
  }

  dsl::Help HelpRedact(DetectorId detector) const {
    const std::string& name = policy_.detectors[detector.value].name;
    if (step_.redaction == kNoRedaction) {
      return {
          "send it through a redaction that covers " + Tick(name) + ", or to a target that is cleared for it",
          {}};
    }
    const hir::Redaction& redaction = policy_.redactions[step_.redaction.value];
    return {"redact " + Tick(name) + " as well", {{EndOf(redaction.lines.back().span), "\n  mask " + name}}};
  }

  // A rule of their own for the example's requests, where one enum input tells them apart. It
  // stands before the leaking one: excluding them there would only hand them to the next.
  dsl::Help HelpExclude(const Cause& cause) const {
    for (const AttributeId id : cause.attributes) {
      const hir::Attribute& attribute = policy_.attributes[id.value];
      const reference::Value& value = example_.facts.attributes[id.value];
      if (attribute.type != AttributeType::kEnum || !value.present) continue;
      std::string members;
      for (const uint32_t member : example_.members[id.value])
        members += (members.empty() ? "" : ", ") + attribute.members[member];
      const std::string condition =
          "level == " + policy_.levels[static_cast<size_t>(example_.outcome.label.level())] + " and " +
          attribute.name +
          (example_.members[id.value].size() == 1 ? " == " + members : " in { " + members + " }");
      return {"let a rule of their own take these requests",
              {{BeginOf(route_.span), "when " + condition + "  " + SafeAction() + "\n  "}}};
    }
    return {"let an earlier rule take these requests, or send them to a target that is cleared for them", {}};
  }

  // Sends to a target that may receive everything, if there is one.
  std::string SafeAction() const {
    for (const hir::Target& target : policy_.targets) {
      if (hir::TopLabel(policy_).FlowsTo(target.clearance)) return "send to " + target.name;
    }
    return "deny \"not cleared\"";
  }

  const hir::Policy& policy_;
  const hir::Route& route_;
  const hir::Step& step_;
  const hir::Target& target_;
  const Example& example_;
  Label sent_;
  dsl::Diagnostics& diagnostics_;
};

// One claim for each (rule, candidate): the rule ends the walk, the candidate is offered, and is not cleared.
struct Way {
  size_t route = 0;
  size_t step = 0;
  Lit leaks = kFalse;
};

// By candidate: it is offered and not cleared.
std::vector<Lit> EscapesOf(Prover& prover) {
  Formula& formula = prover.formula;
  Aig& aig = prover.aig;
  const Lit ordinary = aig.And(formula.admitted(), prover.world.all_replaceable());
  std::vector<Lit> escapes;
  for (size_t i = 0; i < formula.cleared().size(); ++i)
    escapes.push_back(aig.And(aig.And(formula.walk().offered[i], Negate(formula.cleared()[i])), ordinary));
  return escapes;
}

std::vector<Way> WaysOf(Prover& prover, const std::vector<Lit>& escapes) {
  std::map<reference::CandidatePair, size_t> index;
  const auto& pairs = prover.formula.meaning().candidates();
  for (size_t i = 0; i < pairs.size(); ++i) index[pairs[i]] = i;
  std::vector<Way> ways;
  for (size_t route = 0; route < prover.policy.routes.size(); ++route) {
    const std::vector<hir::Step>& steps = prover.policy.routes[route].steps;
    for (size_t step = 0; step < steps.size(); ++step) {
      const size_t pair = index.at({steps[step].target, steps[step].redaction});
      ways.push_back({route, step, prover.aig.And(prover.formula.walk().hit[route], escapes[pair])});
    }
  }
  return ways;
}

}  // namespace

void ProveClearance(Prover& prover) {
  const Stopwatch watch;
  Proof proof;
  proof.kind = Proof::Kind::kClearance;
  proof.title = "every candidate is cleared for what it is sent";
  proof.status = Status::kProved;
  for (const hir::Route& route : prover.policy.routes) prover.report.ways += route.steps.size();
  prover.report.ways_proved = prover.report.ways;
  // One question over all candidates; only where something leaks, one for each way to each of them.
  const std::vector<Lit> escapes = EscapesOf(prover);
  const Lit any = prover.aig.Any(escapes);
  Certify(prover, prover.aig, any);
  std::vector<Way> ways;
  std::vector<Finding> findings;
  if (prover.questions.Ask(any).answer != Answer::kNo) {
    ways = WaysOf(prover, escapes);
    std::vector<Lit> claims;
    for (const Way& way : ways) claims.push_back(way.leaks);
    findings = prover.questions.AskAll(claims);
  }
  for (size_t i = 0; i < findings.size(); ++i) {
    if (findings[i].answer == Answer::kNo) continue;
    --prover.report.ways_proved;
    const hir::Route& route = prover.policy.routes[ways[i].route];
    const hir::Step& step = route.steps[ways[i].step];
    if (findings[i].answer == Answer::kUnknown) {
      if (proof.status == Status::kProved) proof.status = Status::kUnknown;
      ReportUnknown(prover, step.span,
                    Tick(prover.policy.targets[step.target.value].name) + " is cleared for what it is sent");
      continue;
    }
    proof.status = Status::kBroken;
    const Example example = prover.examples.Make(std::move(findings[i].assignment), ways[i].leaks);
    LeakReport(prover.policy, route, step, example, prover.diagnostics).Write();
    if (!proof.example) {
      proof.example = example;
      proof.span = step.span;
    }
  }
  proof.milliseconds = watch.milliseconds();
  prover.report.proofs.push_back(std::move(proof));
}

}  // namespace hpol::prove
