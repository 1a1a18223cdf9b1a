// What every part of check shares: namespaces, "did you mean", where to insert an edit.
// Private to compiler/check.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/ast/ast.h"
#include "dsl/diag/diagnostic.h"
#include "dsl/source/source.h"

namespace hpol::check {

namespace ast = dsl::ast;
using dsl::Diagnostic;
using dsl::DiagnosticKind;
using dsl::Diagnostics;
using dsl::Span;

// Limits of one policy: far above any real one, low enough that no table overflows and no
// check takes long. Each ends in `too-many`.
inline constexpr size_t kMaxRules = 10'000;        // of classify, and of route
inline constexpr size_t kMaxDeclarations = 4'096;  // of one kind: inputs, detectors, targets, …
inline constexpr size_t kMaxMembers = 4'096;       // of an enum, or of one `in { … }`
inline constexpr size_t kMaxSteps = 256;           // candidates of one route rule
inline constexpr size_t kMaxWords = 100'000;       // of one word list
inline constexpr size_t kMaxNearWords = 1'000;     // of one detector's `near` and `not near`

inline constexpr uint32_t kDefaultWithin = 40;  // characters, of `near` without `within`

// One namespace of declarations: the first of a name counts, the second is an error.
class Names {
 public:
  struct Entry {
    uint32_t index = 0;
    Span span;
  };

  // Reports a second declaration of `name` with the first one's span; false then.
  bool Declare(const ast::Name& name, uint32_t index, std::string_view what, Diagnostics& diagnostics);
  const Entry* Find(std::string_view name) const;
  // All names in alphabetical order, for suggestions.
  std::vector<std::string> All() const;
  bool empty() const { return entries_.empty(); }

 private:
  std::map<std::string, Entry, std::less<>> entries_;
};

// "no zone named `privat`", with the nearest of `known` as label and edit.
Diagnostic& ReportUnknown(const ast::Name& name, std::string_view what, const std::vector<std::string>& known,
                          Diagnostics& diagnostics);

// More than `limit` of something, reported at the first one above.
void ReportTooMany(Span span, std::string_view what, size_t limit, Diagnostics& diagnostics);

// `name` in backticks.
std::string Tick(std::string_view name);

// The empty span just behind the first `{` of a block; at its end when there is none.
Span AfterBrace(Span block, const dsl::SourceMap& sources);
// The empty spans at either end.
Span BeginOf(Span span);
Span EndOf(Span span);
// The first word of a block, for errors about the block as a whole.
Span KeywordOf(Span block, const dsl::SourceMap& sources);

}  // namespace hpol::check
