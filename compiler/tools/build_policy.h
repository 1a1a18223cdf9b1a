// Policy file → build, with its diagnostics printed where a person or a machine looks.
#pragma once

#include <optional>
#include <string>

#include "compiler/driver/driver.h"

namespace hpol::tools {

// Whether detectors alone (a pack) will do.
enum class Wanted { kRules, kDetectors };

// Prints diagnostics to stderr, or as JSON to stdout. Nothing when the file cannot be
// read or is not what is wanted (already said); look at ok() otherwise.
std::optional<driver::Build> BuildPolicy(const std::string& path, const driver::Options& options, bool json,
                                         Wanted wanted = Wanted::kRules);

}  // namespace hpol::tools
