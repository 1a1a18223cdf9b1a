// Addresses of blockchains: Base58Check, Bech32, EIP-55. The two digests are written out here for inputs of
// one block, so that validators depend on nothing and allocate nothing. Doors: checks.h.
#include <array>
#include <cstdint>

#include "runtime/detect/checks.h"

namespace hpol::detect {
namespace {

uint32_t Right(uint32_t value, int bits) { return (value >> bits) | (value << (32 - bits)); }

// FIPS 180-4, of at most 55 bytes.
std::array<uint8_t, 32> Sha256OfOneBlock(const uint8_t* bytes, size_t size) {
  static constexpr std::array<uint32_t, 64> kRounds = {
      0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
      0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
      0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
      0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
      0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
      0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
      0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
      0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
  std::array<uint8_t, 64> block{};
  for (size_t i = 0; i < size; ++i) block[i] = bytes[i];
  block[size] = 0x80;
  block[62] = static_cast<uint8_t>(size * 8 >> 8);
  block[63] = static_cast<uint8_t>(size * 8);
  std::array<uint32_t, 64> words{};
  for (size_t i = 0; i < 16; ++i) {
    for (size_t j = 0; j < 4; ++j) words[i] = (words[i] << 8) | block[i * 4 + j];
  }
  for (size_t i = 16; i < 64; ++i) {
    const uint32_t a = words[i - 15];
    const uint32_t b = words[i - 2];
    words[i] = words[i - 16] + (Right(a, 7) ^ Right(a, 18) ^ (a >> 3)) + words[i - 7] +
               (Right(b, 17) ^ Right(b, 19) ^ (b >> 10));
  }
  constexpr std::array<uint32_t, 8> kStart = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                              0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<uint32_t, 8> s = kStart;
  for (size_t i = 0; i < 64; ++i) {
    const uint32_t t1 = s[7] + (Right(s[4], 6) ^ Right(s[4], 11) ^ Right(s[4], 25)) +
                        ((s[4] & s[5]) ^ (~s[4] & s[6])) + kRounds[i] + words[i];
    const uint32_t t2 = (Right(s[0], 2) ^ Right(s[0], 13) ^ Right(s[0], 22)) +
                        ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
    s = {t1 + t2, s[0], s[1], s[2], s[3] + t1, s[4], s[5], s[6]};
  }
  std::array<uint8_t, 32> digest{};
  for (size_t i = 0; i < 32; ++i)
    digest[i] = static_cast<uint8_t>((s[i / 4] + kStart[i / 4]) >> (24 - i % 4 * 8));
  return digest;
}

uint64_t Left64(uint64_t value, int bits) {
  return bits == 0 ? value : (value << bits) | (value >> (64 - bits));
}

// Keccak-256 as Ethereum has it (padding 01), of at most 135 bytes.
std::array<uint8_t, 32> Keccak256OfOneBlock(std::string_view text) {
  static constexpr std::array<uint64_t, 24> kRounds = {
      0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
      0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
      0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
      0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
      0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};
  static constexpr std::array<int, 24> kTurns = {1,  3,  6,  10, 15, 21, 28, 36, 45, 55, 2,  14,
                                                 27, 41, 56, 8,  25, 43, 62, 18, 39, 61, 20, 44};
  static constexpr std::array<size_t, 24> kLanes = {10, 7,  11, 17, 18, 3, 5,  16, 8,  21, 24, 4,
                                                    15, 23, 19, 13, 12, 2, 20, 14, 22, 9,  6,  1};
  std::array<uint64_t, 25> s{};
  const auto put = [&s](size_t at, uint8_t byte) {
    s[at / 8] ^= static_cast<uint64_t>(byte) << (at % 8 * 8);
  };
  for (size_t i = 0; i < text.size(); ++i) put(i, static_cast<uint8_t>(text[i]));
  put(text.size(), 0x01);
  put(135, 0x80);
  for (const uint64_t round : kRounds) {
    std::array<uint64_t, 5> c{};
    for (size_t x = 0; x < 5; ++x) c[x] = s[x] ^ s[x + 5] ^ s[x + 10] ^ s[x + 15] ^ s[x + 20];
    for (size_t i = 0; i < 25; ++i) s[i] ^= c[(i % 5 + 4) % 5] ^ Left64(c[(i % 5 + 1) % 5], 1);
    uint64_t held = s[1];
    for (size_t i = 0; i < 24; ++i) {
      const uint64_t next = s[kLanes[i]];
      s[kLanes[i]] = Left64(held, kTurns[i]);
      held = next;
    }
    for (size_t y = 0; y < 25; y += 5) {
      std::array<uint64_t, 5> row{};
      for (size_t x = 0; x < 5; ++x) row[x] = s[y + x];
      for (size_t x = 0; x < 5; ++x) s[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
    }
    s[0] ^= round;
  }
  std::array<uint8_t, 32> digest{};
  for (size_t i = 0; i < 32; ++i) digest[i] = static_cast<uint8_t>(s[i / 8] >> (i % 8 * 8));
  return digest;
}

}  // namespace

// Base58Check: a version byte, 20 bytes, four bytes of a double SHA-256. Bitcoin, Litecoin, Dogecoin, Dash,
// Tron.
Validity CheckBase58(std::string_view match) {
  static constexpr std::string_view kAlphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  std::array<uint8_t, 25> bytes{};
  for (const char c : match) {
    const size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) return Validity::kReject;
    auto carry = static_cast<uint32_t>(value);
    for (size_t i = bytes.size(); i-- > 0;) {
      carry += 58u * bytes[i];
      bytes[i] = static_cast<uint8_t>(carry);
      carry >>= 8;
    }
    if (carry != 0) return Validity::kReject;
  }
  const std::array<uint8_t, 32> once = Sha256OfOneBlock(bytes.data(), 21);
  const std::array<uint8_t, 32> twice = Sha256OfOneBlock(once.data(), once.size());
  for (size_t i = 0; i < 4; ++i) {
    if (bytes[21 + i] != twice[i]) return Validity::kReject;
  }
  return Validity::kAccept;
}

// BIP-173 and BIP-350: one case throughout, a prefix, `1`, and a BCH code over both.
Validity CheckBech32(std::string_view match) {
  static constexpr std::string_view kAlphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  static constexpr std::array<uint32_t, 5> kGenerator = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                                         0x2a1462b3};
  const size_t one = match.rfind('1');
  if (one == std::string_view::npos || one == 0 || match.size() - one < 7 || match.size() > 90)
    return Validity::kReject;
  bool upper = false;
  bool lower = false;
  uint32_t sum = 1;
  const auto add = [&sum](uint32_t value) {
    const uint32_t top = sum >> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    for (size_t i = 0; i < 5; ++i) sum ^= (top >> i & 1) != 0 ? kGenerator[i] : 0;
  };
  const auto folded = [](char c) { return IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c; };
  for (const char c : match.substr(0, one)) add(static_cast<uint32_t>(folded(c)) >> 5);
  add(0);
  for (const char c : match.substr(0, one)) add(static_cast<uint32_t>(folded(c)) & 31);
  for (const char c : match) {
    upper = upper || IsUpper(c);
    lower = lower || (IsAlpha(c) && !IsUpper(c));
  }
  for (const char c : match.substr(one + 1)) {
    const size_t value = kAlphabet.find(folded(c));
    if (value == std::string_view::npos) return Validity::kReject;
    add(static_cast<uint32_t>(value));
  }
  const bool holds = sum == 1 || sum == 0x2bc830a3;
  return holds && !(upper && lower) ? Validity::kAccept : Validity::kReject;
}

// EIP-55: the case of the letters is a digest's. Addresses in one case have no check.
Validity CheckEthereum(std::string_view match) {
  if (match.size() != 42 || match.substr(0, 2) != "0x") return Validity::kReject;
  char lower[40];
  bool has_upper = false;
  bool has_lower = false;
  for (size_t i = 0; i < 40; ++i) {
    const char c = match[i + 2];
    has_upper = has_upper || IsUpper(c);
    has_lower = has_lower || (IsAlpha(c) && !IsUpper(c));
    lower[i] = IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c;
    const bool hex = IsDigit(c) || (lower[i] >= 'a' && lower[i] <= 'f');
    if (!hex) return Validity::kReject;
  }
  if (std::string_view(lower, 40).find_first_not_of(lower[0]) == std::string_view::npos)
    return Validity::kReject;
  if (!has_upper || !has_lower) return Validity::kUnknown;
  const std::array<uint8_t, 32> digest = Keccak256OfOneBlock({lower, 40});
  for (size_t i = 0; i < 40; ++i) {
    if (IsDigit(lower[i])) continue;
    const int nibble = i % 2 == 0 ? digest[i / 2] >> 4 : digest[i / 2] & 15;
    if ((nibble >= 8) != IsUpper(match[i + 2])) return Validity::kUnknown;
  }
  return Validity::kAccept;
}

}  // namespace hpol::detect
