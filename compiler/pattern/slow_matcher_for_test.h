// For tests only: matching a pattern by its tree, with sets of places instead of automata,
// and patterns and texts at random.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/pattern/pattern.h"
#include "compiler/pattern/regex.h"

namespace hpol::pattern::testing {

inline bool IsDigit(int c) { return c >= '0' && c <= '9'; }
inline bool IsLetter(int c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
inline bool IsWord(int c) { return IsDigit(c) || IsLetter(c) || c == '_'; }
// The byte at `place`, or -1 outside the text.
inline int ByteAt(std::string_view text, size_t place) {
  return place < text.size() ? static_cast<unsigned char>(text[place]) : -1;
}

// The code point at `place` and its length; length 0 when the bytes are not UTF-8.
struct Decoded {
  uint32_t code_point = 0;
  size_t length = 0;
};
inline Decoded DecodeAt(std::string_view text, size_t place) {
  const int lead = ByteAt(text, place);
  if (lead < 0) return {};
  if (lead < 0x80) return {static_cast<uint32_t>(lead), 1};
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  if (length == 0 || lead > 0xF4) return {};
  uint32_t value = static_cast<uint32_t>(lead) & (0xFFu >> (length + 1));
  for (size_t i = 1; i < length; ++i) {
    const int tail = ByteAt(text, place + i);
    if (tail < 0x80 || tail > 0xBF) return {};
    value = value << 6 | (static_cast<uint32_t>(tail) & 0x3F);
  }
  constexpr uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < kSmallest[length] || value > kMaxCodePoint || (value >= 0xD800 && value <= 0xDFFF)) return {};
  return {value, length};
}

inline bool EdgeHolds(Edge edge, std::string_view text, size_t place) {
  const bool before = place > 0 && IsWord(ByteAt(text, place - 1));
  const bool after = IsWord(ByteAt(text, place));
  switch (edge) {
    case Edge::kTextStart:
      return place == 0;
    case Edge::kTextEnd:
      return place == text.size();
    case Edge::kWordEdge:
      return before != after;
    case Edge::kNotWordEdge:
      return before == after;
    case Edge::kLineStart:
      return place == 0 || text[place - 1] == '\n';
    case Edge::kLineEnd:
      return place == text.size() || text[place] == '\n';
  }
  return false;
}

// Every place where a match that begins at one of `starts` can end.
inline std::set<size_t> Ends(const Regex& regex, std::string_view text, const std::set<size_t>& starts) {
  std::set<size_t> ends;
  switch (regex.kind) {
    case Regex::Kind::kEmpty:
      return starts;
    case Regex::Kind::kClass:
      for (size_t place : starts) {
        const Decoded decoded = DecodeAt(text, place);
        if (decoded.length > 0 && regex.Contains(decoded.code_point)) ends.insert(place + decoded.length);
      }
      return ends;
    case Regex::Kind::kConcat:
      ends = starts;
      for (const Regex& part : regex.parts) ends = Ends(part, text, ends);
      return ends;
    case Regex::Kind::kAlternate:
      for (const Regex& part : regex.parts) ends.merge(Ends(part, text, starts));
      return ends;
    case Regex::Kind::kRepeat: {
      std::set<size_t> now = starts;
      if (regex.min == 0) ends = now;
      for (uint32_t i = 1; i <= regex.max && !now.empty(); ++i) {
        now = Ends(regex.parts[0], text, now);
        const size_t before = ends.size();
        if (i >= regex.min) ends.insert(now.begin(), now.end());
        if (i > regex.min + text.size() && ends.size() == before) break;
      }
      return ends;
    }
    case Regex::Kind::kEdge:
      for (size_t place : starts) {
        if (EdgeHolds(regex.edge, text, place)) ends.insert(place);
      }
      return ends;
  }
  return ends;
}

// `inside` is an end of the match, `outside` stands next to it.
inline bool IsBound(int inside, int outside) {
  if (IsDigit(inside)) return !IsDigit(outside);
  if (IsLetter(inside)) return !IsDigit(outside) && !IsLetter(outside);
  return true;
}

// One alternative of a detector.
struct Alternative {
  Regex regex;
  bool bounded = false;
};

// The meaning of hpol_match_fn, slowly.
inline uint64_t SlowMatch(const std::vector<Alternative>& alternatives, std::string_view text, size_t at,
                          size_t limit) {
  size_t best = 0;
  for (const Alternative& each : alternatives) {
    for (size_t end : Ends(each.regex, text, {at})) {
      if (end <= at || end > limit || end - at > kMaxMatchBytes) continue;
      const int before = at == 0 ? -1 : ByteAt(text, at - 1);
      const bool fits = !each.bounded || (IsBound(ByteAt(text, at), before) &&
                                          IsBound(ByteAt(text, end - 1), ByteAt(text, end)));
      if (fits && end > best) best = end;
    }
  }
  return best;
}

// Random patterns over a small alphabet, so that they often match.
class PatternMaker {
 public:
  explicit PatternMaker(uint32_t seed) : random_(seed) {}

  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(random_() % n); }

  std::string Pattern(int depth) {
    std::string text;
    for (uint32_t i = 0; i <= Below(3); ++i) {
      if (i > 0 && Below(5) == 0) text += '|';
      text += Atom(depth) + Quantifier();
    }
    return text;
  }

  std::string Text() {
    static const std::vector<std::string> kPieces = {"a", "b",  "A",      "1",  "2", "_",
                                                     "-", "\n", "\u00e9", "中", "a", "\xff"};
    std::string text;
    for (uint32_t i = Below(14); i > 0; --i) text += kPieces[Below(static_cast<uint32_t>(kPieces.size()))];
    return text;
  }

 private:
  std::string Atom(int depth) {
    static const std::vector<std::string> kAtoms = {"a",
                                                    "b",
                                                    "1",
                                                    "\u00e9",
                                                    "中",
                                                    "[ab]",
                                                    "[0-9]",
                                                    "[^a]",
                                                    ".",
                                                    "\\w",
                                                    "\\d",
                                                    "\\S",
                                                    "[a\u00e9]",
                                                    "_",
                                                    "-",
                                                    "\\b",
                                                    "\\B",
                                                    "^",
                                                    "$",
                                                    "(?i:a)",
                                                    "[[:alpha:]]",
                                                    "a",
                                                    "[\u00e8-\u4e2d]",
                                                    "\\W"};
    if (depth > 0 && Below(3) == 0) return "(" + Pattern(depth - 1) + ")";
    return kAtoms[Below(static_cast<uint32_t>(kAtoms.size()))];
  }
  std::string Quantifier() {
    static const std::vector<std::string> kQuantifiers = {"",  "",  "",    "",      "?",
                                                          "*", "+", "{2}", "{1,3}", "{2,}"};
    return kQuantifiers[Below(static_cast<uint32_t>(kQuantifiers.size()))];
  }

  std::mt19937 random_;
};

}  // namespace hpol::pattern::testing
