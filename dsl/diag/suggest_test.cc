#include "dsl/diag/suggest.h"

#include <gtest/gtest.h>

namespace hpol::dsl {
namespace {

TEST(EditDistance, CountsSlips) {
  struct Row {
    const char* a;
    const char* b;
    size_t distance;
  };
  const Row rows[] = {
      {"phi", "phi", 0},
      {"phy", "phi", 1},
      {"rais", "raise", 1},
      {"raies", "raise", 1},
      {"Raise", "raise", 0},
      {"wehn", "when", 1},
      {"confidental", "confidential", 1},
      {"", "abc", 3},
      {"kitten", "sitting", 3},
      {"abcdef", "", 4 + 1},
  };
  for (const Row& row : rows) EXPECT_EQ(EditDistance(row.a, row.b, 4), row.distance) << row.a << " " << row.b;
}

TEST(EditDistance, NeverLooksAtEndlessNames) {
  EXPECT_EQ(EditDistance(std::string(100000, 'a'), std::string(100000, 'a'), 3), 4u);
}

TEST(Suggest, TakesTheNearestThatIsNearEnough) {
  const std::vector<std::string> names = {"phone",  "phi",         "pii",        "email",
                                          "us_ssn", "credit_card", "secrets.any"};
  EXPECT_EQ(Suggest("phy", names), "phi");
  EXPECT_EQ(Suggest("emial", names), "email");
  EXPECT_EQ(Suggest("creditcard", names), "credit_card");
  EXPECT_EQ(Suggest("us_snn", names), "us_ssn");
  EXPECT_EQ(Suggest("any", names), "secrets.any");
  EXPECT_EQ(Suggest("zebra", names), std::nullopt);
  EXPECT_EQ(Suggest("x", names), std::nullopt);
  EXPECT_EQ(Suggest("", names), std::nullopt);
}

TEST(Suggest, ShortWordsMustBeNearlyRight) {
  const std::vector<std::string> names = {"or", "in", "and"};
  EXPECT_EQ(Suggest("ro", names), "or");
  EXPECT_EQ(Suggest("OR", names), "or");
  EXPECT_EQ(Suggest("adn", names), "and");
  EXPECT_EQ(Suggest("on", names), std::nullopt);
}

TEST(DidYouMean, IsReadyToPrint) {
  const std::vector<std::string> names = {"phi"};
  EXPECT_EQ(DidYouMean("phy", names), "did you mean `phi`?");
  EXPECT_EQ(DidYouMean("internal", names), "");
}

}  // namespace
}  // namespace hpol::dsl
