// Looks for a request that reaches a candidate with a label above its clearance: values are
// struck out as long as they lead nowhere, then one variable is split. Ends with a leak, with
// a proof that there is none, or when its budget is used up.
#include <algorithm>
#include <bit>
#include <utility>

#include "compiler/check/clearance.h"
#include "compiler/check/clearance_model.h"

namespace hpol::check {
namespace {

constexpr uint64_t kLeastBudget = 20'000;  // of one candidate

enum class Goal : uint8_t { kImpossible, kOpen, kCertain };

Goal Both(Goal a, Goal b) { return std::min(a, b); }

class CandidateSearch {
 public:
  CandidateSearch(const ClearanceModel& model, uint32_t route, const hir::Step& step, uint64_t budget)
      : model_(model),
        policy_(model.policy()),
        route_(route),
        step_(step),
        clearance_(policy_.targets[step.target.value].clearance),
        last_visit_(model.visits() + budget) {
    for (uint32_t earlier = 0; earlier < route; ++earlier) offers_.push_back(Offers(policy_.routes[earlier]));
  }

  Verdict Run(ExampleRequest& example) {
    if (hir::TopLabel(policy_).FlowsTo(clearance_)) return Verdict::kProved;
    const Verdict verdict = Visit(model_.FullDomains());
    if (verdict == Verdict::kLeaks) example = MakeExample();
    return verdict;
  }

 private:
  bool Offers(const hir::Route& route) const {
    if (route.deny) return false;
    return std::any_of(route.steps.begin(), route.steps.end(), [this](const hir::Step& other) {
      return other.target == step_.target && other.redaction == step_.redaction;
    });
  }

  // Do requests in `domains` reach the candidate and exceed its clearance: none, some, all?
  // The candidate is offered where its rule is true and every rule before it is false, or
  // unknown and offers the same (DESIGN 2.2.4).
  Goal Check(const Domains& domains) const {
    const LabelRange label = model_.LabelOf(domains, kNoRedaction);
    const LabelRange sent =
        step_.redaction == kNoRedaction ? label : model_.LabelOf(domains, step_.redaction);
    if (sent.high.FlowsTo(clearance_)) return Goal::kImpossible;
    Goal goal = sent.low.FlowsTo(clearance_) ? Goal::kOpen : Goal::kCertain;
    const TruthRange taken = model_.RouteRow(route_, domains, label);
    if (taken.high != Truth::kTrue) return Goal::kImpossible;
    if (taken.low != Truth::kTrue) goal = Goal::kOpen;
    for (uint32_t earlier = 0; earlier < route_; ++earlier) {
      const TruthRange truth = model_.RouteRow(earlier, domains, label);
      const Truth passable = offers_[earlier] ? Truth::kUnknown : Truth::kFalse;
      if (truth.low > passable) return Goal::kImpossible;
      if (truth.high > passable) goal = Both(goal, Goal::kOpen);
    }
    return goal;
  }

  // A leak, unless it hangs on a condition that the model leaves open.
  Verdict Leak(Domains domains) {
    for (uint32_t i = 0; i < domains.size(); ++i) {
      if (model_.variables()[i].kind == Variable::Kind::kOpen) domains[i] = model_.variables()[i].full();
    }
    if (Check(domains) != Goal::kCertain) return Verdict::kOpen;
    leak_ = std::move(domains);
    return Verdict::kLeaks;
  }

  bool Exhausted() const { return model_.visits() > last_visit_; }

  Verdict Visit(Domains domains) {
    switch (Check(domains)) {
      case Goal::kImpossible:
        return Verdict::kProved;
      case Goal::kCertain:
        return Leak(std::move(domains));
      case Goal::kOpen:
        break;
    }
    if (const Verdict verdict = Strike(domains); verdict != Verdict::kOpen) return verdict;
    if (Exhausted()) return Verdict::kOpen;
    const uint32_t variable = Choose(domains);
    if (variable == kNoVariable) return Verdict::kOpen;
    Verdict result = Verdict::kProved;
    for (Values rest = domains[variable]; rest != 0; rest &= rest - 1) {
      Domains part = domains;
      part[variable] = rest & (~rest + 1);
      const Verdict verdict = Visit(std::move(part));
      if (verdict == Verdict::kLeaks) return verdict;
      if (verdict == Verdict::kOpen) result = verdict;
      if (Exhausted()) return Verdict::kOpen;  // the rest was not looked at
    }
    return result;
  }

  // Strikes out values that lead nowhere. Decides when a value alone leaks or none is left.
  Verdict Strike(Domains& domains) {
    for (bool again = true; again;) {
      again = false;
      for (uint32_t variable = 0; variable < domains.size(); ++variable) {
        const Values before = domains[variable];
        if (std::has_single_bit(before)) continue;
        Values left = 0;
        for (Values rest = before; rest != 0; rest &= rest - 1) {
          if (Exhausted()) {
            domains[variable] = before;
            return Verdict::kOpen;
          }
          domains[variable] = rest & (~rest + 1);
          const Goal goal = Check(domains);
          if (goal == Goal::kCertain) return Leak(domains);
          if (goal == Goal::kOpen) left |= domains[variable];
        }
        if (left == 0) return Verdict::kProved;
        domains[variable] = left;
        again = again || left != before;
      }
    }
    return Verdict::kOpen;
  }

