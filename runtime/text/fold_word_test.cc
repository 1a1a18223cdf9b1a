// What becomes of words of a policy.
#include "runtime/text/fold_word.h"

#include <gtest/gtest.h>

namespace hpol::text {
namespace {

TEST(FoldWord, IsReadAsTextsAre) {
  EXPECT_EQ(FoldWord("Nightjar"), "Nightjar");
  EXPECT_EQ(FoldWord("\uff2e\uff49\uff47\uff48\uff54"), "Night");
  EXPECT_EQ(FoldWord("X\u2013\u0661"), "X-1");
  EXPECT_EQ(FoldWord("a\u00a0b\u200b"), "a b");
  EXPECT_EQ(FoldWord("\u200b\u00ad"), "");
  EXPECT_EQ(FoldWord("\u017f\u212a"), "sK");
  EXPECT_EQ(FoldWord("夜鹰计划 O\u2019Neil"), "夜鹰计划 O\u2019Neil");
  EXPECT_EQ(FoldWord("cafe\u0301"), "cafe\u0301");
}

TEST(FoldWord, KeepsWhatOnlyLooksLikeAnEscape) {
  EXPECT_EQ(FoldWord("\\u0041"), "\\u0041");
  EXPECT_EQ(FoldText("\\u0041"), "A");
}

TEST(FoldWord, WidensLettersAndNothingElse) {
  EXPECT_EQ(WidenWord("\ufb01nance"), "finance");
  EXPECT_EQ(WidenWord("\U0001d400pollo"), "Apollo");
  EXPECT_EQ(WidenWord("\u4e00\u4e8c"), "\u4e00\u4e8c");  // 123 would be found everywhere
  EXPECT_EQ(WidenWord("\u2460 1  -  2"), "\u2460 1  -  2");
  EXPECT_EQ(WidenWord("cafe\u0301"), "cafe\u0301");
}

TEST(FoldWord, KnowsUtf8) {
  EXPECT_TRUE(IsUtf8(""));
  EXPECT_TRUE(IsUtf8("夜é"));
  EXPECT_FALSE(IsUtf8("a\xe9"));
}

}  // namespace
}  // namespace hpol::text
