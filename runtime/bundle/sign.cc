#include "runtime/bundle/sign.h"

#include "runtime/bundle/container.h"

namespace hpol::bundle {

Result<std::string> Sign(std::string_view bundle, Signer& signer, int64_t not_after) {
  Container container;
  if (Open(bundle, container) != BundleRefusal::kNone) return Error{"this is no bundle, or not a whole one"};
  // A signature must not be put on what somebody else changed.
  if (!DigestsHold(container)) return Error{"the bundle is damaged"};
  Seal seal;
  seal.algorithm = Algorithm::kEd25519;
  seal.not_after = not_after;
  seal.key_id = IdOf(signer.public_key());
  size_t head_size = 0;
  std::string bytes = Assemble(container.sections, seal, container.abi, kEd25519SignatureBytes, head_size);
  Result<std::string> signature = signer.Sign(std::string_view(bytes).substr(0, head_size));
  if (!signature) return signature.error();
  // A token that signs something else must be found here, not by the gateways.
  if (!VerifyEd25519(signer.public_key(), std::string_view(bytes).substr(0, head_size), *signature))
    return Error{"the signature does not belong to the public key"};
  return bytes + *signature;
}

}  // namespace hpol::bundle
