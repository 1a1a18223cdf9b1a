// The fold table (THREATS rule N), character by character: what one code point becomes
// before detectors read it. Two tables: what no reader would dispute, and what only the wider
// text does, because it can also break a value (a footnote mark behind a number is a digit too).
//
//   full_width      U+FF01…FF5E                                 the ASCII character of that shape
//   decimal_digits  every other decimal digit (Nd)              0…9
//   dashes          Pd, U+2212, hyphen bullet, modifier minus   -
//   spaces          Zs but U+0020                               a space
//   invisible       zero-width, bidirectional and other default-ignorable characters,
//                   soft hyphen, variation selectors, tags      nothing
//   letter_forms    the two other forms of ASCII letters: long s, Kelvin sign   s K
// and in the wider text
//   number_forms    superscript, subscript, circled, parenthesised, with a full stop or comma,
//                   Ethiopic, Brahmi …: all that have a digit value, and 10…20   their digits
//   letter_forms    mathematical, circled, squared, parenthesised, letter-like; ligatures;
//                   small and vertical punctuation; ideographic full stop        ASCII
//   cjk_numerals    〇 零 一 … 九, 壹 … 玖 and their variants, beside another digit  0…9
//   marks           combining marks (Mn, Me) behind ASCII       nothing
//
// Everything else is itself. Policy words are folded too before they are compared (fold_word.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "runtime/text/steps.h"

namespace hpol::text {

inline constexpr int kKeep = -1;
inline constexpr int kDrop = -2;

// An ASCII byte, kKeep or kDrop. Total: any 32-bit value is a question.
int FoldCodePoint(char32_t code, Steps steps = {});

// The wider table: up to four ASCII characters, empty when the code point is itself. Not for marks and
// CJK numerals, which depend on what stands beside them.
std::string_view WidenCodePoint(char32_t code, Steps steps = {});

// The value of a CJK numeral that is written digit by digit, or -1.
int CjkDigit(char32_t code);

bool IsMark(char32_t code);

// U+E0020…E007E: ASCII that no reader sees. The ASCII character, or -1.
int TagCharacter(char32_t code);

struct CodeRange {
  char32_t first;
  char32_t last;
};
extern const CodeRange kMarks[];  // marks.cc, sorted
extern const size_t kMarkCount;

// One decoded character of UTF-8 text. A byte that begins no well-formed sequence is
// a character of its own with `valid` false; it is kept as it is.
struct Decoded {
  char32_t code = 0;
  uint32_t size = 1;  // bytes read
  bool valid = false;
};
Decoded DecodeUtf8(std::string_view text, size_t at);

// Writes at most four bytes and returns their count. `code` is a scalar value.
uint32_t EncodeUtf8(char32_t code, char out[4]);

// The value of a hexadecimal digit, -1 for anything else.
int HexValue(char32_t c);

}  // namespace hpol::text
