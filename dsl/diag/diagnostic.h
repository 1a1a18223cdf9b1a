// A diagnostic is a product: what is wrong, where, a concrete request that would
// go wrong, and the edit that fixes it. One struct; renderers live in render.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dsl/source/source.h"

namespace hpol::dsl {

// Every kind is one line in kinds.def: HPOL_DIAGNOSTIC(CamelName, "kebab-name").
enum class DiagnosticKind : uint16_t {
#define HPOL_DIAGNOSTIC(camel, kebab) k##camel,
#include "dsl/diag/kinds.def"
#undef HPOL_DIAGNOSTIC
};

// The kebab-case name that authors see and tests expect, e.g. "unknown-name".
std::string_view KindName(DiagnosticKind kind);
// All kinds, in the order of kinds.def.
const std::vector<DiagnosticKind>& AllDiagnosticKinds();

enum class Severity : uint8_t { kError, kWarning };

// Words under a span. Lower case, backticks round user text, no full stop.
struct Annotation {
  Span span;
  std::string text;
};

// Replace the bytes of `span` (empty: insert before) by `replacement`.
struct Edit {
  Span span;
  std::string replacement;
};

struct Help {
  std::string text;
  std::vector<Edit> edits;
};

struct Diagnostic {
  DiagnosticKind kind;
  Severity severity = Severity::kError;
  std::string message;
  Annotation primary;
  std::vector<Annotation> others;
  std::optional<std::string> example;  // a concrete request that goes wrong
  std::optional<Help> help;
};

// Collects diagnostics of one compilation, in the order reported.
class Diagnostics {
 public:
  // Adds one and returns it, so that a caller can attach spans, example, help:
  //   diagnostics.Error(kind, span, "no label named `phy`", "did you mean `phi`?");
  Diagnostic& Error(DiagnosticKind kind, Span span, std::string message, std::string label = {});
  Diagnostic& Warning(DiagnosticKind kind, Span span, std::string message, std::string label = {});

  bool has_errors() const { return errors_ > 0; }
  size_t error_count() const { return errors_; }
  const std::vector<Diagnostic>& all() const { return all_; }

 private:
  std::vector<Diagnostic> all_;
  size_t errors_ = 0;
};

}  // namespace hpol::dsl
