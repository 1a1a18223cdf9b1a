#include "compiler/filter/literals.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <set>
#include <utility>

#include "compiler/filter/buckets.h"

namespace hpol::filter {
namespace {

constexpr size_t kGram = 4;
constexpr size_t kPrefixBytes = 14;        // how far literals are followed into a pattern
constexpr size_t kBranches = 4;            // strings that are long enough branch no further than this
constexpr size_t kCarefulLiterals = 4000;  // up to here anchors are chosen with regard to each other

using Classes = std::array<uint8_t, kGram>;
constexpr std::array<size_t, 3> kOthers = {0, 2, 3};  // the bytes that are looked up beside the second

uint8_t Lower(uint8_t byte) { return byte >= 'A' && byte <= 'Z' ? static_cast<uint8_t>(byte | 0x20) : byte; }

Classes ClassesAt(std::string_view text, size_t offset) {
  Classes classes{};
  for (size_t i = 0; i < kGram; ++i) classes[i] = FoldClass(static_cast<uint8_t>(text[offset + i]));
  return classes;
}

uint32_t Key(const Classes& c) {
  return static_cast<uint32_t>(c[0]) << 15 | static_cast<uint32_t>(c[1]) << 10 |
         static_cast<uint32_t>(c[2]) << 5 | c[3];
}

// Which classes one group lets stand beside each second class, with how many anchors want each.
class Group {
 public:
  void Change(const Classes& c, int by) {
    for (size_t j = 0; j < 3; ++j) {
      int& used = used_[c[1]][j][c[kOthers[j]]];
      used += by;
      const uint32_t bit = uint32_t{1} << c[kOthers[j]];
      sets_[c[1]][j] = used > 0 ? sets_[c[1]][j] | bit : sets_[c[1]][j] & ~bit;
    }
  }

  // Background places that adding `c` would newly let through.
  double Cost(const Classes& c, const Background& background) const {
    const auto& before = sets_[c[1]];
    std::array<uint32_t, 3> after = before;
    for (size_t j = 0; j < 3; ++j) after[j] |= uint32_t{1} << c[kOthers[j]];
    return Sum(after, c[1], background) - Sum(before, c[1], background);
  }

 private:
  static double Sum(const std::array<uint32_t, 3>& sets, uint32_t second, const Background& background) {
    uint64_t sum = 0;
    for (uint32_t first = sets[0]; first != 0; first &= first - 1) {
      for (uint32_t third = sets[1]; third != 0; third &= third - 1) {
        const uint32_t key = static_cast<uint32_t>(__builtin_ctz(first)) << 15 | second << 10 |
                             static_cast<uint32_t>(__builtin_ctz(third)) << 5;
        for (uint32_t fourth = sets[2]; fourth != 0; fourth &= fourth - 1)
          sum += background.FourGrams(key | static_cast<uint32_t>(__builtin_ctz(fourth)));
      }
    }
    return static_cast<double>(sum);
  }

  std::array<std::array<std::array<int, 32>, 3>, 32> used_{};
  std::array<std::array<uint32_t, 3>, 32> sets_{};
};

uint32_t FoldedAt(std::string_view text, size_t offset) {
  uint32_t bytes = 0;
  std::memcpy(&bytes, text.data() + offset, kGram);
  return Fold(bytes);
}

// Chooses where each literal is anchored, and in which group.
class Chooser {
 public:
  explicit Chooser(const Background& background) : background_(background) {}

  using Choice = LiteralTables::Choice;

  // With regard to what the tables let through already.
  Choice Best(std::string_view text) const {
    Choice best;
    double best_cost = -1;
    for (size_t offset = 0; offset + kGram <= text.size(); ++offset) {
      const Classes c = ClassesAt(text, offset);
      const double own = 8.0 * background_.FourGrams(Key(c));
      for (size_t group = 0; group < kLiteralGroups; ++group) {
        const double cost = own + groups_[group].Cost(c, background_);
        if (best_cost < 0 || cost < best_cost) {
          best_cost = cost;
          best = {offset, group};
        }
      }
    }
    return best;
  }

