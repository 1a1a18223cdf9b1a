// What benches of whole engines start with.
#pragma once

#include <memory>

#include "hpol/compile.h"
#include "hpol/engine.h"

namespace hpol::bench {

// Null when the policy has errors or makes no engine; why is said on stderr.
std::shared_ptr<const Engine> MakeEngine(const Compilation& compilation);

}  // namespace hpol::bench
