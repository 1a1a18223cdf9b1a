#include "compiler/pattern/coarsen.h"

#include <gtest/gtest.h>

#include <string>

#include "compiler/pattern/slow_matcher_for_test.h"

namespace hpol::pattern {
namespace {

std::optional<Matcher> CompileText(const std::string& text, bool bounded = false) {
  hir::Detector detector;
  detector.patterns.emplace_back();
  detector.patterns[0].text = text;
  detector.patterns[0].bounded = bounded;
  dsl::Diagnostics diagnostics;
  return Compile(detector, diagnostics);
}

uint64_t MatchAll(const Matcher& matcher, const std::string& text, uint64_t at) {
  return Match(matcher, reinterpret_cast<const uint8_t*>(text.data()), text.size(), at, text.size());
}

TEST(Coarsen, CountsBecomeLoopsAndTheRestStays) {
  const std::optional<Matcher> fine = CompileText("x[a-z]{1,200}@[a-z]{1,100}1", true);
  ASSERT_TRUE(fine && HasCoarse(*fine));
  const Matcher coarse = Coarsen(*fine);
  EXPECT_LT(coarse.state_count(), 15u);
  EXPECT_EQ(coarse.max_length, fine->max_length);
  EXPECT_EQ(coarse.first_bytes, fine->first_bytes);
  EXPECT_NE(MatchAll(coarse, "x" + std::string(250, 'a') + "@b1", 0), 0u);  // one count too many
  EXPECT_EQ(MatchAll(coarse, "x" + std::string(250, 'a') + "b1", 0), 0u);   // no sign
  EXPECT_EQ(MatchAll(coarse, "yxa@b1", 1), 0u);                             // not bounded
}

TEST(Coarsen, MatchesWhereverTheFineOneDoes) {
  uint64_t matches = 0;
  for (uint32_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    testing::PatternMaker maker(seed);
    // Long enough to be coarsened, whatever stands in it.
    const std::optional<Matcher> fine =
        CompileText("(?:" + maker.Pattern(1) + "){1,40}[ab]{0,70}", maker.Below(2) == 0);
    if (!fine || !HasCoarse(*fine)) continue;
    const Matcher coarse = Coarsen(*fine);
    ASSERT_LE(coarse.state_count(), fine->state_count());
    for (int sample = 0; sample < 120; ++sample) {
      const std::string text = maker.Text() + maker.Text();
      for (size_t at = 0; at < text.size(); ++at) {
        const uint64_t end = MatchAll(*fine, text, at);
        ASSERT_LE(end, MatchAll(coarse, text, at)) << text << " at " << at;
        matches += end != 0 ? 1 : 0;
      }
    }
  }
  EXPECT_GT(matches, 500u);
}

TEST(Coarsen, ShortMatchesAreLeftAlone) {
  const std::optional<Matcher> card = CompileText("[0-9](?:[ -]?[0-9]){12,18}");
  ASSERT_TRUE(card);
  EXPECT_FALSE(HasCoarse(*card));
}

}  // namespace
}  // namespace hpol::pattern
