// What a caller says of itself gains nothing (DESIGN 2.2.9): two requests that differ in caller inputs alone
// have the same candidates, but for rules marked `trusting caller`. Proved over pairs of requests: the policy
// beside a copy of itself whose other rules read a second set of caller inputs.
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "compiler/prove/prover.h"

namespace hpol::prove {
namespace {

// Reads `second[a]` wherever the policy reads caller input a.
void ReadSecond(hir::Expr& expr, const std::vector<AttributeId>& second) {
  if (expr.kind == hir::Expr::Kind::kAtom) {
    switch (expr.atom.kind) {
      case hir::Atom::Kind::kBool:
      case hir::Atom::Kind::kCompare:
      case hir::Atom::Kind::kIn:
      case hir::Atom::Kind::kHas:
      case hir::Atom::Kind::kPresent:
        expr.atom.attribute = second[expr.atom.attribute.value];
        break;
      default:
        break;
    }
  }
  for (hir::Expr& operand : expr.operands) ReadSecond(operand, second);
}

bool ReadsCaller(const hir::Policy& policy, const hir::Expr& expr) {
  bool reads = false;
  ForEachAtom(expr, [&](const hir::Atom& atom) {
    switch (atom.kind) {
      case hir::Atom::Kind::kBool:
      case hir::Atom::Kind::kCompare:
      case hir::Atom::Kind::kIn:
      case hir::Atom::Kind::kHas:
      case hir::Atom::Kind::kPresent:
        reads = reads || policy.attributes[atom.attribute.value].source == Source::kCaller;
        break;
      default:
        break;
    }
  });
  return reads;
}

// Conditions of rules that do not trust the caller.
std::vector<hir::Expr*> Distrusting(hir::Policy& policy) {
  std::vector<hir::Expr*> conditions;
  for (hir::Floor& floor : policy.floors)
    if (floor.condition) conditions.push_back(&*floor.condition);
  for (hir::Raise& raise : policy.raises)
    if (!raise.trusting_caller) conditions.push_back(&raise.condition);
  for (hir::Route& route : policy.routes)
    if (route.condition && !route.trusting_caller) conditions.push_back(&*route.condition);
  for (hir::Requirement& requirement : policy.requirements)
    if (!requirement.trusting_caller) conditions.push_back(&requirement.condition);
  return conditions;
}

struct Pair {
  hir::Policy one;
  hir::Policy other;
  std::vector<AttributeId> second;  // by input: itself, or its copy
};

Pair PairOf(const hir::Policy& policy) {
  Pair pair{policy, {}, {}};
  pair.one.guarantees.clear();
  for (uint32_t i = 0; i < policy.attributes.size(); ++i) {
    pair.second.push_back({i});
    if (policy.attributes[i].source != Source::kCaller) continue;
    pair.second.back().value = static_cast<uint32_t>(pair.one.attributes.size());
    pair.one.attributes.push_back(policy.attributes[i]);
    pair.one.attributes.back().name += " (changed)";
  }
  pair.other = pair.one;
  for (hir::Expr* condition : Distrusting(pair.other)) ReadSecond(*condition, pair.second);
  return pair;
}

Example HalfOf(const hir::Policy& policy, const Pair& pair, const Example& both, bool second) {
  Example half = both;
  half.facts.attributes.clear();
  for (uint32_t i = 0; i < policy.attributes.size(); ++i)
    half.facts.attributes.push_back(both.facts.attributes[second ? pair.second[i].value : i]);
  half.outcome = reference::Decide(policy, half.facts);
  return half;
}

std::string Given(const hir::Policy& policy, const Pair& pair, const Example& both, bool second) {
  Example half = HalfOf(policy, pair, both, second);
  for (uint32_t i = 0; i < policy.attributes.size(); ++i)
    half.matters[i] = pair.second[i].value != i && (both.matters[i] || both.matters[pair.second[i].value]);
  return RequestText(policy, half);
}

// Which of the candidates that are gained is shown: one in an untrusted zone, if any; else the first that
// rules mention.
size_t ShownOf(const hir::Policy& policy, const std::vector<reference::CandidatePair>& pairs,
               const std::vector<Finding>& gained) {
  const auto trusted = [&](size_t i) {
    return policy.zones[policy.targets[pairs[i].target.value].zone.value].trusted;
  };
  size_t shown = pairs.size();
  for (size_t i = 0; i < pairs.size(); ++i) {
    if (gained[i].answer != Answer::kYes) continue;
    if (shown == pairs.size() || (trusted(shown) && !trusted(i))) shown = i;
  }
  return shown;
}

}  // namespace

void ProveCaller(Prover& prover) {
  const Stopwatch watch;
  Proof proof;
  proof.kind = Proof::Kind::kCaller;
  proof.title = "what a caller says gains no candidate";
  proof.status = Status::kProved;
  Pair pair = PairOf(prover.policy);
  const hir::Expr* reader = nullptr;
  for (const hir::Expr* condition : Distrusting(pair.one))
    if (reader == nullptr && ReadsCaller(prover.policy, *condition)) reader = condition;
  if (reader == nullptr) {
    prover.report.proofs.push_back(std::move(proof));
    return;
  }
  Aig aig;
  World world(aig);
  world.Note(pair.one);
  world.Note(pair.other);
  world.Build();
  Formula one(pair.one, world);
  Formula other(pair.other, world);
  std::vector<Lit> gained;
  for (size_t i = 0; i < one.remaining().size(); ++i)
    gained.push_back(aig.And(other.remaining()[i], Negate(one.remaining()[i])));
  const Lit admitted = aig.And(one.admitted(), other.admitted());
  Lit claim = aig.And(aig.Any(gained), admitted);
  Certify(prover, aig, claim);
  Deferrals deferrals;
  one.Defer(deferrals);
  other.Defer(deferrals);
  Questions questions(aig, prover.options.conflict_budget, std::move(deferrals));
  Finding finding = questions.Ask(claim);
  if (finding.answer == Answer::kUnknown) {
    proof.status = Status::kUnknown;
    ReportUnknown(prover, reader->span, "what the caller says gains a candidate");
  }
  if (finding.answer == Answer::kYes) {
    proof.status = Status::kBroken;
    for (Lit& one_gained : gained) one_gained = aig.And(one_gained, admitted);
    std::vector<Finding> gains_by_candidate = questions.AskAll(gained);
    const size_t shown = ShownOf(prover.policy, one.meaning().candidates(), gains_by_candidate);
    if (shown < gained.size()) {
      claim = gained[shown];
      finding = std::move(gains_by_candidate[shown]);
    }
    proof.span = reader->span;
    const Runner no_runner;  // the compiled code has no second set of inputs; it is asked about each half
    Examples examples(one, no_runner, prover.options.texts);
    const Example both = examples.Make(std::move(finding.assignment), claim);
    Example before = HalfOf(prover.policy, pair, both, false);
    Example after = HalfOf(prover.policy, pair, both, true);
    for (Example* half : {&before, &after})
      if (!Replay(prover.policy, prover.options.runner, *half))
        prover.report.fault = "the compiled code decides a caller's request differently from the meaning";
    after.replayed = after.replayed && before.replayed;
    std::string gains;
    for (const reference::Outcome::Sent& sent : after.outcome.candidates) {
      const auto same = [&](const reference::Outcome::Sent& old) {
        return old.target == sent.target && old.redaction == sent.redaction;
      };
      if (std::any_of(before.outcome.candidates.begin(), before.outcome.candidates.end(), same)) continue;
      gains = Tick(prover.policy.targets[sent.target.value].name);
      break;
    }
    dsl::Diagnostic& error = prover.diagnostics.Error(dsl::DiagnosticKind::kCallerGains, reader->span,
                                                      "what the caller says decides where a request may go",
                                                      "this is read from the caller");
    error.example = Given(prover.policy, pair, both, true) + " may go to " + gains + "; " +
                    Given(prover.policy, pair, both, false) + " may not";
    error.help = dsl::Help{"take the input from identity or gateway, or mark the rule `trusting caller`", {}};
    proof.example = after;
    if (!examples.fault().empty()) prover.report.fault = examples.fault();
  }
  proof.milliseconds = watch.milliseconds();
  prover.report.proofs.push_back(std::move(proof));
}

}  // namespace hpol::prove
