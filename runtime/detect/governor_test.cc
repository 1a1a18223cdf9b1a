#include "runtime/detect/governor.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <new>
#include <random>
#include <string>
#include <vector>

#include "compiler/driver/driver.h"
#include "compiler/pattern/automaton_for_test.h"
#include "compiler/pattern/coarsen.h"
#include "compiler/pattern/slow_matcher_for_test.h"

namespace {
std::atomic<uint64_t> allocations = 0;
}

// Not inlined: an optimizer that sees only one of the pair warns about a mismatch.
[[gnu::noinline]] void* operator new(size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace hpol::detect {
namespace {

// Detectors that run by table, with their automata.
class Detectors {
 public:
  bool Add(const hir::Detector& detector) {
    dsl::Diagnostics diagnostics;
    std::optional<pattern::Matcher> matcher = pattern::Compile(detector, diagnostics);
    if (!matcher) return false;
    matchers_.push_back(*std::move(matcher));
    automata_.emplace_back(matchers_.back());
    const bool has_coarse = pattern::HasCoarse(matchers_.back());
    if (has_coarse) coarse_.emplace_back(pattern::Coarsen(matchers_.back()));
    codes_.push_back(
        pattern::CodeByTable(matchers_.back(), automata_.back(), has_coarse ? &coarse_.back() : nullptr));
    return true;
  }
  bool AddPattern(const std::string& text, bool bounded = false) {
    hir::Detector detector;
    detector.patterns.emplace_back();
    detector.patterns[0].text = text;
    detector.patterns[0].bounded = bounded;
    return Add(detector);
  }
  std::vector<hpol_detector_code>& codes() { return codes_; }
  const pattern::Matcher& matcher(size_t d) const { return matchers_[d]; }

 private:
  std::deque<pattern::Matcher> matchers_;
  std::deque<pattern::TableAutomaton> automata_;
  std::deque<pattern::TableAutomaton> coarse_;
  std::vector<hpol_detector_code> codes_;
};

bool Matches(const hpol_detector_code& code, std::string_view text, uint32_t at) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  return code.match(code.context, bytes, text.size(), at, text.size()).end != 0;
}

// What the flags were, over every detector and block.
struct Tally {
  uint64_t right = 0;   // flagged, and matches
  uint64_t false_ = 0;  // flagged only
  uint64_t clear = 0;
};

// Whether no detector that matches in a block was left out.
::testing::AssertionResult CheckFlags(const std::vector<hpol_detector_code>& codes, Governor& governor,
                                      std::string_view text, uint32_t block, Tally* tally) {
  std::vector<uint64_t> may((codes.size() + 63) / 64);
  for (uint32_t begin = 0; begin < text.size(); begin += block) {
    const uint32_t end = std::min(begin + block, static_cast<uint32_t>(text.size()));
    std::fill(may.begin(), may.end(), 0);
    governor.Flag(text, begin, end, may);
    for (uint32_t d = 0; d < codes.size(); ++d) {
      bool matches = false;
      for (uint32_t at = begin; at < end && !matches; ++at) matches = Matches(codes[d], text, at);
      const bool flagged = (may[d >> 6] >> (d & 63) & 1) != 0;
      if (matches && !flagged) {
        return ::testing::AssertionFailure() << "detector " << d << " is not flagged in [" << begin << ", "
                                             << end << ") of \"" << text << "\"";
      }
      ++(matches ? tally->right : flagged ? tally->false_ : tally->clear);
    }
  }
  return ::testing::AssertionSuccess();
}

double FalseShare(const Tally& tally) {
  return static_cast<double>(tally.false_) /
         static_cast<double>(std::max<uint64_t>(tally.false_ + tally.clear, 1));
}

Detectors RandomDetectors(pattern::testing::PatternMaker& maker, size_t count) {
  Detectors detectors;
  while (detectors.codes().size() < count) {
    hir::Detector detector;
    for (uint32_t i = 0; i <= maker.Below(2); ++i) {
      hir::Pattern& each = detector.patterns.emplace_back();
      each.text = maker.Pattern(1);
      each.bounded = maker.Below(2) == 0;
      each.ignoring_case = maker.Below(3) == 0;
    }
    detectors.Add(detector);
  }
  return detectors;
}

std::string LongText(pattern::testing::PatternMaker& maker, size_t size) {
  std::string text;
  while (text.size() < size) text += maker.Text();
  return text;
}

TEST(Governor, FlagsEveryDetectorThatMatches) {
  Tally tally;
  for (uint32_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    pattern::testing::PatternMaker maker(seed);
    Detectors detectors = RandomDetectors(maker, 1 + maker.Below(90));
    Governor governor(detectors.codes());
    for (int text = 0; text < 6; ++text) {
      const uint32_t block = 1 + maker.Below(700);
      ASSERT_TRUE(CheckFlags(detectors.codes(), governor, LongText(maker, maker.Below(1500)), block, &tally));
    }
  }
  std::printf("seeds 1-40: %llu flagged rightly, %llu falsely, %llu not: %.2f %% false\n",
              static_cast<unsigned long long>(tally.right), static_cast<unsigned long long>(tally.false_),
              static_cast<unsigned long long>(tally.clear), 100 * FalseShare(tally));
  EXPECT_GT(tally.right, 1000u);
  EXPECT_GT(tally.clear, 1000u);
}

// Flags are exact where every match ends within kDrainBytes of its block.
TEST(Governor, FlagsOfShortMatchesAreExact) {
  Tally tally;
  for (uint32_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    pattern::testing::PatternMaker maker(seed);
    Detectors detectors;
    Detectors candidates = RandomDetectors(maker, 60);
    for (size_t d = 0; d < candidates.codes().size(); ++d) {
      if (candidates.matcher(d).max_length < Governor::kDrainBytes)
        detectors.codes().push_back(candidates.codes()[d]);
    }
    Governor governor(detectors.codes());
    for (int text = 0; text < 6; ++text)
      ASSERT_TRUE(CheckFlags(detectors.codes(), governor, LongText(maker, 1200), 512, &tally));
  }
  EXPECT_EQ(tally.false_, 0u);
  EXPECT_GT(tally.right, 100u);
  EXPECT_GT(tally.clear, 100u);
}

TEST(Governor, FollowsALongMatchToItsEndWhereToldTo) {
  Detectors detectors;
  ASSERT_TRUE(detectors.AddPattern("eyJ[A-Za-z-]{8,}!"));
  Governor governor(detectors.codes());
  std::string text;
  while (text.size() < 3000) text += "eyJ-";
  uint64_t may = 0;
  governor.Flag(text, 0, 512, {&may, 1});
  EXPECT_EQ(may, 1u) << "it is still alive a little behind the block";
  may = 0;
  governor.Flag(text, 0, 512, {&may, 1}, pattern::kMaxMatchBytes + 1);
  EXPECT_EQ(may, 0u);
  text += '!';
  governor.Flag(text, 0, 512, {&may, 1}, pattern::kMaxMatchBytes + 1);
  EXPECT_EQ(may, 1u);
  may = 0;
  text.insert(text.size() - 1, 4 * pattern::kMaxMatchBytes, 'a');
  governor.Flag(text, 0, 512, {&may, 1}, pattern::kMaxMatchBytes + 1);
  EXPECT_EQ(may, 0u) << "no match is that long";
}

TEST(Governor, TinyMemoryOnlyAddsFlags) {
  for (const size_t memory : {size_t{0}, size_t{2000}, size_t{10000}, size_t{40000}}) {
    Tally tally;
    uint64_t resets = 0;
    for (uint32_t seed = 1; seed <= 12; ++seed) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ", memory " + std::to_string(memory));
      pattern::testing::PatternMaker maker(seed);
      Detectors detectors = RandomDetectors(maker, 30);
      Governor governor(detectors.codes(), memory);
      for (int text = 0; text < 6; ++text)
        ASSERT_TRUE(CheckFlags(detectors.codes(), governor, LongText(maker, 1200), 512, &tally));
      resets += governor.counters().resets;
    }
    std::printf("%zu bytes: %llu resets, %.2f %% false\n", memory, static_cast<unsigned long long>(resets),
                100 * FalseShare(tally));
    if (memory == 0) {
      EXPECT_EQ(tally.clear, 0u);
    }
    if (memory == 40000) {
      EXPECT_GT(resets, 0u);
      EXPECT_GT(tally.clear, 0u);
    }
  }
}

