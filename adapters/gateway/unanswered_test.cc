#include "adapters/gateway/unanswered.h"

#include <gtest/gtest.h>

namespace hpol::gateway {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string Code(const Reply& reply) { return reply.fault ? reply.fault->code : ""; }

TEST(Unanswered, NobodyIsCleared) {
  Unanswered unanswered;
  unanswered.NotAllowed();
  unanswered.NotAllowed();
  EXPECT_EQ(Code(unanswered.Explain(2)), "policy_not_cleared");
  EXPECT_EQ(unanswered.Explain(2).status, 403);
  // One that was passed over may be back soon.
  EXPECT_EQ(unanswered.Explain(3).status, 503);
}

TEST(Unanswered, LimitsAreToldWithTheLongestPause) {
  Unanswered unanswered;
  unanswered.Failed(Failure::kLimited, seconds(7));
  unanswered.AllKeysRest(seconds(3));
  const Reply reply = unanswered.Explain(2);
  EXPECT_EQ(reply.status, 429);
  EXPECT_EQ(Code(reply), "rate_limited");
  EXPECT_NE(reply.fields.find("retry-after: 7\r\n"), std::string::npos) << reply.fields;
  Unanswered other;
  other.AllKeysRest(milliseconds(-5));
  EXPECT_NE(other.Explain(1).fields.find("retry-after: 1\r\n"), std::string::npos);
}

TEST(Unanswered, MoneyIsToldOnlyWhenNothingElseHelps) {
  Unanswered unanswered;
  unanswered.Failed(Failure::kSpent, milliseconds(0));
  const Reply reply = unanswered.Explain(1);
  EXPECT_EQ(Code(reply), "spend_limit_reached");
  EXPECT_EQ(reply.fields.find("retry-after"), std::string::npos);
  EXPECT_NE(reply.fields.find("x-should-retry: false"), std::string::npos);
  unanswered.Failed(Failure::kLimited, seconds(2));
  EXPECT_EQ(Code(unanswered.Explain(2)), "rate_limited");
  unanswered.Failed(Failure::kTimeout, milliseconds(0));
  EXPECT_EQ(unanswered.Explain(3).status, 503);
}

TEST(Unanswered, WhatCannotBeTranslatedIsToldLast) {
  Unanswered unanswered;
  unanswered.Untranslatable("`logprobs` has no counterpart");
  const Reply reply = unanswered.Explain(1);
  EXPECT_EQ(reply.status, 400);
  ASSERT_TRUE(reply.fault);
  EXPECT_EQ(reply.fault->message, "`logprobs` has no counterpart");
  unanswered.Failed(Failure::kStale, milliseconds(0));  // a kept connection: no failure of the target
  EXPECT_EQ(unanswered.Explain(1).status, 400);
  unanswered.Failed(Failure::kKey, milliseconds(0));
  EXPECT_EQ(unanswered.Explain(2).status, 503);
}

}  // namespace
}  // namespace hpol::gateway
