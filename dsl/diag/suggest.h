// "did you mean": the nearest of a list of names to one that was not found.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hpol::dsl {

// Edits that turn `a` into `b`: insert, delete, replace, or swap two neighbours.
// Letters that differ in case alone cost nothing. Stops counting above `limit`
// and then gives `limit + 1`; names longer than 64 bytes are never near.
size_t EditDistance(std::string_view a, std::string_view b, size_t limit);

// The nearest candidate that a person could have meant, the first of equals; none
// when all are too far (about one edit in three letters). A dotted candidate is
// also near when the name is its last part alone: `us_ssn` for `pii.us_ssn`.
std::optional<std::string> Suggest(std::string_view name, std::span<const std::string> candidates);
std::optional<std::string> Suggest(std::string_view name, const std::vector<std::string_view>& candidates);

// "did you mean `x`?", or empty when nothing is near: ready to stand as a label.
std::string DidYouMean(std::string_view name, std::span<const std::string> candidates);

}  // namespace hpol::dsl
