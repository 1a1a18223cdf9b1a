#include "compiler/filter/literals.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <set>
#include <utility>

#include "compiler/filter/buckets.h"

namespace hpol::filter {
namespace {

constexpr size_t kPrefixBytes = 14;  // how far literals are followed into a pattern
constexpr size_t kBranches = 4;      // strings that are long enough branch no further than this

uint8_t Lower(uint8_t byte) { return byte >= 'A' && byte <= 'Z' ? static_cast<uint8_t>(byte | 0x20) : byte; }

uint32_t FoldedAt(std::string_view text, size_t offset) {
  uint32_t bytes = 0;
  std::memcpy(&bytes, text.data() + offset, kGram);
  return Fold(bytes);
}

// Follows a matcher from its beginning, collecting the strings it can read.
class Prefixes {
 public:
  Prefixes(const pattern::Matcher& matcher, size_t limit) : m_(matcher), limit_(limit) {}

  // False when there are too many strings, or one ends before kGram bytes.
  bool Collect(std::vector<std::string>* literals) {
    std::set<uint32_t> initial;
    for (uint32_t c = 0; c <= m_.edge_class; ++c)
      initial.insert(m_.next[m_.start * size_t{m_.class_count} + c]);
    initial.erase(0);
    std::vector<Prefix> open = {{"", std::move(initial)}};
    while (!open.empty()) {
      Prefix prefix = std::move(open.back());
      open.pop_back();
      std::vector<Prefix> longer;
      if (Extend(prefix, &longer)) {
        for (Prefix& next : longer) open.push_back(std::move(next));
      } else if (prefix.text.size() >= kGram) {
        literals->push_back(std::move(prefix.text));
      } else {
        return false;
      }
      if (open.size() + literals->size() > limit_) return false;
    }
    return !literals->empty();
  }

 private:
  struct Prefix {
    std::string text;
    std::set<uint32_t> states;
  };

  // The strings one byte longer; false where that ends a match or branches more than it helps.
  bool Extend(const Prefix& prefix, std::vector<Prefix>* longer) const {
    if (prefix.text.size() >= kPrefixBytes) return false;
    std::array<std::set<uint32_t>, 256> after;
    for (const uint32_t state : prefix.states) {
      if (state >= m_.first_accepting) return false;
      for (size_t byte = 0; byte < 256; ++byte) {
        const uint32_t next = m_.next[state * size_t{m_.class_count} + m_.class_of[byte]];
        if (next != 0) after[Lower(static_cast<uint8_t>(byte))].insert(next);
      }
    }
    for (size_t byte = 0; byte < 256; ++byte) {
      if (after[byte].empty()) continue;
      longer->push_back({prefix.text + static_cast<char>(byte), std::move(after[byte])});
    }
    return prefix.text.size() < kGram || longer->size() <= kBranches;
  }

