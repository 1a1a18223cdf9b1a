// Keys and signatures, over OpenSSL. Ed25519 is the only algorithm yet; the seal names it (container.h).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hpol/result.h"

namespace hpol::bundle {

inline constexpr uint32_t kEd25519SignatureBytes = 64;

using KeyId = std::array<uint8_t, 32>;
using Ed25519Key = std::array<uint8_t, 32>;  // public

// SHA-256 of the key's SubjectPublicKeyInfo: what `openssl pkey -pubin -outform DER | sha256sum` prints.
KeyId IdOf(const Ed25519Key& key);

bool VerifyEd25519(const Ed25519Key& key, std::string_view message, std::string_view signature);

// Every public key of a PEM text. An error when there is none, or one is no Ed25519 key.
Result<std::vector<Ed25519Key>> PublicKeysFromPem(std::string_view pem);

// Whoever can sign: a key in a file, or a token that never gives it away.
class Signer {
 public:
  virtual ~Signer() = default;
  virtual const Ed25519Key& public_key() const = 0;
  // kEd25519SignatureBytes bytes.
  virtual Result<std::string> Sign(std::string_view message) = 0;
};

// From PEM text of an Ed25519 private key.
Result<std::unique_ptr<Signer>> SignerFromPem(std::string_view pem);

Result<std::string> PublicKeyPem(const Ed25519Key& key);

struct KeyPair {
  std::string private_pem;
  std::string public_pem;
};
Result<KeyPair> MakeKeyPair();

std::string Hex(const uint8_t* bytes, size_t size);

}  // namespace hpol::bundle
