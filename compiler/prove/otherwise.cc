// What leaves although nothing is known of it: a request in which no detector finds anything, that has its
// label from the last floor alone, and that may still go to an untrusted zone. That nothing was found is no
// evidence: names, contracts, board papers and source code have no pattern.
#include <string>
#include <vector>

#include "compiler/prove/prover.h"

namespace hpol::prove {
namespace {

constexpr size_t kShown = 10;

// What people paste. More than are shown, because a policy's own detectors may find some.
constexpr const char* kPrompts[] = {
    "Summarise the board paper on selling the Hamburg plant",
    "Maria Keller asked for leave because of her treatment, what may we ask her?",
    "Improve this clause: the supplier grants twelve percent until June",
    "Why is this slow: for (auto& row : ledger) total += row.weight * rate(row);",
    "Draft the letter that ends the contract of Thomas Brandt",
    "Translate for our bank: we will miss the quarter by four million",
    "Is our bid of eighteen million for the harbour tender too low?",
    "Which of our three suppliers should we drop before the audit?",
    "Rewrite the complaint of the patient in room twelve more kindly",
    "Explain to the press why the prototype failed its pressure test",
    "Whom should we promote, Aylin or Peter? Their reviews are below",
    "Shorten the minutes of the works council on the coming layoffs",
    "What would a rival pay for our list of dealers in Poland?",
    "Find the weak points of our alarm plan for the night shift",
};

bool IsUntrusted(const hir::Policy& policy, TargetId target) {
  return !policy.zones[policy.targets[target.value].zone.value].trusted;
}

// Everything could be read, and nothing was found in it.
Lit NothingFound(Prover& prover) {
  std::vector<Lit> found = {prover.world.unscanned(), prover.world.unregistered()};
  for (const DetectorVariable& detector : prover.world.detectors()) {
    found.push_back(detector.replaceable.at_tier.front());
    if (detector.covered) found.push_back(detector.fixed.at_tier.front());
  }
  return Negate(prover.aig.Any(std::move(found)));
}

const reference::Outcome::Sent* Leaves(const hir::Policy& policy, const reference::Outcome& outcome) {
  if (outcome.verdict != Verdict::kSend) return nullptr;
  for (const reference::Outcome::Sent& sent : outcome.candidates)
    if (IsUntrusted(policy, sent.target)) return &sent;
  return nullptr;
}

// Those of which the policy indeed says so.
std::vector<std::string> PromptsThatLeave(const hir::Policy& policy, const Example& example) {
  std::vector<std::string> prompts;
  for (const char* prompt : kPrompts) {
    if (prompts.size() == kShown) break;
    const WrittenRequest request(policy, example.facts, prompt);
    if (Leaves(policy, reference::Decide(policy, request.view())) != nullptr) prompts.emplace_back(prompt);
  }
  return prompts;
}

}  // namespace

void FindOpenDefault(Prover& prover) {
  const hir::Policy& policy = prover.policy;
  // A policy that does not compile has worse to say.
  if (prover.diagnostics.has_errors()) return;
  if (policy.floors.empty() || policy.floors.back().condition) return;
  const hir::Floor& last = policy.floors.back();
  std::vector<Lit> leaving;
  for (size_t i = 0; i < prover.formula.remaining().size(); ++i)
    if (IsUntrusted(policy, prover.formula.meaning().candidates()[i].target))
      leaving.push_back(prover.formula.remaining()[i]);
  const Lit by_default = prover.formula.rows()[policy.floors.size() - 1].must;
  const Lit claim = prover.aig.All(
      {prover.formula.admitted(), by_default, NothingFound(prover), prover.aig.Any(std::move(leaving))});
  Finding finding = prover.questions.Ask(claim);
  if (finding.answer != Answer::kYes) return;  // what is not known is reported by the proofs
  Example example = prover.examples.Make(std::move(finding.assignment), claim);
  const reference::Outcome::Sent* sent = Leaves(policy, example.outcome);
  if (sent == nullptr) return;
  const std::string target = Tick(policy.targets[sent->target.value].name);
  dsl::Diagnostic& warning = prover.diagnostics.Warning(dsl::DiagnosticKind::kOpenDefault, last.span,
                                                        "what no detector knows may go to " + target,
                                                        "whatever else is not known has this label");
  if (const std::optional<dsl::Span> step = SentBy(policy, example.outcome, *sent))
    warning.others.push_back({*step, "this sends it to " + target});
  const std::vector<std::string> prompts = PromptsThatLeave(policy, example);
  if (!prompts.empty()) {
    example.written = true;
    example.prompt = prompts.front();
  }
  warning.example = ExampleText(policy, example) + ", may be sent to " + target;
  for (size_t i = 1; i < prompts.size(); ++i)
    *warning.example += (i == 1 ? "; so may \"" : ", \"") + prompts[i] + "\"";
  warning.help = dsl::Help{
      "give requests of which nothing is known a label that stays, and this one only for a fact: `start at … "
      "when`",
      {}};
}

}  // namespace hpol::prove
