#include "compiler/prove/why.h"

#include <algorithm>
#include <utility>

#include "compiler/prove/example.h"
#include "compiler/prove/prover.h"

namespace hpol::prove {
namespace {

// Findings and reasons may differ without a difference to anyone.
bool SameDecision(const reference::Outcome& a, const reference::Outcome& b) {
  return a.verdict == b.verdict && a.label == b.label && a.candidates == b.candidates &&
         (a.verdict == hpol::Verdict::kSend || a.cause == b.cause);
}

class Flips {
 public:
  Flips(const hir::Policy& policy, const reference::Facts& facts)
      : policy_(policy), facts_(facts), now_(reference::Decide(policy, facts)) {}

  void Try(const std::string& change, const reference::Facts& changed) {
    reference::Outcome outcome = reference::Decide(policy_, changed);
    if (SameDecision(outcome, now_)) return;
    const bool known = std::any_of(own_.begin(), own_.end(),
                                   [&](const Flip& flip) { return SameDecision(flip.outcome, outcome); });
    if (!known) own_.push_back({change, std::move(outcome)});
  }
  // What follows is about another fact.
  void Next() {
    for (Flip& flip : own_) all_.push_back(std::move(flip));
    own_.clear();
  }
  std::vector<Flip> Take() {
    Next();
    return std::move(all_);
  }

 private:
  const hir::Policy& policy_;
  const reference::Facts& facts_;
  reference::Outcome now_;
  std::vector<Flip> own_, all_;
};

}  // namespace

std::vector<Flip> FlipsOf(const hir::Policy& policy, const reference::Facts& facts) {
  Aig aig;
  World world(aig);
  world.Note(policy);
  world.Build();
  const Variables variables = world.VariablesOf(policy);
  const std::vector<bool> assignment = world.AssignmentOf(facts, policy, variables);
  Flips flips(policy, facts);
  for (uint32_t i = 0; i < policy.detectors.size(); ++i) {
    const hir::Detector& detector = policy.detectors[i];
    reference::Facts without = facts;
    std::erase_if(without.findings, [i](const reference::Evidence& one) { return one.detector.value == i; });
    if (without.findings.size() < facts.findings.size()) {
      flips.Try("without " + Tick(detector.name), without);
    } else {
      without.findings.push_back({{i}, detector.firing, "one more", true});
      flips.Try("with a finding of " + Tick(detector.name), without);
    }
    flips.Next();
  }
  for (size_t i = 0; i < policy.attributes.size(); ++i) {
    const InputVariable& input = *variables.inputs[i];
    for (const std::vector<bool>& variant : ValuesOf(assignment, input)) {
      reference::Facts changed = facts;
      changed.attributes[i] = world.FactsOf(variant, policy, variables).attributes[i];
      flips.Try("with " + InputText(policy, i, changed.attributes[i]) + " instead of " +
                    InputText(policy, i, facts.attributes[i]),
                changed);
    }
    flips.Next();
  }
  reference::Facts scanned = facts;
  scanned.unscanned = !facts.unscanned;
  flips.Try(facts.unscanned ? "if all content could be scanned" : "with a part that cannot be scanned",
            scanned);
  return flips.Take();
}

}  // namespace hpol::prove
