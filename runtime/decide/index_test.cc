// The index against its law, and searches against reading every rule.
#include "runtime/decide/index.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "runtime/decide/random_tables_for_test.h"
#include "runtime/decide/search.h"

namespace hpol::decide {
namespace {

using hand::RandomRules;

// Findings of some of the detectors, as matches of an empty text.
void SetFindings(Facts& facts, RandomRules& rules, bool unscanned) {
  detect::Matches matches;
  text::Views views;
  for (const uint32_t detector : rules.detectors())
    if (rules.Below(3) == 0) matches.all.emplace_back().finding.detector = DetectorId{detector};
  const std::vector<uint8_t> off(matches.all.size());
  facts.SetFindings({matches, views, off, unscanned, true});
}

// What reading every rule says.
std::vector<Hit> AllOf(const Facts& facts, WhichTable which) {
  const ir::Tables& tables = facts.tables();
  std::vector<Truth> stack(facts.index().depth);
  std::vector<Hit> hits;
  const size_t rows = which == WhichTable::kClassify ? tables.classify.size() : tables.route.size();
  for (uint32_t row = 0; row < rows; ++row) {
    const ir::Range condition =
        which == WhichTable::kClassify ? tables.classify[row].condition : tables.route[row].condition;
    const Truth truth = facts.Of(condition, stack);
    if (truth != Truth::kFalse) hits.push_back({row, truth == Truth::kUnknown});
  }
  return hits;
}

void ExpectSearches(RandomRules& rules, const Index& index, int requests) {
  Facts facts;
  SearchMemory memory;
  Values values;
  std::vector<Hit> got;
  static constexpr Label kLabels[] = {hand::kPublic, hand::kInternal, hand::kConfidential.Join(hand::kPii)};
  for (int i = 0; i < requests; ++i) {
    const hand::Given given = rules.Request();
    index.domains.Read(values, given.span());
    facts.Begin(rules.policy().tables(), index, values);
    SetFindings(facts, rules, rules.Below(6) == 0);
    facts.SetLabel(kLabels[rules.Below(3)]);
    const std::vector<Hit> classify = AllOf(facts, WhichTable::kClassify);
    FindAll(WhichTable::kClassify, facts, memory, got);
    ASSERT_EQ(got, classify) << "request " << i;
    uint64_t word = 0;
    for (const Hit& hit : classify) word |= rules.policy().tables().classify[hit.row].word;
    ASSERT_EQ(FindLabel(facts, memory).word, word);

    std::vector<Hit> route = AllOf(facts, WhichTable::kRoute);
    const auto sure = std::find_if(route.begin(), route.end(), [](const Hit& hit) { return !hit.unknown; });
    const uint32_t first = sure == route.end() ? kNoRow : sure->row;
    route.erase(sure, route.end());
    ASSERT_EQ(FindFirst(WhichTable::kRoute, facts, memory, got), first) << "request " << i;
    ASSERT_EQ(got, route) << "request " << i;
  }
}

RandomRules MakeRules(uint32_t seed, uint32_t texts, uint32_t rows, int depth, bool presence = true) {
  RandomRules rules(seed, texts, presence);
  for (uint32_t i = 0; i < rows; ++i) {
    rules.AddClassifyRow(depth);
    rules.AddRouteRow(depth);
  }
  rules.policy().Classify(hand::Always(), hand::kPublic);
  return rules;
}

TEST(Index, EveryRuleIsWhereItMayHold) {
  for (uint32_t seed = 0; seed < 40; ++seed) {
    RandomRules rules = MakeRules(seed, 3 + seed * 2, 30 + seed, 1 + static_cast<int>(seed % 3), false);
    const Index index = Index::Make(rules.policy().tables());
    ASSERT_EQ(CheckLaw(rules.policy().tables(), index), "") << "seed " << seed;
  }
}

TEST(Index, ARuleThatIsLostIsNoticed) {
  RandomRules rules = MakeRules(1, 10, 60, 1);
  const Index index = Index::Make(rules.policy().tables());
  Index broken = index;
  for (BitmapLine& line : broken.route.bits) line.words.fill(0);
  EXPECT_NE(CheckLaw(rules.policy().tables(), broken), "");
  broken = index;
  broken.classify.row_of.assign(broken.classify.row_of.size(), 0);
  EXPECT_NE(CheckLaw(rules.policy().tables(), broken), "");
}

TEST(Search, SmallTablesAgreeWithReadingEveryRule) {
  for (uint32_t seed = 100; seed < 160; ++seed) {
    RandomRules rules = MakeRules(seed, 2 + seed % 30, 1 + seed % 70, static_cast<int>(seed % 3));
    ExpectSearches(rules, Index::Make(rules.policy().tables()), 60);
  }
}

TEST(Search, LargeTablesAgreeAtEveryLevelOfCpu) {
  for (uint32_t seed = 200; seed < 206; ++seed) {
    // So many texts that classes share cells.
    RandomRules rules = MakeRules(seed, seed % 2 == 0 ? 12 : 600, 4000, 1);
    Index index = Index::Make(rules.policy().tables());
    EXPECT_GT(index.classify.groups.size(), 1u);
    for (const filter::Variant variant :
         {filter::Variant::kScalar, filter::Variant::kAvx2, filter::Variant::kAvx512}) {
      if (!filter::Supported(variant)) continue;
      index.next_survivors = NextSurvivorsFor(variant);
      ExpectSearches(rules, index, 40);
    }
  }
}

// Each kind of rule set alone: the sizes at which groups, shared cells and padding begin and end.
TEST(Search, RowsAroundTheSizeOfAWordAndABlock) {
  for (const uint32_t rows : {0u, 1u, 61u, 62u, 63u, 64u, 65u, 447u, 448u, 511u, 512u, 513u}) {
    RandomRules rules = MakeRules(rows, 5, rows, 1);
    const Index index = Index::Make(rules.policy().tables());
    ExpectSearches(rules, index, 30);
  }
}

TEST(Interner, TextsThatDifferAnywhereAreDifferent) {
  Interner interner;
  std::vector<std::string> texts;
  for (size_t length = 0; length < 40; ++length) {
    const std::string text(length, 'a');
    texts.push_back(text);
    for (size_t at = 0; at < length; ++at) {
      texts.push_back(text);
      texts.back()[at] = 'b';
    }
  }
  for (uint32_t i = 0; i < texts.size(); ++i) EXPECT_EQ(interner.Find(texts[i]), Interner::kNone);
  for (uint32_t i = 0; i < texts.size(); ++i) EXPECT_EQ(interner.Add(texts[i]), i);
  for (uint32_t i = 0; i < texts.size(); ++i) EXPECT_EQ(interner.Find(texts[i]), i);
  EXPECT_EQ(interner.Add(texts[3]), 3u);
}

}  // namespace
}  // namespace hpol::decide
