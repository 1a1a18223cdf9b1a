// Large word lists: a walk down a trie of bytes (hpol_words, runtime/abi/artifact.h). A list is no part of
// its detector's automaton, which would be huge; what both find, the longest match decides. A try reads at
// most the longest word, and the compiler only puts words of bounded length here.
#pragma once

#include <cstdint>

#include "runtime/abi/artifact.h"

namespace hpol::detect {

// The rule of whole words: no digit beside a digit, no letter or digit beside a letter, in ASCII. `inner` is
// the word's byte at one end, `outer` stands next to it.
inline bool MayStandBeside(uint8_t inner, uint8_t outer) {
  const auto is_digit = [](uint8_t byte) { return byte >= '0' && byte <= '9'; };
  const auto is_letter = [](uint8_t byte) { return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z'; };
  if (is_digit(inner)) return !is_digit(outer);
  return !is_letter(inner) || !(is_letter(outer) || is_digit(outer));
}

// The longest word that stands at text[at] as a whole word and ends at or before `limit`; the meaning of
// hpol_match_fn.
hpol_match MatchWords(const hpol_words& words, const uint8_t* text, uint64_t size, uint64_t at,
                      uint64_t limit);

}  // namespace hpol::detect
