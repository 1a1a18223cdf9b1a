#include "compiler/driver/explain.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "compiler/driver/golden_for_test.h"

namespace hpol::driver {
namespace {

using Filter = PatternExplained::Filter;

constexpr const char* kPolicy = "tests/golden/explain/ways_to_look.hpol";

Build BuildPolicy() { return BuildPatterns(kPolicy); }

// Golden: after a change that is meant, write `hpol explain --patterns POLICY` (and with --json), and what
// `hpol check --dump=pattern` prints from `filter:` on, to these files again.
std::string Golden(const std::string& ending) { return GoldenBeside(kPolicy, ending); }

TEST(Explain, TextIsAsInTheGoldenFile) {
  const Build build = BuildPolicy();
  ASSERT_TRUE(build.ok());
  EXPECT_EQ(ExplainText(build.policy, Explain(build, nullptr)), Golden(".txt"));
}

TEST(Explain, JsonIsAsInTheGoldenFile) {
  const Build build = BuildPolicy();
  ASSERT_TRUE(build.ok());
  EXPECT_EQ(ExplainJson(build.policy, Explain(build, nullptr)) + "\n", Golden(".json"));
  EXPECT_FALSE(nlohmann::json::parse(Golden(".json"), nullptr, false).is_discarded());
}

TEST(Explain, TheFilterProgramIsPrintedAsInTheGoldenFile) {
  const Build build = BuildPolicy();
  ASSERT_TRUE(build.ok());
  const std::string dump = Dump(build, Stage::kPattern, jit::Optimize::kFull);
  const size_t filter = dump.find("\nfilter: ");
  ASSERT_NE(filter, std::string::npos);
  EXPECT_EQ(dump.substr(filter + 1), Golden(".filter"));
}

TEST(Explain, EveryWayToLookIsTold) {
  const Build build = BuildPolicy();
  const Explained explained = Explain(build, nullptr);
  ASSERT_EQ(explained.patterns.size(), 5u);
  EXPECT_EQ(explained.patterns[0].filter, Filter::kBegin);
  EXPECT_EQ(explained.patterns[1].filter, Filter::kInside);
  EXPECT_EQ(explained.patterns[3].filter, Filter::kLiterals);
  EXPECT_EQ(explained.patterns[4].filter, Filter::kEverywhere);
  double sum = explained.shared_ns_per_kilobyte;
  for (const PatternExplained& pattern : explained.patterns) {
    EXPECT_GE(pattern.ns_per_kilobyte, 0);
    sum += pattern.ns_per_kilobyte;
  }
  EXPECT_LE(explained.ns_per_kilobyte, sum + 1e-6);  // shared steps run once
}

// Few planes serve hundreds of conditions: none may be left with sets that no plane holds.
TEST(Explain, NoDetectorOfThePacksIsTriedAtEveryByte) {
  for (const char* policy : {"policies/examples/acme.hpol", "bench/gateway/policy.hpol"}) {
    const Explained explained = Explain(BuildPatterns(policy), nullptr);
    ASSERT_GT(explained.patterns.size(), 100u) << policy;
    for (const PatternExplained& pattern : explained.patterns)
      EXPECT_NE(pattern.filter, PatternExplained::Filter::kEverywhere)
          << pattern.cost.name << " in " << policy;
  }
}

TEST(Explain, FromACacheItSaysTheSame) {
  const Build build = BuildPolicy();
  cache::Store store;
  const std::string first = ExplainText(build.policy, Explain(build, &store));
  EXPECT_EQ(ExplainText(build.policy, Explain(build, &store)), first);
}

}  // namespace
}  // namespace hpol::driver
