#include "runtime/bundle/keys.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <cstring>

#include "runtime/digest/sha256.h"

namespace hpol::bundle {
namespace {

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using PkeyPointer = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using ContextPointer = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using BioPointer = std::unique_ptr<BIO, Freed<BIO_free_all>>;

const uint8_t* Bytes(std::string_view text) { return reinterpret_cast<const uint8_t*>(text.data()); }

BioPointer BioOf(std::string_view text) {
  return BioPointer(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string TextOf(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<size_t>(size)};
}

bool RawPublic(EVP_PKEY* pkey, Ed25519Key& key) {
  size_t size = key.size();
  return EVP_PKEY_get_id(pkey) == EVP_PKEY_ED25519 &&
         EVP_PKEY_get_raw_public_key(pkey, key.data(), &size) == 1 && size == key.size();
}

class PemSigner : public Signer {
 public:
  PemSigner(PkeyPointer pkey, const Ed25519Key& key) : pkey_(std::move(pkey)), key_(key) {}

  const Ed25519Key& public_key() const override { return key_; }

  Result<std::string> Sign(std::string_view message) override {
    const ContextPointer context(EVP_MD_CTX_new());
    std::string signature(kEd25519SignatureBytes, '\0');
    size_t size = signature.size();
    if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, pkey_.get()) != 1 ||
        EVP_DigestSign(context.get(), reinterpret_cast<uint8_t*>(signature.data()), &size, Bytes(message),
                       message.size()) != 1 ||
        size != signature.size()) {
      ERR_clear_error();
      return Error{"the key does not sign"};
    }
    return signature;
  }

 private:
  PkeyPointer pkey_;
  Ed25519Key key_;
};

// A key with a passphrase is for a token or for tools that ask: nothing is read from the terminal here.
int NoPassphrase(char*, int, int, void*) { return 0; }

}  // namespace

KeyId IdOf(const Ed25519Key& key) {
  // SEQUENCE { SEQUENCE { OID 1.3.101.112 }, BIT STRING of 32 bytes }
  static constexpr uint8_t kPrefix[] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                        0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
  Sha256 digest;
  digest.Add(kPrefix, sizeof kPrefix);
  digest.Add(key.data(), key.size());
  return digest.Finish();
}

bool VerifyEd25519(const Ed25519Key& key, std::string_view message, std::string_view signature) {
  const PkeyPointer pkey(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
  const ContextPointer context(EVP_MD_CTX_new());
  const bool good = signature.size() == kEd25519SignatureBytes && pkey && context &&
                    EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, pkey.get()) == 1 &&
                    EVP_DigestVerify(context.get(), Bytes(signature), signature.size(), Bytes(message),
                                     message.size()) == 1;
  ERR_clear_error();
  return good;
}

Result<std::vector<Ed25519Key>> PublicKeysFromPem(std::string_view pem) {
  const BioPointer bio = BioOf(pem);
  std::vector<Ed25519Key> keys;
  while (bio) {
    const PkeyPointer pkey(PEM_read_bio_PUBKEY(bio.get(), nullptr, NoPassphrase, nullptr));
    if (!pkey) break;
    if (!RawPublic(pkey.get(), keys.emplace_back())) return Error{"a key that is not of Ed25519"};
  }
  ERR_clear_error();
  if (keys.empty()) return Error{"no public key in PEM form"};
  return keys;
}

Result<std::unique_ptr<Signer>> SignerFromPem(std::string_view pem) {
  const BioPointer bio = BioOf(pem);
  PkeyPointer pkey(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassphrase, nullptr) : nullptr);
  ERR_clear_error();
  if (!pkey) return Error{"no private key in PEM form without a passphrase"};
  Ed25519Key key{};
  if (!RawPublic(pkey.get(), key)) return Error{"the key is not of Ed25519"};
  return std::unique_ptr<Signer>(std::make_unique<PemSigner>(std::move(pkey), key));
}

Result<std::string> PublicKeyPem(const Ed25519Key& key) {
  const PkeyPointer pkey(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
  const BioPointer bio(BIO_new(BIO_s_mem()));
  if (!pkey || !bio || PEM_write_bio_PUBKEY(bio.get(), pkey.get()) != 1) {
    ERR_clear_error();
    return Error{"the public key cannot be written"};
  }
  return TextOf(bio.get());
}

Result<KeyPair> MakeKeyPair() {
  const PkeyPointer pkey(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  const BioPointer priv(BIO_new(BIO_s_secmem())), pub(BIO_new(BIO_s_mem()));
  if (!pkey || !priv || !pub ||
      PEM_write_bio_PrivateKey(priv.get(), pkey.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1 ||
      PEM_write_bio_PUBKEY(pub.get(), pkey.get()) != 1) {
    ERR_clear_error();
    return Error{"no key could be made"};
  }
  return KeyPair{TextOf(priv.get()), TextOf(pub.get())};
}

std::string Hex(const uint8_t* bytes, size_t size) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (size_t i = 0; i < size; ++i) text += {kDigits[bytes[i] >> 4], kDigits[bytes[i] & 15]};
  return text;
}

}  // namespace hpol::bundle
