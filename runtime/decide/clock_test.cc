#include "runtime/decide/clock.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <random>

namespace hpol::decide {
namespace {

struct Known {
  const char* rule;  // as the C library reads it
  TimeZone zone;
};

const Known kKnown[] = {
    {"CET-1CEST,M3.5.0,M10.5.0/3", {3600, 7200, {3, 5, 0, 7200}, {10, 5, 0, 10800}}},
    {"EST5EDT,M3.2.0,M11.1.0", {-18000, -14400, {3, 2, 0, 7200}, {11, 1, 0, 7200}}},
    {"NZST-12NZDT,M9.5.0,M4.1.0/3", {43200, 46800, {9, 5, 0, 7200}, {4, 1, 0, 10800}}},
    {"IST-1GMT0,M10.5.0,M3.5.0/1", {3600, 0, {10, 5, 0, 7200}, {3, 5, 0, 3600}}},
    {"EET-2EEST,M3.4.4/50,M10.4.4/50", {7200, 10800, {3, 4, 4, 180000}, {10, 4, 4, 180000}}},
    {"<+0545>-5:45", {20700, 20700, {}, {}}},
    {"UTC0", {0, 0, {}, {}}},
};

// The C library knows what a rule means.
TEST(Clock, OffsetsAreThoseOfTheLibrary) {
  std::mt19937_64 random(7);
  for (const Known& known : kKnown) {
    ASSERT_EQ(setenv("TZ", known.rule, 1), 0);
    tzset();
    for (int i = 0; i < 20000; ++i) {
      const auto now = static_cast<time_t>(random() % 4'000'000'000);
      tm local{};
      localtime_r(&now, &local);
      ASSERT_EQ(OffsetAt(known.zone, now), local.tm_gmtoff) << known.rule << " at " << now;
    }
  }
  unsetenv("TZ");
  tzset();
}

bool In(uint32_t days, uint32_t from, uint32_t to, int64_t now) {
  ir::Tables tables;
  tables.windows = {{days, from, to}};
  ir::Schedule schedule;
  schedule.zone = {3600, 7200, {3, 5, 0, 7200}, {10, 5, 0, 10800}};
  schedule.windows = {0, 1};
  return InSchedule(tables, schedule, now);
}

TEST(Clock, WindowsAreReadByTheLocalClock) {
  constexpr uint32_t kMonday = 1;
  constexpr uint32_t kSunday = 64;
  constexpr int64_t kMonday8 = 1767596400;  // 2026-01-05T07:00Z, a Monday, eight o'clock in Berlin
  EXPECT_TRUE(In(kMonday, 8 * 60, 18 * 60, kMonday8));
  EXPECT_FALSE(In(kMonday, 8 * 60, 18 * 60, kMonday8 - 1));
  EXPECT_FALSE(In(kMonday, 8 * 60, 18 * 60, kMonday8 + 10 * 3600));
  EXPECT_FALSE(In(kSunday, 8 * 60, 18 * 60, kMonday8));
  EXPECT_TRUE(In(kMonday, 0, 24 * 60, kMonday8 + 15 * 3600));
  // Over midnight: Sunday from 22:00 to 9:00 of Monday.
  EXPECT_TRUE(In(kSunday, 22 * 60, 9 * 60, kMonday8));
  EXPECT_TRUE(In(kSunday, 22 * 60, 9 * 60, kMonday8 - 10 * 3600));
  EXPECT_FALSE(In(kSunday, 22 * 60, 9 * 60, kMonday8 + 3600));
  EXPECT_FALSE(In(kMonday, 22 * 60, 9 * 60, kMonday8));
}

}  // namespace
}  // namespace hpol::decide
