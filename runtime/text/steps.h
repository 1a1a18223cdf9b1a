// The steps of the fold by name (THREATS rule N): what is undone before detectors read.
// README.md has the table with an example of each; fold.h has the characters.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace hpol::text {

enum class Step : uint8_t {
  // Character by character, in the text that always stands.
  kFullWidth,
  kDecimalDigits,
  kDashes,
  kSpaces,
  kInvisible,
  // Spelled-out `\uXXXX`, resolved in place; the text stands a second time with them as they are.
  kSpelledUnicode,
  // In a second, wider text beside it.
  kTagCharacters,
  kNumberForms,
  kLetterForms,
  kMarks,
  kCjkNumerals,
  kGaps,
  // Each in a text of its own; two levels deep.
  kHtmlEntities,
  kPercent,
  kBackslashes,
  kQuotedPrintable,
  kHex,
  kBase64,
  kBase32,
  kInflate,
  // What looks encoded and cannot be read is reported.
  kOpaque,
};
inline constexpr uint32_t kStepCount = 21;

// `full_width`, …: the name that stands in policies and reports.
std::string_view StepName(Step step);
std::optional<Step> StepNamed(std::string_view name);

// A set of steps; by default all of them.
class Steps {
 public:
  constexpr Steps() = default;
  constexpr Steps(std::initializer_list<Step> steps) : bits_(0) {
    for (const Step step : steps) bits_ |= Bit(step);
  }
  constexpr Steps Without(Step step) const {
    Steps steps = *this;
    steps.bits_ &= ~Bit(step);
    return steps;
  }
  // As tables have it: bit s switches step s off.
  static constexpr Steps AllBut(uint32_t off) {
    Steps steps;
    steps.bits_ &= ~off;
    return steps;
  }
  constexpr bool Has(Step step) const { return (bits_ & Bit(step)) != 0; }
  friend constexpr bool operator==(Steps, Steps) = default;

 private:
  static constexpr uint32_t Bit(Step step) { return uint32_t{1} << static_cast<uint32_t>(step); }
  uint32_t bits_ = (uint32_t{1} << kStepCount) - 1;
};

}  // namespace hpol::text
