// Which part of a pattern is to blame when the whole cannot be compiled: the narrowest one that an
// author can change. Only errors pay for this: every question compiles some part anew.
#pragma once

#include "compiler/pattern/regex.h"

namespace hpol::pattern {

// Bytes [begin, end) of the pattern.
struct Place {
  uint32_t begin = 0;
  uint32_t end = 0;
};

// The fewest bytes that can match; saturates above kMaxMatchBytes.
uint32_t ShortestMatch(const Regex& regex);

// The smallest part whose every match is longer than kMaxMatchBytes. `regex` is such a part.
Place TooLong(const Regex& regex);

// The edge without which `regex`, which never matches, could; or all of it.
Place Contradiction(const Regex& regex, bool bounded);

// `regex` alone makes too large an automaton.
bool IsTooLarge(const Regex& regex, bool bounded);

// Of such a `regex`: the repetition without whose count it would not be; or the smallest part that is large
// itself.
Place TooLarge(const Regex& regex, bool bounded);

}  // namespace hpol::pattern
