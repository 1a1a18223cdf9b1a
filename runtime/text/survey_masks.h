// The questions that a survey asks of 64 bytes, as bit masks: classes of bytes, then shifts and ANDs. A level
// of CPU gives the classes. Included by survey*.cc only; everything is in an unnamed namespace, so that no
// level's copy can stand in for another's.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hpol::text {

inline constexpr size_t kSurveyBlock = 64;
inline constexpr size_t kSurveyStep = 48;  // blocks overlap, so that no question has to look across a border

// Bits of the first kSurveyStep bytes say where something begins; what follows is there to be looked at.
struct SurveyMasks {
  uint64_t high = 0;  // no ASCII
  uint64_t backslash = 0;
  uint64_t escapes = 0;  // `%` `&`
  uint64_t equals = 0;
  uint64_t newlines = 0;
  uint64_t gaps = 0;   // a digit, then a character of a gap that is not a single dash or space between digits
  uint64_t solid = 0;  // twelve bytes from `+` up, a superset of twelve of base64: where such a run begins
  uint64_t lists = 0;  // two hexadecimal digits apart from two more, or `0x`
};

// One function a level; `bytes` has kSurveyBlock of them.
SurveyMasks MasksOfAvx2(const char* bytes);
SurveyMasks MasksOfAvx512(const char* bytes);

namespace {

// Block: Is(c), In(first, last) with ASCII bounds, High(): one bit a byte.
template <typename Block>
inline SurveyMasks MasksOf(const Block& block) {
  SurveyMasks masks;
  masks.high = block.High();
  masks.backslash = block.Is('\\');
  masks.escapes = block.Is('%') | block.Is('&');
  masks.equals = block.Is('=');
  masks.newlines = block.Is('\n');
  const uint64_t solid = block.In('+', 'z');
  const uint64_t two = solid & (solid >> 1);
  const uint64_t four = two & (two >> 2);
  const uint64_t twelve = four & (four >> 4) & (four >> 8);
  masks.solid = twelve & ~(twelve << 1);
  const uint64_t digits = block.In('0', '9');
  if (digits == 0) return masks;  // six bytes of ASCII in hexadecimal have some
  const uint64_t simple = block.Is(' ') | block.Is('-');
  const uint64_t white = block.In('\t', '\r');
  const uint64_t markup = white | block.Is('*') | block.Is('_') | block.Is('~') | block.Is('`') |
                          block.Is('<') | block.Is('$') | masks.backslash;
  masks.gaps = digits & ((markup >> 1) | ((simple >> 1) & ((simple | markup) >> 2)));
  const uint64_t hex = digits | block.In('a', 'f') | block.In('A', 'F');
  const uint64_t apart = simple | white | block.Is(',') | block.Is(':') | block.Is(';');
  const uint64_t pair = hex & (hex >> 1);
  const uint64_t close = pair & (apart >> 2) & (pair >> 3);
  const uint64_t wide = pair & (apart >> 2) & (apart >> 3) & (pair >> 4);
  const uint64_t prefixed = block.Is('0') & (block.Is('x') | block.Is('X')) >> 1;
  masks.lists = close | wide | prefixed;
  return masks;
}

}  // namespace
}  // namespace hpol::text
