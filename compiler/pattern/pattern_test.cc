// Automata against the slow matcher, and the checks that use them.
#include "compiler/pattern/pattern.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "compiler/pattern/slow_matcher_for_test.h"
#include "runtime/detect/validators.h"

namespace hpol::pattern {
namespace {

hir::Detector DetectorOf(const std::vector<std::string>& patterns, bool bounded = false,
                         bool ignoring_case = false) {
  hir::Detector detector;
  detector.name = "d";
  for (const std::string& text : patterns) {
    hir::Pattern pattern;
    pattern.text = text;
    pattern.span.end = static_cast<uint32_t>(text.size()) + 2;
    pattern.bounded = bounded;
    pattern.ignoring_case = ignoring_case;
    detector.patterns.push_back(pattern);
  }
  return detector;
}

hir::Detector WordsOf(std::vector<std::string> words, bool ignoring_case = false) {
  hir::Detector detector;
  detector.name = "words";
  hir::WordList list;
  list.words = std::move(words);
  list.ignoring_case = ignoring_case;
  detector.words.push_back(list);
  return detector;
}

Matcher CompileOrDie(const hir::Detector& detector) {
  dsl::Diagnostics diagnostics;
  std::optional<Matcher> matcher = Compile(detector, diagnostics);
  EXPECT_TRUE(matcher) << (diagnostics.all().empty() ? "" : diagnostics.all()[0].message);
  return matcher ? *matcher : Matcher{};
}

// All findings as `text|text|…`.
std::string Finds(const hir::Detector& detector, const std::string& text) {
  std::string out;
  for (const Found& found : FindAll(detector, CompileOrDie(detector), text)) {
    out += (out.empty() ? "" : "|") + text.substr(found.begin, found.end - found.begin);
  }
  return out;
}

TEST(PatternTest, Examples) {
  struct Case {
    std::string pattern;
    bool bounded;
    std::string text;
    std::string finds;
  };
  const std::vector<Case> cases = {
      {"E-[0-9]{6}", true, "staff no E-482913", "E-482913"},
      {"E-[0-9]{6}", true, "E-4829131", ""},
      {"E-[0-9]{6}", true, "XE-482913", ""},
      {"E-[0-9]{6}", true, "工号E-482913的", "E-482913"},
      {"E-[0-9]{6}", false, "XE-4829131", "E-482913"},
      {"[0-9]{3}", true, "a123b", "123"},
      {"[0-9]{3}", true, "123456", ""},
      {"[0-9]{3}", false, "123456", "123|456"},
      {"ab|abcd", false, "abcde", "abcd"},
      {"a.c", false, "a中c a\nc", "a中c"},
      {"(?s)a.c", false, "a\nc", "a\nc"},
      {"^a", false, "aa", "a"},
      {"a$", false, "aa", "a"},
      {"\\ba\\b", false, "a aa _a a.", "a|a"},
      {"\\Ba", false, "ab ba", "a"},
      {"[^a-z]+", false, "ab中é1cd", "中é1"},
      {"\\p{Han}+", false, "x夜鹰计划y", "夜鹰计划"},
      {"\\p{Lu}\\p{Ll}+", false, "the Éclair Zürich", "Éclair|Zürich"},
      {"(?i:key)=[a-f]+", false, "KEY=abF", "KEY=ab"},
      {"(?i)éclair|заказ", false, "ÉCLAIR Заказ", "ÉCLAIR|Заказ"},
      {"(?i)ΣΊΣΥΦΟΣ", false, "σίσυφος", "σίσυφος"},
      {"(?m)^a$", false, "a\nba\na\n", "a|a"},
      {"(?m)b$\n^c", false, "b\nc", "b\nc"},
      {"\\Qa.b*\\E+", false, "a.b** axb", "a.b**"},
      {"\\p{Sc}[0-9]+", false, "€20 $5 x7", "€20|$5"},
      {"a{0}b{2,3}", false, "bbbbb", "bbb|bb"},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(Finds(DetectorOf({each.pattern}, each.bounded), each.text), each.finds)
        << each.pattern << " in " << each.text;
  }
}

TEST(PatternTest, WordsAreWhole) {
  const hir::Detector detector = WordsOf({"Project Nightjar", "夜鹰计划", "R2", "-x"}, true);
  EXPECT_EQ(Finds(detector, "the project nightjar budget"), "project nightjar");
  EXPECT_EQ(Finds(detector, "project nightjars, subproject nightjar"), "");
  EXPECT_EQ(Finds(detector, "关于夜鹰计划的报告"), "夜鹰计划");
  EXPECT_EQ(Finds(detector, "r2 r22 ar2 _R2_ 1r2"), "r2|R2");
  EXPECT_EQ(Finds(detector, "a-x -xy"), "-x");
}

TEST(PatternTest, RandomPatternsAgreeWithTheTree) {
  constexpr uint32_t kSeed = 20240611;
  testing::PatternMaker maker(kSeed);
  int compiled = 0;
  for (int round = 0; round < 1500; ++round) {
    hir::Detector detector;
    std::vector<testing::Alternative> alternatives;
    dsl::Diagnostics diagnostics;
    for (uint32_t i = 0; i <= maker.Below(2); ++i) {
      hir::Pattern pattern;
      pattern.text = maker.Pattern(2);
      pattern.bounded = maker.Below(2) == 0;
      pattern.ignoring_case = maker.Below(3) == 0;
      std::optional<Regex> regex = Parse(pattern, diagnostics);
      if (!regex) continue;
      detector.patterns.push_back(pattern);
      alternatives.push_back({std::move(*regex), pattern.bounded});
    }
    const std::optional<Matcher> matcher = Compile(detector, diagnostics);
    if (alternatives.empty() || !matcher) continue;
    ++compiled;
    for (int sample = 0; sample < 12; ++sample) {
      const std::string text = maker.Text();
      const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
      for (size_t at = 0; at < text.size(); ++at) {
        const size_t limit = at + 1 + maker.Below(static_cast<uint32_t>(text.size() - at));
        for (size_t stop : {limit, text.size()}) {
          const uint64_t expected = testing::SlowMatch(alternatives, text, at, stop);
          ASSERT_EQ(Match(*matcher, bytes, text.size(), at, stop), expected)
              << "`" << detector.patterns[0].text << "` in \"" << text << "\" at " << at << " limit " << stop
              << " seed " << kSeed;
          if (expected != 0) {
            ASSERT_LE(expected - at, matcher->max_length);
            ASSERT_TRUE(matcher->first_bytes[bytes[at]]);
          }
        }
      }
    }
  }
  EXPECT_GT(compiled, 700);
}

TEST(PatternTest, MinimalAndInOrder) {
  const Matcher matcher = CompileOrDie(DetectorOf({"(a|b)(a|b)c?"}, true));
  // dead, start, the byte before harmless, one letter, two letters, all three
  EXPECT_EQ(matcher.state_count(), 6u);
  EXPECT_EQ(matcher.max_length, 3u);
  EXPECT_EQ(matcher.first_bytes.count(), 2u);
  for (uint32_t state = 0; state < matcher.state_count(); ++state) {
    uint32_t accepts = 0;
    for (size_t c = 0; c < matcher.class_count; ++c)
      accepts += matcher.accepts[state * matcher.class_count + c];
    EXPECT_EQ(state >= matcher.first_accepting, accepts > 0);
    EXPECT_EQ(state >= matcher.first_always, accepts == matcher.class_count);
  }
}

TEST(PatternTest, UnboundedMatchesAreCapped) {
  const hir::Detector detector = DetectorOf({"a+"});
  const Matcher matcher = CompileOrDie(detector);
  EXPECT_EQ(matcher.max_length, kMaxMatchBytes);
  const std::vector<Found> found = FindAll(detector, matcher, std::string(kMaxMatchBytes + 10, 'a'));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].end, kMaxMatchBytes);
  EXPECT_EQ(found[1].end, kMaxMatchBytes + 10);
}

