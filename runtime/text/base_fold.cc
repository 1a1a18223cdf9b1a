// The fold that always stands: one character a step, runs of plain ASCII at once.
#include "runtime/text/base_fold.h"

#include <algorithm>

#include "runtime/text/fold.h"

namespace hpol::text {
namespace {

constexpr uint32_t kMaxBackslashes = 8;  // before a `u`: JSON in JSON in JSON doubles them each time

bool IsHighSurrogate(char32_t code) { return code >= 0xd800 && code <= 0xdbff; }
bool IsLowSurrogate(char32_t code) { return code >= 0xdc00 && code <= 0xdfff; }
char32_t Combine(char32_t high, char32_t low) { return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00); }

// Four hexadecimal digits at `at`, or -1.
int32_t ReadHex4(std::string_view text, size_t at, size_t end) {
  if (end - at < 4) return -1;
  int32_t value = 0;
  for (size_t i = 0; i < 4; ++i) {
    const int digit = HexValue(static_cast<uint8_t>(text[at + i]));
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

// Reads the characters of one piece: JSON escapes and, if asked, `\uXXXX` that is left in the
// decoded text.
class Reader {
 public:
  Reader(std::string_view text, bool json, bool literals)
      : text_(text), end_(static_cast<uint32_t>(text.size())), json_(json), literals_(literals) {}

  // The character at `at` < end.
  Unit Read(uint32_t at) const {
    const Unit unit = ReadPlain(at);
    if (literals_ && unit.code == '\\') {
      Unit literal;
      if (ReadLiteral(unit, literal)) return literal;
    }
    return unit;
  }

  bool found_literal() const { return found_literal_; }

 private:
  // One level: UTF-8, and JSON escapes in a JSON string.
  Unit ReadPlain(uint32_t at) const {
    if (json_ && text_[at] == '\\') return ReadEscape(at);
    const Decoded decoded = DecodeUtf8(text_, at);
    return {decoded.code, at + decoded.size, false, decoded.valid};
  }

  Unit ReadEscape(uint32_t at) const {
    const Unit backslash = {U'\\', at + 1, false, true};  // not an escape after all
    if (end_ - at < 2) return backslash;
    switch (text_[at + 1]) {
      case '"':
      case '\\':
      case '/':
        return {static_cast<char32_t>(text_[at + 1]), at + 2, true, true};
      case 'b':
        return {U'\b', at + 2, true, true};
      case 'f':
        return {U'\f', at + 2, true, true};
      case 'n':
        return {U'\n', at + 2, true, true};
      case 'r':
        return {U'\r', at + 2, true, true};
      case 't':
        return {U'\t', at + 2, true, true};
      case 'u':
        break;
      default:
        return backslash;
    }
    const int32_t first = ReadHex4(text_, at + 2, end_);
    if (first < 0) return backslash;
    const auto code = static_cast<char32_t>(first);
    if (!IsHighSurrogate(code) && !IsLowSurrogate(code)) return {code, at + 6, true, true};
    if (IsLowSurrogate(code) || end_ - at < 12 || text_[at + 6] != '\\' || text_[at + 7] != 'u')
      return backslash;
    const int32_t second = ReadHex4(text_, at + 8, end_);
    if (second < 0 || !IsLowSurrogate(static_cast<char32_t>(second))) return backslash;
    return {Combine(code, static_cast<char32_t>(second)), at + 12, true, true};
  }

  // `\`…`\uXXXX` spelled out in the decoded text, after its first backslash.
  bool ReadLiteral(const Unit& backslash, Unit& out) const {
    char32_t high = 0;
    uint32_t at = backslash.end;
    if (!ReadLiteralCode(at, high) || IsLowSurrogate(high)) return false;
    if (!IsHighSurrogate(high)) {
      out = {high, at, true, true};
      found_literal_ = true;
      return true;
    }
    char32_t low = 0;
    if (at >= end_) return false;
    const Unit next = ReadPlain(at);
    at = next.end;
    if (next.code != '\\' || !ReadLiteralCode(at, low) || !IsLowSurrogate(low)) return false;
    out = {Combine(high, low), at, true, true};
    found_literal_ = true;
    return true;
  }

  // Further backslashes, `u`, four hexadecimal digits; moves `at` behind them.
  bool ReadLiteralCode(uint32_t& at, char32_t& code) const {
    uint32_t backslashes = 1;
    char32_t value = 0;
    int digits = -1;  // before the `u`
    while (digits < 4) {
      if (at >= end_) return false;
      const Unit unit = ReadPlain(at);
      at = unit.end;
      if (digits < 0) {
        if (unit.code == 'u') {
          digits = 0;
        } else if (unit.code != '\\' || ++backslashes > kMaxBackslashes) {
          return false;
        }
        continue;
      }
      const int digit = HexValue(unit.code);
      if (digit < 0) return false;
      value = value * 16 + static_cast<char32_t>(digit);
      ++digits;
    }
    code = value;
    return true;
  }

  std::string_view text_;
  uint32_t end_;
  bool json_;
  bool literals_;
  mutable bool found_literal_ = false;
};

// Where the plain ASCII at `at` ends.
uint32_t PlainEnd(std::string_view text, uint32_t at) {
  while (at < text.size() && (static_cast<uint8_t>(text[at]) & 0x80) == 0 && text[at] != '\\') ++at;
  return at;
}

}  // namespace

void BaseFold::Run(Source source, Draft& draft) {
  draft.Begin(source, source.text.size());
  const Reader reader(source.text, json, spelled && steps.Has(Step::kSpelledUnicode));
  const auto size = static_cast<uint32_t>(source.text.size());
  found_tags = false;
  uint32_t copied = 0;  // source bytes before this are written
  for (uint32_t at = PlainEnd(source.text, 0); at < size;) {
    const Unit unit = reader.Read(at);
    const int fold = Fold(unit);
    if (fold != kKeep || unit.escaped) {
      draft.Copy(copied, at);
      Put(at, unit, fold, draft);
      copied = unit.end;
    }
    at = PlainEnd(source.text, unit.end);
  }
  if (draft.changed()) draft.Copy(copied, size);
  found_spelled = reader.found_literal();
}

int BaseFold::Fold(const Unit& unit) {
  const int fold = unit.valid ? FoldCodePoint(unit.code, steps) : kKeep;
  if (fold != kDrop || TagCharacter(unit.code) < 0) return fold;
  found_tags = true;
  return tags ? TagCharacter(unit.code) : kDrop;
}

void BaseFold::Put(uint32_t at, const Unit& unit, int fold, Draft& draft) const {
  char bytes[4] = {static_cast<char>(fold)};
  const uint32_t size = fold == kDrop ? 0 : fold == kKeep ? EncodeUtf8(unit.code, bytes) : 1;
  draft.Put(at, unit.end, {bytes, size}, false);
}

}  // namespace hpol::text
