// Strings and numbers of JSON, checked to the byte: escapes, surrogates, number grammar
// and range. Pure functions over bytes that are already known to be UTF-8.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hpol::surface {

// `raw` is what stands between the quotes. Null when every escape has one meaning: no unknown
// escape, no half of a surrogate pair, no escaped NUL (readers in C stop there, others go on).
const char* CheckEscapes(std::string_view raw);

// Writes the meaning of `raw`, which CheckEscapes accepts, over `out`.
void Unescape(std::string_view raw, std::string& out);

struct Number {
  const char* error = nullptr;  // why it is refused
  uint32_t digits = 0;          // all of them: integer, fraction and exponent
  bool integer = false;         // neither fraction nor exponent
};

// The grammar of RFC 8259; integers within int64 or uint64, others within double.
Number CheckNumber(std::string_view literal);

// The value of a literal that CheckNumber accepts.
double NumberValue(std::string_view literal);

}  // namespace hpol::surface
