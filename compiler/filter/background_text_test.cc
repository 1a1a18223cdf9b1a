// Generated text is the same everywhere, well formed, and near the statistics of real text. The bands
// are round the rates of a 12 MB mix of prose, subtitles, documentation, code and JSON, in brackets.
#include "compiler/filter/background_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <functional>
#include <string_view>

namespace hpol::filter {
namespace {

constexpr size_t kBackgroundBytes = size_t{256} * 1024;

const std::string& Text() {
  static const std::string text = BackgroundText();
  return text;
}

double PerKilobyte(size_t count) {
  return static_cast<double>(count) * 1024 / static_cast<double>(Text().size());
}

double Rate(const std::function<bool(unsigned char)>& in) {
  return PerKilobyte(static_cast<size_t>(std::count_if(Text().begin(), Text().end(), in)));
}

double Rate(char byte) {
  return Rate([byte](unsigned char c) { return c == static_cast<unsigned char>(byte); });
}

// Occurrences may overlap; upper case is lower case.
double Rate(std::string_view word) {
  std::string text = Text();
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  size_t count = 0;
  for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++count;
  return PerKilobyte(count);
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsUtf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const size_t more = lead < 0x80 ? 0 : lead < 0xc2 ? 9 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 9;
    if (i + more >= text.size()) return false;
    for (size_t k = 1; k <= more; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80) return false;
    }
    i += more + 1;
  }
  return true;
}

// The digits of the number that begins at `at`, single blanks and dashes inside left out.
std::string NumberAt(std::string_view text, size_t at) {
  std::string digits;
  for (size_t i = at; i < text.size(); ++i) {
    if (IsDigit(text[i])) {
      digits += text[i];
    } else if ((text[i] != ' ' && text[i] != '-') || i + 1 >= text.size() || !IsDigit(text[i + 1])) {
      break;
    }
  }
  return digits;
}

bool PassesLuhn(std::string_view digits) {
  int sum = 0;
  for (size_t i = 0; i < digits.size(); ++i) {
    const int value = digits[digits.size() - 1 - i] - '0';
    sum += i % 2 == 0 ? value : value * 2 - (value > 4 ? 9 : 0);
  }
  return sum % 10 == 0;
}

TEST(BackgroundTextTest, IsTheSameEveryTime) {
  EXPECT_EQ(BackgroundText(), Text());
  EXPECT_EQ(Text().size(), kBackgroundBytes);
  EXPECT_EQ(GenerateText(TextKind::kMail, 777, 5), GenerateText(TextKind::kMail, 777, 5));
  EXPECT_NE(GenerateText(TextKind::kMail, 777, 5), GenerateText(TextKind::kMail, 777, 6));
}

// FNV-1a of the background: filters, and with them artifacts, are chosen by it, so that a
// compiler or a library that changes it must be seen.
TEST(BackgroundTextTest, IsTheSameOnEveryMachine) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : Text()) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  EXPECT_EQ(hash, 0xd57e9a40e5126bd6u);
}

TEST(BackgroundTextTest, EveryKindHasTheSizeAskedForAndIsUtf8) {
  for (size_t kind = 0; kind < kTextKinds; ++kind) {
    for (uint64_t seed = 0; seed < 40; ++seed) {
      const size_t bytes = seed * 37;
      const std::string text = GenerateText(static_cast<TextKind>(kind), bytes, seed);
      ASSERT_EQ(text.size(), bytes);
      EXPECT_TRUE(IsUtf8(text)) << "kind " << kind << " seed " << seed;
    }
  }
}

TEST(BackgroundTextTest, HundredPiecesHoldEveryKind) {
  std::array<int, kTextKinds> pieces{};
  for (uint64_t index = 0; index < 100; ++index) ++pieces[static_cast<size_t>(MixedKind(index))];
  for (const int count : pieces) EXPECT_GT(count, 0);
}

struct Band {
  double low, high;
};

void ExpectWithin(double rate, Band band, std::string_view what) {
  EXPECT_GE(rate, band.low) << what;
  EXPECT_LE(rate, band.high) << what;
}

TEST(BackgroundTextTest, BytesAreAsFrequentAsInRealText) {
  ExpectWithin(Rate([](unsigned char c) { return std::isdigit(c) != 0; }), {12, 19}, "digits (15.5)");
  ExpectWithin(Rate([](unsigned char c) { return c >= 'A' && c <= 'Z'; }), {40, 60}, "upper case (50)");
  ExpectWithin(Rate([](unsigned char c) { return c >= 'a' && c <= 'z'; }), {600, 660}, "lower case (630)");
  ExpectWithin(Rate([](unsigned char c) { return c >= 128; }), {40, 70}, "other scripts (56)");
  ExpectWithin(Rate(' '), {150, 180}, "blanks (165)");
  ExpectWithin(Rate('\n'), {24, 32}, "line ends (28)");
  ExpectWithin(Rate('-'), {6.5, 11.5}, "- (8.1)");
  ExpectWithin(Rate('.'), {13, 19}, ". (15.8)");
  ExpectWithin(Rate(':'), {2, 4.5}, ": (2.7)");
  ExpectWithin(Rate('/'), {1.6, 3}, "/ (2.4)");
  ExpectWithin(Rate('@'), {0.12, 0.45}, "@ (0.29)");
  ExpectWithin(Rate('_'), {2.3, 5}, "_ (3.3)");
}

TEST(BackgroundTextTest, PairsAreAsFrequentAsInRealText) {
  ExpectWithin(Rate("::"), {0.05, 0.5}, ":: (0.11)");
  ExpectWithin(Rate("->"), {0.2, 0.8}, "-> (0.49)");
  ExpectWithin(Rate("0x"), {0.3, 1.5}, "0x (0.52)");
  ExpectWithin(Rate("\r\n"), {2, 5}, "CRLF (3.9)");
  ExpectWithin(Rate("-----"), {0.4, 2.5}, "rulers (0.9)");
}

TEST(BackgroundTextTest, LettersComeInEnglishOrder) {
  ExpectWithin(Rate("that"), {1.4, 2.6}, "that (1.98)");
  ExpectWithin(Rate("tion"), {1.4, 2.6}, "tion (1.94)");
  ExpectWithin(Rate("ther"), {0.8, 1.6}, "ther (1.18)");
  ExpectWithin(Rate("with"), {0.8, 1.6}, "with (1.15)");
  ExpectWithin(Rate("this"), {0.7, 1.5}, "this (1.06)");
  ExpectWithin(Rate("ment"), {0.5, 1.1}, "ment (0.78)");
  ExpectWithin(Rate("what"), {0.5, 1.1}, "what (0.71)");
}

TEST(BackgroundTextTest, HoldsNoIdentifiers) {
  const std::string_view text = Text();
  for (size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '@' && std::isalnum(static_cast<unsigned char>(text[i - 1])) != 0) {
      size_t end = i + 1;
      while (end < text.size() &&
             (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '-'))
        ++end;
      EXPECT_FALSE(end < text.size() && text[end] == '.') << "e-mail address at " << i;
    }
    if (!IsDigit(text[i]) || IsDigit(text[i - 1])) continue;
    const std::string digits = NumberAt(text, i);
    EXPECT_NE(digits.size(), 9u) << "account number " << digits;
    EXPECT_FALSE(digits.size() >= 13 && PassesLuhn(digits)) << "card number " << digits;
  }
}

}  // namespace
}  // namespace hpol::filter