  // The undecided variable with the fewest values.
  static uint32_t Choose(const Domains& domains) {
    uint32_t best = kNoVariable;
    for (uint32_t i = 0; i < domains.size(); ++i) {
      if (std::has_single_bit(domains[i])) continue;
      if (best == kNoVariable || std::popcount(domains[i]) < std::popcount(domains[best])) best = i;
    }
    return best;
  }

  // Names only what matters: a variable is left open where every value of it leaks.
  ExampleRequest MakeExample() {
    Domains domains = leak_;
    std::vector<uint32_t> order;
    for (const bool content : {true, false}) {
      for (uint32_t i = 0; i < domains.size(); ++i) {
        const Variable::Kind kind = model_.variables()[i].kind;
        const bool of_content = kind == Variable::Kind::kDetector || kind == Variable::Kind::kUnscanned;
        if (of_content == content) order.push_back(i);
      }
    }
    std::vector<bool> matters(domains.size(), false);
    for (const uint32_t i : order) {
      const Values narrow = domains[i];
      domains[i] = model_.variables()[i].full();
      if (Check(domains) == Goal::kCertain) continue;
      domains[i] = narrow & (~narrow + 1);
      matters[i] = true;
    }
    for (Values& values : domains) values &= ~values + 1;
    ExampleRequest example;
    for (uint32_t i = 0; i < domains.size(); ++i) {
      if (matters[i]) Add(model_.variables()[i], static_cast<size_t>(std::countr_zero(domains[i])), example);
    }
    example.label = model_.LabelOf(domains, kNoRedaction).low;
    example.sent = model_.LabelOf(domains, step_.redaction).low;
    for (size_t row = 0; row < model_.classify_rows(); ++row) {
      example.applied.push_back(model_.ClassifyRow(row, domains, step_.redaction).low >= Truth::kUnknown);
    }
    return example;
  }

  static ExampleAttribute& AttributeOf(uint32_t owner, ExampleRequest& example) {
    for (ExampleAttribute& attribute : example.attributes) {
      if (attribute.attribute.value == owner) return attribute;
    }
    example.attributes.emplace_back();
    example.attributes.back().attribute.value = owner;
    return example.attributes.back();
  }

  static void Add(const Variable& variable, size_t value, ExampleRequest& example) {
    switch (variable.kind) {
      case Variable::Kind::kOpen:
        break;
      case Variable::Kind::kUnscanned:
        example.unscanned = value == 1;
        break;
      case Variable::Kind::kDetector: {
        const Variable::Findings& findings = variable.findings[value];
        if (!findings.found) break;
        example.findings.push_back({DetectorId{variable.owner}, findings.count > 0,
                                    std::max(1u, findings.count), std::max(1u, findings.distinct)});
        break;
      }
      case Variable::Kind::kAttribute: {
        ExampleAttribute& attribute = AttributeOf(variable.owner, example);
        attribute.missing = variable.choices[value].missing;
        attribute.other = variable.choices[value].other;
        attribute.values = variable.choices[value].texts;
        break;
      }
      case Variable::Kind::kSetMissing:
        AttributeOf(variable.owner, example).missing = value == 1;
        break;
      case Variable::Kind::kSetMember: {
        ExampleAttribute& attribute = AttributeOf(variable.owner, example);
        (value == 1 ? attribute.values : attribute.absent).push_back(variable.choices[0].texts[0]);
        break;
      }
    }
  }

  const ClearanceModel& model_;
  const hir::Policy& policy_;
  uint32_t route_;
  hir::Step step_;
  Label clearance_;
  uint64_t last_visit_;
  std::vector<bool> offers_;  // of each earlier rule: does it offer this candidate too?
  Domains leak_;
};

}  // namespace

std::vector<CandidateVerdict> ProveClearance(const hir::Policy& policy, uint64_t budget) {
  const ClearanceModel model(policy);
  size_t total = 0;
  for (const hir::Route& route : policy.routes) total += route.steps.size();
  const uint64_t share = std::max(std::min(kLeastBudget, budget), budget / std::max<size_t>(total, 1));
  std::vector<CandidateVerdict> verdicts;
  for (uint32_t route = 0; route < policy.routes.size(); ++route) {
    for (uint32_t step = 0; step < policy.routes[route].steps.size(); ++step) {
      CandidateVerdict verdict{route, step, Verdict::kOpen, {}};
      verdict.verdict =
          CandidateSearch(model, route, policy.routes[route].steps[step], share).Run(verdict.example);
      verdicts.push_back(std::move(verdict));
    }
  }
  return verdicts;
}

}  // namespace hpol::check
