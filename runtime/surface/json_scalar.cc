#include "runtime/surface/json_scalar.h"

#include <charconv>
#include <cstring>

namespace hpol::surface {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

int HexDigit(char c) {
  if (IsDigit(c)) return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// The four hex digits at `at`, or -1.
int32_t Hex4(std::string_view raw, size_t at) {
  if (raw.size() - at < 4) return -1;
  int32_t value = 0;
  for (size_t i = at; i < at + 4; ++i) {
    const int digit = HexDigit(raw[i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

bool IsHigh(int32_t unit) { return unit >= 0xd800 && unit <= 0xdbff; }
bool IsLow(int32_t unit) { return unit >= 0xdc00 && unit <= 0xdfff; }

size_t NextBackslash(std::string_view raw, size_t from) {
  if (from >= raw.size()) return raw.size();
  const void* found = std::memchr(raw.data() + from, '\\', raw.size() - from);
  return found ? static_cast<size_t>(static_cast<const char*>(found) - raw.data()) : raw.size();
}

void AppendUtf8(uint32_t c, std::string& out) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xe0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3f));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  }
}

bool IsSimple(char escape) {
  constexpr std::string_view kEscapes = "\"\\/bfnrt";
  for (char c : kEscapes) {
    if (c == escape) return true;
  }
  return false;
}

char Simple(char escape) {
  switch (escape) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return escape;  // " \ /
  }
}

const char* CheckIntegerRange(std::string_view literal, uint32_t digits) {
  if (digits <= 18) return nullptr;
  const char* end = literal.data() + literal.size();
  std::from_chars_result result{};
  if (literal[0] == '-') {
    int64_t value = 0;
    result = std::from_chars(literal.data(), end, value);
  } else {
    uint64_t value = 0;
    result = std::from_chars(literal.data(), end, value);
  }
  return result.ec == std::errc() && result.ptr == end ? nullptr : "an integer does not fit 64 bits";
}

}  // namespace

const char* CheckEscapes(std::string_view raw) {
  for (size_t at = NextBackslash(raw, 0); at < raw.size(); at = NextBackslash(raw, at)) {
    if (at + 1 >= raw.size()) return "an escape is cut short";
    const char kind = raw[at + 1];
    if (kind != 'u') {
      if (!IsSimple(kind)) return "an unknown escape";
      at += 2;
      continue;
    }
    const int32_t unit = Hex4(raw, at + 2);
    if (unit < 0) return "a \\u escape without four hexadecimal digits";
    if (unit == 0) return "an escaped NUL";
    if (IsLow(unit)) return "half of a surrogate pair";
    at += 6;
    if (!IsHigh(unit)) continue;
    if (raw.size() - at < 6 || raw[at] != '\\' || raw[at + 1] != 'u' || !IsLow(Hex4(raw, at + 2))) {
      return "half of a surrogate pair";
    }
    at += 6;
  }
  return nullptr;
}

void Unescape(std::string_view raw, std::string& out) {
  out.clear();
  size_t at = 0;
  while (at < raw.size()) {
    const size_t next = NextBackslash(raw, at);
    out.append(raw, at, next - at);
    at = next;
    if (at >= raw.size()) return;
    if (raw[at + 1] != 'u') {
      out += Simple(raw[at + 1]);
      at += 2;
      continue;
    }
    uint32_t c = static_cast<uint32_t>(Hex4(raw, at + 2));
    at += 6;
    if (IsHigh(static_cast<int32_t>(c))) {
      c = 0x10000 + ((c - 0xd800) << 10) + (static_cast<uint32_t>(Hex4(raw, at + 2)) - 0xdc00);
      at += 6;
    }
    AppendUtf8(c, out);
  }
}

Number CheckNumber(std::string_view literal) {
  Number number;
  size_t at = 0;
  const auto run = [&] {
    const size_t begin = at;
    while (at < literal.size() && IsDigit(literal[at])) ++at;
    number.digits += static_cast<uint32_t>(at - begin);
    return at - begin;
  };
  if (at < literal.size() && literal[at] == '-') ++at;
  const size_t first = at;
  const size_t whole = run();
  if (whole == 0) return {.error = "not a JSON value"};
  if (whole > 1 && literal[first] == '0') return {.error = "a number with a leading zero"};
  number.integer = at == literal.size();
  if (at < literal.size() && literal[at] == '.') {
    ++at;
    if (run() == 0) return {.error = "a number without digits after its point"};
  }
  if (at < literal.size() && (literal[at] == 'e' || literal[at] == 'E')) {
    ++at;
    if (at < literal.size() && (literal[at] == '+' || literal[at] == '-')) ++at;
    if (run() == 0) return {.error = "a number without digits in its exponent"};
  }
  if (at != literal.size()) return {.error = "not a JSON number"};
  if (number.integer) {
    number.error = CheckIntegerRange(literal, number.digits);
  } else {
    double value = 0;
    const std::from_chars_result result =
        std::from_chars(literal.data(), literal.data() + literal.size(), value);
    if (result.ec != std::errc()) number.error = "a number outside the range of a double";
  }
  return number;
}

double NumberValue(std::string_view literal) {
  double value = 0;
  std::from_chars(literal.data(), literal.data() + literal.size(), value);
  return value;
}

}  // namespace hpol::surface