TEST(PatternTest, LimitsEndInADiagnostic) {
  std::vector<std::string> words;
  testing::PatternMaker random(7);
  for (int i = 0; i < 100; ++i) {
    words.emplace_back();
    for (int letter = 0; letter < 300; ++letter) words.back() += static_cast<char>('a' + random.Below(26));
  }
  const std::vector<std::pair<hir::Detector, dsl::DiagnosticKind>> cases = {
      {DetectorOf({"[ab]*a[ab]{20}"}), dsl::DiagnosticKind::kPatternLimit},
      {DetectorOf({"((a{1000}){1000}){1000}"}), dsl::DiagnosticKind::kPatternLimit},
      {DetectorOf({"(((a?){1000}){1000}b){100}"}), dsl::DiagnosticKind::kPatternLimit},
      {DetectorOf({"\\p{L}{1000}"}), dsl::DiagnosticKind::kPatternLimit},
      {DetectorOf({"(a{1000}){5}"}), dsl::DiagnosticKind::kPatternLimit},
      {DetectorOf({"a\\bb"}), dsl::DiagnosticKind::kPatternNeverMatches},
      {DetectorOf({"a", "a^b"}), dsl::DiagnosticKind::kPatternNeverMatches},
      {WordsOf({"a", ""}), dsl::DiagnosticKind::kPatternEmpty},
      {WordsOf({std::string(kMaxMatchBytes + 1, 'a')}), dsl::DiagnosticKind::kPatternLimit},
      {WordsOf(words), dsl::DiagnosticKind::kPatternLimit},
  };
  for (const std::string nullable : {"a*", "a|", "\\b", "", "(?m)^$"}) {
    dsl::Diagnostics diagnostics;
    EXPECT_FALSE(Compile(DetectorOf({nullable}), diagnostics)) << nullable;
    ASSERT_EQ(diagnostics.all().size(), 1u) << nullable;
    EXPECT_EQ(diagnostics.all()[0].kind, dsl::DiagnosticKind::kPatternEmpty) << nullable;
  }
  for (const auto& [detector, kind] : cases) {
    dsl::Diagnostics diagnostics;
    EXPECT_FALSE(Compile(detector, diagnostics))
        << (detector.patterns.empty() ? "" : detector.patterns[0].text);
    ASSERT_EQ(diagnostics.all().size(), 1u);
    EXPECT_EQ(KindName(diagnostics.all()[0].kind), KindName(kind));
    EXPECT_TRUE(diagnostics.all()[0].help.has_value());
  }
}

