// Text to AST. The only door to ANTLR: no other folder sees its types.
#pragma once

#include <string>

#include "dsl/ast/ast.h"
#include "dsl/diag/diagnostic.h"
#include "dsl/source/source.h"

namespace hpol::dsl {

// Parses one file of `sources`. Total: any bytes give a Policy (with what could
// be read) and diagnostics; limits.h bounds size, depth and error count.
// Comments and layout are not kept.
ast::Policy Parse(const SourceMap& sources, FileId file, Diagnostics& diagnostics);

// The tokens of a file as the lexer sees them, one a line with its place and kind:
// `--dump=tokens`.
std::string DumpTokens(const SourceMap& sources, FileId file);

}  // namespace hpol::dsl
