// What a golden file can be run through: the stages of the compiler, by name.
#pragma once

#include <string>
#include <string_view>

#include "dsl/diag/diagnostic.h"
#include "dsl/source/source.h"

namespace hpol::golden {

// Runs everything up to and with `stage` (`parse`, `check`) over a file and collects what
// it reports. Packs come from policies/std of the working folder, files that the policy
// names from `folder`. False when there is no such stage.
bool RunStage(std::string_view stage, const std::string& folder, dsl::SourceMap& sources, dsl::FileId file,
              dsl::Diagnostics& diagnostics);

// The text of a file; nothing when it cannot be read.
std::optional<std::string> ReadFile(const std::string& path);

}  // namespace hpol::golden
