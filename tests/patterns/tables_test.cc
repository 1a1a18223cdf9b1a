// The tables of Unicode, wherever a class or a letter's forms could be one off: beside RE2's own.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "compiler/pattern/unicode.h"
#include "runtime/text/fold.h"
#include "tests/patterns/peer.h"

namespace hpol::patterns {
namespace {

using pattern::CodePoints;

std::string Utf8(uint32_t code_point) {
  char bytes[4];
  return {bytes, text::EncodeUtf8(code_point, bytes)};
}

bool IsText(uint32_t c) { return c <= pattern::kMaxCodePoint && (c < 0xD800 || c > 0xDFFF); }

bool Has(const std::vector<CodePoints>& ranges, uint32_t c) {
  const auto after = std::upper_bound(ranges.begin(), ranges.end(), c,
                                      [](uint32_t value, CodePoints range) { return value < range.first; });
  return after != ranges.begin() && c <= std::prev(after)->last;
}

TEST(Tables, ClassesAreThoseOfRe2) {
  if (!Peer::Installed()) GTEST_SKIP() << "RE2 is not installed (libre2-dev)";
  // Both ends of every range of every class.
  std::set<uint32_t> places;
  for (const std::string_view name : pattern::UnicodeClassNames()) {
    const std::vector<CodePoints> ranges = *pattern::UnicodeClass(name);
    for (const CodePoints range : ranges) {
      for (const uint32_t c : {range.first - 1, range.first, range.last, range.last + 1})
        if (IsText(c) && IsAssigned(c)) places.insert(c);
    }
  }
  std::vector<std::string> texts;
  for (const uint32_t c : places) texts.push_back(Utf8(c));
  for (const std::string_view name : pattern::UnicodeClassNames()) {
    const std::vector<CodePoints> ranges = *pattern::UnicodeClass(name);
    const std::unique_ptr<Peer> peer = Peer::Make("\\p{" + std::string(name) + "}", false);
    ASSERT_NE(peer, nullptr) << name;
    size_t i = 0;
    for (const uint32_t c : places) ASSERT_EQ(peer->IsWhole(texts[i++]), Has(ranges, c)) << name << " " << c;
  }
}

TEST(Tables, FormsOfLettersAreThoseOfRe2) {
  if (!Peer::Installed()) GTEST_SKIP() << "RE2 is not installed (libre2-dev)";
  const CodePoints blocks[] = {{0x20, 0x5FF},      {0x10A0, 0x10FF},   {0x13A0, 0x13FF},   {0x1C80, 0x1CBF},
                               {0x1D70, 0x1DFF},   {0x1E00, 0x21FF},   {0x24B0, 0x24EF},   {0x2C00, 0x2D2F},
                               {0xA640, 0xA7FF},   {0xAB30, 0xABBF},   {0xFB00, 0xFB17},   {0xFF20, 0xFF5F},
                               {0x10400, 0x105FF}, {0x10C80, 0x10CFF}, {0x118A0, 0x118DF}, {0x16E40, 0x16E7F},
                               {0x1E900, 0x1E94F}};
  // Where other forms could be: the distances that case has in Unicode.
  const int32_t kDistances[] = {-80, -64, -48, -40, -37, -32, -28, -26, -16, -8, -2, -1,
                                1,   2,   8,   16,  26,  28,  32,  37,  40,  48, 64, 80};
  for (const CodePoints block : blocks) {
    for (uint32_t c = block.first; c <= block.last; ++c) {
      std::set<uint32_t> forms = {c};
      for (uint32_t next = pattern::NextCase(c); next != c; next = pattern::NextCase(next))
        forms.insert(next);
      char hex[16];
      std::snprintf(hex, sizeof hex, "\\x{%X}", c);
      const std::unique_ptr<Peer> peer = Peer::Make(hex, true);
      ASSERT_NE(peer, nullptr) << hex;
      for (const uint32_t form : forms) ASSERT_TRUE(peer->IsWhole(Utf8(form))) << hex << " " << form;
      for (const int32_t distance : kDistances) {
        const auto other = static_cast<uint32_t>(static_cast<int32_t>(c) + distance);
        if (!IsText(other)) continue;
        ASSERT_EQ(peer->IsWhole(Utf8(other)), forms.contains(other)) << hex << " " << other;
      }
    }
  }
}

}  // namespace
}  // namespace hpol::patterns
