// Names of kinds, and the collector.
#include "dsl/diag/diagnostic.h"

namespace hpol::dsl {

std::string_view KindName(DiagnosticKind kind) {
  switch (kind) {
#define HPOL_DIAGNOSTIC(camel, kebab) \
  case DiagnosticKind::k##camel:      \
    return kebab;
#include "dsl/diag/kinds.def"
#undef HPOL_DIAGNOSTIC
  }
  return "unknown";  // only a value that is no kind comes here
}

const std::vector<DiagnosticKind>& AllDiagnosticKinds() {
  static const std::vector<DiagnosticKind> kinds = {
#define HPOL_DIAGNOSTIC(camel, kebab) DiagnosticKind::k##camel,
#include "dsl/diag/kinds.def"
#undef HPOL_DIAGNOSTIC
  };
  return kinds;
}

namespace {

Diagnostic Make(DiagnosticKind kind, Severity severity, Span span, std::string message, std::string label) {
  Diagnostic diagnostic;
  diagnostic.kind = kind;
  diagnostic.severity = severity;
  diagnostic.message = std::move(message);
  diagnostic.primary = {span, std::move(label)};
  return diagnostic;
}

}  // namespace

Diagnostic& Diagnostics::Error(DiagnosticKind kind, Span span, std::string message, std::string label) {
  ++errors_;
  return all_.emplace_back(Make(kind, Severity::kError, span, std::move(message), std::move(label)));
}

Diagnostic& Diagnostics::Warning(DiagnosticKind kind, Span span, std::string message, std::string label) {
  return all_.emplace_back(Make(kind, Severity::kWarning, span, std::move(message), std::move(label)));
}

}  // namespace hpol::dsl
