#include "compiler/reference/slow_near.h"

#include <algorithm>
#include <string>

namespace hpol::reference {
namespace {

using Characters = std::vector<std::string>;  // each as its UTF-8 bytes

constexpr size_t kLongestKey = 512;  // characters, the last ones

Characters Split(std::string_view text) {
  Characters characters;
  for (const char c : text) {
    const bool continues = (static_cast<unsigned char>(c) & 0xc0) == 0x80;
    if (!continues || characters.empty()) characters.emplace_back();
    characters.back() += c;
  }
  return characters;
}

bool In(const std::string& character, char low, char high) {
  return character.size() == 1 && character[0] >= low && character[0] <= high;
}
bool IsDigit(const std::string& character) { return In(character, '0', '9'); }
bool IsLetter(const std::string& character) { return In(character, 'a', 'z') || In(character, 'A', 'Z'); }
bool IsBlank(const std::string& character) {
  static constexpr std::string_view kBlanks = " \t\n\v\f\r-_";
  return character.size() == 1 && kBlanks.find(character[0]) != std::string_view::npos;
}

// `inner` ends or begins a word, `outer` is its neighbour outside.
bool SplitsWord(const std::string& inner, const std::string& outer) {
  if (IsLetter(inner)) return IsLetter(outer) || IsDigit(outer);
  return IsDigit(inner) && IsDigit(outer);
}

bool SameLetter(const std::string& a, const std::string& b) {
  if (!IsLetter(a) || !IsLetter(b)) return a == b;
  return (a[0] | 0x20) == (b[0] | 0x20);
}

// The word, from its character `w` on, is what stands in `text` from `at` to `end`.
bool Spells(const Characters& word, size_t w, const Characters& text, size_t at, size_t end) {
  if (w == word.size()) return at == end;
  if (at == end) return false;
  if (!IsBlank(word[w])) return SameLetter(word[w], text[at]) && Spells(word, w + 1, text, at + 1, end);
  while (w < word.size() && IsBlank(word[w])) ++w;
  if (!IsBlank(text[at])) return false;
  while (at < end && IsBlank(text[at])) ++at;
  return Spells(word, w, text, at, end);
}

// Blanks at its ends say nothing.
Characters WordOf(const std::string& written) {
  Characters word = Split(written);
  while (!word.empty() && IsBlank(word.back())) word.pop_back();
  const auto first = std::find_if_not(word.begin(), word.end(), IsBlank);
  word.erase(word.begin(), first);
  return word;
}

// A whole word of the clause stands in characters [from, to) of `text`.
bool Stands(const hir::Near& near, const Characters& text, size_t from, size_t to) {
  for (const std::string& written : near.words) {
    const Characters word = WordOf(written);
    for (size_t begin = from; begin < to; ++begin) {
      if (!IsBlank(text[begin]) && begin > 0 && SplitsWord(text[begin], text[begin - 1])) continue;
      for (size_t end = begin + 1; end <= to; ++end) {
        if (end < text.size() && SplitsWord(text[end - 1], text[end])) continue;
        if (Spells(word, 0, text, begin, end)) return true;
      }
    }
  }
  return false;
}

// In the `within` characters before or after the match. No more of the text is looked at than
// one character beyond: whether a word is whole depends on no other.
bool StandsBeside(const hir::Near& near, const std::string& before, std::string_view match,
                  const std::string& after) {
  const Characters left = Split(before);
  const Characters middle = Split(match);
  const Characters right = Split(after);
  const size_t left_size = std::min<size_t>(left.size(), near.within);
  const size_t right_size = std::min<size_t>(right.size(), near.within);
  Characters text(left.end() - static_cast<std::ptrdiff_t>(std::min(left.size(), left_size + 1)), left.end());
  const size_t begin = text.size();
  text.insert(text.end(), middle.begin(), middle.end());
  const size_t end = text.size();
  text.insert(text.end(), right.begin(),
              right.begin() + static_cast<std::ptrdiff_t>(std::min(right.size(), right_size + 1)));
  return Stands(near, text, begin - left_size, begin) || Stands(near, text, end, end + right_size);
}

bool StandsInKey(const hir::Near& near, std::string_view key) {
  const Characters text = Split(key);
  return Stands(near, text, text.size() - std::min(text.size(), kLongestKey), text.size());
}

}  // namespace

std::optional<Tier> TierBeside(const hir::Detector& detector, const Neighbourhood& where, Tier tier) {
  const std::string left(where.text.substr(0, where.begin));
  const std::string right(where.text.substr(where.end));
  const std::string_view match = where.text.substr(where.begin, where.end - where.begin);
  bool lowers = false;
  bool raises = false;
  for (const hir::Near& near : detector.near) {
    if (near.negated) {
      lowers = lowers || StandsBeside(near, left, match, right);
      continue;
    }
    raises = raises ||
             StandsBeside(near, std::string(where.before) + left, match, right + std::string(where.after));
    for (const std::string_view key : where.keys) raises = raises || StandsInKey(near, key);
  }
  if (detector.needs_near && tier != Tier::kChecksum && !raises) return std::nullopt;
  if (lowers) return Tier::kShape;
  return tier == Tier::kShape && raises ? Tier::kContext : tier;
}

}  // namespace hpol::reference
