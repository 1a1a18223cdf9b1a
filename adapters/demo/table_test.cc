#include "adapters/demo/table.h"

#include <gtest/gtest.h>

namespace hpol::demo {
namespace {

TEST(DisplayWidth, CountsColumnsNotBytes) {
  EXPECT_EQ(DisplayWidth("abc"), 3u);
  EXPECT_EQ(DisplayWidth("µs"), 2u);
  EXPECT_EQ(DisplayWidth("夜鹰"), 4u);
  EXPECT_EQ(DisplayWidth("\xff\xe5"), 2u);
}

TEST(Render, AlignsColumns) {
  EXPECT_EQ(Render({{"a", "b"}, {{{"夜鹰"}, {"x"}}, {{"1"}, {"2"}}}}, 80, false),
            "a     b\n────  ─\n夜鹰  x\n1     2\n");
}

TEST(Render, WrapsAtWordsToFit) {
  EXPECT_EQ(Render({{"a", "b"}, {{{"one two three"}, {"x"}}}}, 11, false),
            "a         b\n────────  ─\none two   x\nthree\n");
}

TEST(Render, ColorsOnlyWhenTold) {
  const Table table{{"a"}, {{{"x", Color::kRed}}}};
  EXPECT_EQ(Render(table, 80, false).find('\033'), std::string::npos);
  EXPECT_NE(Render(table, 80, true).find("\033[31mx\033[0m"), std::string::npos);
}

}  // namespace
}  // namespace hpol::demo
