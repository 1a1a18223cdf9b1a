// What patterns are refused, and where the caret stands.
#include "compiler/pattern/regex.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hpol::pattern {
namespace {

constexpr uint32_t kBegin = 100;  // where the literal stands in its file

std::optional<Regex> ParseText(const std::string& text, dsl::Diagnostics& diagnostics) {
  hir::Pattern pattern;
  pattern.text = text;
  pattern.span = {{}, kBegin, kBegin + static_cast<uint32_t>(text.size()) + 2};
  return Parse(pattern, diagnostics);
}

struct Refusal {
  std::string pattern;
  dsl::DiagnosticKind kind;
  uint32_t begin;  // inside the pattern
  uint32_t end;
};

TEST(RegexTest, RefusesWithThePlaceInsideThePattern) {
  using Kind = dsl::DiagnosticKind;
  const std::vector<Refusal> cases = {
      {"ab(cd", Kind::kPatternSyntax, 2, 3},
      {"ab)cd", Kind::kPatternSyntax, 2, 3},
      {"x[ab", Kind::kPatternSyntax, 1, 2},
      {"*a", Kind::kPatternSyntax, 0, 1},
      {"a|+b", Kind::kPatternSyntax, 2, 3},
      {"{2}a", Kind::kPatternSyntax, 0, 3},
      {"(?i)*", Kind::kPatternSyntax, 4, 5},
      {"a**", Kind::kPatternSyntax, 2, 3},
      {"a+{2}", Kind::kPatternSyntax, 2, 5},
      {"a{,3}", Kind::kPatternSyntax, 1, 5},
      {"a{6", Kind::kPatternSyntax, 1, 3},
      {"a{6,x}", Kind::kPatternSyntax, 1, 4},
      {"a{,}", Kind::kPatternSyntax, 1, 3},
      {"{6x}", Kind::kPatternSyntax, 0, 2},
      {"a{3,2}", Kind::kPatternSyntax, 1, 6},
      {"a\\", Kind::kPatternSyntax, 1, 2},
      {"a\\y", Kind::kPatternSyntax, 1, 3},
      {"a\\é", Kind::kPatternSyntax, 1, 4},
      {"\\0", Kind::kPatternSyntax, 0, 2},
      {"\\x4", Kind::kPatternSyntax, 0, 3},
      {"\\x{110000}", Kind::kPatternSyntax, 0, 10},
      {"\\x{d800}", Kind::kPatternSyntax, 0, 8},
      {"\\x{}", Kind::kPatternSyntax, 0, 3},
      {"[z-a]", Kind::kPatternSyntax, 1, 4},
      {"[a-\\d]", Kind::kPatternSyntax, 1, 5},
      {"[\\d-z]", Kind::kPatternSyntax, 1, 4},
      {"[[:alfa:]]", Kind::kPatternSyntax, 1, 9},
      {"[^\\x00-\\x{10FFFF}]", Kind::kPatternSyntax, 0, 18},
      {"[\\b]", Kind::kPatternSyntax, 1, 3},
      {"a\xff", Kind::kPatternSyntax, 1, 2},
      {"\xed\xa0\x80", Kind::kPatternSyntax, 0, 1},
      {"(?P<x", Kind::kPatternSyntax, 0, 5},
      {"(a)\\1", Kind::kPatternUnsupported, 3, 5},
      {"(?P<q>a)(?P=q)", Kind::kPatternUnsupported, 8, 12},
      {"\\k<q>", Kind::kPatternUnsupported, 0, 2},
      {"a(?=b)", Kind::kPatternUnsupported, 1, 4},
      {"a(?!b)", Kind::kPatternUnsupported, 1, 4},
      {"(?<=b)a", Kind::kPatternUnsupported, 0, 4},
      {"(?<!b)a", Kind::kPatternUnsupported, 0, 4},
      {"(?>a)b", Kind::kPatternUnsupported, 0, 3},
      {"a+?b", Kind::kPatternUnsupported, 2, 3},
      {"a++b", Kind::kPatternUnsupported, 2, 3},
      {"a{2}?", Kind::kPatternUnsupported, 4, 5},
      {"(?x)a", Kind::kPatternUnsupported, 2, 3},
      {"(?i-m)a(?sU)", Kind::kPatternUnsupported, 10, 11},
      {"a(?(1)b|c)", Kind::kPatternUnsupported, 1, 4},
      {"(a(?R)b)", Kind::kPatternUnsupported, 2, 5},
      {"(a(?1)b)", Kind::kPatternUnsupported, 2, 5},
      {"a(?#b)c", Kind::kPatternUnsupported, 1, 4},
      {"a\\Cb", Kind::kPatternUnsupported, 1, 3},
      {"a\\Z", Kind::kPatternUnsupported, 1, 3},
      {"a\\R", Kind::kPatternUnsupported, 1, 3},
      {"a\\E", Kind::kPatternSyntax, 1, 3},
      {"a\\p{Klingon}", Kind::kPatternUnsupported, 1, 12},
      {"a\\p{han}", Kind::kPatternUnsupported, 1, 8},
      {"a\\pé", Kind::kPatternUnsupported, 1, 5},
      {"a\\p", Kind::kPatternUnsupported, 1, 3},
      {"a\\p{Han", Kind::kPatternSyntax, 1, 7},
      {"a\\p{Cs}", Kind::kPatternSyntax, 1, 7},
      {"[\\P{Any}]", Kind::kPatternSyntax, 0, 9},
      {"a{1001}", Kind::kPatternLimit, 1, 7},
      {"a{99999999999}", Kind::kPatternLimit, 1, 14},
      {std::string(kMaxPatternBytes + 1, 'a'), Kind::kPatternLimit, kMaxPatternBytes, kMaxPatternBytes + 1},
      {std::string(kMaxNesting + 1, '(') + "a" + std::string(kMaxNesting + 1, ')'), Kind::kPatternLimit,
       kMaxNesting, kMaxNesting + 1},
  };
  for (const Refusal& each : cases) {
    dsl::Diagnostics diagnostics;
    EXPECT_FALSE(ParseText(each.pattern, diagnostics)) << each.pattern;
    ASSERT_EQ(diagnostics.all().size(), 1u) << each.pattern;
    const dsl::Diagnostic& got = diagnostics.all()[0];
    EXPECT_EQ(KindName(got.kind), KindName(each.kind)) << each.pattern;
    EXPECT_EQ(got.primary.span.begin, kBegin + 1 + each.begin) << each.pattern;
    EXPECT_EQ(got.primary.span.end, kBegin + 1 + each.end) << each.pattern;
    ASSERT_TRUE(got.help.has_value()) << each.pattern;
    EXPECT_FALSE(got.help->text.empty()) << each.pattern;
  }
}

TEST(RegexTest, SuggestsEditsThatCanBeApplied) {
  dsl::Diagnostics diagnostics;
  ParseText("a+?b", diagnostics);
  ParseText("a{,3}", diagnostics);
  ASSERT_EQ(diagnostics.all().size(), 2u);
  EXPECT_EQ(diagnostics.all()[0].help->edits.at(0).replacement, "");
  EXPECT_EQ(diagnostics.all()[1].help->edits.at(0).replacement, "{0,3}");
  ParseText("\\p{han}", diagnostics);
  EXPECT_NE(diagnostics.all()[2].help->text.find("did you mean `Han`?"), std::string::npos);
}

TEST(RegexTest, AcceptsTheDialect) {
  const std::vector<std::string> patterns = {
      "a",
      "[]a]",
      "[^]a]",
      "[a-]",
      "[-a]",
      "[a&&b]",
      "a{",
      "a{x}",
      "}",
      "]",
      "(?:a|b)c",
      "(?P<name>a)",
      "(?<name>a)",
      "(?i)ab(?-i)c",
      "(?s:.)",
      "\\.\\-\\/\\ \\_",
      "\\x41\\x{4E00}",
      "[\\x00-\\x{10FFFF}]",
      "[[:^alpha:]]",
      "\\pL\\PL\\p{^Han}",
      "工号[0-9]+",
      "(a|)b",
      "^a$",
      "\\Aa\\z",
      "[[:digit:]a-f_]",
      "a{0}b",
      "[[a]",
      "(())a",
      "\\p{Yi}\\p{Any}\\p{Old_Italic}\\pS",
      "(?ims-s:^a$)",
      "\\Qa*(b\\E+",
      "a\\Q",
      "a*",
      "",
  };
  for (const std::string& pattern : patterns) {
    dsl::Diagnostics diagnostics;
    EXPECT_TRUE(ParseText(pattern, diagnostics)) << pattern;
    EXPECT_TRUE(diagnostics.all().empty()) << pattern;
  }
}

// Bytes [begin, end) of the pattern that a node was written as.
std::string Written(const std::string& pattern, const Regex& regex) {
  return pattern.substr(regex.begin, regex.end - regex.begin);
}

TEST(RegexTest, EveryPartKnowsWhereItWasWritten) {
  dsl::Diagnostics diagnostics;
  const std::string text = "ab(?:c|\\p{Han}{2})+|\\Qx*\\E?";
  const std::optional<Regex> regex = ParseText(text, diagnostics);
  ASSERT_TRUE(regex);
  ASSERT_EQ(regex->parts.size(), 2u);
  EXPECT_EQ(Written(text, *regex), text);
  EXPECT_EQ(Written(text, regex->parts[0]), "ab(?:c|\\p{Han}{2})+");
  const Regex& repeat = regex->parts[0].parts[2];
  EXPECT_EQ(Written(text, repeat), "(?:c|\\p{Han}{2})+");
  EXPECT_EQ(Written(text, repeat.parts[0]), "(?:c|\\p{Han}{2})");
  EXPECT_EQ(Written(text, repeat.parts[0].parts[1]), "\\p{Han}{2}");
  EXPECT_EQ(Written(text, regex->parts[1].parts[0]), "x");
  EXPECT_EQ(Written(text, regex->parts[1].parts[1]), "*\\E?");
}

TEST(RegexTest, CaseIsFoldedBeforeClassesAreNegated) {
  const auto has = [](const std::string& pattern, uint32_t code_point, Purpose purpose) {
    hir::Pattern one;
    one.text = pattern;
    dsl::Diagnostics diagnostics;
    const std::optional<Regex> regex = Parse(one, diagnostics, purpose);
    EXPECT_TRUE(regex) << pattern;
    return regex && regex->Contains(code_point);
  };
  constexpr uint32_t kKelvin = 0x212A;
  constexpr uint32_t kLongS = 0x17F;
  for (const Purpose purpose : {Purpose::kDetector, Purpose::kSearch}) {
    EXPECT_TRUE(has("(?i)é", 0xC9, purpose));
    EXPECT_TRUE(has("(?i)[α-ω]", 0x3A9, purpose));
    EXPECT_TRUE(has("(?i)Σ", 0x3C2, purpose));  // final sigma
    EXPECT_TRUE(has("(?i)\\p{Lu}", 'a', purpose));
    EXPECT_FALSE(has("(?i)\\P{Lu}", 'a', purpose));
    EXPECT_FALSE(has("(?i)[^é]", 0xC9, purpose));
    EXPECT_FALSE(has("(?i)[[:^upper:]]", 'a', purpose));
    EXPECT_TRUE(has("(?i)[^\\W]", 'a', purpose));
    EXPECT_FALSE(has("(?i)ß", 's', purpose));  // one letter stays one letter
    EXPECT_TRUE(has("(?i)\\x{17F}", 's', purpose));
    EXPECT_TRUE(has("(?i)\\x{212A}", kKelvin, purpose));
  }
  // Folded text has neither.
  EXPECT_TRUE(has("(?i)k", kKelvin, Purpose::kSearch));
  EXPECT_FALSE(has("(?i)k", kKelvin, Purpose::kDetector));
  EXPECT_TRUE(has("(?i)[a-z]", kLongS, Purpose::kSearch));
  EXPECT_FALSE(has("(?i)[a-z]", kLongS, Purpose::kDetector));
}

TEST(RegexTest, ClassesAreInOrderDisjointAndWithoutSurrogates) {
  dsl::Diagnostics diagnostics;
  const std::optional<Regex> regex = ParseText("(?i)[b-dB-Za\\x{D000}-\\x{E000}]", diagnostics);
  ASSERT_TRUE(regex);
  const std::vector<CodePoints> expected = {{'A', 'Z'}, {'a', 'z'}, {0xD000, 0xD7FF}, {0xE000, 0xE000}};
  EXPECT_EQ(regex->code_points, expected);
  EXPECT_TRUE(regex->Contains('q'));
  EXPECT_FALSE(regex->Contains('['));
  EXPECT_FALSE(regex->Contains(0xD800));
}

}  // namespace
}  // namespace hpol::pattern
