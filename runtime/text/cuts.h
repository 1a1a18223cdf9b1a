// Where a text may be cut in two: nothing that the fold or a decoder reads as one stands on both sides, and
// each side reads as it does beside the other, whatever else follows. A stream is read from cut to cut.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "runtime/text/draft.h"

namespace hpol::text {

// Of a text as it came, 0 < at: behind words, numbers, quotes, brackets, letters of other scripts. False
// while the byte at `at` is not known. Prose has a cut at nearly every word. Says no too often, never yes too
// often.
inline bool MayCut(std::string_view text, uint32_t at);

// The two halves of the answer: the word before `at` is no part of anything that goes on (quick), and nothing
// longer reaches over `at`. Of a text that was derived (`decoded`: by a decoder) from one that may be cut,
// only the second is asked.
bool MayCutHere(std::string_view text, uint32_t at);
bool MayCutDerived(std::string_view text, uint32_t at, bool decoded);

inline bool MayCut(std::string_view text, uint32_t at) {
  return MayCutHere(text, at) && MayCutDerived(text, at, false);
}

// The text byte that stands for raw byte `raw`, or the next one that stands for anything; nothing when `raw`
// is inside what was read as one.
std::optional<uint32_t> TextAt(std::span<const Segment> segments, uint32_t raw);

}  // namespace hpol::text
