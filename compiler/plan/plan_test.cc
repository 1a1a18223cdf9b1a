// Whole policies: floors as rows, distinct candidates, places, and tables that verify.
#include "compiler/plan/plan.h"

#include <gtest/gtest.h>

#include "compiler/ir/ir.h"
#include "compiler/plan/interpret_for_test.h"
#include "compiler/reference/hir_build.h"
#include "compiler/reference/meaning.h"

namespace hpol::plan {
namespace {

using namespace hir_build;  // NOLINT(google-build-using-namespace): the words of these tests

hir::Policy Example() {
  hir::Policy policy = Skeleton();
  policy.attributes = {Declare("a", AttributeType::kBool, true), Declare("b", AttributeType::kBool, true),
                       Declare("e", AttributeType::kEnum, false, {"x", "y"})};
  policy.detectors = {Detect("mail", "m", true)};
  policy.detectors[0].exceptions = {"mm"};
  policy.floors = {StartAt(Label::Level(0), Flag(0)), StartAt(Label::Level(2), Flag(1)),
                   StartAt(Label::Level(1))};
  policy.raises = {RaiseTo(Label::Level(1).Join(Label::Category(1)), Found({0}))};
  policy.targets = {TargetCleared("home", hir::TopLabel(policy)), TargetCleared("away", Label::Level(0))};
  policy.redactions = {{"scrub", {{RedactionAction::kPseudonym, {{0}}, Label::Category(0), {}}}, {}}};
  policy.routes = {Send({{1, kNoRedaction}, {0, kNoRedaction}}, Level(CompareOp::kEqual, 0)),
                   Deny("no", Found({0})),
                   Send({{1, RedactionId{0}}, {0, kNoRedaction}, {1, RedactionId{0}}})};
  return policy;
}

ir::Tables PlanOf(const hir::Policy& policy, const dsl::SourceMap& sources = {}) {
  std::vector<pattern::Matcher> matchers(policy.detectors.size());
  for (pattern::Matcher& matcher : matchers) matcher.max_length = 7;
  return Plan(policy, matchers, sources);
}

std::vector<uint32_t> Row(const ir::Tables& tables, size_t row) {
  const ir::Range range = tables.route[row].candidates;
  return {tables.indices.begin() + range.begin, tables.indices.begin() + range.begin + range.count};
}

TEST(Plan, TablesVerifyAndReadBack) {
  const ir::Tables tables = PlanOf(Example());
  const Result<bool> verified = ir::Verify(tables);
  ASSERT_TRUE(verified.ok()) << verified.error().message;
  const Result<ir::Tables> parsed = ir::Parse(ir::Print(tables));
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  EXPECT_EQ(ir::Print(*parsed), ir::Print(tables));
}

TEST(Plan, CandidatesAreDistinctPairsInOrderOfMention) {
  const ir::Tables tables = PlanOf(Example());
  ASSERT_EQ(tables.candidates.size(), 3u);
  EXPECT_EQ(Row(tables, 0), (std::vector<uint32_t>{0, 1}));
  EXPECT_EQ(Row(tables, 1), (std::vector<uint32_t>{}));
  EXPECT_EQ(Row(tables, 2), (std::vector<uint32_t>{2, 1}));
  const std::vector<reference::CandidatePair> pairs = reference::DistinctCandidates(Example());
  for (size_t i = 0; i < pairs.size(); ++i) {
    EXPECT_EQ(tables.candidates[i].target, pairs[i].target.value);
    EXPECT_EQ(tables.candidates[i].redaction, pairs[i].redaction.value);
  }
}

TEST(Plan, FloorsBecomeRowsThatMeanTheSame) {
  const hir::Policy policy = Example();
  const ir::Tables tables = PlanOf(policy);
  ASSERT_EQ(tables.classify.size(), 4u);
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 3; ++b) {
      reference::Facts facts;
      facts.attributes = {{a < 2, a == 1, 0, {}, {}, {}}, {b < 2, b == 1, 0, {}, {}, {}}, {}};
      reference::Kleene kleene(policy, facts);
      reference::Meaning<reference::Kleene> meaning(policy, kleene);
      const auto rows = meaning.ClassifyRows(kNoRedaction);
      for (size_t i = 0; i < rows.size(); ++i) {
        const Truth truth = Interpreter(tables, facts, {}).Condition(tables.classify[i].condition);
        EXPECT_EQ(rows[i].must, truth == Truth::kTrue) << a << b << " row " << i;
        EXPECT_EQ(rows[i].may, truth != Truth::kFalse) << a << b << " row " << i;
      }
    }
}

TEST(Plan, PlacesPointIntoTheSource) {
  dsl::SourceMap sources;
  const dsl::FileId file = sources.Add("p.hpol", "one\ntwo\nthree\n");
  hir::Policy policy = Example();
  policy.raises[0].span = {file, 8, 13};
  const ir::Tables tables = PlanOf(policy, sources);
  const ir::Place& place = tables.classify[3].place;
  EXPECT_EQ(tables.Text(place.file), "p.hpol");
  EXPECT_EQ(place.line, 3u);
  EXPECT_EQ(place.begin, 8u);
  EXPECT_EQ(place.end, 13u);
}

TEST(Plan, DetectorsKeepTheirLengthsAndExceptions) {
  const ir::Tables tables = PlanOf(Example());
  EXPECT_EQ(tables.detectors[0].max_length, 7u);
  EXPECT_TRUE(tables.detectors[0].bounded);
  ASSERT_EQ(tables.detectors[0].exceptions.count, 1u);
  EXPECT_EQ(tables.Text(tables.lists[tables.detectors[0].exceptions.begin]), "mm");
}

}  // namespace
}  // namespace hpol::plan
