#include "runtime/redact/ciphers.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <bit>
#include <climits>
#include <memory>
#include <optional>

#include "runtime/text/wipe.h"

namespace hpol::redact {
namespace {

constexpr size_t kBlock = 16;
using Block = std::array<uint8_t, kBlock>;

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

const uint8_t* Bytes(std::string_view text) { return reinterpret_cast<const uint8_t*>(text.data()); }

// One block at a time.
class Aes {
 public:
  explicit Aes(std::string_view key) : context_(EVP_CIPHER_CTX_new()) {
    const EVP_CIPHER* cipher = key.size() == 16   ? EVP_aes_128_ecb()
                               : key.size() == 24 ? EVP_aes_192_ecb()
                               : key.size() == 32 ? EVP_aes_256_ecb()
                                                  : nullptr;
    good_ = context_ != nullptr && cipher != nullptr &&
            EVP_EncryptInit_ex(context_.get(), cipher, nullptr, Bytes(key), nullptr) == 1 &&
            EVP_CIPHER_CTX_set_padding(context_.get(), 0) == 1;
  }
  void Encrypt(Block& block) {
    Block out{};
    int size = 0;
    good_ = good_ && EVP_EncryptUpdate(context_.get(), out.data(), &size, block.data(), kBlock) == 1 &&
            size == static_cast<int>(kBlock);
    block = out;
  }
  bool good() const { return good_; }

 private:
  Context context_;
  bool good_ = false;
};

// radix^exponent, if it fits into 63 bits.
std::optional<uint64_t> Power(uint64_t radix, size_t exponent) {
  uint64_t power = 1;
  for (size_t i = 0; i < exponent; ++i) {
    if (power > (uint64_t{1} << 63) / radix) return std::nullopt;
    power *= radix;
  }
  return power >> 63 == 0 ? std::optional(power) : std::nullopt;
}

uint64_t NumberOf(const std::vector<uint32_t>& digits, size_t begin, size_t end, uint32_t radix) {
  uint64_t number = 0;
  for (size_t i = begin; i < end; ++i) number = number * radix + digits[i];
  return number;
}

uint64_t AddMod(uint64_t a, uint64_t b, uint64_t modulus) { return (a % modulus + b % modulus) % modulus; }

// Algorithms 7 and 8 of SP 800-38G.
class Ff1 {
 public:
  Ff1(std::string_view key, std::string_view tweak, uint32_t radix, size_t size)
      : aes_(key), tweak_(tweak), radix_(radix), u_(size / 2), v_(size - size / 2) {
    const std::optional<uint64_t> of_u = Power(radix, u_);
    const std::optional<uint64_t> of_v = Power(radix, v_);
    if (radix < 2 || radix > 36 || size < 2 || size > 255 || tweak.size() > 255 || !of_u || !of_v) return;
    // In two steps, as the whole number need not fit.
    if (*of_u < kMinDomain && *of_v < (kMinDomain + *of_u - 1) / *of_u) return;
    of_u_ = *of_u;
    of_v_ = *of_v;
    b_ = (static_cast<size_t>(std::bit_width(of_v_ - 1)) + 7) / 8;
    d_ = 4 * ((b_ + 3) / 4) + 4;
    p_ = {1,  2,
          1,  0,
          0,  static_cast<uint8_t>(radix),
          10, static_cast<uint8_t>(u_ % 256),
          0,  0,
          0,  static_cast<uint8_t>(size),
          0,  0,
          0,  static_cast<uint8_t>(tweak.size())};
    good_ = aes_.good();
  }

  bool Run(bool encrypt, std::vector<uint32_t>& digits) {
    if (!good_) return false;
    uint64_t a = NumberOf(digits, 0, u_, radix_);
    uint64_t b = NumberOf(digits, u_, u_ + v_, radix_);
    for (int step = 0; step < 10; ++step) {
      const int i = encrypt ? step : 9 - step;
      const uint64_t modulus = i % 2 == 0 ? of_u_ : of_v_;
      const uint64_t y = Round(i, encrypt ? b : a, modulus);
      if (encrypt) {
        const uint64_t c = AddMod(a, y, modulus);
        a = b;
        b = c;
      } else {
        const uint64_t c = AddMod(b, modulus - y, modulus);
        b = a;
        a = c;
      }
    }
    if (!aes_.good()) return false;
    for (size_t i = u_; i-- > 0; a /= radix_) digits[i] = static_cast<uint32_t>(a % radix_);
    for (size_t i = u_ + v_; i-- > u_; b /= radix_) digits[i] = static_cast<uint32_t>(b % radix_);
    return true;
  }

