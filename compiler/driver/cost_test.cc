#include "compiler/driver/cost.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "compiler/driver/golden_for_test.h"

namespace hpol::driver {
namespace {

constexpr const char* kPolicy = "tests/golden/cost/kinds_of_detectors.hpol";

Build BuildPolicy() { return BuildPatterns(kPolicy); }

// Golden: after a change that is meant, write `hpol check --cost POLICY` (and with --json) to these files
// again.
std::string Golden(const std::string& ending) { return GoldenBeside(kPolicy, ending); }

TEST(Cost, TextIsAsInTheGoldenFile) {
  const Build build = BuildPolicy();
  ASSERT_TRUE(build.ok());
  EXPECT_EQ(CostText(build.policy, Costs(build)), Golden(".txt"));
}

TEST(Cost, JsonIsAsInTheGoldenFile) {
  const Build build = BuildPolicy();
  ASSERT_TRUE(build.ok());
  EXPECT_EQ(CostJson(build.policy, Costs(build)) + "\n", Golden(".json"));
  EXPECT_FALSE(nlohmann::json::parse(Golden(".json"), nullptr, false).is_discarded());
}

TEST(Cost, SaysWhatItMeans) {
  const Build build = BuildPolicy();
  const std::vector<DetectorCost> costs = Costs(build);
  ASSERT_EQ(costs.size(), 4u);
  EXPECT_EQ(costs[0].max_length, 8u);
  EXPECT_FALSE(costs[0].tracked);
  EXPECT_EQ(costs[0].worst_reads, 8u);
  EXPECT_TRUE(costs[1].judged_again);
  EXPECT_EQ(costs[1].max_length, 37u);
  EXPECT_TRUE(costs[2].tracked);
  EXPECT_FALSE(costs[2].cut_off);
  EXPECT_TRUE(costs[3].cut_off);
  EXPECT_TRUE(costs[3].judged_again);
  // The loop of `[^\n]*` and the five letters of a beginning inside it.
  EXPECT_LE(costs[3].live_states, 7u);
}

// 3,000 words of nine bytes, beside a pattern and alone.
TEST(Cost, LargeWordListsAreToldApart) {
  std::string words = "  words \"night owl\"";
  for (int i = 1000; i < 4000; ++i) words += ", \"name" + std::to_string(i) + "-\"";
  const std::string text = "policy p\nlevels public < secret\ndetector names {\n" + words +
                           "\n}\ndetector both {\n  pattern `T-[0-9]{6}` bounded\n  except \"name1000-\"\n" +
                           words +
                           "\n}\nclassify {\n  start at public\n  when names or both  raise to secret\n}\n"
                           "route { otherwise deny \"no\" }\n";
  Options options;
  options.stop_after = Stage::kPattern;
  const Build build = driver::Run({"p.hpol", text, ""}, options);
  ASSERT_TRUE(build.ok());
  const std::vector<DetectorCost> costs = Costs(build);
  ASSERT_EQ(costs.size(), 2u);
  EXPECT_EQ(costs[0].words, 3001u);
  EXPECT_EQ(costs[0].max_length, 9u);
  EXPECT_EQ(costs[0].worst_reads, 9u);
  EXPECT_EQ(costs[1].worst_reads, 9u + 8u);
  EXPECT_LT(costs[1].table_bytes, 100'000u);
  const std::string shown = CostText(build.policy, costs);
  EXPECT_NE(shown.find("3001 words in a trie: at most 9 bytes read from one place\n"), std::string::npos)
      << shown;
  EXPECT_NE(
      shown.find("3001 words in a trie: at most 9 bytes read from one place; the rest bounded: at most 8 "
                 "bytes read from one place; judged again at each shorter end\n"),
      std::string::npos)
      << shown;
}

}  // namespace
}  // namespace hpol::driver
