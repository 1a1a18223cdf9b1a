// A readable form of the AST, for `--dump=ast` and tests. Not the language: every
// grouping is written out, so that what was understood can be seen.
#pragma once

#include <string>

#include "dsl/ast/ast.h"

namespace hpol::dsl::ast {

// The whole policy, one declaration after another, two spaces a level.
std::string Print(const Policy& policy);

// One condition on one line: `(or (in region us eu) (>= (+ count(email) count(phone)) 1))`.
std::string Print(const Expr& expr);

// `confidential + pii`, as written.
std::string Print(const Label& label);

}  // namespace hpol::dsl::ast
