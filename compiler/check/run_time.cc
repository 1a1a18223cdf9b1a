// Run-time state: schedules, limits, and what skips a step (DESIGN 2.2.5). Units are a closed list.
#include <algorithm>
#include <string>
#include <utility>

#include "compiler/check/context.h"
#include "compiler/check/time_zones.h"
#include "dsl/diag/suggest.h"

namespace hpol::check {
namespace {

constexpr int64_t kMillion = 1'000'000;
constexpr uint32_t kDayMinutes = 24 * 60;
constexpr std::string_view kDays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::string_view kPeriods[] = {"minute", "hour", "day", "month"};
constexpr std::string_view kGauges[] = {"load", "health", "budget"};

template <size_t N>
std::optional<uint32_t> IndexOf(const std::string_view (&words)[N], std::string_view word) {
  for (uint32_t i = 0; i < N; ++i) {
    if (words[i] == word) return i;
  }
  return std::nullopt;
}
template <size_t N>
std::vector<std::string> Words(const std::string_view (&words)[N]) {
  return {std::begin(words), std::end(words)};
}

// ---- schedules ----

std::optional<uint32_t> ResolveDay(Context& context, const ast::Name& name) {
  const std::optional<uint32_t> day = IndexOf(kDays, name.text);
  if (!day) ReportUnknown(name, "day", Words(kDays), context.diagnostics);
  return day;
}

std::optional<uint32_t> ResolveClock(Context& context, const ast::Clock& clock) {
  const int64_t hour = clock.hour.value;
  const int64_t minute = clock.minute.value;
  if (hour < 24 && minute < 60) return static_cast<uint32_t>(hour * 60 + minute);
  if (hour == 24 && minute == 0) return kDayMinutes;
  context.diagnostics.Error(DiagnosticKind::kTypeMismatch, clock.span, "no day has this time",
                            "from 00:00 to 24:00");
  return std::nullopt;
}

std::optional<hir::Window> ResolveWindow(Context& context, const ast::Window& declaration) {
  const std::optional<uint32_t> first = ResolveDay(context, declaration.first_day);
  const std::optional<uint32_t> last =
      declaration.last_day ? ResolveDay(context, *declaration.last_day) : first;
  const std::optional<uint32_t> from = ResolveClock(context, declaration.from);
  const std::optional<uint32_t> to = ResolveClock(context, declaration.to);
  if (!first || !last || !from || !to) return std::nullopt;
  if (*from == *to || *from == kDayMinutes) {
    context.diagnostics.Error(DiagnosticKind::kTypeMismatch, declaration.to.span, "this is no span of time",
                              "`from 00:00 to 24:00` is a whole day");
    return std::nullopt;
  }
  hir::Window window;
  window.from = *from;
  window.to = *to;
  for (uint32_t day = *first;; day = (day + 1) % 7) {  // `fri to mon` goes round
    window.days |= uint32_t{1} << day;
    if (day == *last) break;
  }
  return window;
}

void ResolveZone(Context& context, const ast::Schedule& declaration, hir::Schedule& schedule) {
  if (!declaration.zone) {
    Diagnostic& error = context.diagnostics.Error(
        DiagnosticKind::kMissingPart, declaration.name.span,
        "the schedule " + Tick(declaration.name.text) + " does not say whose time it means",
        "needs `time zone`");
    error.help = {"name the place whose clock counts",
                  {{AfterBrace(declaration.span, context.sources), " time zone \"UTC\""}}};
    return;
  }
  schedule.zone_name = declaration.zone->value;
  const std::optional<TimeZone> zone = FindTimeZone(schedule.zone_name);
  if (zone) {
    schedule.zone = *zone;
    return;
  }
  Diagnostic& error = context.diagnostics.Error(DiagnosticKind::kUnknownName, declaration.zone->span,
                                                "no time zone named " + Tick(schedule.zone_name));
  if (std::optional<std::string> nearest = dsl::Suggest(schedule.zone_name, TimeZoneNames())) {
    error.primary.text = "did you mean " + Tick(*nearest) + "?";
    error.help = {"write " + Tick(*nearest), {{declaration.zone->span, "\"" + *nearest + "\""}}};
  } else {
    error.primary.text = "zones are named as `Europe/Berlin` is";
  }
}

// ---- limits ----

std::vector<std::string> Currencies(const Context& context) {
  std::vector<std::string> currencies;
  for (const hir::Target& target : context.hir.targets) {
    if (target.price && std::find(currencies.begin(), currencies.end(), target.currency) == currencies.end())
      currencies.push_back(target.currency);
  }
  return currencies;
}

bool ResolveAmount(Context& context, const ast::Limit& declaration, hir::Limit& limit) {
  const ast::Quantity& amount = declaration.amount;
  const ast::Name& unit = *amount.unit;
  const std::vector<std::string> currencies = Currencies(context);
  if (unit.text == "tokens" || unit.text == "requests") {
    limit.unit = unit.text == "tokens" ? LimitUnit::kTokens : LimitUnit::kRequests;
  } else if (std::find(currencies.begin(), currencies.end(), unit.text) != currencies.end()) {
    limit.unit = LimitUnit::kMoney;
    limit.currency = unit.text;
  } else {
    std::vector<std::string> known = {"tokens", "requests"};
    known.insert(known.end(), currencies.begin(), currencies.end());
    Diagnostic& error = context.diagnostics.Error(
        DiagnosticKind::kUnitMismatch, unit.span, "nothing is counted in " + Tick(unit.text),
        "a limit counts `tokens`, `requests`, or a currency that some target's price has");
    if (std::optional<std::string> nearest = dsl::Suggest(unit.text, known)) {
      error.help = {"write " + Tick(*nearest), {{unit.span, *nearest}}};
    } else if (!currencies.empty()) {
      error.help = {"prices are in " + Tick(currencies.front()), {{unit.span, currencies.front()}}};
    }
    return false;
  }
  const bool whole = limit.unit == LimitUnit::kMoney || amount.millionths % kMillion == 0;
  if (!whole || amount.millionths == 0) {
    context.diagnostics.Error(DiagnosticKind::kUnitMismatch, amount.span,
                              whole ? "a limit of nothing" : "a part of one of the " + Tick(unit.text),
                              whole ? "nobody could be served" : "expected a whole number");
    return false;
  }
  limit.amount = limit.unit == LimitUnit::kMoney ? amount.millionths : amount.millionths / kMillion;
  return true;
}

bool ResolveCountedBy(Context& context, const ast::Name& name, hir::Limit& limit) {
  const Names::Entry* entry = context.attributes.Find(name.text);
  if (entry == nullptr) {
    ReportUnknown(name, "input", context.attributes.All(), context.diagnostics);
    return false;
  }
  limit.attribute.value = entry->index;
  const hir::Attribute& attribute = context.hir.attributes[entry->index];
  if (attribute.source == Source::kCaller) {
    Diagnostic& error =
        context.diagnostics.Error(DiagnosticKind::kCallerLimit, name.span,
                                  "a limit is counted by " + Tick(name.text) + ", which the caller chooses",
                                  "anyone could begin a new count");
    error.others.push_back({attribute.span, "declared `from caller`"});
    error.help = dsl::Help{"count by an input from `identity` or `gateway`", {}};
    return false;
  }
  if (attribute.type == AttributeType::kStringSet || attribute.type == AttributeType::kEnumSet) {
    Diagnostic& error =
        context.diagnostics.Error(DiagnosticKind::kTypeMismatch, name.span, "a limit is counted by a set",
                                  "expected an input of one value");
    error.others.push_back({attribute.span, "declared here"});
    return false;
  }
  return true;
}

// ---- steps ----

bool ResolveGauge(Context& context, const ast::Gauge& declaration, hir::Step& step) {
  const std::optional<uint32_t> index = IndexOf(kGauges, declaration.name.text);
  if (!index) {
    ReportUnknown(declaration.name, "gauge", Words(kGauges), context.diagnostics);
    return false;
  }
  hir::GaugeLimit limit;
  limit.gauge = static_cast<Gauge>(*index);
  const ast::CompareOp op = declaration.op;
  const bool above = op == ast::CompareOp::kGreater || op == ast::CompareOp::kGreaterEqual;
  limit.or_equal = op == ast::CompareOp::kGreaterEqual || op == ast::CompareOp::kLessEqual;
  limit.millionths = declaration.value.millionths;
  const std::string name = Tick(declaration.name.text);
  if (declaration.value.unit) {
    Diagnostic& error = context.diagnostics.Error(
        DiagnosticKind::kUnitMismatch, declaration.value.unit->span,
        name + " is compared with " + Tick(declaration.value.unit->text), "it is a share, from 0 to 1");
    error.help = {"leave the unit out", {{declaration.value.unit->span, ""}}};
    return false;
  }
  if (limit.millionths > kMillion) {
    context.diagnostics.Error(DiagnosticKind::kUnitMismatch, declaration.value.span,
                              name + " is never above 1", "it is a share: 0.9 is nine tenths");
    return false;
  }
  if (above != (limit.gauge == Gauge::kLoad)) {
    Diagnostic& error = context.diagnostics.Error(
        DiagnosticKind::kTypeMismatch, declaration.op_span,
        "a step ends when its " + std::string(kGauges[*index]) + " is " + (above ? "high" : "low"),
        limit.gauge == Gauge::kLoad ? "more load ends it" : "less of it ends it");
    const std::string turned = std::string(above ? "<" : ">") + (limit.or_equal ? "=" : "");
    error.help = {"write " + Tick(turned), {{declaration.op_span, turned}}};
    return false;
  }
  if (limit.gauge == Gauge::kBudget && context.hir.limits.empty()) {
    context.diagnostics.Error(DiagnosticKind::kMissingPart, declaration.name.span,
                              "no budget without a `limit`", "the policy limits nothing");
    return false;
  }
  const hir::Target& target = context.hir.targets[step.target.value];
  if (limit.gauge == Gauge::kLoad && target.capacity == 0) {
    Diagnostic& warning = context.diagnostics.Warning(DiagnosticKind::kConstantCondition, declaration.span,
                                                      "the load of " + Tick(target.name) + " is never known",
                                                      "so this step never ends by it");
    warning.others.push_back({target.span, "declared without a `capacity`"});
  }
  step.until.push_back(limit);
  return true;
}

}  // namespace

void CollectSchedules(Context& context) {
  for (const ast::Schedule& declaration : context.ast.schedules) {
    const auto index = static_cast<uint32_t>(context.hir.schedules.size());
    if (!context.schedules.Declare(declaration.name, index, "schedule", context.diagnostics)) continue;
    hir::Schedule schedule;
    schedule.name = declaration.name.text;
    schedule.span = declaration.name.span;
    ResolveZone(context, declaration, schedule);
    if (declaration.windows.empty()) {
      context.diagnostics.Error(DiagnosticKind::kMissingPart, declaration.name.span,
                                "the schedule " + Tick(schedule.name) + " has no hours",
                                "needs `on mon to fri from 08:00 to 18:00`");
    }
    for (const ast::Window& window : declaration.windows) {
      if (std::optional<hir::Window> resolved = ResolveWindow(context, window))
        schedule.windows.push_back(*resolved);
    }
    context.hir.schedules.push_back(std::move(schedule));
  }
}

void CollectLimits(Context& context) {
  for (const ast::Limit& declaration : context.ast.limits) {
    if (context.hir.limits.size() == kMaxDeclarations) {
      ReportTooMany(declaration.span, "limits", kMaxDeclarations, context.diagnostics);
      return;
    }
    hir::Limit limit;
    limit.span = declaration.span;
    bool good = ResolveAmount(context, declaration, limit);
    good = ResolveCountedBy(context, declaration.attribute, limit) && good;
    if (const std::optional<uint32_t> period = IndexOf(kPeriods, declaration.period.text)) {
      limit.period = static_cast<Period>(*period);
    } else {
      ReportUnknown(declaration.period, "period", Words(kPeriods), context.diagnostics);
      good = false;
    }
    if (declaration.only) {
      const Names::Entry* zone = context.zones.Find(declaration.only->text);
      if (zone == nullptr) ReportUnknown(*declaration.only, "zone", context.zones.All(), context.diagnostics);
      good = good && zone != nullptr;
      if (zone != nullptr) limit.only = ZoneId{zone->index};
    }
    if (good) context.hir.limits.push_back(std::move(limit));
  }
}

bool ResolveGate(Context& context, const ast::Step& declaration, hir::Step& step) {
  bool good = true;
  if (declaration.schedule) {
    step.outside = declaration.outside;
    if (const Names::Entry* entry = context.schedules.Find(declaration.schedule->text)) {
      step.schedule = entry->index;
    } else {
      ReportUnknown(*declaration.schedule, "schedule", context.schedules.All(), context.diagnostics);
      good = false;
    }
  }
  for (const ast::Gauge& gauge : declaration.until) good = ResolveGauge(context, gauge, step) && good;
  return good;
}

}  // namespace hpol::check
