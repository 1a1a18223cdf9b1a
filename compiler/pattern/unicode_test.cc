// Names of classes, and rings of letters that are forms of each other.
#include "compiler/pattern/unicode.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace hpol::pattern {
namespace {

bool Has(const std::vector<CodePoints>& ranges, uint32_t code_point) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](CodePoints each) { return each.first <= code_point && code_point <= each.last; });
}

uint64_t Size(const std::vector<CodePoints>& ranges) {
  uint64_t size = 0;
  for (const CodePoints each : ranges) size += each.last - each.first + 1;
  return size;
}

std::set<uint32_t> Forms(uint32_t code_point) {
  std::set<uint32_t> forms = {code_point};
  while (forms.insert(code_point = NextCase(code_point)).second) {
  }
  return forms;
}

TEST(UnicodeTest, EveryNameIsAClassInOrder) {
  const std::vector<std::string_view> names = UnicodeClassNames();
  EXPECT_EQ(names.size(), 161u + 29u + 7u);  // scripts with Common and Inherited, categories, groups of them
  for (const std::string_view name : names) {
    const std::optional<std::vector<CodePoints>> ranges = UnicodeClass(name);
    ASSERT_TRUE(ranges) << name;
    for (size_t i = 0; i < ranges->size(); ++i) {
      EXPECT_LE((*ranges)[i].first, (*ranges)[i].last) << name;
      if (i > 0) {
        EXPECT_GT((*ranges)[i].first, (*ranges)[i - 1].last + 1) << name;
      }
    }
  }
  EXPECT_FALSE(UnicodeClass("Klingon"));
  EXPECT_FALSE(UnicodeClass("han"));
  EXPECT_FALSE(UnicodeClass(""));
  EXPECT_FALSE(UnicodeClass("Cn"));
}

TEST(UnicodeTest, ClassesAreThoseOfUnicode14) {
  EXPECT_EQ(Size(*UnicodeClass("Any")), 0x110000u);
  EXPECT_EQ(Size(*UnicodeClass("Lu")), 1831u);
  EXPECT_EQ(Size(*UnicodeClass("Ll")), 2227u);
  EXPECT_EQ(Size(*UnicodeClass("Nd")), 660u);
  EXPECT_EQ(Size(*UnicodeClass("Han")), 94215u);
  EXPECT_EQ(Size(*UnicodeClass("Latin")), 1475u);
  EXPECT_TRUE(Has(*UnicodeClass("Sc"), 0x20AC));
  EXPECT_TRUE(Has(*UnicodeClass("L"), 0x4E00));
  EXPECT_TRUE(Has(*UnicodeClass("Zs"), 0x3000));
  EXPECT_FALSE(Has(*UnicodeClass("C"), 0x378));  // unassigned
  EXPECT_TRUE(Has(*UnicodeClass("Old_Italic"), 0x10300));
}

TEST(UnicodeTest, FormsOfALetterAreARing) {
  EXPECT_EQ(Forms('k'), (std::set<uint32_t>{'K', 'k', 0x212A}));
  EXPECT_EQ(Forms('S'), (std::set<uint32_t>{'S', 's', 0x17F}));
  EXPECT_EQ(Forms(0xE9), (std::set<uint32_t>{0xC9, 0xE9}));
  EXPECT_EQ(Forms(0x398), (std::set<uint32_t>{0x398, 0x3B8, 0x3D1, 0x3F4}));  // theta
  EXPECT_EQ(Forms(0x3A3), (std::set<uint32_t>{0x3A3, 0x3C2, 0x3C3}));         // both small sigmas
  EXPECT_EQ(Forms(0xDF), (std::set<uint32_t>{0xDF, 0x1E9E}));                 // sharp s; never `ss`
  EXPECT_EQ(Forms(0x130), (std::set<uint32_t>{0x130}));                       // dotted I stands alone
  EXPECT_EQ(Forms('1'), (std::set<uint32_t>{'1'}));
  uint32_t letters = 0;
  for (uint32_t c = 0; c <= kMaxCodePoint; ++c) {
    const uint32_t next = NextCase(c);
    if (next == c) continue;
    ++letters;
    ASSERT_LE(Forms(c).size(), 4u) << c;
    ASSERT_TRUE(Forms(next).contains(c)) << c;
  }
  EXPECT_EQ(letters, 2878u);
}

TEST(UnicodeTest, RangesGoWhereTheirLettersGo) {
  for (const CodePoints range : {CodePoints{0x40, 0x180}, {0x101, 0x101}, {0x139, 0x200}, {0x370, 0x3FF}}) {
    std::vector<CodePoints> found;
    AddNextCases(range, found);
    std::set<uint32_t> expected;
    for (uint32_t c = range.first; c <= range.last; ++c) {
      if (NextCase(c) != c) expected.insert(NextCase(c));
    }
    for (const uint32_t c : expected) EXPECT_TRUE(Has(found, c)) << c;
    for (const CodePoints each : found) {
      for (uint32_t c = each.first; c <= each.last; ++c) {
        EXPECT_TRUE(expected.contains(c) || (c >= range.first && c <= range.last)) << c;
      }
    }
  }
}

}  // namespace
}  // namespace hpol::pattern
