// Random word lists: the trie against the reference's sets, and small ones against the automaton.
#include "compiler/pattern/word_trie.h"

#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <string>
#include <vector>

#include "compiler/pattern/dfa.h"
#include "compiler/pattern/openings.h"
#include "compiler/pattern/pattern.h"
#include "compiler/reference/slow_match.h"

namespace hpol::pattern {
namespace {

constexpr uint32_t kSeed = 20261120;

// Words that often begin with each other, phrases, digits, CJK, both cases.
class WordMaker {
 public:
  explicit WordMaker(uint32_t seed) : random_(seed) {}

  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(random_() % n); }

  std::string Word() {
    static const std::vector<std::string> kPieces = {"an", "AN",    "a",   "ber", "Ber", "0", "42",
                                                     " ",  "-",     "_",   "夜",  "鹰",  "é", "co",
                                                     "Co", " gmbh", "xyz", "q",   "\n"};
    std::string word;
    for (uint32_t i = 1 + Below(6); i > 0; --i) word += Pick(kPieces);
    return word;
  }
  std::vector<std::string> Words(size_t count) {
    std::vector<std::string> words;
    while (words.size() < count) {
      std::string word = !words.empty() && Below(3) == 0
                             ? words[Below(static_cast<uint32_t>(words.size()))] + Word()
                             : Word();
      if (word.size() <= 60) words.push_back(std::move(word));
    }
    return words;
  }
  // Six to twelve letters each.
  std::vector<std::string> Letters(size_t count) {
    std::vector<std::string> words(count);
    for (std::string& word : words) {
      for (uint32_t i = 6 + Below(7); i > 0; --i) word += static_cast<char>('a' + Below(26));
    }
    return words;
  }
  // Words of the list and others, with and without something between them.
  std::string Text(const std::vector<std::string>& words) {
    static const std::vector<std::string> kBetween = {"", " ", ", ", "1", "x", "_", "中", "\n"};
    std::string text;
    for (uint32_t i = Below(8); i > 0; --i) {
      std::string word = Below(3) == 0 ? Word() : Pick(words);
      if (Below(4) == 0) word.pop_back();
      if (Below(4) == 0) word[0] = static_cast<char>(word[0] ^ 0x20);
      text += word + Pick(kBetween);
    }
    return text;
  }

