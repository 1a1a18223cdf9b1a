#include "compiler/reference/choice.h"

#include <algorithm>
#include <chrono>
#include <optional>

namespace hpol::reference {
namespace {

namespace cal = std::chrono;

// The local calendar reading of a change of clocks, as seconds since 1970 on that clock.
int64_t LocalInstant(const ClockChange& change, cal::year year) {
  const cal::month month(change.month);
  const cal::weekday weekday(change.weekday);
  const cal::sys_days day = change.week == 5 ? cal::sys_days(year / month / weekday[cal::last])
                                             : cal::sys_days(year / month / weekday[change.week]);
  return int64_t{day.time_since_epoch().count()} * 86400 + change.second;
}

int64_t Offset(const TimeZone& zone, int64_t now) {
  if (zone.to_summer.month == 0) return zone.offset;
  const cal::sys_seconds standard{cal::seconds(now + zone.offset)};
  const cal::year year = cal::year_month_day(cal::floor<cal::days>(standard)).year();
  const bool after_begin = now + zone.offset >= LocalInstant(zone.to_summer, year);
  const bool before_end = now + zone.summer_offset < LocalInstant(zone.to_standard, year);
  const bool north = LocalInstant(zone.to_summer, year) < LocalInstant(zone.to_standard, year);
  const bool summer = north ? after_begin && before_end : after_begin || before_end;
  return summer ? zone.summer_offset : zone.offset;
}

bool InHours(const hir::Schedule& schedule, int64_t now) {
  const int64_t local = now + Offset(schedule.zone, now);
  // A window over midnight began the day before, which lies a day back on the same clock.
  const auto holds = [&](int64_t at, uint32_t from, uint32_t to, uint32_t days) {
    const cal::sys_seconds instant{cal::seconds(at)};
    const cal::sys_days day = cal::floor<cal::days>(instant);
    const auto minute = cal::duration_cast<cal::minutes>(instant - day).count();
    const unsigned weekday = cal::weekday(day).iso_encoding() - 1;
    return ((days >> weekday) & 1) != 0 && minute >= from && minute < to;
  };
  return std::any_of(schedule.windows.begin(), schedule.windows.end(), [&](const hir::Window& window) {
    if (window.from < window.to) return holds(local, window.from, window.to, window.days);
    return holds(local, window.from, 24 * 60, window.days) || holds(local - 86400, 0, window.to, window.days);
  });
}

}  // namespace

Availability Now(const hir::Policy& policy, const hir::Route& route, TargetId target, RedactionId redaction,
                 const RunState& state) {
  const auto step = std::find_if(route.steps.begin(), route.steps.end(), [&](const hir::Step& one) {
    return one.target == target && one.redaction == redaction;
  });
  if (step == route.steps.end()) return Availability::kNoCandidate;
  const ZoneId zone = policy.targets[target.value].zone;
  const bool trusted = policy.zones[zone.value].trusted;
  const TargetState known = target.value < state.targets.size() ? state.targets[target.value] : TargetState{};
  if (!known.up) return Availability::kDown;

  // What is left of each limit; one that nobody knows is used up where the zone is not trusted.
  std::vector<std::optional<int64_t>> left;
  for (size_t i = 0; i < policy.limits.size(); ++i) {
    const int64_t share = i < state.left.size() ? state.left[i] : kUnknownShare;
    if (share >= 0) {
      left.emplace_back(share);
    } else {
      left.push_back(trusted ? std::nullopt : std::optional<int64_t>(-1));
    }
  }
  for (size_t i = 0; i < left.size(); ++i) {
    const bool spared = policy.limits[i].only && *policy.limits[i].only == zone;
    if (left[i] && *left[i] <= 0 && !spared) return Availability::kLimit;
  }
  if (step->schedule) {
    if (state.now < 0) return Availability::kSchedule;
    if (InHours(policy.schedules[*step->schedule], state.now) == step->outside)
      return Availability::kSchedule;
  }
  for (const hir::GaugeLimit& limit : step->until) {
    const auto low = [&](int64_t share) {
      return share < limit.millionths || (limit.or_equal && share == limit.millionths);
    };
    bool reached = false;
    if (limit.gauge == Gauge::kLoad && known.load >= 0)
      reached = known.load > limit.millionths || (limit.or_equal && known.load == limit.millionths);
    if (limit.gauge == Gauge::kHealth && known.health >= 0) reached = low(known.health);
    if (limit.gauge == Gauge::kBudget) {
      for (const std::optional<int64_t>& share : left)
        reached = reached || (share && (*share < 0 || low(*share)));
    }
    if (reached) return Availability::kGauge;
  }
  return Availability::kUsable;
}

}  // namespace hpol::reference
