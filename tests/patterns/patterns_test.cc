// Random (pattern, text) pairs: the automaton against the slow matcher, and against RE2 where the
// pattern is not `bounded` and the text is UTF-8.
//
//   patterns_test [--pairs N] [--seed S]
#include <gtest/gtest.h>

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>

#include "compiler/pattern/pattern.h"
#include "compiler/reference/slow_match.h"
#include "tests/patterns/peer.h"
#include "tests/patterns/random_pattern.h"
#include "tests/patterns/random_text.h"
#include "tests/patterns/shrink_text.h"

namespace hpol::patterns {
namespace {

using pattern::Purpose;

constexpr uint32_t kTextsEach = 40;

uint64_t pairs_wanted = 20000;
uint64_t first_seed = 20261120;

// Everyone's reading of one pattern.
struct Readers {
  hir::Detector detector;
  std::optional<pattern::Matcher> matcher;
  std::optional<reference::SlowMatcher> slow;
  std::unique_ptr<Peer> peer;

  Readers(const hir::Pattern& pattern, Purpose purpose) {
    detector.patterns = {pattern};
    dsl::Diagnostics diagnostics;
    matcher = pattern::Compile(detector, diagnostics, purpose);
    if (!matcher) return;
    slow.emplace(detector, purpose);
    // Detectors know fewer forms of `s` and `k` than RE2 does, and it has no `bounded`.
    if (purpose == Purpose::kSearch && !pattern.bounded)
      peer = Peer::Make(pattern.text, pattern.ignoring_case);
  }
  Readers(const Readers&) = delete;  // `slow` points to `detector`
  Readers& operator=(const Readers&) = delete;

  Spans Found(const std::string& text) const {
    Spans spans;
    for (const pattern::Found& each : pattern::FindAll(detector, *matcher, text))
      spans.emplace_back(each.begin, each.end);
    return spans;
  }
  Spans Slow(const std::string& text) const {
    Spans spans;
    for (const reference::Match& each : slow->Find(text)) spans.emplace_back(each.begin, each.end);
    return spans;
  }
  bool HasPeer(const std::string& text) const { return peer != nullptr && Peer::Understands(text); }
  bool Disagree(const std::string& text) const {
    const Spans found = Found(text);
    return found != Slow(text) || (HasPeer(text) && found != peer->Find(text));
  }
};

std::string Written(const Spans& spans) {
  std::string text;
  for (const auto& [begin, end] : spans)
    text += " [" + std::to_string(begin) + "," + std::to_string(end) + ")";
  return text.empty() ? " nothing" : text;
}

std::string Report(hir::Pattern pattern, Purpose purpose, std::string text) {
  const auto fails = [&](const hir::Pattern& one, const std::string& on) {
    const Readers readers(one, purpose);
    return readers.matcher && readers.Disagree(on);
  };
  // A small pattern lets the text become smaller still.
  for (int round = 0; round < 2; ++round) {
    Shrink(text, [&](const std::string& shorter) { return fails(pattern, shorter); });
    Shrink(pattern.text, [&](const std::string& shorter) {
      hir::Pattern one = pattern;
      one.text = shorter;
      return fails(one, text);
    });
  }
  const Readers readers(pattern, purpose);
  std::string report = "\npattern `" + pattern.text + "`" + (pattern.bounded ? " bounded" : "") +
                       (pattern.ignoring_case ? " ignoring case" : "") +
                       (purpose == Purpose::kDetector ? ", of a detector" : ", of a search") +
                       "\ntext    \"" + text + "\"\nautomaton" + Written(readers.Found(text)) +
                       "\nslow     " + Written(readers.Slow(text));
  if (readers.HasPeer(text)) report += "\nRE2      " + Written(readers.peer->Find(text));
  return report;
}

// A comparison of pairs that never match would prove nothing.
struct Counts {
  uint64_t pairs = 0;
  uint64_t patterns = 0;
  uint64_t refused = 0;  // patterns
  uint64_t matched = 0;  // pairs
  uint64_t spans = 0;
  uint64_t with_peer = 0;  // pairs
  uint64_t peer_refused = 0;

  void Print() const {
    std::printf("seed %" PRIu64 ": %" PRIu64 " pairs over %" PRIu64 " patterns (%" PRIu64 " refused)\n",
                first_seed, pairs, patterns, refused);
    std::printf("  matched %" PRIu64 " pairs, %" PRIu64 " spans; compared with RE2 %" PRIu64
                " pairs (it refused %" PRIu64 " patterns)\n",
                matched, spans, with_peer, peer_refused);
    if (!Peer::Installed()) std::printf("  RE2 is not installed: nothing was compared with it\n");
  }
};

TEST(Patterns, AutomatonSlowMatcherAndRe2FindTheSame) {
  Counts counts;
  for (uint64_t seed = first_seed; counts.pairs < pairs_wanted && !HasFailure(); ++seed) {
    Random random(seed);
    const hir::Pattern pattern = RandomPattern(random);
    const Purpose purpose = random.Chance(25) ? Purpose::kDetector : Purpose::kSearch;
    const Readers readers(pattern, purpose);
    if (!readers.matcher) {
      ++counts.refused;
      continue;
    }
    ++counts.patterns;
    if (purpose == Purpose::kSearch && !pattern.bounded && readers.peer == nullptr) ++counts.peer_refused;
    dsl::Diagnostics diagnostics;
    const std::optional<pattern::Regex> regex = pattern::Parse(pattern, diagnostics, purpose);
    for (uint32_t i = 0; i < kTextsEach && counts.pairs < pairs_wanted; ++i) {
      const std::string text = RandomText(*regex, random);
      ++counts.pairs;
      counts.with_peer += readers.HasPeer(text) ? 1 : 0;
      const Spans found = readers.Found(text);
      counts.matched += found.empty() ? 0 : 1;
      counts.spans += found.size();
      if (readers.Disagree(text)) FAIL() << "seed " << seed << Report(pattern, purpose, text);
    }
  }
  counts.Print();
  EXPECT_GT(counts.patterns, 3 * counts.refused);
  EXPECT_GT(counts.matched * 2, counts.pairs);
  if (Peer::Installed()) {
    EXPECT_GT(counts.with_peer * 2, counts.pairs);
    EXPECT_LT(counts.peer_refused * 100, counts.patterns);
  }
}

TEST(Patterns, FailingPairsAreMadeSmall) {
  std::string text = "x\u4e2d needle \u00e9 y";
  Shrink(text, [](const std::string& each) { return each.find("ed") != std::string::npos; });
  EXPECT_EQ(text, "ed");
}

}  // namespace
}  // namespace hpol::patterns

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view flag = argv[i];
    const uint64_t value = std::strtoull(argv[i + 1], nullptr, 10);
    if (flag == "--pairs") hpol::patterns::pairs_wanted = value;
    if (flag == "--seed") hpol::patterns::first_seed = value;
  }
  return RUN_ALL_TESTS();
}