 private:
  const std::string& Pick(const std::vector<std::string>& from) {
    return from[Below(static_cast<uint32_t>(from.size()))];
  }
  std::mt19937 random_;
};

hir::Detector DetectorOf(std::vector<std::string> words, bool ignoring_case) {
  hir::Detector detector;
  detector.name = "words";
  hir::WordList& list = detector.words.emplace_back();
  list.words = std::move(words);
  list.ignoring_case = ignoring_case;
  return detector;
}

Matcher CompileOrDie(const hir::Detector& detector) {
  dsl::Diagnostics diagnostics;
  std::optional<Matcher> matcher = Compile(detector, diagnostics);
  EXPECT_TRUE(matcher) << (diagnostics.all().empty() ? "" : diagnostics.all()[0].message);
  return matcher ? *std::move(matcher) : Matcher{};
}

using Spans = std::vector<std::pair<uint32_t, uint32_t>>;

Spans Found(const hir::Detector& detector, const Matcher& matcher, const std::string& text) {
  Spans spans;
  for (const pattern::Found& each : FindAll(detector, matcher, text))
    spans.emplace_back(each.begin, each.end);
  return spans;
}

Spans Slow(const reference::SlowMatcher& slow, const std::string& text) {
  Spans spans;
  for (const reference::Match& each : slow.Find(text)) spans.emplace_back(each.begin, each.end);
  return spans;
}

TEST(WordTrieTest, ListsOfEverySizeAgreeWithTheReference) {
  size_t matches = 0;
  for (const size_t count : {1u, 2u, 10u, 1000u, 20000u}) {
    for (const bool ignoring_case : {false, true}) {
      WordMaker maker(kSeed + static_cast<uint32_t>(count) + ignoring_case);
      const std::vector<std::string> words = maker.Words(count);
      const hir::Detector detector = DetectorOf(words, ignoring_case);
      const Matcher matcher = CompileOrDie(detector);
      EXPECT_EQ(matcher.tries.empty(), count <= 1000) << count;
      const reference::SlowMatcher slow(detector);
      for (int i = 0; i < 1000; ++i) {
        const std::string text = maker.Text(words);
        const Spans found = Found(detector, matcher, text);
        ASSERT_EQ(found, Slow(slow, text)) << count << " words, seed " << kSeed << ", in \"" << text << '"';
        matches += found.size();
      }
    }
  }
  EXPECT_GT(matches, 5000u);
}

// Small lists, whatever kind of matcher they would get: place by place, and for every limit.
TEST(WordTrieTest, TrieAndAutomatonAgree) {
  for (uint32_t seed = 0; seed < 60; ++seed) {
    WordMaker maker(kSeed + seed);
    std::vector<std::string> words = maker.Words(1 + maker.Below(20));
    std::erase_if(words, [](const std::string& word) { return word.size() < kMinTrieWord; });
    if (words.empty()) continue;
    const bool ignoring_case = seed % 2 == 0;
    NfaBuilder builder;
    builder.AddWords(words, ignoring_case);
    const std::optional<Matcher> automaton = Automaton(std::move(builder));
    ASSERT_TRUE(automaton);
    Matcher trie = *Automaton(NfaBuilder());
    ASSERT_EQ(trie.max_length, 0u);
    trie.tries.emplace_back(words, ignoring_case);
    EXPECT_EQ(trie.LongestMatch(), automaton->max_length);
    EXPECT_EQ(trie.FirstBytes(), automaton->first_bytes);
    const Openings of_trie = FindOpenings({trie});
    const Openings of_automaton = FindOpenings({*automaton});
    EXPECT_EQ(of_trie.sets, of_automaton.sets);
    for (int i = 0; i < 40; ++i) {
      const std::string text = maker.Text(words);
      const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
      for (size_t at = 0; at < text.size(); ++at) {
        for (size_t limit = at + 1; limit <= text.size(); ++limit) {
          const hpol_match word = Attempt(trie, bytes, text.size(), at, limit);
          ASSERT_EQ(word.end, Match(*automaton, bytes, text.size(), at, limit))
              << "seed " << kSeed + seed << " in \"" << text << "\" at " << at << " limit " << limit;
          ASSERT_LE(word.stopped, limit);
        }
      }
    }
  }
}

// Lists with and without case, words that no trie holds, and patterns, in one detector.
TEST(WordTrieTest, LargeListsBesidePatterns) {
  WordMaker maker(kSeed);
  std::vector<std::string> words = maker.Letters(3000);
  words.insert(words.end(), {"ab", "x1", "夜", "夜鹰", std::string(kMaxTrieWord, 'k'),
                             std::string(kMaxTrieWord + 1, 'k')});
  hir::Detector detector = DetectorOf(words, true);
  detector.words.push_back({{"Exact", "Exact Words", "ab cd"}, false, {}});
  hir::Pattern& pattern = detector.patterns.emplace_back();
  pattern.text = "[a-f]{3,}-[0-9]+";
  detector.exceptions = {words[0], "abc-12"};
  const Matcher matcher = CompileOrDie(detector);
  EXPECT_EQ(matcher.tries.size(), 2u);
  EXPECT_GT(matcher.max_length, 0u);
  const reference::SlowMatcher slow(detector);
  words.insert(words.end(), {"Exact", "exact", "Exact Words", "ab cd", "AB CD", "abc-12", "abc-123", "cafe-1",
                             std::string(kMaxTrieWord + 2, 'k')});
  std::vector<std::string> few(words.end() - 20, words.end());
  few.push_back(words[0]);
  size_t matches = 0;
  for (int i = 0; i < 4000; ++i) {
    const std::string text = maker.Text(i % 2 == 0 ? words : few);
    const Spans found = Found(detector, matcher, text);
    ASSERT_EQ(found, Slow(slow, text)) << "seed " << kSeed << ", in \"" << text << '"';
    matches += found.size();
  }
  EXPECT_GT(matches, 4000u);
}

TEST(WordTrieTest, AHundredThousandWordsAreSmallAndSoonCompiled) {
  WordMaker maker(kSeed);
  const std::vector<std::string> words = maker.Letters(100'000);
  const hir::Detector detector = DetectorOf(words, true);
  const auto begin = std::chrono::steady_clock::now();
  const Matcher matcher = CompileOrDie(detector);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  ASSERT_EQ(matcher.tries.size(), 1u);
  std::printf("100,000 words: %zu nodes, %.1f MB, %.0f ms\n", matcher.tries[0].nodes().size(),
              static_cast<double>(matcher.tries[0].table_bytes()) / 1e6, seconds.count() * 1e3);
  EXPECT_LT(matcher.tries[0].table_bytes(), 4'000'000u);
  const reference::SlowMatcher slow(detector);
  for (int i = 0; i < 1000; ++i) {
    const std::string text = maker.Text(words);
    ASSERT_EQ(Found(detector, matcher, text), Slow(slow, text))
        << "seed " << kSeed << ", in \"" << text << '"';
  }
}

// A table, and no word is read further than its last byte, wherever the text ends.
TEST(WordTrieTest, WordsShareWaysWithoutBranches) {
  const WordTrie trie({"Night", "nightjar", "nightfall", "NIGHT"}, true);
  EXPECT_EQ(trie.words(), (std::vector<std::string>{"night", "nightfall", "nightjar"}));
  ASSERT_EQ(trie.nodes().size(), 4u);  // root, night, fall, jar
  EXPECT_EQ(trie.nodes()[1].tail_length, 4);
  EXPECT_EQ(trie.nodes()[1].ends, 1);
  EXPECT_EQ(trie.nodes()[1].child_count, 2);
  EXPECT_EQ(trie.min_length(), 5u);
  EXPECT_EQ(trie.max_length(), 9u);
}

}  // namespace
}  // namespace hpol::pattern
