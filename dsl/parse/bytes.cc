// Bytes that no policy may have. A file that has any is not parsed at all: what a
// reviewer sees and what the compiler reads must be the same text.
#include <array>
#include <cstdio>

#include "dsl/parse/lex.h"

namespace hpol::dsl::parse {
namespace {

// The length of the UTF-8 sequence at `at`, or 0 when there is none.
size_t SequenceLength(std::string_view text, size_t at, char32_t& code) {
  const auto byte = [&](size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const unsigned lead = byte(at);
  if (lead < 0x80) return code = lead, 1;
  const size_t length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (length == 0) return 0;
  code = lead & (0xffu >> (length + 1));
  for (size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) return 0;
    code = (code << 6) | (byte(at + i) & 0x3f);
  }
  if ((length == 3 && code < 0x800) || (length == 4 && code < 0x10000)) return 0;
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return 0;
  return length;
}

bool TurnsDirection(char32_t code) {
  return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || code == 0x200e ||
         code == 0x200f || code == 0x61c;
}

// Line ends that editors show and this compiler would not count, and control characters.
bool Controls(std::string_view text, size_t at, char32_t code) {
  if (code == '\r') return at + 1 >= text.size() || text[at + 1] != '\n';
  if (code == '\n' || code == '\t') return false;
  return code < 0x20 || (code >= 0x7f && code <= 0x9f) || code == 0x2028 || code == 0x2029;
}

std::string Hex(char32_t code) {
  std::array<char, 16> buffer{};
  const int size = std::snprintf(buffer.data(), buffer.size(), "%04X", static_cast<unsigned>(code));
  return std::string(buffer.data(), static_cast<size_t>(size));
}

}  // namespace

bool CheckBytes(std::string_view text, SyntaxErrors& errors) {
  constexpr size_t kByteOrderMark = 3;  // harmless at the start; some editors write it
  const size_t start = text.starts_with("\xef\xbb\xbf") ? kByteOrderMark : 0;
  for (size_t at = start; at < text.size() && !errors.full();) {
    char32_t code = 0;
    const size_t length = SequenceLength(text, at, code);
    const auto begin = static_cast<uint32_t>(at);
    at += length == 0 ? 1 : length;
    const auto end = static_cast<uint32_t>(at);
    if (length == 0) {
      // One report: a file in another encoding has thousands of these.
      if (Diagnostic* error = errors.Add(begin, end, "this byte is not UTF-8", "the first of them")) {
        error->help = Help{"save the file as UTF-8", {}};
      }
      return false;
    }
    if (TurnsDirection(code)) {
      if (Diagnostic* error =
              errors.Add(begin, end, "hidden character U+" + Hex(code) + " turns the direction of text")) {
        error->help = Help{"in a string write `\\u{" + Hex(code) + "}`", {}};
      }
    } else if (code == 0xfeff || Controls(text, begin, code)) {
      if (Diagnostic* error = errors.Add(begin, end, "control character U+" + Hex(code))) {
        error->help = Help{"in a string write `\\u{" + Hex(code) + "}`", {}};
      }
    }
  }
  return errors.empty();
}

}  // namespace hpol::dsl::parse
