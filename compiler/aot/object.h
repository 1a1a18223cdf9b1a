// Bytes as an ELF object of this machine, for programs that carry a bundle in themselves.
#pragma once

#include <string>
#include <string_view>

#include "hpol/result.h"

namespace hpol::aot {

// Defines `symbol`, the bytes, read-only and aligned to 64, and `symbol`_size, a size_t.
Result<std::string> ObjectOfBytes(std::string_view bytes, const std::string& symbol);

}  // namespace hpol::aot
