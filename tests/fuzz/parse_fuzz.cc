// Any bytes as a policy: the parser ends, says something wherever it refuses, and every
// printer and renderer of what it made ends too.
#include <cstdlib>

#include "dsl/ast/print.h"
#include "dsl/diag/render.h"
#include "dsl/parse/limits.h"
#include "dsl/parse/parse.h"

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

// A span of the file, and of whole characters of it as far as the file has any.
void RequireInside(hpol::dsl::Span span, size_t size) { Require(span.begin <= span.end && span.end <= size); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace hpol::dsl;
  SourceMap sources;
  const FileId file = sources.Add("fuzz.hpol", std::string(reinterpret_cast<const char*>(data), size));
  Diagnostics diagnostics;
  const ast::Policy policy = Parse(sources, file, diagnostics);

  Require(diagnostics.all().size() <= kMaxSyntaxErrors + 1);
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    Require(!diagnostic.message.empty());
    RequireInside(diagnostic.primary.span, size);
    for (const Annotation& other : diagnostic.others) RequireInside(other.span, size);
    if (!diagnostic.help) continue;
    for (const Edit& edit : diagnostic.help->edits) RequireInside(edit.span, size);
  }
  ast::Print(policy);
  DumpTokens(sources, file);
  RenderTerminal(diagnostics, sources, /*color=*/true);
  RenderJson(diagnostics, sources);
  return 0;
}