TEST(PatternTest, TheNarrowestPlaceIsToBlame) {
  struct Case {
    std::string pattern;
    std::string blamed;
  };
  const std::vector<Case> cases = {
      {"x[ab]*a[ab]{20}y", "[ab]{20}"},
      {"id (?:[ab]*a[ab]{20}|c{3})", "[ab]{20}"},
      {"abc|\\p{L}{1000}x", "\\p{L}{1000}"},
      {"a((b{1000}){1000}c){2}", "(b{1000}){1000}"},  // too long
      {"(?:ab)+\\bc|[ab]$c", "\\b"},
      {"(?:x|y)ab\\bc", "\\b"},
      {"ab$c", "$"},
  };
  for (const Case& each : cases) {
    dsl::Diagnostics diagnostics;
    const hir::Detector detector = DetectorOf({each.pattern});
    EXPECT_FALSE(Compile(detector, diagnostics)) << each.pattern;
    ASSERT_EQ(diagnostics.all().size(), 1u) << each.pattern;
    const dsl::Span span = diagnostics.all()[0].primary.span;
    EXPECT_EQ(each.pattern.substr(span.begin - 1, span.end - span.begin), each.blamed) << each.pattern;
  }
}

TEST(PatternTest, SearchesLeaveEmptyMatchesOut) {
  const auto finds = [](const std::string& pattern, std::string_view text) {
    dsl::Diagnostics diagnostics;
    const hir::Detector detector = DetectorOf({pattern});
    const std::optional<Matcher> matcher = Compile(detector, diagnostics, Purpose::kSearch);
    EXPECT_TRUE(matcher) << pattern;
    return matcher ? FindAll(detector, *matcher, text) : std::vector<Found>{};
  };
  using Founds = std::vector<Found>;
  EXPECT_EQ(finds("a*", "baab"), (Founds{{1, 3, Tier::kShape}}));
  EXPECT_EQ(finds("", "ab"), Founds{});
  EXPECT_EQ(finds("\\b", "ab"), Founds{});
  EXPECT_EQ(finds("a^b", "ab"), Founds{});
  EXPECT_EQ(finds("(|a)b?", "ab"), (Founds{{0, 2, Tier::kShape}}));
  EXPECT_EQ(finds("(?i)K", "\u212a"), (Founds{{0, 3, Tier::kShape}}));
}

