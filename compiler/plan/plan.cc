// Table by table. Order is meaning here: classify rows are floors then raises, candidates
// stand in the order of their first mention, and rows keep the order of the source.
#include "compiler/plan/plan.h"

#include <algorithm>

#include "compiler/plan/conditions.h"
#include "compiler/plan/pools.h"
#include "runtime/detect/near.h"

namespace hpol::plan {
namespace {

class Planner {
 public:
  Planner(const hir::Policy& policy, const std::vector<pattern::Matcher>& matchers,
          const dsl::SourceMap& sources)
      : policy_(policy),
        matchers_(matchers),
        pools_(tables_, sources),
        conditions_(policy, tables_.facts, tables_.nodes, pools_),
        proof_(policy, tables_.proof_facts, tables_.proof_nodes, pools_) {}

  ir::Tables Run() {
    tables_.policy = pools_.String(policy_.name);
    tables_.version = pools_.String(policy_.version);
    tables_.steps_off = policy_.steps_off;
    for (const std::string& level : policy_.levels) tables_.levels.push_back(pools_.String(level));
    for (const std::string& category : policy_.categories)
      tables_.categories.push_back(pools_.String(category));
    for (const hir::Attribute& attribute : policy_.attributes)
      tables_.attributes.push_back({pools_.String(attribute.name), attribute.type, attribute.source,
                                    attribute.optional, pools_.Strings(attribute.members)});
    Detectors();
    Places();
    Redactions();
    Classify();
    Route();
    RunTimeState();
    Require();
    Respond();
    Guarantees();
    return std::move(tables_);
  }

 private:
  void Detectors() {
    for (size_t i = 0; i < policy_.detectors.size(); ++i) {
      const hir::Detector& detector = policy_.detectors[i];
      // Words are bounded by their own rule.
      const bool bounded = std::all_of(detector.patterns.begin(), detector.patterns.end(),
                                       [](const hir::Pattern& pattern) { return pattern.bounded; });
      const ir::Range near = Near(detector.near);
      tables_.detectors.push_back({pools_.String(detector.name), detector.firing, detector.validator,
                                   pools_.Strings(detector.exceptions), bounded, matchers_[i].LongestMatch(),
                                   near, Reach(detector.near), detector.needs_near});
    }
  }

  ir::Range Near(const std::vector<hir::Near>& clauses) {
    const ir::Range rows{static_cast<uint32_t>(tables_.near.size()), static_cast<uint32_t>(clauses.size())};
    for (const hir::Near& clause : clauses) {
      const std::vector<std::string> words = detect::NormalWords(clause.words);
      ir::NearClause row{clause.negated, clause.within, pools_.Strings(words)};
      detect::SetFirstBytes(words, row.first);
      tables_.near.push_back(row);
    }
    return rows;
  }

  static uint32_t Reach(const std::vector<hir::Near>& clauses) {
    uint32_t reach = 0;
    for (const hir::Near& clause : clauses) reach = std::max(reach, clause.within);
    return reach;
  }

  // Zones, targets and sinks.
  void Places() {
    for (const hir::Zone& zone : policy_.zones)
      tables_.zones.push_back({pools_.String(zone.name), zone.trusted, zone.tls_required, zone.clearance.word,
                               pools_.Strings(zone.hosts)});
    for (const hir::Target& target : policy_.targets)
      tables_.targets.push_back({pools_.String(target.name), target.zone.value, target.clearance.word,
                                 pools_.Strings(target.models), pools_.String(target.region),
                                 target.capacity});
    for (const hir::Sink& sink : policy_.sinks)
      tables_.sinks.push_back({pools_.String(sink.name), sink.clearance.word});
  }

  void Redactions() {
    for (const hir::Redaction& redaction : policy_.redactions) {
      tables_.redactions.push_back({pools_.String(redaction.name),
                                    {static_cast<uint32_t>(tables_.redaction_lines.size()),
                                     static_cast<uint32_t>(redaction.lines.size())}});
      for (const hir::RedactionLine& line : redaction.lines)
        tables_.redaction_lines.push_back({line.action, pools_.Ids(line.detectors), line.leaves.word});
    }
  }

  // First match becomes join: each floor carries the negation of the floors before it. A
  // floor that only may apply then lets the next one apply too, as the meaning wants.
  void Classify() {
    std::vector<Nnf> none_before;
    for (const hir::Floor& floor : policy_.floors) {
      const Nnf condition = floor.condition ? conditions_.Normalise(*floor.condition) : Nnf::Constant(true);
      std::vector<Nnf> all{condition};
      all.insert(all.end(), none_before.begin(), none_before.end());
      AddClassifyRow(Nnf::And(std::move(all)), floor.label, false, floor.span);
      none_before.push_back(condition.Not());
    }
    for (const hir::Raise& raise : policy_.raises)
      AddClassifyRow(conditions_.Normalise(raise.condition), raise.label, raise.trusting_caller, raise.span);
  }

