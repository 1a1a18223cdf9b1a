// Names of steps, in the order of the enumeration.
#include "runtime/text/steps.h"

#include <algorithm>
#include <iterator>

namespace hpol::text {
namespace {

constexpr std::string_view kNames[] = {
    "full_width",    "decimal_digits",  "dashes",         "spaces",
    "invisible",     "spelled_unicode", "tag_characters", "number_forms",
    "letter_forms",  "marks",           "cjk_numerals",   "gaps",
    "html_entities", "percent",         "backslashes",    "quoted_printable",
    "hex",           "base64",          "base32",         "inflate",
    "opaque"};
static_assert(std::size(kNames) == kStepCount);

}  // namespace

std::string_view StepName(Step step) { return kNames[static_cast<size_t>(step)]; }

std::optional<Step> StepNamed(std::string_view name) {
  const auto* found = std::find(std::begin(kNames), std::end(kNames), name);
  if (found == std::end(kNames)) return std::nullopt;
  return static_cast<Step>(found - std::begin(kNames));
}

}  // namespace hpol::text
