// Escapes that stand for one character in place: HTML entities, percent, backslash forms,
// quoted-printable. Never longer than what they replace.
#pragma once

#include <cstdint>
#include <string_view>

#include "runtime/text/draft.h"
#include "runtime/text/steps.h"

namespace hpol::text {

// Both write `source` with its escapes resolved and return how many there were. `nested`: only those
// that a decoder wrote a byte of; the others are resolved one level up.

// `&#53;` `&#x35;` `&nbsp;`, `%35` `%u0035`, `\x35` `\u{35}` `\065` `\U00000035`.
uint32_t ResolveEscapes(Source source, Steps steps, bool nested, Draft& draft);

// What begins with the `=` at `at`: a byte (`escape`) or a soft line end, which stands for nothing.
struct QuotedPrintable {
  uint32_t end = 0;  // 0: neither
  bool escape = false;
  char byte = 0;
};
QuotedPrintable ReadQuotedPrintable(std::string_view text, uint32_t at);

// `=35`, soft line ends, where three of them stand together: `a=12` is not quoted-printable.
inline constexpr uint32_t kMinQuotedPrintable = 3;
inline constexpr uint32_t kQuotedPrintableApart = 128;  // bytes at most from one to the next
uint32_t ResolveQuotedPrintable(Source source, bool nested, Draft& draft);

}  // namespace hpol::text
