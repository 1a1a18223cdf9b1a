// Sealing bundles: with a signature, or for trying things out with none.
#pragma once

#include <string>
#include <string_view>

#include "hpol/result.h"
#include "runtime/bundle/keys.h"

namespace hpol::bundle {

// The same content under a new seal. `not_after`: seconds since 1970; 0: no end.
Result<std::string> Sign(std::string_view bundle, Signer& signer, int64_t not_after);

}  // namespace hpol::bundle
