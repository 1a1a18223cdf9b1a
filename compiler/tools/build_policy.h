// Policy file → build, with its diagnostics printed where a person or a machine looks.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "compiler/driver/driver.h"

namespace hpol::tools {

// What the slow stages made, kept between runs in cache::DefaultFolder(); `hpol --no-cache` does without.
void UseCache(bool use);
std::shared_ptr<cache::Store> Cache();

// Whether detectors alone (a pack) will do.
enum class Wanted { kRules, kDetectors };

// Compiles through Cache(). Prints diagnostics to stderr, or as JSON to stdout. Nothing when the file cannot
// be read or is not what is wanted (already said); look at ok() otherwise.
std::optional<driver::Build> BuildPolicy(const std::string& path, driver::Options options, bool json,
                                         Wanted wanted = Wanted::kRules);

// The same for text that stands in no file.
std::optional<driver::Build> BuildInput(driver::Input input, driver::Options options, bool json,
                                        Wanted wanted = Wanted::kRules);

}  // namespace hpol::tools
