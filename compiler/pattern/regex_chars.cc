// Single characters and what a backslash makes of them.
#include <string>
#include <utility>

#include "compiler/pattern/regex_parser.h"
#include "runtime/text/fold.h"

namespace hpol::pattern {

Regex Parser::ParseEscape() {
  CodePointSet set;
  const size_t begin = at_;
  if (ParseClassEscape(set)) {
    if (failed_) return {};
    Regex regex = ClassOf(std::move(set), begin);
    if (regex.code_points.empty()) {
      Syntax(begin, at_ - begin, "no character is in this class", "matches nothing", "name another class");
    }
    return regex;
  }
  const char c = begin + 1 < text_.size() ? text_[begin + 1] : '\0';
  if (c == 'b') return EdgeOf(Edge::kWordEdge, 2);
  if (c == 'B') return EdgeOf(Edge::kNotWordEdge, 2);
  if (c == 'A') return EdgeOf(Edge::kTextStart, 2);
  if (c == 'z') return EdgeOf(Edge::kTextEnd, 2);
  if ((c >= '1' && c <= '9') || c == 'k' || c == 'g') {
    RefuseBackReference(begin, 2);
    return {};
  }
  const uint32_t code_point = ParseCharacterEscape();
  return failed_ ? Regex{} : Literal(code_point, begin);
}

void Parser::RefuseBackReference(size_t begin, size_t length) {
  Unsupported(begin, length, "back-references are not supported", "refers to what another part matched",
              "write the alternatives out, as in `\"[a-z]+\"|'[a-z]+'`, or compare the parts in a validator");
}

// One character written with a backslash.
uint32_t Parser::ParseCharacterEscape() {
  const size_t begin = at_++;
  if (AtEnd()) {
    Syntax(begin, 1, "the pattern ends in a backslash", "escapes nothing", "write `\\\\` for a backslash");
    return 0;
  }
  const char c = text_[at_++];
  switch (c) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case 'f':
      return '\f';
    case 'v':
      return '\v';
    case 'a':
      return '\a';
    case 'x':
      return ParseHex(begin);
    default:
      break;
  }
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x20 && byte < 0x7F && !IsAlnum(c)) return byte;
  RefuseUnknownEscape(begin);
  return 0;
}

void Parser::RefuseUnknownEscape(size_t begin) {
  at_ = begin + 1;
  const uint32_t code_point = ParseCodePoint();  // the whole character, for the span
  if (failed_) return;
  const size_t length = at_ - begin;
  switch (code_point) {
    case '0':
      return Syntax(begin, length, "octal escapes are not supported", "not an escape", "write `\\x00`");
    case 'C':
      return Unsupported(begin, length, "single bytes are not supported", "may be part of a character",
                         "write `.` for one character, `(?s:.)` for one that may be a newline");
    case 'Z':
      return Unsupported(begin, length, "`\\Z` is not supported", "also stands before a last newline",
                         "write `\\z` or `\\n?\\z`", "\\z");
    case 'X':
    case 'R':
    case 'h':
    case 'H':
    case 'N':
      return Unsupported(begin, length, "this class is not supported", "known to other dialects only",
                         "write the characters as a class, such as `[\\t ]` or `[\\r\\n]+`");
    default:
      return Syntax(begin, length, "unknown escape `" + std::string(text_.substr(begin, length)) + "`",
                    "not an escape", "drop the backslash if the character itself is meant",
                    std::string(text_.substr(begin + 1, length - 1)));
  }
}

uint32_t Parser::ParseHex(size_t begin) {
  size_t digits = 2;
  const bool braces = Take("{");
  if (braces) {
    const size_t end = text_.find('}', at_);
    digits = end == std::string_view::npos ? 0 : end - at_;
  }
  uint32_t value = 0;
  size_t seen = 0;
  while (seen < digits && seen < 8 && !AtEnd()) {
    const int digit = text::HexValue(static_cast<unsigned char>(Peek()));
    if (digit < 0) break;
    value = value > kMaxCodePoint ? value : value * 16 + static_cast<uint32_t>(digit);
    ++seen;
    ++at_;
  }
  if (seen == 0 || seen != digits || (braces && !Take("}"))) {
    Syntax(begin, at_ - begin, "a hexadecimal escape is incomplete", "not a character",
           "write two digits as in `\\x7F`, or any number in braces as in `\\x{4E00}`");
  } else if (value > kMaxCodePoint || (value >= 0xD800 && value <= 0xDFFF)) {
    Syntax(begin, at_ - begin, "there is no such code point", "not a character",
           "code points go up to `\\x{10FFFF}`, without the surrogates");
  }
  return value;
}

// The next code point as written.
uint32_t Parser::ParseCodePoint() {
  const text::Decoded decoded = text::DecodeUtf8(text_, at_);
  if (!decoded.valid) {
    Syntax(at_, 1, "the pattern is not UTF-8 here", "not a character",
           "write bytes as code points: `\\x{E9}`");
    return 0;
  }
  at_ += decoded.size;
  return decoded.code;
}

Regex Parser::ParseLiteral() {
  const size_t begin = at_;
  const uint32_t code_point = ParseCodePoint();
  return failed_ ? Regex{} : Literal(code_point, begin);
}

Regex Parser::Literal(uint32_t code_point, size_t begin) const {
  CodePointSet set;
  set.Add(code_point, code_point);
  if (flags_.ignoring_case) set.FoldCase(purpose_);
  return ClassOf(std::move(set), begin);
}

Regex Parser::EdgeOf(Edge edge, size_t length) {
  const size_t begin = at_;
  at_ += length;
  Regex regex;
  regex.kind = Regex::Kind::kEdge;
  regex.edge = edge;
  return Placed(std::move(regex), begin);
}

}  // namespace hpol::pattern
