// Values written another way that keeps their form, or part of what they say. Nothing when a value is not of
// a form that is known here: then it is masked. Doors: Shifted, General, WithDigits.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hpol::redact {

// A date `days` later, written as it was: 2024-03-01, 2024/3/1, 2024.03.01, 01.03.2024, and 25/03/2024 or
// 03/25/2024 where a number above 12 says which is the day. Years 1800 to 2200.
std::optional<std::string> Shifted(std::string_view date, int days);

// The year of a date, the network of an IPv4 address (`192.0.2.0/24`).
std::optional<std::string> General(std::string_view value);

// The decimal digits of a value, and the value with others in their place.
std::vector<uint32_t> DigitsOf(std::string_view value);
std::string WithDigits(std::string_view value, const std::vector<uint32_t>& digits);

}  // namespace hpol::redact
