// Two renderers of one Diagnostic: for a terminal and for machines. Neither can fail:
// a span outside its file is cut to what exists.
#pragma once

#include <string>

#include "dsl/diag/diagnostic.h"
#include "dsl/source/source.h"

namespace hpol::dsl {

// Every diagnostic in order, each followed by an empty line. `color`: ANSI escapes.
std::string RenderTerminal(const Diagnostics& diagnostics, const SourceMap& sources, bool color);

// A JSON array with one object a diagnostic.
std::string RenderJson(const Diagnostics& diagnostics, const SourceMap& sources);

}  // namespace hpol::dsl
