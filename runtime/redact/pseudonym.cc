// The only file that includes OpenSSL here.
#include "runtime/redact/pseudonym.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <climits>
#include <cstdint>

namespace hpol::redact {

bool DeriveTag(std::string_view key, std::string_view message, std::array<char, kTagLetters>& tag) {
  if (key.empty() || key.size() > INT_MAX) return false;
  std::array<uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  const auto* bytes = reinterpret_cast<const uint8_t*>(message.data());
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes, message.size(), digest.data(),
           &size) == nullptr ||
      size < 2 * kTagLetters) {
    return false;
  }
  // Two bytes a letter: the bias of `% 26` is then below one in two thousand.
  for (size_t i = 0; i < kTagLetters; ++i) {
    const unsigned pair = static_cast<unsigned>(digest[2 * i]) << 8 | digest[2 * i + 1];
    tag[i] = static_cast<char>('a' + pair % 26);
  }
  return true;
}

}  // namespace hpol::redact
