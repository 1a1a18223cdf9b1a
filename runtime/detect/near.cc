#include "runtime/detect/near.h"

#include <algorithm>

#include "runtime/detect/words.h"

namespace hpol::detect {
namespace {

constexpr uint32_t kMaxCharacterBytes = 4;

bool IsBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r') || c == '-' || c == '_'; }
uint8_t AsByte(char c) { return static_cast<uint8_t>(c); }
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }
bool BeginsCharacter(char c) { return (static_cast<uint8_t>(c) & 0xc0) != 0x80; }

// The place `count` characters before `at`, or the text's begin.
uint32_t Back(std::string_view text, uint32_t at, uint32_t count) {
  while (at > 0 && count > 0) {
    --at;
    if (BeginsCharacter(text[at])) --count;
  }
  return at;
}

// The place `count` characters after `at`, or the text's end.
uint32_t Forward(std::string_view text, uint32_t at, uint32_t count) {
  for (; at < text.size(); ++at) {
    if (BeginsCharacter(text[at]) && count-- == 0) break;
  }
  return at;
}

// The words of one clause as a trie: words with a common beginning stand side by side.
class Words {
 public:
  Words(const ir::Tables& tables, const ir::NearClause& row) : tables_(tables), row_(row) {}

  // Where the shortest word that begins at `at` ends, at or before `limit`; 0 for none.
  uint32_t EndAt(std::string_view text, uint32_t at, uint32_t limit) const {
    const auto first = static_cast<uint8_t>(Lower(text[at]));
    if (((row_.first[first >> 6] >> (first & 63)) & 1) == 0) return 0;
    if (at > 0 && !MayStandBeside(AsByte(text[at]), AsByte(text[at - 1]))) return 0;
    uint32_t low = 0;
    uint32_t high = row_.words.count;
    for (size_t depth = 0;; ++depth) {
      if (Word(low).size() == depth) {
        if (at == text.size() || MayStandBeside(AsByte(text[at - 1]), AsByte(text[at]))) return at;
        if (++low == high) return 0;
      }
      if (at >= limit) return 0;
      char c = Lower(text[at++]);
      if (IsBlank(c)) {
        c = ' ';
        while (at < limit && IsBlank(text[at])) ++at;
      }
      low = Bound(low, high, depth, [c](char letter) { return Code(letter) < Code(c); });
      high = Bound(low, high, depth, [c](char letter) { return Code(letter) <= Code(c); });
      if (low == high) return 0;
    }
  }

 private:
  static uint8_t Code(char c) { return static_cast<uint8_t>(c); }
  std::string_view Word(uint32_t index) const {
    return tables_.Text(tables_.lists[row_.words.begin + index]);
  }

