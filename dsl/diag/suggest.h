// "did you mean": the nearest of the names that exist.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hpol::dsl {

// The name nearest to `wrong`, if it is near enough to be a slip of the finger.
std::optional<std::string> Suggest(std::string_view wrong, const std::vector<std::string>& names);

}  // namespace hpol::dsl
