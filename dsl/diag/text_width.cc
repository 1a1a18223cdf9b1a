// What a terminal does with text: which characters are safe, and how wide each is.
#include <cstdint>

#include "dsl/diag/render.h"

namespace hpol::dsl {
namespace {

struct Range {
  char32_t first, last;
};

// East Asian Wide and Fullwidth, in whole blocks; good enough to stand under a word.
constexpr Range kWide[] = {{0x1100, 0x115f},   {0x2e80, 0x303e},  {0x3041, 0x33ff}, {0x3400, 0x4dbf},
                           {0x4e00, 0x9fff},   {0xa000, 0xa4cf},  {0xac00, 0xd7a3}, {0xf900, 0xfaff},
                           {0xfe30, 0xfe6f},   {0xff00, 0xff60},  {0xffe0, 0xffe6}, {0x1f300, 0x1f64f},
                           {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};
constexpr Range kZeroWidth[] = {{0x300, 0x36f}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xe0100, 0xe01ef}};
// Characters that move the cursor, hide text or turn its direction.
constexpr Range kUnsafe[] = {{0, 0x1f},        {0x7f, 0x9f},     {0xad, 0xad},
                             {0x61c, 0x61c},   {0x200b, 0x200f}, {0x2028, 0x202e},
                             {0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xe0000, 0xe007f}};

template <size_t N>
bool In(const Range (&ranges)[N], char32_t c) {
  for (const Range& range : ranges) {
    if (c >= range.first && c <= range.last) return true;
  }
  return false;
}

constexpr char32_t kBad = 0xfffd;

// Reads one code point at `at` and moves past it; a byte that starts none is kBad.
char32_t Next(std::string_view text, size_t& at) {
  const auto byte = [&](size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const unsigned lead = byte(at);
  if (lead < 0x80) return ++at, lead;
  const size_t length = lead >= 0xf0 && lead <= 0xf4 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
  if (length == 0 || lead > 0xf4) return ++at, kBad;
  char32_t c = lead & (0xffu >> (length + 1));
  for (size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) return ++at, kBad;
    c = (c << 6) | (byte(at + i) & 0x3f);
  }
  const bool overlong = (length == 3 && c < 0x800) || (length == 4 && c < 0x10000);
  if (overlong || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) return ++at, kBad;
  at += length;
  return c;
}

}  // namespace

std::string Printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    const char32_t c = Next(text, at);
    if (c == '\n' || c == '\t' || c == '\r') {
      out += ' ';
    } else if (c == kBad || In(kUnsafe, c)) {
      out += "\xef\xbf\xbd";
    } else {
      out += text.substr(begin, at - begin);
    }
  }
  return out;
}

size_t DisplayWidth(std::string_view text) {
  size_t width = 0;
  for (size_t at = 0; at < text.size();) {
    const char32_t c = Next(text, at);
    width += In(kZeroWidth, c) ? 0 : In(kWide, c) ? 2 : 1;
  }
  return width;
}

}  // namespace hpol::dsl
