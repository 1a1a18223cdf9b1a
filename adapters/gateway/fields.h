// `hpol-gateway --fields`: the field registry, for people and for programs. It is the table that the
// walk follows, printed, and no description of it.
#pragma once

#include <string>
#include <string_view>

#include "hpol/result.h"

namespace hpol::gateway {

// The registry of the surface of that name (SurfaceName), or of all when it is empty. A line a field:
// its path, its class, its types and what is done with it. As JSON: {surface: [{"path", …}, …], …}.
Result<std::string> FieldsText(std::string_view surface, bool json);

}  // namespace hpol::gateway
