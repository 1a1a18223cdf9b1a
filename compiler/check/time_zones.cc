#include "compiler/check/time_zones.h"

#include <utility>

namespace hpol::check {
namespace {

constexpr std::pair<std::string_view, std::string_view> kZones[] = {
#define HPOL_TIME_ZONE(name, rule) {name, rule},
#include "compiler/check/time_zones.def"
#undef HPOL_TIME_ZONE
};

// Reads one rule from the left; false once something is not as it should be.
class RuleReader {
 public:
  explicit RuleReader(std::string_view rule) : rest_(rule) {}

  bool Read(TimeZone& zone) {
    int32_t west = 0;
    if (!Name() || !Time(west)) return false;
    zone.offset = zone.summer_offset = -west;
    if (rest_.empty()) return true;
    if (!Name()) return false;
    zone.summer_offset = zone.offset + kHour;
    if (!rest_.starts_with(',')) {
      if (!Time(west)) return false;
      zone.summer_offset = -west;
    }
    return Change(zone.to_summer) && Change(zone.to_standard) && rest_.empty();
  }

 private:
  static constexpr int32_t kHour = 3600;

  bool Take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // Letters, or anything in angle brackets.
  bool Name() {
    if (Take('<')) {
      const size_t end = rest_.find('>');
      if (end == std::string_view::npos) return false;
      rest_.remove_prefix(end + 1);
      return true;
    }
    size_t end = 0;
    while (end < rest_.size() && ((rest_[end] | 0x20) >= 'a' && (rest_[end] | 0x20) <= 'z')) ++end;
    rest_.remove_prefix(end);
    return end >= 3;
  }

  bool Number(int32_t& number) {
    size_t end = 0;
    number = 0;
    while (end < rest_.size() && end < 4 && rest_[end] >= '0' && rest_[end] <= '9')
      number = number * 10 + (rest_[end++] - '0');
    rest_.remove_prefix(end);
    return end > 0;
  }

  // `3`, `-1`, `5:30`, in seconds.
  bool Time(int32_t& seconds) {
    const int32_t sign = Take('-') ? -1 : 1;
    Take('+');
    int32_t hours = 0, minutes = 0, rest = 0;
    if (!Number(hours)) return false;
    if (Take(':') && !Number(minutes)) return false;
    if (Take(':') && !Number(rest)) return false;
    seconds = sign * (hours * kHour + minutes * 60 + rest);
    return true;
  }

  // `,M3.5.0/2`: month, week, weekday, and the time, two o'clock when it is left out.
  bool Change(ClockChange& change) {
    int32_t month = 0, week = 0, weekday = 0;
    if (!Take(',') || !Take('M') || !Number(month) || !Take('.') || !Number(week) || !Take('.') ||
        !Number(weekday)) {
      return false;
    }
    change.second = 2 * kHour;
    if (Take('/') && !Time(change.second)) return false;
    change.month = static_cast<uint32_t>(month);
    change.week = static_cast<uint32_t>(week);
    change.weekday = static_cast<uint32_t>(weekday);
    return month >= 1 && month <= 12 && week >= 1 && week <= 5 && weekday <= 6;
  }

  std::string_view rest_;
};

}  // namespace

std::optional<TimeZone> ReadTimeZone(std::string_view rule) {
  TimeZone zone;
  if (!RuleReader(rule).Read(zone)) return std::nullopt;
  return zone;
}

std::optional<TimeZone> FindTimeZone(std::string_view name) {
  for (const auto& [known, rule] : kZones) {
    if (known == name) return ReadTimeZone(rule);
  }
  return std::nullopt;
}

std::vector<std::string> TimeZoneNames() {
  std::vector<std::string> names;
  for (const auto& [name, rule] : kZones) names.emplace_back(name);
  return names;
}

}  // namespace hpol::check
