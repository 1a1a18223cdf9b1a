#include "compiler/filter/literals.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <set>
#include <utility>

namespace hpol::filter {
namespace {

constexpr size_t kGram = 4;
constexpr size_t kPrefixBytes = 14;        // how far literals are followed into a pattern
constexpr size_t kBranches = 4;            // strings that are long enough branch no further than this
constexpr size_t kCarefulLiterals = 4000;  // up to here anchors are chosen with regard to each other

using Classes = std::array<uint8_t, kGram>;

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

// Which pairs of classes one group lets through, with how many anchors want each.
class Group {
 public:
  bool Has(size_t pair, size_t a, size_t b) const { return used_[pair][a * 32 + b] > 0; }
  void Change(const Classes& c, int by) {
    for (size_t pair = 0; pair < 3; ++pair) used_[pair][c[pair] * size_t{32} + c[pair + 1]] += by;
  }

  // Background places that adding `c` would newly let through.
  double Cost(const Classes& c, const Background& background) const {
    std::array<bool, 3> fresh{};
    for (size_t pair = 0; pair < 3; ++pair) fresh[pair] = !Has(pair, c[pair], c[pair + 1]);
    double cost = 0;
    // Four-grams x for which all pairs are set once c's are, and that need one of c's fresh ones.
    for (size_t pair = 0; pair < 3; ++pair) {
      if (!fresh[pair]) continue;
      for (uint32_t x0 = 0; x0 < 32; ++x0) {
        if (pair == 0 && x0 != c[0]) continue;
        for (uint32_t x1 = 0; x1 < 32; ++x1) {
          if (pair <= 1 && x1 != c[1]) continue;
          if (!Passes(0, x0, x1, c)) continue;
          for (uint32_t x2 = 0; x2 < 32; ++x2) {
            if (pair >= 1 && x2 != c[2]) continue;
            if (!Passes(1, x1, x2, c)) continue;
            for (uint32_t x3 = 0; x3 < 32; ++x3) {
              if (pair == 2 && x3 != c[3]) continue;
              if (pair == 0 && (x0 != c[0] || x1 != c[1])) continue;
              if (!Passes(2, x2, x3, c)) continue;
              cost += background.FourGrams(x0 << 15 | x1 << 10 | x2 << 5 | x3);
            }
          }
        }
      }
    }
    return cost;
  }

 private:
  bool Passes(size_t pair, uint32_t a, uint32_t b, const Classes& c) const {
    return Has(pair, a, b) || (a == c[pair] && b == c[pair + 1]);
  }
  std::array<std::array<int, 1024>, 3> used_{};
};

struct Choice {
  size_t offset = 0;
  size_t group = 0;
};

// Chooses where each literal is anchored, and in which group.
class Chooser {
 public:
  explicit Chooser(const Background& background) : background_(background) {}

  Choice Best(std::string_view text, bool careful, size_t turn) const {
    Choice best;
    double best_cost = -1;
    for (size_t offset = 0; offset + kGram <= text.size(); ++offset) {
      const Classes c = ClassesAt(text, offset);
      const double own = 8.0 * background_.FourGrams(Key(c));
      for (size_t group = 0; group < kLiteralGroups; ++group) {
        double cost = own;
        if (careful) {
          cost += groups_[group].Cost(c, background_);
        } else if (group != turn % kLiteralGroups) {
          continue;
        }
        if (best_cost < 0 || cost < best_cost) {
          best_cost = cost;
          best = {offset, group};
        }
      }
    }
    return best;
  }

  void Change(std::string_view text, const Choice& choice, int by) {
    groups_[choice.group].Change(ClassesAt(text, choice.offset), by);
  }

  const Group& group(size_t index) const { return groups_[index]; }

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

void LiteralTables::Write(Program& program) const {
  if (literals_.empty()) return;
  program.has_literals = true;
  const bool careful = literals_.size() <= kCarefulLiterals;
  Chooser chooser(background_);
  std::vector<Choice> choices(literals_.size());
  for (int pass = 0; pass < (careful ? 2 : 1); ++pass) {
    for (size_t i = 0; i < literals_.size(); ++i) {
      if (pass > 0) chooser.Change(literals_[i].text, choices[i], -1);
      choices[i] = chooser.Best(literals_[i].text, careful, i);
      chooser.Change(literals_[i].text, choices[i], 1);
    }
  }
  for (size_t byte = 0; byte < 128; ++byte) {
    const uint8_t c = FoldClass(static_cast<uint8_t>(byte));
    program.fold_low[byte] = c;
    program.fold_high[byte] = static_cast<uint8_t>((c & 7) | (c >> 3) << 5);
  }
  for (size_t group = 0; group < kLiteralGroups; ++group) {
    for (size_t pair = 0; pair < 3; ++pair) {
      for (size_t a = 0; a < 32; ++a) {
        for (size_t b = 0; b < 32; ++b) {
          if (!chooser.group(group).Has(pair, a, b)) continue;
          program.pairs[group][pair][a | (b >> 3) << 5] |= static_cast<uint8_t>(1u << (b & 7));
        }
      }
    }
  }
  while ((size_t{1} << program.hash_width) < literals_.size() * 16 && program.hash_width < 24)
    ++program.hash_width;
  program.hash_bits.assign(size_t{1} << (program.hash_width - 5), 0);
  program.hash_heads.assign(size_t{1} << program.hash_width, 0);
  for (size_t i = 0; i < literals_.size(); ++i) {
    uint32_t bytes = 0;
    std::memcpy(&bytes, literals_[i].text.data() + choices[i].offset, kGram);
    const uint32_t hash = Hash(bytes, program.hash_width);
    program.hash_bits[hash >> 5] |= 1u << (hash & 31);
    program.anchors.push_back(
        {literals_[i].detector, static_cast<int16_t>(choices[i].offset), program.hash_heads[hash]});
    program.hash_heads[hash] = static_cast<uint32_t>(program.anchors.size());
  }
}

}  // namespace hpol::filter
