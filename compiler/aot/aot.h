// Matchers and filter → the native part of a bundle. Door: Emit. No LLVM in this header.
#pragma once

#include <string>
#include <vector>

#include "compiler/pattern/pattern.h"
#include "hpol/result.h"
#include "runtime/abi/filter.h"
#include "runtime/bundle/image.h"

namespace hpol::aot {

// An image (runtime/bundle/image.h) for every level of the machine; this computer may be another. Equal input
// gives equal bytes.
Result<std::string> Emit(const std::vector<pattern::Matcher>& matchers, const filter::Program& filter,
                         bundle::Machine machine);

}  // namespace hpol::aot
