// Values under a key, so that they can be turned back or at least compared: FF1 (format-preserving, NIST SP
// 800-38G, 2016) and AES-SIV (RFC 5297). The only file beside token.cc that includes OpenSSL here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hpol::redact {

// The smallest number of values that FF1 may be used on: SP 800-38G asks for a million, since fewer can be
// tried.
inline constexpr uint64_t kMinDomain = 1'000'000;

// Encrypts digits of a base (each below `radix`, 2 to 36) in place; `key` is of AES: 16, 24 or 32 bytes.
// False when there are fewer than kMinDomain values of this length, when there are too many digits for 63
// bits a half, or when the library refuses: then nothing has changed.
bool Ff1Encrypt(std::string_view key, std::string_view tweak, uint32_t radix, std::vector<uint32_t>& digits);
bool Ff1Decrypt(std::string_view key, std::string_view tweak, uint32_t radix, std::vector<uint32_t>& digits);

// Appends the synthetic IV and the ciphertext: equal values give equal bytes under one key and context. `key`
// has 64 bytes. False when the library refuses.
bool SivEncrypt(std::string_view key, std::string_view context, std::string_view value, std::string& out);

// A key for one purpose, of 32 bytes. False when the library refuses.
bool DeriveKey(std::string_view key, std::string_view purpose, std::string_view scope, std::string& derived);

}  // namespace hpol::redact
