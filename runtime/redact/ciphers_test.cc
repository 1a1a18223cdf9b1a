// FF1 against the samples that NIST published with SP 800-38G.
#include "runtime/redact/ciphers.h"

#include <gtest/gtest.h>

#include <random>

namespace hpol::redact {
namespace {

std::string FromHex(std::string_view hex) {
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  return bytes;
}
std::vector<uint32_t> Digits(std::string_view text) {
  std::vector<uint32_t> digits;
  for (const char c : text) digits.push_back(static_cast<uint32_t>(c <= '9' ? c - '0' : c - 'a' + 10));
  return digits;
}

TEST(Ff1, ThePublishedSamples) {
  const std::string k128 = "2B7E151628AED2A6ABF7158809CF4F3C";
  const std::string k192 = k128 + "EF4359D8D580AA4F";
  const std::string k256 = k192 + "7F036D6F04FC6A94";
  const std::string ten = "39383736353433323130";
  const std::string eleven = "3737373770717273373737";
  const std::string letters = "0123456789abcdefghi";
  const struct {
    std::string key, tweak;
    uint32_t radix;
    std::string plain, sealed;
  } samples[] = {
      {k128, "", 10, "0123456789", "2433477484"},         {k128, ten, 10, "0123456789", "6124200773"},
      {k128, eleven, 36, letters, "a9tv40mll9kdu509eum"}, {k192, "", 10, "0123456789", "2830668132"},
      {k192, ten, 10, "0123456789", "2496655549"},        {k192, eleven, 36, letters, "xbj3kv35jrawxv32ysr"},
      {k256, "", 10, "0123456789", "6657667009"},         {k256, ten, 10, "0123456789", "1001623463"},
      {k256, eleven, 36, letters, "xs8a0azh2avyalyzuwd"},
  };
  for (const auto& sample : samples) {
    std::vector<uint32_t> digits = Digits(sample.plain);
    ASSERT_TRUE(Ff1Encrypt(FromHex(sample.key), FromHex(sample.tweak), sample.radix, digits));
    EXPECT_EQ(digits, Digits(sample.sealed)) << sample.sealed;
    ASSERT_TRUE(Ff1Decrypt(FromHex(sample.key), FromHex(sample.tweak), sample.radix, digits));
    EXPECT_EQ(digits, Digits(sample.plain)) << sample.sealed;
  }
}

TEST(Ff1, NothingBelowAMillionValues) {
  const std::string key(16, 'k');
  for (size_t size = 0; size < 40; ++size) {
    std::vector<uint32_t> digits(size, 3);
    EXPECT_EQ(Ff1Encrypt(key, "", 10, digits), size >= 6 && size <= 36) << size;
    if (size < 6) {
      EXPECT_EQ(digits, std::vector<uint32_t>(size, 3));
    }
  }
  std::vector<uint32_t> digits(10, 1);
  EXPECT_FALSE(Ff1Encrypt("short", "", 10, digits));
}

TEST(Ff1, BackAgainAtEveryLength) {
  std::mt19937_64 random(1);
  const std::string key(32, 'k');
  for (size_t size = 6; size <= 36; ++size) {
    std::vector<uint32_t> digits(size);
    for (uint32_t& digit : digits) digit = static_cast<uint32_t>(random() % 10);
    const std::vector<uint32_t> plain = digits;
    ASSERT_TRUE(Ff1Encrypt(key, "tweak", 10, digits));
    EXPECT_NE(digits, plain);
    ASSERT_TRUE(Ff1Decrypt(key, "tweak", 10, digits));
    EXPECT_EQ(digits, plain);
  }
}

TEST(Siv, EqualValuesAreEqualUnderOneKeyAndContext) {
  // Deterministic, bound to its context, and a different value differs from the first byte on.
  const std::string key(64, 'k');
  std::string a, b, c, d;
  ASSERT_TRUE(SivEncrypt(key, "one", "value", a));
  ASSERT_TRUE(SivEncrypt(key, "one", "value", b));
  ASSERT_TRUE(SivEncrypt(key, "two", "value", c));
  ASSERT_TRUE(SivEncrypt(key, "one", "valuf", d));
  EXPECT_EQ(a, b);
  EXPECT_NE(a.substr(0, 16), c.substr(0, 16));
  EXPECT_NE(a.substr(0, 16), d.substr(0, 16));
  EXPECT_EQ(a.size(), 16u + 5u);
  EXPECT_FALSE(SivEncrypt("short", "one", "value", a));
}

}  // namespace
}  // namespace hpol::redact
