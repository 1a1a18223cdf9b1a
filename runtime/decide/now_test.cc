#include <gtest/gtest.h>

#include "runtime/decide/hand_policy_for_test.h"

namespace hpol {
namespace {

using hand::Policy;

// Two targets behind one rule, with a limit and a gate on the first.
class NowTest : public testing::Test {
 protected:
  NowTest() {
    home_ = policy_.Target("home", Policy::kPrivate, hand::kTop);
    cloud_ = policy_.Target("cloud", Policy::kCloud, hand::kPublic);
    policy_.Classify(hand::Always(), hand::kPublic);
    policy_.Send(hand::Always(), {policy_.Candidate(home_), policy_.Candidate(cloud_)});
  }

  Availability Now(size_t index, const RunState& state) {
    const std::shared_ptr<const Engine> engine = policy_.Make();
    Scratch scratch;
    Request request;
    request.body = "hello";
    return engine->Now(index, engine->Decide(request, scratch), state);
  }

  void AddGate(ir::Gate gate, ir::GaugeLimit limit) {
    policy_.tables().gauges = {limit};
    policy_.tables().gates = {gate, {}};
    policy_.tables().route[0].gates = {0, 2};
  }

  Policy policy_;
  uint32_t home_ = 0;
  uint32_t cloud_ = 0;
};

TEST_F(NowTest, ATargetThatIsDownIsSkipped) {
  const TargetState states[] = {{.up = false}, {}};
  EXPECT_EQ(Now(0, {.targets = states}), Availability::kDown);
  EXPECT_EQ(Now(1, {.targets = states}), Availability::kUsable);
  EXPECT_EQ(Now(2, {.targets = states}), Availability::kNoCandidate);
  EXPECT_EQ(Now(1, {}), Availability::kUsable);
}

TEST_F(NowTest, AnUnknownLoadReachesNothing) {
  AddGate({.until = {0, 1}}, {Gauge::kLoad, false, 900'000});
  const TargetState busy[] = {{.load = 900'001}};
  const TargetState full[] = {{.load = 900'000}};
  EXPECT_EQ(Now(0, {.targets = busy}), Availability::kGauge);
  EXPECT_EQ(Now(0, {.targets = full}), Availability::kUsable);
  EXPECT_EQ(Now(0, {}), Availability::kUsable);
}

TEST_F(NowTest, LowHealthEndsAStep) {
  AddGate({.until = {0, 1}}, {Gauge::kHealth, true, 500'000});
  const TargetState ill[] = {{.health = 500'000}};
  const TargetState well[] = {{.health = 500'001}};
  EXPECT_EQ(Now(0, {.targets = ill}), Availability::kGauge);
  EXPECT_EQ(Now(0, {.targets = well}), Availability::kUsable);
}

TEST_F(NowTest, AnUnknownBudgetIsExhaustedForUntrustedZones) {
  policy_.tables().limits.push_back({});
  const int64_t left[] = {1};
  const int64_t none[] = {0};
  EXPECT_EQ(Now(0, {}), Availability::kUsable);
  EXPECT_EQ(Now(1, {}), Availability::kLimit);
  EXPECT_EQ(Now(1, {.left = left}), Availability::kUsable);
  EXPECT_EQ(Now(0, {.left = none}), Availability::kLimit);
  policy_.tables().limits[0].only = Policy::kPrivate;
  EXPECT_EQ(Now(0, {.left = none}), Availability::kUsable);
  EXPECT_EQ(Now(1, {.left = none}), Availability::kLimit);
}

TEST_F(NowTest, AStepIsBoundToItsHours) {
  policy_.tables().windows = {{1, 8 * 60, 18 * 60}};
  policy_.tables().schedules = {{0, {}, {0, 1}}};
  AddGate({.until = {}, .schedule = 0}, {});
  constexpr int64_t kMonday9 = 1767603600;  // 2026-01-05T09:00Z
  EXPECT_EQ(Now(0, {.now = kMonday9}), Availability::kUsable);
  EXPECT_EQ(Now(0, {.now = kMonday9 + 10 * 3600}), Availability::kSchedule);
  EXPECT_EQ(Now(0, {}), Availability::kSchedule);
  policy_.tables().gates[0].outside = true;
  EXPECT_EQ(Now(0, {.now = kMonday9}), Availability::kSchedule);
  EXPECT_EQ(Now(0, {.now = kMonday9 + 10 * 3600}), Availability::kUsable);
  EXPECT_EQ(Now(0, {}), Availability::kSchedule);
}

}  // namespace
}  // namespace hpol
