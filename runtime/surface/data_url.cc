// The door is data_url.h.
#include "runtime/surface/data_url.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace hpol::surface {
namespace {

constexpr std::string_view kScheme = "data:";

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

bool StartsWith(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() && std::equal(lower.begin(), lower.end(), text.begin(),
                                                   [](char want, char c) { return want == Lower(c); });
}
bool Equals(std::string_view text, std::string_view lower) {
  return text.size() == lower.size() && StartsWith(text, lower);
}

bool IsTextType(std::string_view type) {
  constexpr std::array<std::string_view, 7> kTypes = {
      "application/json", "application/xml", "application/yaml",      "application/x-yaml",
      "application/sql",  "application/csv", "application/javascript"};
  // RFC 2397: no type at all is plain text.
  return type.empty() || StartsWith(type, "text/") ||
         std::ranges::any_of(kTypes, [&](std::string_view known) { return Equals(type, known); });
}

// The value of a base64 character, of the plain alphabet alone; -1 else.
int Value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

// UTF-8 without control characters other than white space, a byte at a time.
class TextCheck {
 public:
  bool Take(uint8_t byte) {
    if (rest_ > 0) {
      --rest_;
      const bool fits = byte >= low_ && byte <= high_;
      low_ = 0x80;
      high_ = 0xbf;
      return fits;
    }
    if (byte < 0x80) return byte >= 0x20 || byte == '\n' || byte == '\r' || byte == '\t';
    if (byte < 0xc2 || byte > 0xf4) return false;
    rest_ = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    // Overlong forms, surrogates, beyond U+10FFFF.
    low_ = byte == 0xe0 ? 0xa0 : byte == 0xf0 ? 0x90 : 0x80;
    high_ = byte == 0xed ? 0x9f : byte == 0xf4 ? 0x8f : 0xbf;
    return true;
  }
  bool whole() const { return rest_ == 0; }

 private:
  int rest_ = 0;
  uint8_t low_ = 0x80;
  uint8_t high_ = 0xbf;
};

bool IsBase64Text(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  TextCheck check;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const int value = Value(c);
    if (value < 0) return false;
    bits = (bits << 6) | static_cast<uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    if (!check.Take(static_cast<uint8_t>(bits >> count))) return false;
    bits &= (1u << count) - 1;
  }
  return check.whole();
}

}  // namespace

bool IsDataUrl(std::string_view url) { return StartsWith(url, kScheme); }

bool HoldsText(std::string_view data_url) {
  const size_t comma = data_url.find(',');
  if (!IsDataUrl(data_url) || comma == std::string_view::npos) return false;
  std::string_view rest = data_url.substr(kScheme.size(), comma - kScheme.size());
  const size_t type_end = std::min(rest.find(';'), rest.size());
  if (!IsTextType(rest.substr(0, type_end))) return false;
  rest.remove_prefix(type_end);
  bool base64 = false;
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::string_view parameter = rest.substr(0, rest.find(';'));
    rest.remove_prefix(parameter.size());
    base64 = Equals(parameter, "base64");
    // Any other character set is not what the detectors read.
    if (!base64 && !Equals(parameter, "charset=utf-8") && !Equals(parameter, "charset=us-ascii"))
      return false;
  }
  return !base64 || IsBase64Text(data_url.substr(comma + 1));
}

}  // namespace hpol::surface
