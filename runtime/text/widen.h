// The wider text: what stands beside the folded one because it can find more and can also
// break what the folded one shows (compatibility forms, marks, CJK numerals, gaps between digits).
#pragma once

#include "runtime/text/draft.h"
#include "runtime/text/steps.h"

namespace hpol::text {

inline constexpr uint32_t kMaxGap = 128;  // bytes

// What separates two digits in print: white space, line ends, dashes, markup and short HTML tags, at most
// kMaxGap. Becomes one dash if it has one, else one space if it shows as space, else nothing.
struct Gap {
  uint32_t end = 0;  // 0: no gap, or one that stays as it is
  std::string_view text;
};
// `at` follows a digit. ASCII only; what ends the gap must be a digit or (`wide_end`) no ASCII.
Gap ReadGap(std::string_view text, uint32_t at, bool wide_end);

// `draft.changed()` says whether the wider text differs; else the draft stays empty. Never longer than the
// source.
void Widen(Source source, Steps steps, Draft& draft);

}  // namespace hpol::text
