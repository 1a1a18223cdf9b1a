// Looks at the word before the cut, and back as far as a gap between digits (widen.h) and three of
// quoted-printable (escapes.h) reach. Everything else that is read as one has no cut inside by its alphabet.
#include "runtime/text/cuts.h"

#include <algorithm>

#include "runtime/text/escapes.h"
#include "runtime/text/fold.h"
#include "runtime/text/runs.h"
#include "runtime/text/widen.h"

namespace hpol::text {
namespace {

constexpr uint32_t kMaxWord = 64;  // a longer one is not looked at

bool IsAscii(char c) { return (static_cast<uint8_t>(c) & 0x80) == 0; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsAlnum(char c) { return IsDigit(c) || IsLetter(c); }
bool IsBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Part of nothing that is read as one, but of tags in gaps.
bool IsInert(char c) { return std::string_view("\"'()[]|@^!?}>").find(c) != std::string_view::npos; }

// The character that ends at `at` is no ASCII and always stands for itself.
bool IsInertBefore(std::string_view text, uint32_t at) {
  uint32_t begin = at - 1;
  while (begin > 0 && at - begin < 4 && (static_cast<uint8_t>(text[begin]) & 0xc0) == 0x80) --begin;
  const Decoded decoded = DecodeUtf8(text, begin);
  return decoded.valid && begin + decoded.size == at && FoldCodePoint(decoded.code) == kKeep &&
         WidenCodePoint(decoded.code).empty() && CjkDigit(decoded.code) < 0 && !IsMark(decoded.code) &&
         TagCharacter(decoded.code) < 0;
}

bool IsInertEnd(std::string_view text, uint32_t at) {
  return at > 0 && (IsAscii(text[at - 1]) ? IsInert(text[at - 1]) : IsInertBefore(text, at));
}

// May be one number in a list of codes, or some of one.
bool MayBeItem(std::string_view word) {
  if (word.size() > 1 && word[0] == '0' && (word[1] | 0x20) == 'x') return true;
  return (word.size() == 2 || word.size() == 3) && IsHex(word);
}

// What stands before a word and belongs to nothing that reaches into it. A word behind a line end may be the
// last line of base64.
bool EndsBefore(std::string_view text, uint32_t word) {
  if (word == 0) return false;
  const char c = text[word - 1];
  if (c == ',' || c == ';' || c == ':' || c == '.') return true;
  if (c == ' ') return word > 1 && !IsBlank(text[word - 2]);
  return IsInertEnd(text, word);
}

// `text[end]` separates; whether the word before it is no number of a list and no part of an encoding.
bool IsPlainWordBefore(std::string_view text, uint32_t end, bool line_end) {
  uint32_t begin = end;
  while (begin > 0 && end - begin <= kMaxWord && IsBase64(text[begin - 1])) --begin;
  if (begin == end) return IsInertEnd(text, end);
  const std::string_view run = text.substr(begin, end - begin);
  if (run.size() > kMaxWord || (run.size() >= kMinBase64 && MayBeEncoded(run))) return false;
  if (line_end && run.size() >= kMinLine) return false;
  uint32_t item = end;
  while (item > begin && IsAlnum(text[item - 1])) --item;
  if (item == end || MayBeItem(text.substr(item, end - item))) return false;
  return EndsBefore(text, begin);
}

bool IsPlainBefore(std::string_view text, uint32_t at) {
  const char c = text[at - 1];
  if (!IsAscii(c)) return IsInertBefore(text, at);
  if (at >= text.size() || !IsAlnum(text[at])) return false;
  if (IsInert(c)) return true;
  uint32_t end = at - 1;
  if (c == ' ' && end > 0 && (text[end - 1] == ',' || text[end - 1] == '.' || text[end - 1] == ':')) --end;
  if (c != ' ' && c != ',' && c != ';' && c != ':' && c != '.' && c != '\n') return false;
  return IsPlainWordBefore(text, end, c == '\n');
}

bool IsGap(char c) {
  return IsBlank(c) || c == '-' || c == '_' || c == '*' || c == '~' || c == '`' || c == '$' || c == '\\' ||
         c == '<';
}

// Whether the gap that begins at `begin` may reach past `at`. More tags count than the gap knows. In decoded
// text what follows `at` is not known: an encoded run may begin there.
bool Passes(std::string_view text, uint32_t begin, uint32_t at, bool decoded) {
  if (begin + kMaxGap <= at) return false;
  for (uint32_t i = begin; i < at;) {
    if (!IsGap(text[i])) return false;
    if (text[i] != '<') {
      ++i;
      continue;
    }
    const std::string_view seen = text.substr(0, at);
    const bool comment = seen.substr(i, 2) == "<!";
    const size_t close = comment ? seen.find("-->", i) : seen.find('>', i);
    if (close == std::string_view::npos) return true;
    i = static_cast<uint32_t>(close) + (comment ? 3 : 1);
  }
  return decoded;
}

// Only tags let a gap hold what stands before a cut and is known to end at it.
bool NoGapPasses(std::string_view text, uint32_t at, bool decoded) {
  const uint32_t low = at - std::min(at, kMaxGap + 1);
  if (!decoded && text.substr(low, at - low).find('<') == std::string_view::npos) return true;
  for (uint32_t i = low; i < at; ++i) {
    const bool behind_digit = i == 0 || IsDigit(text[i - 1]) || !IsAscii(text[i - 1]);
    if (behind_digit && IsGap(text[i]) && Passes(text, i, at, decoded)) return false;
  }
  return true;
}

// No `=34` or soft line end before the cut waits for others to stand together with.
bool IsQuotedPrintableKnown(std::string_view text, uint32_t at, bool decoded) {
  constexpr uint32_t kBack = (kMinQuotedPrintable + 1) * kQuotedPrintableApart;
  const uint32_t low = at - std::min(at, kBack);
  uint32_t last = 0;
  uint32_t chain = 0;
  for (size_t next = text.find('=', low); next < at; next = text.find('=', next)) {
    const auto place = static_cast<uint32_t>(next++);
    const QuotedPrintable unit = ReadQuotedPrintable(text, place);
    if (unit.end == 0) continue;
    next = unit.end;
    chain = chain > 0 && place - last <= kQuotedPrintableApart ? chain + 1 : 1;
    last = place;
  }
  if (chain == 0 || at - last > kQuotedPrintableApart) return true;
  return !decoded && chain >= kMinQuotedPrintable;
}

}  // namespace

bool MayCutHere(std::string_view text, uint32_t at) { return IsPlainBefore(text, at); }

bool MayCutDerived(std::string_view text, uint32_t at, bool decoded) {
  return NoGapPasses(text, at, decoded) && IsQuotedPrintableKnown(text, at, decoded);
}

std::optional<uint32_t> TextAt(std::span<const Segment> segments, uint32_t raw) {
  const auto segment = std::partition_point(segments.begin(), segments.end(),
                                            [raw](const Segment& s) { return s.raw_end <= raw; });
  if (segment == segments.end()) return segments.empty() ? 0 : segments.back().text_end;
  if (raw <= segment->raw_begin) return segment->text_begin;
  if (segment->whole) return std::nullopt;
  return segment->text_begin + (raw - segment->raw_begin);
}

}  // namespace hpol::text
