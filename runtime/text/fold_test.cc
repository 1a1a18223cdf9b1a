#include "runtime/text/fold.h"

#include <gtest/gtest.h>

#include <string>

namespace hpol::text {
namespace {

TEST(Fold, TableRows) {
  const struct {
    char32_t code;
    int expected;
  } cases[] = {{U'a', kKeep},   {U'5', kKeep},   {U'\\', kKeep},     {0xff15, '5'},    {0xff21, 'A'},
               {0xff20, '@'},   {0xff0d, '-'},   {0xff5e, '~'},      {0xff5f, kKeep},  {0x3000, ' '},
               {0x665, '5'},    {0x6f9, '9'},    {0x66a, kKeep},     {0x1d7ce, '0'},   {0x1d7ff, '9'},
               {0x1d7d3, '5'},  {0x2011, '-'},   {0x2013, '-'},      {0x2212, '-'},    {0xa0, ' '},
               {0x2009, ' '},   {0x200b, kDrop}, {0x200d, kDrop},    {0xad, kDrop},    {0x202e, kDrop},
               {0x2060, kDrop}, {0xfeff, kDrop}, {0xfe0f, kDrop},    {0xe0035, kDrop}, {0x61c, kDrop},
               {0x180e, kDrop}, {0x34f, kDrop},  {0x4e00, kKeep},    {0xe9, kKeep},    {0x10ffff, kKeep},
               {0x17f, 's'},    {0x212a, 'K'},   {0xffffffff, kKeep}};
  for (const auto& c : cases)
    EXPECT_EQ(FoldCodePoint(c.code), c.expected) << std::hex << static_cast<uint32_t>(c.code);
  EXPECT_EQ(FoldCodePoint(0x212a, Steps().Without(Step::kLetterForms)), kKeep);
}

TEST(Fold, DecodeAndEncodeAreInverse) {
  for (char32_t code = 0; code <= 0x10ffff; code += code < 0x3000 ? 1 : 37) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    char bytes[4];
    const uint32_t size = EncodeUtf8(code, bytes);
    const Decoded decoded = DecodeUtf8({bytes, size}, 0);
    ASSERT_TRUE(decoded.valid);
    ASSERT_EQ(decoded.code, code);
    ASSERT_EQ(decoded.size, size);
  }
}

TEST(Fold, IllFormedBytesStandAlone) {
  for (const std::string text : {"\x80", "\xc3", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80",
                                 "\xf4\x90\x80\x80", "\xff", "\xe2\x80", "\xf0\x9f\x98"}) {
    const Decoded decoded = DecodeUtf8(text, 0);
    EXPECT_FALSE(decoded.valid);
    EXPECT_EQ(decoded.size, 1u);
  }
}

}  // namespace
}  // namespace hpol::text
