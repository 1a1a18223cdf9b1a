// Native code against the tables it was made from, at O0 and O2.
#include "compiler/jit/jit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "compiler/pattern/coarsen.h"
#include "compiler/pattern/slow_matcher_for_test.h"

namespace hpol::jit {
namespace {

using pattern::testing::PatternMaker;

constexpr Optimize kBoth[] = {Optimize::kNone, Optimize::kFull};

Code CompileOrDie(const std::vector<pattern::Matcher>& matchers, Optimize optimize) {
  Result<Code> code = Compile(matchers, optimize);
  EXPECT_TRUE(code) << code.error().message;
  return code ? *code : Code{};
}

// ---- matchers ----

std::vector<pattern::Matcher> RandomMatchers(PatternMaker& maker, size_t count) {
  std::vector<pattern::Matcher> matchers;
  while (matchers.size() < count) {
    hir::Detector detector;
    for (uint32_t i = 0; i <= maker.Below(2); ++i) {
      hir::Pattern each;
      each.text = maker.Pattern(1);
      each.bounded = maker.Below(2) == 0;
      each.ignoring_case = maker.Below(3) == 0;
      detector.patterns.push_back(each);
    }
    dsl::Diagnostics diagnostics;
    if (std::optional<pattern::Matcher> matcher = pattern::Compile(detector, diagnostics)) {
      matchers.push_back(*std::move(matcher));
    }
  }
  return matchers;
}

void ExpectMatches(const std::vector<pattern::Matcher>& matchers, const Code& code, PatternMaker& maker,
                   int texts) {
  for (size_t i = 0; i < matchers.size(); ++i) {
    const hpol_detector_code& detector = code.artifact->detectors[i];
    for (size_t byte = 0; byte < 256; ++byte) {
      ASSERT_EQ((detector.first_bytes[byte / 64] >> (byte % 64)) & 1,
                matchers[i].first_bytes[byte] ? 1u : 0u);
    }
    for (int sample = 0; sample < texts; ++sample) {
      // A heap copy of exactly the text: sanitizers see every byte read too far.
      const std::string text = maker.Text();
      const std::vector<uint8_t> bytes(text.begin(), text.end());
      for (size_t at = 0; at < bytes.size(); ++at) {
        const size_t limit = at + 1 + maker.Below(static_cast<uint32_t>(bytes.size() - at));
        for (size_t stop : {limit, bytes.size()}) {
          const hpol_match found = detector.match(nullptr, bytes.data(), bytes.size(), at, stop);
          const hpol_match expected = pattern::Attempt(matchers[i], bytes.data(), bytes.size(), at, stop);
          ASSERT_EQ(found.end, expected.end)
              << "detector " << i << " in \"" << text << "\" at " << at << " limit " << stop;
          // Code need not look at the byte before, so it may find out one byte later that nothing matches.
          ASSERT_LE(expected.stopped, found.stopped);
          ASSERT_LE(found.stopped, std::max(expected.stopped, at + 1));
        }
      }
    }
  }
}

// The automaton as data says what the matcher says, cell by cell.
void ExpectAutomaton(const pattern::Matcher& matcher, const hpol_automaton& automaton) {
  const auto cell = [](const void* table, uint32_t bytes, size_t index) -> uint32_t {
    if (bytes == 1) return static_cast<const uint8_t*>(table)[index];
    if (bytes == 2) return static_cast<const uint16_t*>(table)[index];
    return static_cast<const uint32_t*>(table)[index];
  };
  const uint32_t k = matcher.class_count;
  ASSERT_EQ(automaton.class_count, k);
  ASSERT_EQ(automaton.edge_class, matcher.edge_class);
  ASSERT_EQ(automaton.cells, matcher.next.size());
  ASSERT_EQ(automaton.start, matcher.start * k);
  ASSERT_EQ(automaton.first_accepting, matcher.first_accepting * k);
  ASSERT_EQ(automaton.first_always, matcher.first_always * k);
  ASSERT_EQ(automaton.max_length, matcher.max_length);
  for (size_t byte = 0; byte < 256; ++byte)
    ASSERT_EQ(cell(automaton.class_of, automaton.class_bytes, byte), matcher.class_of[byte]);
  for (size_t i = 0; i < matcher.next.size(); ++i)
    ASSERT_EQ(cell(automaton.next, automaton.state_bytes, i), matcher.next[i] * k);
  for (size_t i = automaton.first_accepting; i < automaton.first_always; ++i)
    ASSERT_EQ(automaton.accepts[i - automaton.first_accepting] != 0, matcher.accepts[i]);
}

TEST(JitTest, RandomMatchersAgreeWithTheirTables) {
  PatternMaker maker(99);
  for (int round = 0; round < 6; ++round) {
    const std::vector<pattern::Matcher> matchers = RandomMatchers(maker, 40);
    for (Optimize optimize : kBoth) {
      const Code code = CompileOrDie(matchers, optimize);
      ASSERT_EQ(code.artifact->detector_count, matchers.size());
      ExpectMatches(matchers, code, maker, 30);
      for (size_t i = 0; i < matchers.size(); ++i)
        ExpectAutomaton(matchers[i], *code.artifact->detectors[i].automaton);
    }
  }
}

// Rows of more than 256 and 65,536 cells, the cap on unbounded matches, and one that never matches.
TEST(JitTest, WideTablesAndLongMatches) {
  hir::Detector words;
  words.words.emplace_back();
  PatternMaker maker(3);
  for (int i = 0; i < 600; ++i) {
    std::string word;
    for (int letter = 0; letter < 8; ++letter) word += static_cast<char>('a' + maker.Below(26));
    words.words[0].words.push_back(word);
  }
  hir::Detector run;
  run.patterns.emplace_back();
  run.patterns[0].text = "[^\\n]+";
  dsl::Diagnostics diagnostics;
  std::vector<pattern::Matcher> matchers;
  for (const hir::Detector& detector : {words, run, hir::Detector{}}) {
    std::optional<pattern::Matcher> matcher = pattern::Compile(detector, diagnostics);
    ASSERT_TRUE(matcher);
    matchers.push_back(*std::move(matcher));
  }
  EXPECT_GT(matchers[0].next.size(), 0x10000u);
  const std::string text =
      "see " + words.words[0].words[77] + " " + std::string(2 * pattern::kMaxMatchBytes, 'x');
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  for (Optimize optimize : kBoth) {
    const Code code = CompileOrDie(matchers, optimize);
    const hpol_detector_code* detectors = code.artifact->detectors;
    EXPECT_EQ(detectors[0].match(nullptr, bytes, text.size(), 4, text.size()).end, 12u);
    EXPECT_EQ(detectors[0].match(nullptr, bytes, text.size(), 5, text.size()).end, 0u);
    EXPECT_EQ(detectors[1].match(nullptr, bytes, text.size(), 3, text.size()).end,
              3 + pattern::kMaxMatchBytes);
    EXPECT_EQ(detectors[2].match(nullptr, bytes, text.size(), 0, text.size()).end, 0u);
    for (size_t i = 0; i < matchers.size(); ++i) {
      ExpectAutomaton(matchers[i], *detectors[i].automaton);
      ASSERT_EQ(detectors[i].coarse != nullptr, pattern::HasCoarse(matchers[i]));
      if (detectors[i].coarse != nullptr)
        ExpectAutomaton(pattern::Coarsen(matchers[i]), *detectors[i].coarse);
    }
    EXPECT_EQ(detectors[2].first_bytes[0] | detectors[2].first_bytes[1], 0u);
  }
}

// ---- the artifact ----

TEST(JitTest, AnEmptyPolicyHasAnArtifact) {
  for (Optimize optimize : kBoth) {
    const Code code = CompileOrDie({}, optimize);
    EXPECT_EQ(code.artifact->struct_size, sizeof(hpol_artifact));
    EXPECT_EQ(code.artifact->abi_version, HPOL_ABI_VERSION);
    EXPECT_EQ(code.artifact->detector_count, 0u);
  }
}

TEST(JitTest, ManyThreadsMayCompileAtOnce) {
  PatternMaker patterns(5);
  const std::vector<pattern::Matcher> matchers = RandomMatchers(patterns, 3);
  std::vector<Code> codes(4);
  std::vector<std::thread> threads;
  for (Code& code : codes) {
    threads.emplace_back([&] { code = CompileOrDie(matchers, Optimize::kFull); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const Code& code : codes) {
    ASSERT_EQ(code.artifact->detector_count, matchers.size());
    for (size_t i = 0; i < matchers.size(); ++i)
      ExpectAutomaton(matchers[i], *code.artifact->detectors[i].automaton);
  }
}

TEST(JitTest, DumpsBothForms) {
  PatternMaker patterns(2);
  const std::vector<pattern::Matcher> matchers = RandomMatchers(patterns, 1);
  for (Optimize optimize : kBoth) {
    const std::string text = DumpLlvm(matchers, optimize);
    EXPECT_NE(text.find("@hpol_match_0("), std::string::npos);
    EXPECT_EQ(text.find("declare void"), std::string::npos);
  }
}

}  // namespace
}  // namespace hpol::jit
