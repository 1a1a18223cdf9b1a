// Schedules: is it one of their hours? Private to runtime/decide.
#pragma once

#include <cstdint>

#include "runtime/abi/tables.h"

namespace hpol::decide {

// Seconds east of UTC at `now` (seconds since 1970).
int64_t OffsetAt(const TimeZone& zone, int64_t now);

// `now` lies in one of the schedule's windows, by the clock of its zone.
bool InSchedule(const ir::Tables& tables, const ir::Schedule& schedule, int64_t now);

}  // namespace hpol::decide
