#include "adapters/gateway/key_ring.h"

#include <gtest/gtest.h>

namespace hpol::gateway {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const KeyRing::Clock::time_point kNow{seconds(1'000'000)};

TEST(KeyRing, WithoutCredentialsThereIsOneTry) {
  KeyRing ring(0);
  EXPECT_EQ(ring.Pick(kNow, {}), KeyRing::kNoKey);
  EXPECT_EQ(ring.Pick(kNow, {KeyRing::kNoKey}), std::nullopt);
  ring.Learn(KeyRing::kNoKey, Failure::kLimited, seconds(5), kNow);
  EXPECT_EQ(ring.Pick(kNow, {}), KeyRing::kNoKey);
}

TEST(KeyRing, ARefusedKeyRestsWhileOthersServe) {
  KeyRing ring(2);
  EXPECT_EQ(ring.Pick(kNow, {}), 0u);
  EXPECT_EQ(ring.Pick(kNow, {0}), 1u);
  ring.Learn(0, Failure::kKey, milliseconds(0), kNow);
  EXPECT_EQ(ring.Pick(kNow, {}), 1u);
  ring.Learn(1, Failure::kSpent, milliseconds(0), kNow);
  EXPECT_EQ(ring.Pick(kNow, {}), std::nullopt);
  EXPECT_EQ(ring.Until(), kNow + seconds(60));
  EXPECT_EQ(ring.Pick(kNow + seconds(59), {}), std::nullopt);
  EXPECT_EQ(ring.Pick(kNow + seconds(60), {}), 0u);
  EXPECT_EQ(ring.Pick(kNow + seconds(600), {0}), 1u);
}

TEST(KeyRing, TheOnlyKeyRestsOnlyWhenItIsAskedTo) {
  KeyRing ring(1);
  ring.Learn(0, Failure::kKey, milliseconds(0), kNow);
  ring.Learn(0, Failure::kSpent, milliseconds(0), kNow);
  ring.Learn(0, Failure::kLimited, milliseconds(0), kNow);
  EXPECT_EQ(ring.Pick(kNow, {}), 0u);
  ring.Learn(0, Failure::kLimited, milliseconds(10), kNow);
  EXPECT_EQ(ring.Until(), kNow + seconds(1));  // at least
  ring.Learn(0, Failure::kLimited, seconds(3'000), kNow);
  EXPECT_EQ(ring.Until(), kNow + seconds(60));  // at most
}

TEST(KeyRing, OtherFailuresSayNothingOfAKey) {
  KeyRing ring(2);
  for (const Failure failure : {Failure::kTimeout, Failure::kStatus, Failure::kLost, Failure::kGarbage,
                                Failure::kRefused, Failure::kConnect}) {
    ring.Learn(0, failure, seconds(5), kNow);
    EXPECT_EQ(ring.Pick(kNow, {}), 0u) << FailureName(failure);
  }
}

}  // namespace
}  // namespace hpol::gateway
