#include "runtime/detect/tracked_walk.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "compiler/pattern/automaton_for_test.h"
#include "compiler/pattern/coarsen.h"
#include "compiler/pattern/slow_matcher_for_test.h"
#include "runtime/detect/scan.h"
#include "runtime/detect/validators.h"

namespace hpol::detect {
namespace {

struct Compiled {
  explicit Compiled(pattern::Matcher from) : matcher(std::move(from)), automaton(matcher) {
    if (pattern::HasCoarse(matcher)) coarse.emplace(pattern::Coarsen(matcher));
  }
  const pattern::Matcher matcher;
  const pattern::TableAutomaton automaton;
  std::optional<pattern::TableAutomaton> coarse;
};

std::unique_ptr<Compiled> Compile(const hir::Detector& detector) {
  dsl::Diagnostics diagnostics;
  std::optional<pattern::Matcher> matcher = pattern::Compile(detector, diagnostics);
  return matcher ? std::make_unique<Compiled>(*std::move(matcher)) : nullptr;
}

std::unique_ptr<Compiled> Compile(const std::string& text, bool bounded = false) {
  hir::Detector detector;
  detector.patterns.emplace_back();
  detector.patterns[0].text = text;
  detector.patterns[0].bounded = bounded;
  return Compile(detector);
}

std::unique_ptr<Compiled> RandomDetector(pattern::testing::PatternMaker& maker) {
  for (;;) {
    hir::Detector detector;
    for (uint32_t i = 0; i <= maker.Below(2); ++i) {
      hir::Pattern& each = detector.patterns.emplace_back();
      each.text = maker.Pattern(2);
      each.bounded = maker.Below(2) == 0;
    }
    if (std::unique_ptr<Compiled> compiled = Compile(detector)) return compiled;
  }
}

// The ends of one start by one attempt an end.
std::vector<uint32_t> EndsOneByOne(const Compiled& detector, std::string_view text, uint32_t at) {
  std::vector<uint32_t> ends;
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  for (uint64_t limit = text.size(); limit > at;) {
    const uint64_t end = pattern::Match(detector.matcher, bytes, text.size(), at, limit);
    if (end == 0) break;
    ends.push_back(static_cast<uint32_t>(end));
    limit = end - 1;
  }
  return ends;
}

std::vector<uint32_t> EndsTracked(TrackedWalk& walk, uint32_t at) {
  std::vector<uint32_t> ends;
  walk.Choose(at);
  for (uint32_t end = walk.NextEnd(); end != 0; end = walk.NextEnd()) ends.push_back(end);
  return ends;
}

// Follows random starts from `first` on and compares every end of each.
::testing::AssertionResult SameEnds(const Compiled& detector, TrackedWalk& walk, std::string_view text,
                                    uint32_t first, std::mt19937& random, uint64_t* ends) {
  std::vector<uint64_t> starts((text.size() - first + 63) / 64, 0);
  const auto share = static_cast<uint32_t>(1 + random() % 4);
  for (uint32_t at = first; at < text.size(); ++at) {
    if (random() % share == 0) starts[(at - first) / 64] |= uint64_t{1} << ((at - first) % 64);
  }
  walk.Follow(detector.automaton.data, text, first, starts);
  for (uint32_t at = first; at < text.size(); ++at) {
    if ((starts[(at - first) / 64] >> ((at - first) % 64) & 1) == 0) continue;
    const std::vector<uint32_t> expected = EndsOneByOne(detector, text, at);
    if (EndsTracked(walk, at) != expected) {
      return ::testing::AssertionFailure() << "start " << at << " of \"" << text << "\" from " << first;
    }
    *ends += expected.size();
  }
  return ::testing::AssertionSuccess();
}

TEST(TrackedWalk, GivesEveryEndOfEveryStart) {
  uint64_t ends = 0;
  TrackedWalk walk;
  for (uint32_t seed = 1; seed <= 400; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    pattern::testing::PatternMaker maker(seed);
    std::mt19937 random(seed);
    const std::unique_ptr<Compiled> detector = RandomDetector(maker);
    for (int round = 0; round < 8; ++round) {
      std::string text;
      while (text.size() < 1 + random() % 300) text += maker.Text();
      if (text.empty()) continue;
      const auto first = static_cast<uint32_t>(random() % text.size());
      ASSERT_TRUE(SameEnds(*detector, walk, text, first, random, &ends));
    }
  }
  std::printf("seeds 1-400: %llu ends\n", static_cast<unsigned long long>(ends));
  EXPECT_GT(ends, 10000u);
}

TEST(TrackedWalk, EveryStartHasItsOwnCap) {
  const std::unique_ptr<Compiled> run = Compile("x+y?");
  ASSERT_EQ(run->matcher.max_length, pattern::kMaxMatchBytes);
  const std::string text = std::string(5000, 'x') + "y";
  std::vector<uint64_t> starts(text.size() / 64 + 1, 0);
  for (const uint32_t at : {0u, 7u, 905u, 4000u}) starts[at / 64] |= uint64_t{1} << (at % 64);
  TrackedWalk walk;
  walk.Follow(run->automaton.data, text, 0, starts);
  for (const uint32_t at : {0u, 7u, 905u, 4000u}) {
    walk.Choose(at);
    EXPECT_EQ(walk.NextEnd(), std::min(at + 4096, 5001u));
    EXPECT_EQ(EndsTracked(walk, at), EndsOneByOne(*run, text, at));
  }
  // All starts are one track, after the byte at which they begin.
  EXPECT_LE(walk.steps(), text.size() + 4);
}

// Bytes are read once for each state that is alive, however many starts there are.
TEST(TrackedWalk, CostsOnePass) {
  struct Case {
    const char* pattern;
    const char* text;
    uint32_t alive;
  };
  for (const Case& each : {Case{"[a-z.]+@[a-z]+", "a.", 2}, Case{"eyJ[A-Za-z_-]{8,}\\.x", "eyJ-", 14},
                           Case{"[a-z]{1,64}:[a-z]{1,64}@", "ab:", 130}}) {
    const std::unique_ptr<Compiled> detector = Compile(each.pattern);
    std::string text;
    while (text.size() < 4096) text += each.text;
    const std::vector<uint64_t> starts(text.size() / 64, ~uint64_t{0});
    TrackedWalk walk;
    walk.Follow(detector->automaton.data, text, 0, starts);
    EXPECT_LE(walk.most_alive(), each.alive) << each.pattern;
    EXPECT_LE(walk.steps(), uint64_t{each.alive} * text.size()) << each.pattern;
  }
}

// ---- in Scan ----

std::vector<std::string> Scanned(const std::vector<const Compiled*>& detectors,
                                 const std::vector<const char*>& checks,
                                 const std::vector<std::string>& exceptions, bool automata,
                                 const std::string& text) {
  ir::Tables tables;
  tables.strings.push_back("");
  for (const std::string& exception : exceptions) {
    tables.lists.push_back(static_cast<ir::StringId>(tables.strings.size()));
    tables.strings.push_back(exception);
  }
  std::vector<hpol_detector_code> codes;
  for (size_t d = 0; d < detectors.size(); ++d) {
    codes.push_back(pattern::CodeByTable(detectors[d]->matcher, detectors[d]->automaton,
                                         detectors[d]->coarse ? &*detectors[d]->coarse : nullptr));
    if (!automata) codes.back().automaton = codes.back().coarse = nullptr;
    ir::Detector& row = tables.detectors.emplace_back();
    row.validator = FindValidator(checks[d]);
    row.exceptions.count = static_cast<uint32_t>(exceptions.size());
  }
  hpol_artifact artifact{};
  artifact.detector_count = static_cast<uint32_t>(codes.size());
  artifact.detectors = codes.data();
  surface::Content content;
  content.pieces.push_back(
      {1, static_cast<uint32_t>(text.size() + 1), surface::Piece::Kind::kText, true, true});
  const std::string body = "|" + text + "|";
  text::Views views;
  views.Build(body, content);
  Matches matches;
  EXPECT_TRUE(Scan(tables, artifact, nullptr, views, matches));
  std::vector<std::string> found;
  for (const Match& match : matches.all) {
    found.push_back(std::to_string(match.finding.detector.value) + ":" + std::to_string(match.finding.begin) +
                    "-" + std::to_string(match.finding.end) + ":" +
                    std::to_string(static_cast<int>(match.finding.tier)));
  }
  return found;
}

// Long patterns over text that nearly matches everywhere, with validators and exceptions that reject.
TEST(TrackedWalk, ScanFindsTheSameWithAndWithout) {
  const std::vector<std::pair<const char*, const char*>> kDetectors = {
      {"[a-z0-9.]{1,200}@[a-z0-9.]{1,100}", ""},
      {"[0-9][0-9 -]{8,90}[0-9]", "luhn"},
      {"a([ab.]{0,150}c)?", ""},
      {"[a-z]+@([a-z]+\\.)+[a-z]{2,9}", "email"},
      {"(a|b|@)[ab1. -]*[2c]", ""},
      {"[^c]+c", ""},
  };
  static const std::vector<std::string> kPieces = {
      "a", "b", "ab", ".", "@", "1", "2", "11", " ", "-", "c", "4111 1111 1111 1111", "a.a.a.", "co.uk"};
  std::vector<std::unique_ptr<Compiled>> owned;
  std::vector<const Compiled*> detectors;
  std::vector<const char*> checks;
  for (const auto& [text, check] : kDetectors) {
    owned.push_back(Compile(text));
    ASSERT_NE(owned.back(), nullptr) << text;
    detectors.push_back(owned.back().get());
    checks.push_back(check);
  }
  size_t findings = 0;
  for (uint32_t seed = 1; seed <= 150; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    std::string text;
    const size_t size = random() % 3000;
    const size_t kinds = 2 + random() % (kPieces.size() - 2);
    while (text.size() < size) text += kPieces[random() % kinds];
    const std::vector<std::string> exceptions = {"a", "ab@ab.ab", "abac"};
    const std::vector<std::string> found = Scanned(detectors, checks, exceptions, true, text);
    ASSERT_EQ(found, Scanned(detectors, checks, exceptions, false, text));
    findings += found.size();
  }
  std::printf("seeds 1-150: %zu findings\n", findings);
  EXPECT_GT(findings, 1000u);
}

}  // namespace
}  // namespace hpol::detect
