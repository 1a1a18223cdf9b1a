#include "runtime/decide/clock.h"

namespace hpol::decide {
namespace {

constexpr int64_t kDay = 86400;
constexpr uint32_t kDayMinutes = 24 * 60;

int64_t DivideDown(int64_t n, int64_t by) { return n / by - (n % by < 0 ? 1 : 0); }

// Days since 1970 of a date; March is the first month of its year, so that leap days come last.
int64_t DayOf(int64_t year, uint32_t month, int64_t day) {
  if (month <= 2) --year;
  const int64_t era = DivideDown(year, 400);
  const int64_t of_era = year - era * 400;
  const int64_t of_year = (153 * (static_cast<int64_t>(month) + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int64_t YearOf(int64_t day) {
  day += 719468;
  const int64_t era = DivideDown(day, 146097);
  const int64_t of_era = day - era * 146097;
  const int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
  return era * 400 + year + (of_year >= 306 ? 1 : 0);  // from the first of January on
}

// 0 = Sunday.
uint32_t WeekdayOf(int64_t day) { return static_cast<uint32_t>((day % 7 + 11) % 7); }

// The instant of a change in `year`, where clocks before it are `offset` east.
int64_t InstantOf(const ClockChange& change, int64_t year, int64_t offset) {
  const int64_t first = DayOf(year, change.month, 1);
  const int64_t next_month = change.month == 12 ? DayOf(year + 1, 1, 1) : DayOf(year, change.month + 1, 1);
  int64_t day = first + (change.weekday + 7 - WeekdayOf(first)) % 7 + 7 * (change.week - 1);
  while (day >= next_month) day -= 7;
  return day * kDay + change.second - offset;
}

}  // namespace

int64_t OffsetAt(const TimeZone& zone, int64_t now) {
  if (zone.to_summer.month == 0) return zone.offset;
  const int64_t year = YearOf(DivideDown(now + zone.offset, kDay));
  const int64_t begin = InstantOf(zone.to_summer, year, zone.offset);
  const int64_t end = InstantOf(zone.to_standard, year, zone.summer_offset);
  const bool summer = begin < end ? now >= begin && now < end : now >= begin || now < end;
  return summer ? zone.summer_offset : zone.offset;
}

bool InSchedule(const ir::Tables& tables, const ir::Schedule& schedule, int64_t now) {
  const int64_t local = now + OffsetAt(schedule.zone, now);
  const int64_t day = DivideDown(local, kDay);
  const auto minute = static_cast<uint32_t>((local - day * kDay) / 60);
  const uint32_t today = (WeekdayOf(day) + 6) % 7;  // 0 = Monday
  const uint32_t yesterday = (today + 6) % 7;
  for (uint32_t i = 0; i < schedule.windows.count; ++i) {
    const ir::Window& window = tables.windows[schedule.windows.begin + i];
    const bool starts_today = (window.days >> today) & 1;
    if (window.from < window.to) {
      if (starts_today && minute >= window.from && minute < window.to) return true;
      continue;
    }
    if (starts_today && minute >= window.from && minute < kDayMinutes) return true;
    if (((window.days >> yesterday) & 1) != 0 && minute < window.to) return true;
  }
  return false;
}

}  // namespace hpol::decide
