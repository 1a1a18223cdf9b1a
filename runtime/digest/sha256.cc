// The functions that need no set-up of the library: they are called before anything else is ready, and
// setting up OpenSSL's providers takes longer than everything that is digested here.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "runtime/digest/sha256.h"

#include <openssl/sha.h>

namespace hpol {

struct Sha256::State {
  SHA256_CTX context;
};

Sha256::Sha256() : state_(std::make_unique<State>()) { SHA256_Init(&state_->context); }
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::Add(const void* bytes, size_t size) { SHA256_Update(&state_->context, bytes, size); }

Sha256Digest Sha256::Finish() {
  Sha256Digest digest{};
  SHA256_Final(digest.data(), &state_->context);
  return digest;
}

}  // namespace hpol
