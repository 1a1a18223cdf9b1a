// AST → HIR: resolve names, type conditions, order floors and prices, and check label flow
// (monotone classify, zones). What needs a proof over all requests is compiler/prove's, so this builds
// without a solver.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/hir/hir.h"
#include "dsl/ast/ast.h"
#include "dsl/diag/diagnostic.h"
#include "dsl/source/source.h"

namespace hpol::check {

// How check reaches what a policy names but does not contain. Both give nothing
// when there is no such thing; no file is read behind their back.
struct Imports {
  // `std.pii` → its parsed pack. The pointer stays valid during Check.
  std::function<const dsl::ast::Policy*(std::string_view path)> pack;
  // `codenames.txt` → its text, relative to the policy's own folder.
  std::function<std::optional<std::string>(std::string_view path)> file;
  // Every importable path, for suggestions.
  std::vector<std::string> pack_names;
  // Keep imported detectors that no rule, redaction or test uses (`hpol scan` wants them all).
  bool keep_all = false;
};

// Checks a policy. The HIR is complete and trustworthy only when `diagnostics`
// holds no error afterwards; nothing may run it otherwise.
// A file without classify, route and zones that declares only detectors
// is a pack: it is checked as one (no levels, classify, route needed).
hir::Policy Check(const dsl::ast::Policy& policy, const Imports& imports, const dsl::SourceMap& sources,
                  dsl::Diagnostics& diagnostics);

}  // namespace hpol::check
