// Escapes that stand for one character in place: HTML entities, percent, backslash forms,
// quoted-printable. Never longer than what they replace.
#pragma once

#include <cstdint>

#include "runtime/text/draft.h"
#include "runtime/text/steps.h"

namespace hpol::text {

// Both write `source` with its escapes resolved and return how many there were. `nested`: only those
// that a decoder wrote a byte of; the others are resolved one level up.

// `&#53;` `&#x35;` `&nbsp;`, `%35` `%u0035`, `\x35` `\u{35}` `\065` `\U00000035`.
uint32_t ResolveEscapes(Source source, Steps steps, bool nested, Draft& draft);

// `=35`, soft line ends. Does nothing below three escapes: `a=12` is not quoted-printable.
uint32_t ResolveQuotedPrintable(Source source, bool nested, Draft& draft);

}  // namespace hpol::text
