// Time zones by name. The rules stand in time_zones.def, so that a policy means the same on every computer.
// Private to compiler/check.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/abi/vocabulary.h"

namespace hpol::check {

// Nothing when there is no zone of that name.
std::optional<TimeZone> FindTimeZone(std::string_view name);
std::vector<std::string> TimeZoneNames();

// A rule as POSIX writes it: `CET-1CEST,M3.5.0,M10.5.0/3`. Nothing when it cannot be read.
std::optional<TimeZone> ReadTimeZone(std::string_view rule);

}  // namespace hpol::check
