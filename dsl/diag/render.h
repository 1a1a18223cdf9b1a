// Renderers of Diagnostic: for people at a terminal, and for programs. Both repair a
// bad span (cut to what exists) and never fail; neither writes a control character.
#pragma once

#include <string>
#include <string_view>

#include "dsl/diag/diagnostic.h"
#include "dsl/source/source.h"

namespace hpol::dsl {

// As an author reads it: message, place, the lines with carets under the words,
// example, help with the edited line. Ends in a newline; diagnostics are set apart by
// an empty line. `color` adds ANSI sequences and changes nothing else.
std::string RenderTerminal(const Diagnostic& diagnostic, const SourceMap& sources, bool color = false);
std::string RenderTerminal(const Diagnostics& diagnostics, const SourceMap& sources, bool color = false);

// A JSON array, one object a diagnostic:
//   {"kind", "severity": "error"|"warning", "message", "label",
//    "file", "line", "column", "end_line", "end_column", "span": {"begin", "end"},
//    "others": [{"label", "file", … as above}],
//    "example": string or null,
//    "help": null or {"text", "edits": [{"replacement", "file", … as above}]}}
// Lines and columns are 1-based (columns in code points), spans 0-based in bytes.
std::string RenderJson(const Diagnostics& diagnostics, const SourceMap& sources);

// A span that exists: the file known (the first one if not), begin <= end <= size.
Span Repair(Span span, const SourceMap& sources);

// Text that is safe to print on one line: control characters, direction marks and bytes
// that are not UTF-8 become U+FFFD, line ends and tabs become spaces.
std::string Printable(std::string_view text);

// Terminal cells that `text` takes: two for wide East Asian characters, none for
// marks that combine. `text` as Printable gives it.
size_t DisplayWidth(std::string_view text);

}  // namespace hpol::dsl
