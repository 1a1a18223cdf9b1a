// The fold table (THREATS rule N): what one code point becomes before detectors read it.
// The doors are FoldCodePoint and the small decoders that views.cc needs.
//
//   U+FF01…FF5E full-width forms          the ASCII character of the same shape
//   every other decimal digit (Nd)        0…9
//   U+2010…2015, 2212, FE58, FE63         -
//   spaces (Zs) but U+0020                a space
//   zero-width, bidirectional and other
//   default-ignorable characters, soft
//   hyphen, variation selectors, tags     nothing
//   everything else                       itself
//
// Not here yet: compatibility forms (NFKC), numbers that are no digits (circled, CJK),
// combining marks, HTML entities, percent, base64 and the like.
#pragma once

#include <cstdint>
#include <string_view>

namespace hpol::text {

inline constexpr int kKeep = -1;
inline constexpr int kDrop = -2;

// An ASCII byte, kKeep or kDrop. Total: any 32-bit value is a question.
int FoldCodePoint(char32_t code);

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