  const pattern::Matcher& m_;
  size_t limit_;
};

}  // namespace

std::optional<std::vector<std::string>> BeginLiterals(const pattern::Matcher& matcher, size_t limit) {
  std::vector<std::string> literals;
  if (!Prefixes(matcher, limit).Collect(&literals)) return std::nullopt;
  return literals;
}

std::vector<std::string> WordLiterals(const std::vector<std::string>& words) {
  std::vector<std::string> literals;
  for (const std::string& word : words) {
    std::string lower;
    for (const char c : word) lower += static_cast<char>(Lower(static_cast<uint8_t>(c)));
    std::vector<std::string> padded = {lower};
    while (padded.front().size() < kGram) {
      std::vector<std::string> longer;
      for (const std::string& text : padded) {
        for (int byte = 0; byte < 256; ++byte) {
          if (Lower(static_cast<uint8_t>(byte)) == byte) longer.push_back(text + static_cast<char>(byte));
        }
      }
      padded = std::move(longer);
    }
    literals.insert(literals.end(), padded.begin(), padded.end());
  }
  return literals;
}

void LiteralTables::Add(uint16_t detector, std::vector<std::string> literals) {
  for (std::string& text : literals) literals_.push_back({detector, std::move(text)});
}

uint64_t LiteralTables::Estimate(const std::vector<std::string>& literals) const {
  std::set<uint32_t> keys;
  for (const std::string& text : literals) {
    uint32_t best = 0xffffffff;
    uint32_t best_key = 0;
    for (size_t offset = 0; offset + kGram <= text.size(); ++offset) {
      const uint32_t key = Key(ClassesAt(text, offset));
      if (background_.FourGrams(key) < best) {
        best = background_.FourGrams(key);
        best_key = key;
      }
    }
    keys.insert(best_key);
  }
  uint64_t total = 0;
  for (const uint32_t key : keys) total += background_.FourGrams(key);
  return total;
}

std::vector<AnchorChoice> LiteralTables::Choose() const {
  std::vector<std::string_view> texts;
  for (const Literal& literal : literals_) texts.push_back(literal.text);
  return ChooseAnchors(texts, background_);
}

void LiteralTables::Write(Literals& tables) const {
  if (literals_.empty()) return;
  const std::vector<Choice> choices = Choose();
  WritePairs(choices, tables);
  std::vector<size_t> offsets;
  for (const Choice& choice : choices) offsets.push_back(choice.offset);
  WriteAnchors(offsets, tables.wide);
  if (literals_.size() <= kMaxBucketed) {
    std::vector<std::string> texts;
    for (const Literal& literal : literals_) texts.push_back(literal.text);
    WriteAnchors(WriteBuckets(texts, background_, tables), tables.narrow);
  }
  for (const Literal& literal : literals_) {
    const size_t word = literal.detector / 64;
    if (tables.detectors.size() <= word) tables.detectors.resize(word + 1);
    tables.detectors[word] |= uint64_t{1} << (literal.detector % 64);
  }
}

void LiteralTables::WritePairs(const std::vector<Choice>& choices, Literals& tables) const {
  for (size_t i = 0; i < literals_.size(); ++i) {
    const Classes c = ClassesAt(literals_[i].text, choices[i].offset);
    tables.groups = std::max(tables.groups, static_cast<int>(choices[i].group) + 1);
    for (size_t j = 0; j < 3; ++j) {
      tables.pairs[choices[i].group][j][static_cast<size_t>(c[kOthers[j]] | (c[1] >> 3) << 5)] |=
          static_cast<uint8_t>(1u << (c[1] & 7));
    }
  }
}

void LiteralTables::WriteAnchors(const std::vector<size_t>& offsets, Anchors& anchors) const {
  while ((size_t{1} << anchors.hash_width) < literals_.size() * 16 && anchors.hash_width < 24)
    ++anchors.hash_width;
  while ((size_t{1} << anchors.head_width) < literals_.size() && anchors.head_width < anchors.hash_width)
    ++anchors.head_width;
  anchors.hash_bits.assign(size_t{1} << (anchors.hash_width - 5), 0);
  anchors.heads.assign(size_t{1} << anchors.head_width, 0);
  std::vector<AnchorPlace> places;
  for (size_t i = 0; i < literals_.size(); ++i)
    places.push_back(
        {FoldedAt(literals_[i].text, offsets[i]), static_cast<uint16_t>(offsets[i]), literals_[i].detector});
  const std::vector<AnchorRole> roles = ShareAnchors(places);
  for (size_t i = 0; i < literals_.size(); ++i) {
    if (roles[i] == AnchorRole::kNone) continue;
    const std::string& text = literals_[i].text;
    const uint32_t folded = places[i].folded;
    const uint32_t hash = Hash(folded, anchors.hash_width);
    anchors.hash_bits[hash >> 5] |= 1u << (hash & 31);
    uint32_t& head = anchors.heads[Hash(folded, anchors.head_width)];
    // The four bytes furthest from the anchor, on the longer side of it.
    const size_t after = text.size() - kGram - offsets[i];
    const size_t other = roles[i] == AnchorRole::kForAll ? offsets[i]
                         : offsets[i] >= after           ? 0
                                                         : text.size() - kGram;
    anchors.all.push_back({literals_[i].detector, static_cast<uint16_t>(offsets[i]),
                           static_cast<uint16_t>(other), FoldedAt(text, other), head});
    head = static_cast<uint32_t>(anchors.all.size());
    anchors.longest_offset = std::max(anchors.longest_offset, static_cast<uint32_t>(offsets[i]));
  }
}

}  // namespace hpol::filter