  // Where thousands of literals fill the tables, a group is as good as its rarest pair: the first and the
  // second byte of one group, the second and the third of the other.
  Choice Rarest(std::string_view text) const {
    Choice best;
    uint64_t best_count = ~uint64_t{0};
    for (size_t offset = 0; offset + kGram <= text.size(); ++offset) {
      const Classes c = ClassesAt(text, offset);
      for (size_t group = 0; group < kLiteralGroups; ++group) {
        const size_t pair = group;
        const uint64_t count =
            uint64_t{background_.Pairs(c[pair], c[pair + 1])} * 64 + background_.FourGrams(Key(c));
        if (count < best_count) {
          best_count = count;
          best = {offset, group};
        }
      }
    }
    return best;
  }

  void Change(std::string_view text, const Choice& choice, int by) {
    groups_[choice.group].Change(ClassesAt(text, choice.offset), by);
  }

 private:
  const Background& background_;
  std::array<Group, kLiteralGroups> groups_{};
};

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

std::vector<LiteralTables::Choice> LiteralTables::Choose() const {
  const bool careful = literals_.size() <= kCarefulLiterals;
  Chooser chooser(background_);
  std::vector<Choice> choices(literals_.size());
  for (int pass = 0; pass < (careful ? 2 : 1); ++pass) {
    for (size_t i = 0; i < literals_.size(); ++i) {
      if (pass > 0) chooser.Change(literals_[i].text, choices[i], -1);
      choices[i] = careful ? chooser.Best(literals_[i].text) : chooser.Rarest(literals_[i].text);
      chooser.Change(literals_[i].text, choices[i], 1);
    }
  }
  return choices;
}

void LiteralTables::Write(Literals& tables) const {
  if (literals_.empty()) return;
  const std::vector<Choice> choices = Choose();
  WritePairs(choices, tables);
  WriteAnchors(choices, tables);
  std::vector<uint32_t> grams;
  for (size_t i = 0; i < literals_.size(); ++i)
    grams.push_back(FoldedAt(literals_[i].text, choices[i].offset));
  WriteBuckets(grams, background_, tables);
}

void LiteralTables::WritePairs(const std::vector<Choice>& choices, Literals& tables) const {
  for (size_t byte = 0; byte < 128; ++byte) {
    const uint8_t c = FoldClass(static_cast<uint8_t>(byte));
    tables.fold_other[byte] = c;
    tables.fold_second[byte] = static_cast<uint8_t>((c & 7) | (c >> 3) << 5);
  }
  for (size_t i = 0; i < literals_.size(); ++i) {
    const Classes c = ClassesAt(literals_[i].text, choices[i].offset);
    tables.groups = std::max(tables.groups, static_cast<int>(choices[i].group) + 1);
    for (size_t j = 0; j < 3; ++j) {
      tables.pairs[choices[i].group][j][c[kOthers[j]] | (c[1] >> 3) << 5] |=
          static_cast<uint8_t>(1u << (c[1] & 7));
    }
  }
}

void LiteralTables::WriteAnchors(const std::vector<Choice>& choices, Literals& tables) const {
  while ((size_t{1} << tables.hash_width) < literals_.size() * 16 && tables.hash_width < 24)
    ++tables.hash_width;
  while ((size_t{1} << tables.head_width) < literals_.size() && tables.head_width < tables.hash_width)
    ++tables.head_width;
  tables.hash_bits.assign(size_t{1} << (tables.hash_width - 5), 0);
  tables.heads.assign(size_t{1} << tables.head_width, 0);
  for (size_t i = 0; i < literals_.size(); ++i) {
    const std::string& text = literals_[i].text;
    const uint32_t folded = FoldedAt(text, choices[i].offset);
    const uint32_t hash = Hash(folded, tables.hash_width);
    tables.hash_bits[hash >> 5] |= 1u << (hash & 31);
    uint32_t& head = tables.heads[Hash(folded, tables.head_width)];
    // The four bytes furthest from the anchor, on the longer side of it.
    const size_t after = text.size() - kGram - choices[i].offset;
    const size_t other = choices[i].offset >= after ? 0 : text.size() - kGram;
    tables.anchors.push_back({literals_[i].detector, static_cast<uint16_t>(choices[i].offset),
                              static_cast<uint16_t>(other), FoldedAt(text, other), head});
    head = static_cast<uint32_t>(tables.anchors.size());
    tables.longest_offset = std::max<uint32_t>(tables.longest_offset, tables.anchors.back().offset);
    const size_t detector = literals_[i].detector;
    if (tables.detectors.size() <= detector / 64) tables.detectors.resize(detector / 64 + 1);
    tables.detectors[detector / 64] |= uint64_t{1} << (detector % 64);
  }
}

}  // namespace hpol::filter
