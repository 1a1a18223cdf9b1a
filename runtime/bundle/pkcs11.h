// Signing with a key that never leaves its token (an HSM, a smart card). Not part of what an embedder links.
#pragma once

#include <memory>
#include <string>

#include "hpol/result.h"
#include "runtime/bundle/keys.h"

namespace hpol::bundle {

// `pkcs11:module-path=/usr/lib/…/token.so;token=NAME;object=NAME;pin-source=/path/of/a/file` (RFC 7512;
// values percent-encoded where needed, attributes also after a `?`). The key must be an Ed25519 private key
// with its public key beside it under the same name. The PIN is read from that file, or from the environment
// variable HPOL_PKCS11_PIN; never from the URI, which others can see in the list of processes.
Result<std::unique_ptr<Signer>> SignerFromPkcs11(const std::string& uri);

}  // namespace hpol::bundle