 private:
  // NUM(S) mod `modulus`, where S are the first d bytes that round i makes of a half.
  uint64_t Round(int i, uint64_t half, uint64_t modulus) {
    std::string q(tweak_);
    q.append((2 * kBlock - (tweak_.size() + b_ + 1) % kBlock) % kBlock, '\0');
    q.push_back(static_cast<char>(i));
    for (size_t k = b_; k-- > 0;) q.push_back(static_cast<char>(k < 8 ? half >> (8 * k) & 0xff : 0));
    Block r = p_;
    aes_.Encrypt(r);
    for (size_t at = 0; at < q.size(); at += kBlock) {
      for (size_t k = 0; k < kBlock; ++k) r[k] ^= static_cast<uint8_t>(q[at + k]);
      aes_.Encrypt(r);
    }
    uint64_t y = 0;
    Block s = r;
    for (size_t k = 0; k < d_; ++k) {
      if (k != 0 && k % kBlock == 0) {
        s = r;
        s[kBlock - 1] ^= static_cast<uint8_t>(k / kBlock);
        aes_.Encrypt(s);
      }
      // Bit by bit: no wider number is needed.
      for (int bit = 7; bit >= 0; --bit) {
        y = y << 1 | (s[k % kBlock] >> bit & 1);
        if (y >= modulus) y -= modulus;
      }
    }
    return y;
  }

  Aes aes_;
  std::string_view tweak_;
  uint32_t radix_;
  size_t u_;
  size_t v_;
  uint64_t of_u_ = 0;
  uint64_t of_v_ = 0;
  size_t b_ = 0;
  size_t d_ = 0;
  Block p_{};
  bool good_ = false;
};

}  // namespace

bool Ff1Encrypt(std::string_view key, std::string_view tweak, uint32_t radix, std::vector<uint32_t>& digits) {
  return Ff1(key, tweak, radix, digits.size()).Run(true, digits);
}

bool Ff1Decrypt(std::string_view key, std::string_view tweak, uint32_t radix, std::vector<uint32_t>& digits) {
  return Ff1(key, tweak, radix, digits.size()).Run(false, digits);
}

bool SivEncrypt(std::string_view key, std::string_view context, std::string_view value, std::string& out) {
  if (key.size() != 64 || value.empty() || value.size() > INT_MAX / 2 || context.size() > INT_MAX / 2)
    return false;
  const std::unique_ptr<EVP_CIPHER, decltype(&EVP_CIPHER_free)> cipher(
      EVP_CIPHER_fetch(nullptr, "AES-256-SIV", nullptr), EVP_CIPHER_free);
  const Context siv(EVP_CIPHER_CTX_new());
  if (cipher == nullptr || siv == nullptr) return false;
  std::string sealed(value.size(), '\0');
  Block iv{};
  int size = 0;
  auto* to = reinterpret_cast<uint8_t*>(sealed.data());
  const bool good =
      EVP_EncryptInit_ex2(siv.get(), cipher.get(), Bytes(key), nullptr, nullptr) == 1 &&
      EVP_EncryptUpdate(siv.get(), nullptr, &size, Bytes(context), static_cast<int>(context.size())) == 1 &&
      EVP_EncryptUpdate(siv.get(), to, &size, Bytes(value), static_cast<int>(value.size())) == 1 &&
      size == static_cast<int>(value.size()) && EVP_EncryptFinal_ex(siv.get(), to + size, &size) == 1 &&
      EVP_CIPHER_CTX_ctrl(siv.get(), EVP_CTRL_AEAD_GET_TAG, kBlock, iv.data()) == 1;
  if (!good) return false;
  out.append(reinterpret_cast<const char*>(iv.data()), iv.size());
  out.append(sealed);
  return true;
}

bool DeriveKey(std::string_view key, std::string_view purpose, std::string_view scope, std::string& derived) {
  if (key.empty() || key.size() > INT_MAX) return false;
  std::string message(purpose);
  message.push_back('\0');
  message.append(scope);
  std::array<uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), Bytes(message), message.size(),
           digest.data(), &size) == nullptr ||
      size != 32) {
    return false;
  }
  derived.assign(reinterpret_cast<const char*>(digest.data()), size);
  text::Wipe(std::span(digest));
  return true;
}

}  // namespace hpol::redact
