// Engine::Now: run-time state skips candidates and never adds one (DESIGN 2.2.5).
#include <algorithm>

#include "hpol/engine.h"
#include "runtime/decide/clock.h"

namespace hpol {
namespace {

class Chooser {
 public:
  Chooser(const ir::Tables& tables, const RunState& state, const Candidate& candidate)
      : tables_(tables), state_(state), target_(candidate.target.value), id_(candidate.id.value) {
    const ir::Zone& zone = tables.zones[tables.targets[target_].zone];
    trusted_ = zone.trusted;
    if (target_ < state.targets.size()) known_ = state.targets[target_];
  }

  Availability Run(const ir::RouteRow& row) const {
    if (!known_.up) return Availability::kDown;
    for (uint32_t i = 0; i < tables_.limits.size(); ++i) {
      const uint32_t only = tables_.limits[i].only;
      const bool within = only != ir::kNone && tables_.targets[target_].zone == only;
      if (!within && Below(Left(i), 0, true)) return Availability::kLimit;
    }
    const ir::Gate* const gate = GateOf(row);
    if (gate == nullptr) return Availability::kUsable;
    if (gate->schedule != ir::kNone) {
      const bool inside =
          state_.now >= 0 && decide::InSchedule(tables_, tables_.schedules[gate->schedule], state_.now);
      if (state_.now < 0 || inside == gate->outside) return Availability::kSchedule;
    }
    for (uint32_t i = 0; i < gate->until.count; ++i) {
      if (Reached(tables_.gauges[gate->until.begin + i])) return Availability::kGauge;
    }
    return Availability::kUsable;
  }

 private:
  const ir::Gate* GateOf(const ir::RouteRow& row) const {
    if (row.gates.count == 0) return nullptr;
    for (uint32_t i = 0; i < row.candidates.count; ++i) {
      if (tables_.indices[row.candidates.begin + i] == id_) return &tables_.gates[row.gates.begin + i];
    }
    return nullptr;
  }

  int64_t Left(size_t limit) const { return limit < state_.left.size() ? state_.left[limit] : kUnknownShare; }

  // A share of a budget is below a bound. One that is not known is so toward an untrusted zone.
  bool Below(int64_t share, int64_t bound, bool or_equal) const {
    if (share < 0) return !trusted_;
    return or_equal ? share <= bound : share < bound;
  }

  bool Reached(const ir::GaugeLimit& limit) const {
    switch (limit.gauge) {
      case Gauge::kLoad:
        return known_.load >= 0 &&
               (limit.or_equal ? known_.load >= limit.millionths : known_.load > limit.millionths);
      case Gauge::kHealth:
        return known_.health >= 0 &&
               (limit.or_equal ? known_.health <= limit.millionths : known_.health < limit.millionths);
      case Gauge::kBudget:
        break;
    }
    for (size_t i = 0; i < tables_.limits.size(); ++i) {
      if (Below(Left(i), limit.millionths, limit.or_equal)) return true;
    }
    return false;
  }

  const ir::Tables& tables_;
  const RunState& state_;
  uint32_t target_;
  uint32_t id_;
  bool trusted_ = false;
  TargetState known_;
};

}  // namespace

Availability Engine::Now(size_t index, const Decision& decision, const RunState& state) const noexcept {
  if (decision.verdict() != Verdict::kSend || index >= decision.candidates().size() ||
      decision.reasons().empty())
    return Availability::kNoCandidate;
  const ir::Tables& tables = *program_.tables;
  const Candidate& candidate = decision.candidates()[index];
  const Reason& last = decision.reasons().back();  // the row whose order and steps these are
  if (last.table != Reason::Table::kRoute || last.row >= tables.route.size() ||
      candidate.target.value >= tables.targets.size()) {
    return Availability::kNoCandidate;
  }
  return Chooser(tables, state, candidate).Run(tables.route[last.row]);
}

}  // namespace hpol