TEST(Governor, FollowsAMatchBehindTheBlockAndGivesUpAfterAWhile) {
  Detectors detectors;
  ASSERT_TRUE(detectors.AddPattern("x[a-z]{0,200}1"));
  ASSERT_TRUE(detectors.AddPattern("x[a-z]{0,20}2"));
  ASSERT_TRUE(detectors.AddPattern("y"));
  Governor governor(detectors.codes());
  const auto flags = [&](const std::string& text, uint32_t begin, uint32_t end) {
    std::vector<uint64_t> may(1);
    governor.Flag(text, begin, end, may);
    return may[0];
  };
  EXPECT_EQ(flags("..x" + std::string(40, 'a') + "1", 0, 8), 1u);
  EXPECT_EQ(flags("..x" + std::string(40, 'a') + "3", 0, 8), 0u);
  EXPECT_EQ(flags("..x" + std::string(10, 'a') + "2y", 0, 8), 2u);
  EXPECT_EQ(flags("..x" + std::string(40, 'a'), 0, 8), 0u);         // the text ends: no match
  EXPECT_EQ(flags("..x" + std::string(150, 'a') + "3", 0, 8), 1u);  // not known: flagged
  EXPECT_EQ(flags("y..xaaa", 1, 3), 0u);
  EXPECT_EQ(flags("y..y", 3, 4), 4u);
}