  void AddClassifyRow(const Nnf& condition, Label label, bool trusting_caller, dsl::Span span) {
    const ir::Range nodes = conditions_.Emit(condition);
    tables_.classify.push_back({nodes, label.word, pools_.Place(span), trusting_caller});
  }

  void Route() {
    for (const hir::Route& route : policy_.routes) {
      const Nnf condition = route.condition ? conditions_.Normalise(*route.condition) : Nnf::Constant(true);
      ir::RouteRow row;
      row.condition = conditions_.Emit(condition);
      row.deny = route.deny;
      row.reason = pools_.String(route.reason);
      row.candidates = pools_.Indices(Candidates(route));
      row.place = pools_.Place(route.span);
      row.trusting_caller = route.trusting_caller;
      row.gates = Gates(route);
      tables_.route.push_back(row);
    }
  }

  // One gate a candidate where some step of the route has one; check refuses a candidate twice in a rule.
  ir::Range Gates(const hir::Route& route) {
    const bool any = std::any_of(route.steps.begin(), route.steps.end(),
                                 [](const hir::Step& step) { return step.schedule || !step.until.empty(); });
    if (!any) return {};
    const ir::Range gates{static_cast<uint32_t>(tables_.gates.size()),
                          static_cast<uint32_t>(route.steps.size())};
    for (const hir::Step& step : route.steps) {
      const ir::Range until{static_cast<uint32_t>(tables_.gauges.size()),
                            static_cast<uint32_t>(step.until.size())};
      for (const hir::GaugeLimit& limit : step.until)
        tables_.gauges.push_back({limit.gauge, limit.or_equal, limit.millionths});
      tables_.gates.push_back({until, step.schedule.value_or(ir::kNone), step.outside});
    }
    return gates;
  }

  void RunTimeState() {
    for (const hir::Schedule& schedule : policy_.schedules) {
      const ir::Range windows{static_cast<uint32_t>(tables_.windows.size()),
                              static_cast<uint32_t>(schedule.windows.size())};
      for (const hir::Window& window : schedule.windows)
        tables_.windows.push_back({window.days, window.from, window.to});
      tables_.schedules.push_back({pools_.String(schedule.name), schedule.zone, windows});
    }
    for (const hir::Limit& limit : policy_.limits)
      tables_.limits.push_back({limit.unit, pools_.String(limit.currency), limit.amount, limit.period,
                                limit.attribute.value, limit.only ? limit.only->value : ir::kNone,
                                pools_.Place(limit.span)});
  }

  void Require() {
    for (const hir::Requirement& requirement : policy_.requirements) {
      const ir::Range nodes = conditions_.Emit(conditions_.Normalise(requirement.condition));
      tables_.require.push_back({nodes, pools_.String(requirement.title), requirement.trusting_caller,
                                 pools_.Place(requirement.span)});
    }
  }

  void Respond() {
    for (const hir::RespondRule& rule : policy_.responds) {
      const ir::Range nodes = conditions_.Emit(conditions_.Normalise(rule.condition));
      tables_.respond.push_back({nodes, rule.action, pools_.String(rule.reason), pools_.Ids(rule.detectors),
                                 pools_.Place(rule.span)});
    }
  }

  void Guarantees() {
    for (const hir::Guarantee& guarantee : policy_.guarantees) {
      ir::GuaranteeRow row;
      row.title = pools_.String(guarantee.title);
      row.when = proof_.Emit(guarantee.when ? proof_.Normalise(*guarantee.when) : Nnf::Constant(true));
      row.property = proof_.Emit(proof_.Normalise(guarantee.property));
      row.never = guarantee.never;
      row.about_candidates = guarantee.about_candidates;
      row.place = pools_.Place(guarantee.span);
      tables_.guarantees.push_back(row);
    }
  }

  // In order of preference, each once.
  std::vector<uint32_t> Candidates(const hir::Route& route) {
    std::vector<uint32_t> offered;
    for (const hir::Step& step : route.steps) {
      const auto same = [&](const ir::Candidate& candidate) {
        return candidate.target == step.target.value && candidate.redaction == step.redaction.value;
      };
      auto found = std::find_if(tables_.candidates.begin(), tables_.candidates.end(), same);
      if (found == tables_.candidates.end())
        found = tables_.candidates.insert(found, {step.target.value, step.redaction.value});
      const auto index = static_cast<uint32_t>(found - tables_.candidates.begin());
      if (std::find(offered.begin(), offered.end(), index) == offered.end()) offered.push_back(index);
    }
    return offered;
  }

  const hir::Policy& policy_;
  const std::vector<pattern::Matcher>& matchers_;
  ir::Tables tables_;
  Pools pools_;
  Conditions conditions_;
  Conditions proof_;  // of guarantees
};

}  // namespace

ir::Tables Plan(const hir::Policy& policy, const std::vector<pattern::Matcher>& matchers,
                const dsl::SourceMap& sources) {
  return Planner(policy, matchers, sources).Run();
}

}  // namespace hpol::plan
