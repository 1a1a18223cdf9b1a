#include "runtime/redact/forms.h"

#include <gtest/gtest.h>

namespace hpol::redact {
namespace {

TEST(Forms, DatesMoveAndKeepTheirForm) {
  EXPECT_EQ(Shifted("2024-02-28", 2), "2024-03-01");
  EXPECT_EQ(Shifted("2023-02-28", 2), "2023-03-02");
  EXPECT_EQ(Shifted("2024/3/1", -1), "2024/2/29");
  EXPECT_EQ(Shifted("31.12.1999", 1), "01.01.2000");
  EXPECT_EQ(Shifted("03.04.1999", 1), "04.04.1999");  // dots: the day stands first
  EXPECT_EQ(Shifted("25/03/2024", 7), "01/04/2024");
  EXPECT_EQ(Shifted("03/25/2024", 7), "04/01/2024");
  for (const char* text : {"03/04/2024", "2024-02-30", "2024-13-01", "24-03-01", "1799-01-01", "2024-03",
                           "2024-03/01", "2024-03-01x", "", "a", "2024:03:01", "0x-1-2024", "12345-01-01"})
    EXPECT_EQ(Shifted(text, 1), std::nullopt) << text;
}

TEST(Forms, GeneralForms) {
  EXPECT_EQ(General("1984-07-02"), "1984");
  EXPECT_EQ(General("02.07.1984"), "1984");
  EXPECT_EQ(General("192.0.2.77"), "192.0.2.0/24");
  for (const char* text : {"jane@example.net", "192.0.2.256", "1.2.3", "4539 1488 0343 6467", ""})
    EXPECT_EQ(General(text), std::nullopt) << text;
}

TEST(Forms, DigitsInTheirPlaces) {
  EXPECT_EQ(DigitsOf("a-12 3"), (std::vector<uint32_t>{1, 2, 3}));
  EXPECT_EQ(WithDigits("a-12 3", {9, 8, 7}), "a-98 7");
}

}  // namespace
}  // namespace hpol::redact