  // The first of [low, high) whose letter at `depth` is not `before`. All are longer than `depth`.
  template <typename Before>
  uint32_t Bound(uint32_t low, uint32_t high, size_t depth, Before before) const {
    while (low < high) {
      const uint32_t middle = low + (high - low) / 2;
      if (before(Word(middle)[depth])) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  const ir::Tables& tables_;
  const ir::NearClause& row_;
};

}  // namespace

std::string NormalWord(std::string_view word) {
  std::string normal;
  for (const char c : word) {
    if (!IsBlank(c)) {
      normal += Lower(c);
    } else if (!normal.empty() && normal.back() != ' ') {
      normal += ' ';
    }
  }
  if (normal.ends_with(' ')) normal.pop_back();
  return normal;
}

std::vector<std::string> NormalWords(const std::vector<std::string>& words) {
  std::vector<std::string> normal;
  for (const std::string& word : words) normal.push_back(NormalWord(word));
  std::sort(normal.begin(), normal.end());
  normal.erase(std::unique(normal.begin(), normal.end()), normal.end());
  return normal;
}

void SetFirstBytes(const std::vector<std::string>& normal_words, uint64_t (&first)[4]) {
  for (const std::string& word : normal_words) {
    const auto byte = static_cast<uint8_t>(word.front());
    first[byte >> 6] |= uint64_t{1} << (byte & 63);
  }
}

uint32_t CountCharacters(std::string_view text) {
  return static_cast<uint32_t>(std::count_if(text.begin(), text.end(), BeginsCharacter));
}

bool HasWord(const ir::Tables& tables, const ir::NearClause& row, std::string_view text) {
  const Words words(tables, row);
  const auto size = static_cast<uint32_t>(text.size());
  for (uint32_t at = Back(text, size, kMaxWithin); at < size; ++at) {
    if (words.EndAt(text, at, size) != 0) return true;
  }
  return false;
}

std::optional<Tier> NearWords::TierOf(const ir::Tables& tables, const ir::Detector& detector,
                                      const Surroundings& around, Tier tier) {
  const uint32_t count = detector.near.count;
  if (clauses_.size() < count) clauses_.resize(count);
  for (; used_ < count; ++used_) {
    Clause& clause = clauses_[used_];
    clause.words.clear();
    clause.head = clause.scanned = clause.asked = 0;
  }
  const auto row = [&](uint32_t i) -> const ir::NearClause& { return tables.near[detector.near.begin + i]; };
  bool lowered = false;
  for (uint32_t i = 0; i < count && !lowered; ++i) {
    lowered = row(i).negated && InReach(tables, row(i), clauses_[i], around.text, around.begin, around.end);
  }
  if (lowered && (tier != Tier::kShape || !detector.needs_near)) return Tier::kShape;
  bool raised = tier != Tier::kShape;
  for (uint32_t i = 0; i < count && !raised; ++i) {
    if (row(i).negated) continue;
    raised = InReach(tables, row(i), clauses_[i], around.wide, around.offset + around.begin,
                     around.offset + around.end) ||
             std::any_of(around.keys.begin(), around.keys.end(),
                         [&](std::string_view key) { return HasWord(tables, row(i), key); });
  }
  if (!raised) return detector.needs_near ? std::nullopt : std::optional(Tier::kShape);
  return lowered ? Tier::kShape : std::max(tier, Tier::kContext);
}

bool NearWords::InReach(const ir::Tables& tables, const ir::NearClause& row, Clause& clause,
                        std::string_view text, uint32_t begin, uint32_t end) {
  // Bytes bound characters from above; characters are counted only where there is a word.
  const uint32_t bytes = row.within * kMaxCharacterBytes;
  const auto size = static_cast<uint32_t>(text.size());
  const uint32_t low = begin - std::min(begin, bytes);
  const uint32_t high = end + std::min(size - end, bytes);
  if (begin < clause.asked || low > clause.scanned) {
    clause.words.clear();
    clause.head = 0;
    clause.scanned = low;
  }
  clause.asked = begin;
  const Words words(tables, row);
  for (; clause.scanned < high; ++clause.scanned) {
    const uint32_t limit = clause.scanned + std::min(size - clause.scanned, bytes);
    const uint32_t word_end = words.EndAt(text, clause.scanned, limit);
    if (word_end != 0) clause.words.push_back({clause.scanned, word_end});
  }
  const auto forget_before = [&](uint32_t place) {
    while (clause.head < clause.words.size() && clause.words[clause.head].begin < place) ++clause.head;
  };
  forget_before(low);
  if (clause.head == clause.words.size()) {
    clause.words.clear();
    clause.head = 0;
    return false;
  }
  const uint32_t first = Back(text, begin, row.within);
  const uint32_t last = Forward(text, end, row.within);
  forget_before(first);
  for (size_t i = clause.head; i < clause.words.size() && clause.words[i].begin < last; ++i) {
    const Word& word = clause.words[i];
    if (word.end <= begin || (word.begin >= end && word.end <= last)) return true;
  }
  return false;
}

}  // namespace hpol::detect
