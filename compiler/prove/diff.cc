#include "compiler/prove/diff.h"

#include <algorithm>
#include <map>
#include <utility>

#include "compiler/prove/prover.h"

namespace hpol::prove {
namespace {

using Pair = reference::CandidatePair;

// A candidate as both policies name it.
using Place = std::pair<std::string, std::string>;  // target, redaction ("" for none)

Place PlaceOf(const hir::Policy& policy, const Pair& pair) {
  return {policy.targets[pair.target.value].name,
          pair.redaction == kNoRedaction ? "" : policy.redactions[pair.redaction.value].name};
}

std::string PlaceText(const Place& place) {
  return Tick(place.first) + (place.second.empty() ? "" : " redacted by " + Tick(place.second));
}

// The label of a policy by the names of its bits.
std::map<std::string, Lit> BitsByName(const hir::Policy& policy, const Formula::Meaning::LabelBits& label) {
  std::map<std::string, Lit> bits;
  for (size_t level = 1; level < policy.levels.size(); ++level)
    bits["at least " + Tick(policy.levels[level])] = label[level - 1];
  for (size_t category = 0; category < policy.categories.size(); ++category)
    bits[Tick(policy.categories[category])] = label[16 + category];
  return bits;
}

// By ordered pair of candidates: the route that is hit prefers the first.
std::map<std::pair<Place, Place>, Lit> Preferences(Formula& formula, Aig& aig) {
  std::map<std::pair<Place, Place>, std::vector<Lit>> hits;
  const hir::Policy& policy = formula.policy();
  for (size_t row = 0; row < policy.routes.size(); ++row) {
    const std::vector<hir::Step>& steps = policy.routes[row].steps;
    for (size_t i = 0; i < steps.size(); ++i)
      for (size_t j = i + 1; j < steps.size(); ++j)
        hits[{PlaceOf(policy, {steps[i].target, steps[i].redaction}),
              PlaceOf(policy, {steps[j].target, steps[j].redaction})}]
            .push_back(formula.walk().hit[row]);
  }
  std::map<std::pair<Place, Place>, Lit> preferences;
  for (auto& [pair, lits] : hits) preferences[pair] = aig.Any(std::move(lits));
  return preferences;
}

Lit At(const auto& map, const auto& key) {
  const auto found = map.find(key);
  return found == map.end() ? kFalse : found->second;
}

struct Kind {
  std::string what;
  bool loosens;
  Lit claim;
};

// Every kind of change, as a claim that some request meets it.
class Kinds {
 public:
  Kinds(Formula& before, Formula& after, Aig& aig) : before_(before), after_(after), aig_(aig) {
    Door();
    Labels();
    Fates();
    Candidates();
  }
  const std::vector<Kind>& all() const { return all_; }

 private:
  void Add(std::string what, bool loosens, Lit claim) { all_.push_back({std::move(what), loosens, claim}); }

  // Gained and lost, of requests that both policies let in.
  void Compare(const std::string& gained, const std::string& lost, bool more_is_looser, Lit before,
               Lit after) {
    Add(gained, more_is_looser, aig_.And(both_, aig_.And(Negate(before), after)));
    Add(lost, !more_is_looser, aig_.And(both_, aig_.And(before, Negate(after))));
  }

  void Door() {
    both_ = aig_.And(before_.admitted(), after_.admitted());
    Add("is no longer turned away at the door", true,
        aig_.And(Negate(before_.admitted()), after_.admitted()));
    Add("is turned away at the door", false, aig_.And(before_.admitted(), Negate(after_.admitted())));
  }

  void Labels() {
    const auto old_bits = BitsByName(before_.policy(), before_.label());
    const auto new_bits = BitsByName(after_.policy(), after_.label());
    auto names = old_bits;
    names.insert(new_bits.begin(), new_bits.end());
    for (const auto& [name, unused] : names)
      Compare("is labelled " + name, "is no longer labelled " + name, false, At(old_bits, name),
              At(new_bits, name));
  }

