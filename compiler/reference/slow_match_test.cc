// The slow matcher by table: pattern, text, expected matches.
#include "compiler/reference/slow_match.h"

#include <gtest/gtest.h>

#include "compiler/pattern/pattern.h"
#include "compiler/reference/hir_build.h"
#include "runtime/detect/validators.h"

namespace hpol::reference {
namespace {

using namespace hir_build;  // NOLINT(google-build-using-namespace): the words of these tests

std::string Matches(const hir::Detector& detector, std::string_view text) {
  std::string found;
  for (const Match& match : SlowMatcher(detector).Find(text)) {
    if (!found.empty()) found += '|';
    found += text.substr(match.begin, match.end - match.begin);
  }
  return found;
}

struct Row {
  const char* pattern;
  bool bounded;
  const char* text;
  const char* matches;
};

TEST(SlowMatcher, Patterns) {
  const std::vector<Row> rows = {
      {"a", false, "banana", "a|a|a"},
      {"a*b", false, "aab b ac", "aab|b"},
      {"ab|abc", false, "abcab", "abc|ab"},  // longest, whatever the order
      {"(a|ab)(c|bcd)", false, "abcd", "abcd"},
      {"(a?){3}b", false, "aaab", "aaab"},
      {"(a?){3}b", false, "aaaab", "aaab"},
      {"(ab){2,3}", false, "abababab", "ababab"},
      {"(|a)+b", false, "aab", "aab"},
      {"[0-9]{3}", false, "12345", "123"},
      {"[0-9]{3}", true, "12345 678", "678"},
      {"E-[0-9]{2}", true, "xE-11 E-12a E-13.", "E-12|E-13"},  // a letter may follow a digit
      {"[a-z]+", true, "1ab ab1 ab", "ab"},
      {"[0-9]{2}", true, "工12号", "12"},
      {"-[0-9]+", true, "9-12", "-12"},  // an edge that is neither is free
      {".", false, "工\n", "工"},
      {"\\bcat\\b", false, "cat concat cat_ cat", "cat|cat"},
      {"^a", false, "aa", "a"},
      {"a$", false, "aa", "a"},
      {"(?i)ab", false, "AB aB", "AB|aB"},
      {"a\\Bb", false, "ab", "ab"},
  };
  for (const Row& row : rows)
    EXPECT_EQ(Matches(Detect("d", row.pattern, row.bounded), row.text), row.matches)
        << row.pattern << " on " << row.text;
}

TEST(SlowMatcher, BytesThatAreNotUtf8NeverMatchAClass) {
  EXPECT_EQ(Matches(Detect("d", "."), "\xc3(\xff\xed\xa0\x80"), "(");
}

TEST(SlowMatcher, WordsAreWhole) {
  hir::Detector detector = Detect("d", "");
  detector.words = {{{"Nightjar", "夜鹰", "X-1"}, true, {}}};
  EXPECT_EQ(Matches(detector, "nightjar nightjars 关于夜鹰的 aX-1 x-1 X-12"), "nightjar|夜鹰|x-1");
  detector.words[0].ignoring_case = false;
  EXPECT_EQ(Matches(detector, "nightjar Nightjar"), "Nightjar");
}

TEST(SlowMatcher, AShorterMatchIsTakenWhereTheLongestIsNotAccepted) {
  hir::Detector detector = Detect("d", "a+");
  detector.exceptions = {"aaa", "a"};
  EXPECT_EQ(Matches(detector, "aaa"), "aa");
  EXPECT_EQ(Matches(detector, "a"), "");
}

TEST(SlowMatcher, ValidatorsDecideTheTier) {
  hir::Detector detector = Detect("d", "[0-9]{13,16}", true);
  detector.validator = detect::FindValidator("luhn");
  ASSERT_NE(detector.validator, 0u);
  const std::vector<Match> found = SlowMatcher(detector).Find("4111111111111111 and 4111111111111112");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0], (Match{0, 16, Tier::kChecksum}));
}

TEST(SlowMatcher, AMatchHasAGreatestLength) {
  const std::string text(2 * pattern::kMaxMatchBytes + 5, 'a');
  const std::vector<Match> found = SlowMatcher(Detect("d", "a+")).Find(text);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].end, pattern::kMaxMatchBytes);
}

TEST(SlowMatcher, APatternThatDoesNotParseIsSeen) { EXPECT_FALSE(SlowMatcher(Detect("d", "(a")).ok()); }

}  // namespace
}  // namespace hpol::reference
