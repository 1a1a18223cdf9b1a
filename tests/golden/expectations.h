// The expectation comments of a golden file: how diagnostics are written under the lines
// that they are about. One form, made by one function, so a file passes exactly when
// writing it again changes nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dsl/diag/diagnostic.h"
#include "dsl/source/source.h"

namespace hpol::golden {

// The text without its expectation lines (those that begin with `//!`).
std::string Strip(std::string_view text);

// The stripped text of `file` with an expectation line for everything in `diagnostics`:
//   route { when phy deny "x" }
//   //!          ^^^ error[unknown-name]: no fact named `phy`
//   //! label: did you mean `phi`?
// and in the same manner `--- other:` under further spans, then `example:`, `help:` and
// `becomes:` (the line after the edit). A span of no width is drawn `|`, one that goes on to
// later lines ends in `>+LINES:COLUMN`, and one that begins under the `//!` is written
// `columns 1-5`.
std::string Annotate(const dsl::Diagnostics& diagnostics, const dsl::SourceMap& sources, dsl::FileId file);

// The lines of `actual` that differ from `expected`, as a person reads a difference.
std::string Difference(std::string_view expected, std::string_view actual);

}  // namespace hpol::golden