TEST(PatternTest, WarnsOfWhatNoFoldedTextHas) {
  struct Case {
    std::string pattern;
    std::string marked;  // empty: no warning
    std::string edit;
  };
  const std::vector<Case> cases = {
      {"x\uff11y", "\uff11", "1"},
      {"a\u2013b", "\u2013", "-"},
      {"a\uff0eb", "\uff0e", "\\."},
      {"a\u200bb", "\u200b", ""},
      {"[\uff10-\uff19]", "[\uff10-\uff19]", ""},
      {"[0-9\uff10-\uff19]", "", ""},
      {"\\p{Nd}", "", ""},
      {"[^a]", "", ""},
      {"\u2019s|\u91d1", "", ""},
  };
  for (const Case& each : cases) {
    dsl::Diagnostics diagnostics;
    const hir::Detector detector = DetectorOf({each.pattern});
    EXPECT_TRUE(Compile(detector, diagnostics)) << each.pattern;
    ASSERT_EQ(diagnostics.all().size(), each.marked.empty() ? 0u : 1u) << each.pattern;
    if (each.marked.empty()) continue;
    const dsl::Diagnostic& warning = diagnostics.all()[0];
    EXPECT_EQ(KindName(warning.kind), "pattern-folded");
    const dsl::Span span = warning.primary.span;
    EXPECT_EQ(each.pattern.substr(span.begin - 1, span.end - span.begin), each.marked) << each.pattern;
    ASSERT_EQ(warning.help->edits.size(), each.edit.empty() ? 0u : 1u) << each.pattern;
    if (!each.edit.empty()) {
      EXPECT_EQ(warning.help->edits[0].replacement, each.edit);
    }
    dsl::Diagnostics raw;
    EXPECT_TRUE(Compile(detector, raw, Purpose::kSearch));
    EXPECT_TRUE(raw.all().empty());
  }
}

TEST(PatternTest, LargeWordListsCompile) {
  std::vector<std::string> words;
  for (int i = 0; i < 2000; ++i) words.push_back("name" + std::to_string(i * 37 % 10007));
  const hir::Detector detector = WordsOf(words, true);
  const Matcher matcher = CompileOrDie(detector);
  EXPECT_EQ(FindAll(detector, matcher, "NAME37 and name38x").size(), 1u);
}

TEST(PatternTest, ShorterMatchesAreTriedWhenLongerOnesAreNotAccepted) {
  hir::Detector detector = DetectorOf({"a+"});
  detector.exceptions = {"aaa"};
  const Matcher matcher = CompileOrDie(detector);
  const std::vector<Found> expected = {{0, 2, Tier::kShape}, {2, 3, Tier::kShape}};
  EXPECT_EQ(FindAll(detector, matcher, "aaa"), expected);
}

