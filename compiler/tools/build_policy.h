// Policy file → build, with its diagnostics printed where a person or a machine looks.
#pragma once

#include <optional>
#include <string>

#include "compiler/driver/driver.h"

namespace hpol::tools {

// Prints diagnostics to stderr, or as JSON to stdout. Nothing when the file cannot be
// read (already said); look at ok() otherwise.
std::optional<driver::Build> BuildPolicy(const std::string& path, const driver::Options& options, bool json);

}  // namespace hpol::tools