TEST(Governor, CountsOfLongRepetitionsAreForgotten) {
  Detectors detectors;
  ASSERT_TRUE(detectors.AddPattern("[a-z]{1,64}@[a-z]{1,63}\\.[a-z]{2,24}", true));
  const pattern::Matcher coarse = pattern::Coarsen(detectors.matcher(0));
  EXPECT_GT(detectors.matcher(0).state_count(), 140u);
  EXPECT_LT(coarse.state_count(), 12u);
  Governor governor(detectors.codes());
  std::vector<uint64_t> may(1);
  const std::string longer = std::string(200, 'a') + "@b";
  governor.Flag(longer, 0, 202, may);
  EXPECT_EQ(may[0], 0u);  // but what must stand there must stand there
}

TEST(Governor, DetectorsWithoutAnAutomatonAreAlwaysFlagged) {
  Detectors detectors;
  ASSERT_TRUE(detectors.AddPattern("a"));
  ASSERT_TRUE(detectors.AddPattern("b"));
  detectors.codes()[1].automaton = nullptr;
  ASSERT_EQ(detectors.codes()[1].coarse, nullptr);
  Governor governor(detectors.codes());
  std::vector<uint64_t> may(1);
  governor.Flag("ccc", 0, 3, may);
  EXPECT_EQ(may[0], 2u);
}

// A detector of which hundreds of states are alive at once would spoil the states of all others.
TEST(Governor, ADetectorWithTooManyLiveStatesIsLeftOut) {
  Detectors detectors;
  ASSERT_TRUE(detectors.AddPattern("a(?:[ab]{1000}){4}c|b(?:[ab]{1000}){4}d"));
  ASSERT_TRUE(detectors.AddPattern("ab[cd]"));
  Governor governor(detectors.codes());
  std::string text;
  for (int i = 0; i < 8000; ++i) text += "ab";
  std::vector<uint64_t> may(1);
  governor.Flag(text, 0, static_cast<uint32_t>(text.size()), may);
  EXPECT_EQ(may[0], 1u);
  may[0] = 0;
  governor.Flag("zzz", 0, 3, may);
  EXPECT_EQ(may[0], 1u);
}