  void Fates() {
    Compare("is denied by a rule", "is no longer denied by a rule", false, before_.walk().denied,
            after_.walk().denied);
    Compare("is decided by no rule", "is decided by a rule, as it was not", false, before_.walk().undecided,
            after_.walk().undecided);
  }

  std::map<Place, Lit> RemainingOf(Formula& formula) const {
    std::map<Place, Lit> remaining;
    const std::vector<Pair>& pairs = formula.meaning().candidates();
    for (size_t i = 0; i < pairs.size(); ++i)
      remaining[PlaceOf(formula.policy(), pairs[i])] = formula.remaining()[i];
    return remaining;
  }

  void Candidates() {
    const std::map<Place, Lit> old_ones = RemainingOf(before_);
    const std::map<Place, Lit> new_ones = RemainingOf(after_);
    std::map<Place, Lit> places = old_ones;
    places.insert(new_ones.begin(), new_ones.end());
    for (const auto& [place, unused] : places)
      Compare("may go to " + PlaceText(place), "may no longer go to " + PlaceText(place), true,
              At(old_ones, place), At(new_ones, place));
    const auto old_order = Preferences(before_, aig_);
    const auto new_order = Preferences(after_, aig_);
    for (const auto& [pair, lit] : new_order) {
      const Lit all_remain = aig_.And(aig_.And(At(old_ones, pair.first), At(old_ones, pair.second)),
                                      aig_.And(At(new_ones, pair.first), At(new_ones, pair.second)));
      Add("goes to " + PlaceText(pair.first) + " rather than to " + PlaceText(pair.second), false,
          aig_.And(aig_.And(both_, all_remain), aig_.And(lit, Negate(At(old_order, pair)))));
    }
  }

  Formula& before_;
  Formula& after_;
  Aig& aig_;
  Lit both_ = kTrue;
  std::vector<Kind> all_;
};

}  // namespace

bool Difference::loosens() const {
  return std::any_of(changes.begin(), changes.end(), [](const Change& change) { return change.loosens; });
}

Difference Compare(const Side& old_side, const Side& new_side, int conflict_budget) {
  const Stopwatch watch;
  const hir::Policy& before = old_side.policy;
  const hir::Policy& after = new_side.policy;
  Difference difference;
  Aig aig;
  World world(aig);
  world.Note(before);
  world.Note(after);
  world.Build();
  Formula one(before, world);
  Formula other(after, world);
  const Kinds kinds(one, other, aig);
  std::vector<Lit> claims;
  for (const Kind& kind : kinds.all()) claims.push_back(kind.claim);
  Deferrals deferrals;
  one.Defer(deferrals);
  other.Defer(deferrals);
  Questions questions(aig, conflict_budget, std::move(deferrals));
  std::vector<Finding> findings = questions.AskAll(claims);
  Examples examples(one, old_side.runner, /*texts=*/true, &other);
  for (size_t i = 0; i < findings.size(); ++i) {
    if (findings[i].answer == Answer::kNo) continue;
    Change& change = difference.changes.emplace_back();
    change.what = kinds.all()[i].what;
    change.loosens = kinds.all()[i].loosens;
    change.known = findings[i].answer == Answer::kYes;
    if (!change.known) continue;
    change.example = examples.Make(std::move(findings[i].assignment), claims[i]);
    Example seen_by_new = change.example;
    seen_by_new.facts = world.FactsOf(change.example.assignment, after, other.variables());
    change.before =
        reference::Decide(before, world.FactsOf(change.example.assignment, before, one.variables()));
    change.after = reference::Decide(after, seen_by_new.facts);
    if (!Replay(after, new_side.runner, seen_by_new))
      difference.fault = "the compiled code decides a change differently from the meaning";
    change.example.replayed = change.example.replayed && seen_by_new.replayed;
  }
  if (difference.fault.empty()) difference.fault = examples.fault();
  difference.milliseconds = watch.milliseconds();
  return difference;
}

}  // namespace hpol::prove
