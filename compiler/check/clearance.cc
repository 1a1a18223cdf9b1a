// The report of clearance: a leak with its request, its cause and an edit; the rest counted.
#include "compiler/check/clearance.h"

#include <algorithm>
#include <string>
#include <utility>

#include "compiler/check/clearance_example.h"
#include "compiler/check/names.h"

namespace hpol::check {
namespace {

class LeakReport {
 public:
  LeakReport(const hir::Policy& policy, const CandidateVerdict& verdict, Diagnostics& diagnostics)
      : policy_(policy),
        route_(policy.routes[verdict.route]),
        step_(route_.steps[verdict.step]),
        target_(policy.targets[step_.target.value]),
        example_(verdict.example),
        diagnostics_(diagnostics) {}

  void Write() {
    const std::vector<Cause> causes = CausesOf(policy_, step_, example_);
    Diagnostic& error = diagnostics_.Error(DiagnosticKind::kLabelEscapes, step_.span,
                                           LabelOf(example_.sent) + " can reach " + Tick(target_.name) +
                                               ", which clears " + LabelOf(target_.clearance),
                                           "not cleared for " + LabelOf(example_.sent));
    error.others.push_back({target_.clearance_span, Tick(target_.name) + " clears no more than this"});
    for (const Cause& cause : causes) error.others.push_back({cause.span, CauseText(cause)});
    if (step_.redaction != kNoRedaction) {
      const hir::Redaction& redaction = policy_.redactions[step_.redaction.value];
      error.others.push_back({redaction.span, RedactionText(causes)});
    }
    error.example = RequestText(policy_, example_) + ": labelled " + LabelOf(example_.label) + ", sent as " +
                    LabelOf(example_.sent);
    error.help = HelpFor(causes);
  }

 private:
  std::string LabelOf(Label label) const {
    return Tick(hir::LabelText(label, policy_.levels, policy_.categories));
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
    if (!causes.empty() || example_.unscanned) return "cannot lower this";
    return "leaves more than " + Tick(target_.name) + " clears";
  }

  std::optional<dsl::Help> HelpFor(const std::vector<Cause>& causes) const {
    if (example_.unscanned) return HelpUnscanned();
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
      const auto it = std::find_if(example_.attributes.begin(), example_.attributes.end(),
                                   [id](const ExampleAttribute& one) { return one.attribute == id; });
      if (attribute.type != AttributeType::kEnum || it == example_.attributes.end()) continue;
      if (it->values.empty() || it->missing) continue;
      std::string members;
      for (const std::string& value : it->values) members += (members.empty() ? "" : ", ") + value;
      const std::string condition =
          "level == " + policy_.levels[static_cast<size_t>(example_.label.level())] + " and " +
          attribute.name + (it->values.size() == 1 ? " == " + members : " in { " + members + " }");
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
  const ExampleRequest& example_;
  Diagnostics& diagnostics_;
};

}  // namespace

void CheckClearance(const hir::Policy& policy, dsl::Diagnostics& diagnostics, ClearanceReport* report) {
  for (const CandidateVerdict& verdict : ProveClearance(policy)) {
    if (verdict.verdict == Verdict::kLeaks) LeakReport(policy, verdict, diagnostics).Write();
    if (report == nullptr) continue;
    if (verdict.verdict == Verdict::kProved) ++report->proved;
    if (verdict.verdict == Verdict::kOpen) {
      const hir::Step& step = policy.routes[verdict.route].steps[verdict.step];
      report->at_run.push_back(
          {step.span, policy.targets[step.target.value].name,
           step.redaction == kNoRedaction ? std::string() : policy.redactions[step.redaction.value].name});
    }
  }
}

}  // namespace hpol::check