// Text made so that every byte needs a new state may not cost a state a byte for ever.
TEST(Governor, MakingStatesIsRationed) {
  Detectors detectors;
  for (const char* text : {"a[ab]{12,24}c", "b[ab]{9,19}d", "(a|bb)[ab]{7,21}e"})
    ASSERT_TRUE(detectors.AddPattern(text));
  Governor governor(detectors.codes(), 60000);
  std::mt19937 random(7);
  std::string text;
  for (int i = 0; i < 1'000'000; ++i) text += "ab"[random() % 2];
  std::vector<uint64_t> may(1);
  for (uint32_t begin = 0; begin + 512 <= text.size(); begin += 512)
    governor.Flag(text, begin, begin + 512, may);
  EXPECT_GT(governor.counters().given_up, 0u);
  EXPECT_LT(governor.counters().built, 8192 + text.size() / 32 + 1);
}

TEST(Governor, AllocatesNothingOnceMade) {
  pattern::testing::PatternMaker maker(3);
  Detectors detectors = RandomDetectors(maker, 80);
  const std::string text = LongText(maker, 20000);
  std::vector<uint64_t> may(2);
  for (const size_t memory : {Governor::kMemory, size_t{30000}}) {
    Governor governor(detectors.codes(), memory);
    const uint64_t before = allocations;
    for (uint32_t begin = 0; begin + 512 <= text.size(); begin += 512)
      governor.Flag(text, begin, begin + 512, may);
    EXPECT_EQ(allocations, before);
    EXPECT_GT(governor.counters().built, 0u);
  }
}

// ---- the standard packs and words ----

// As many as one automaton can hold side by side: with hundreds, its states are as many as the places.
driver::Build BuildPacks(int words) {
  std::mt19937 random(5);
  std::string policy =
      "policy t\nimport std.all { email, us_ssn, credit_card, iban, ipv4, cn_resident_id, uuid,\n"
      "  aws_access_key, aws_secret_key, github_token, gitlab_token, slack_token, openai_key, jwt,\n"
      "  private_key, password_in_url }\nlevels public < secret\n";
  if (words > 0) {
    policy += "detector codename { words ";
    for (int i = 0; i < words; ++i) {
      policy += i > 0 ? ", \"" : "\"";
      for (uint32_t letter = 0; letter < 5 + random() % 6; ++letter)
        policy += static_cast<char>('a' + random() % 26);
      policy += "\"";
    }
    policy += " ignoring case }\n";
  }
  policy += "classify { start at public otherwise }\nroute { otherwise deny \"no\" }\n";
  driver::Options options;
  options.keep_imports = true;
  options.filter = false;
  return driver::Run({"t.hpol", policy, ""}, options);
}

std::string Mixed(std::mt19937& random, size_t size) {
  static const std::vector<std::string> kPieces = {"the ",
                                                   "jane.doe@example.com ",
                                                   "536-22-8145",
                                                   " 4539 1488 0343 6467",
                                                   "a@",
                                                   "a.",
                                                   "eyJ",
                                                   "-",
                                                   "1",
                                                   "23",
                                                   "https://u:p",
                                                   "@h.org",
                                                   "\n",
                                                   "password = ",
                                                   "hunter22222",
                                                   "\xe4\xb8\xad",
                                                   "DE89370400440532013000",
                                                   "f3:"};
  std::string text;
  while (text.size() < size) text += kPieces[random() % kPieces.size()];
  return text;
}

TEST(Governor, PacksAndWords) {
  const driver::Build build = BuildPacks(500);
  ASSERT_TRUE(build.ok());
  const hpol_artifact& artifact = *build.program.artifact;
  const std::vector<hpol_detector_code> codes(artifact.detectors,
                                              artifact.detectors + artifact.detector_count);
  Governor governor(codes);
  Tally tally;
  std::mt19937 random(11);
  for (int i = 0; i < 60; ++i)
    ASSERT_TRUE(CheckFlags(codes, governor, Mixed(random, 3000), 512, &tally)) << "text " << i;
  std::printf("packs and 500 words, seed 11: %llu right, %.2f %% false, %zu states alive, %llu built\n",
              static_cast<unsigned long long>(tally.right), 100 * FalseShare(tally), governor.states(),
              static_cast<unsigned long long>(governor.counters().built));
  EXPECT_GT(tally.right, 100u);
  EXPECT_LT(FalseShare(tally), 0.2);
  EXPECT_EQ(governor.counters().given_up, 0u);
}

}  // namespace
}  // namespace hpol::detect
