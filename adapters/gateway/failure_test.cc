#include "adapters/gateway/failure.h"

#include <gtest/gtest.h>

namespace hpol::gateway {
namespace {

TEST(Failure, StatusesAndWhatMayBeTriedAfterThem) {
  EXPECT_EQ(FailureOfStatus(200), Failure::kNone);
  EXPECT_EQ(FailureOfStatus(204), Failure::kGarbage);
  EXPECT_EQ(FailureOfStatus(307), Failure::kRedirect);
  EXPECT_EQ(FailureOfStatus(400), Failure::kRefused);
  for (const int status : {401, 403, 407}) {
    EXPECT_EQ(RetryAfter(FailureOfStatus(status)), Retry::kOtherKey) << status;
  }
  EXPECT_EQ(RetryAfter(FailureOfStatus(429)), Retry::kOtherKey);
  for (const int status : {408, 500, 529, 599}) {
    EXPECT_EQ(RetryAfter(FailureOfStatus(status)), Retry::kSameKey) << status;
  }
  EXPECT_EQ(RetryAfter(Failure::kStale), Retry::kNewWire);
  EXPECT_EQ(RetryAfter(Failure::kRefused), Retry::kNever);
}

TEST(Failure, A429MayBeAboutMoney) {
  EXPECT_EQ(FailureOfLimit(R"({"error":{"code":"insufficient_quota"}})"), Failure::kSpent);
  EXPECT_EQ(FailureOfLimit(R"({"error":{"code":"rate_limit_exceeded"}})"), Failure::kLimited);
  EXPECT_EQ(FailureOfLimit(""), Failure::kLimited);
  EXPECT_EQ(RetryAfter(Failure::kSpent), Retry::kNever);
}

}  // namespace
}  // namespace hpol::gateway