TEST(PatternTest, SamplesSpeakForTheDetector) {
  hir::Detector detector = DetectorOf({"E-[0-9]{6}"}, true);
  detector.exceptions = {"E-000000"};
  const Matcher matcher = CompileOrDie(detector);
  detector.matches = {{"staff no E-482913", {}}};
  detector.rejects = {{"E-48291", {}}, {"E-4829131", {}}, {"E-000000", {}}};
  dsl::Diagnostics fine;
  CheckSamples(detector, matcher, fine);
  EXPECT_TRUE(fine.all().empty());

  detector.matches = {{"E-000000", {{}, 5, 9}}};
  detector.rejects = {{"x E-482913 y", {{}, 10, 19}}};
  dsl::Diagnostics wrong;
  CheckSamples(detector, matcher, wrong);
  ASSERT_EQ(wrong.all().size(), 2u);
  EXPECT_EQ(KindName(wrong.all()[0].kind), "sample-missed");
  EXPECT_EQ(wrong.all()[0].primary.span.begin, 5u);
  EXPECT_EQ(KindName(wrong.all()[1].kind), "sample-found");
  EXPECT_EQ(wrong.all()[1].primary.text, "found `E-482913` at tier shape");
}

TEST(PatternTest, SamplesOfValidatedDetectorsNeedAValidValue) {
  hir::Detector detector = DetectorOf({"[0-9]{16}"}, true);
  detector.validator = detect::FindValidator("luhn");
  ASSERT_NE(detector.validator, 0u);
  detector.firing = Tier::kChecksum;
  detector.matches = {{"card 4111111111111111", {}}};
  detector.rejects = {{"card 4111111111111112", {}}};
  dsl::Diagnostics diagnostics;
  CheckSamples(detector, CompileOrDie(detector), diagnostics);
  EXPECT_TRUE(diagnostics.all().empty());
}

TEST(PatternTest, NothingIsFoundInWhatRedactionsWrite) {
  hir::Policy policy;
  policy.detectors = {DetectorOf({"E-[0-9]{6}"}), WordsOf({"masked"}, true), DetectorOf({"[a-z]{14}"}, true),
                      DetectorOf({"<d_[m-z][a-z]+>"})};
  policy.detectors[0].name = "email";
  policy.detectors[3].name = "tag";
  std::vector<Matcher> matchers;
  for (const hir::Detector& detector : policy.detectors) matchers.push_back(CompileOrDie(detector));
  dsl::Diagnostics none;
  CheckMarkers(policy, matchers, none);
  EXPECT_TRUE(none.all().empty());

  hir::RedactionLine mask;
  mask.action = RedactionAction::kMask;
  hir::RedactionLine pseudonym;
  pseudonym.action = RedactionAction::kPseudonym;
  pseudonym.detectors = {DetectorId{0}, DetectorId{2}};
  policy.redactions = {{"scrub", {mask, pseudonym}, {}}};
  dsl::Diagnostics found;
  CheckMarkers(policy, matchers, found);
  ASSERT_EQ(found.all().size(), 3u);
  EXPECT_EQ(found.all()[0].primary.text, "finds `masked` in `[masked]`");
  EXPECT_EQ(found.all()[1].primary.text, "finds `aaaaaaaaaaaaaa` in `<email_aaaaaaaaaaaaaa>`");
  EXPECT_EQ(KindName(found.all()[2].kind), "marker-found");
}

TEST(PatternTest, PrintsWhatItBecame) {
  const hir::Detector detector = DetectorOf({"ab?"});
  const std::string text = Print(detector, CompileOrDie(detector));
  EXPECT_NE(text.find("pattern `ab?`"), std::string::npos);
  EXPECT_NE(text.find("at most 2 bytes"), std::string::npos);
  EXPECT_NE(text.find("first a\n"), std::string::npos);
}

}  // namespace
}  // namespace hpol::pattern
