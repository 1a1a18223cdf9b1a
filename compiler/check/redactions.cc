// Redactions: which findings they write over, and the label of what they write instead.
#include <map>
#include <string>
#include <utility>

#include "compiler/check/context.h"

namespace hpol::check {
namespace {

hir::RedactionLine ResolveLine(Context& context, const ast::RedactionLine& declaration,
                               std::map<uint32_t, Span>& covered) {
  hir::RedactionLine line;
  line.span = declaration.span;
  switch (declaration.action) {
    case ast::RedactionAction::kMask:
      line.action = RedactionAction::kMask;
      break;
    case ast::RedactionAction::kRemove:
      line.action = RedactionAction::kRemove;
      break;
    case ast::RedactionAction::kPseudonym:
      line.action = RedactionAction::kPseudonym;
      break;
  }
  for (const ast::Name& name : declaration.detectors) {
    for (const uint32_t id : context.detectors.Resolve(name, context.diagnostics)) {
      const auto [it, fresh] = covered.try_emplace(id, name.span);
      if (fresh) {
        line.detectors.push_back(DetectorId{id});
        continue;
      }
      const DetectorEntry& entry = context.detectors.entries()[id];
      Diagnostic& error = context.diagnostics.Error(
          DiagnosticKind::kDuplicateName, name.span,
          "the detector " + Tick(entry.declaration->name.text) + " is redacted twice",
          "one redaction, one action");
      error.others.push_back({it->second, "first here"});
      break;
    }
  }
  if (declaration.leaves) line.leaves = ResolveLabel(context, *declaration.leaves);
  // A pseudonym can be turned back, so what is left is personal data whatever the author writes.
  if (line.action == RedactionAction::kPseudonym) {
    line.leaves = line.leaves.Join(Label::Category(kPseudonymousCategory));
  }
  return line;
}

}  // namespace

void CollectRedactions(Context& context) {
  for (const ast::Redaction& declaration : context.ast.redactions) {
    const auto index = static_cast<uint32_t>(context.hir.redactions.size());
    if (index == kMaxDeclarations) {
      ReportTooMany(declaration.name.span, "redactions", kMaxDeclarations, context.diagnostics);
      break;
    }
    if (!context.redactions.Declare(declaration.name, index, "redaction", context.diagnostics)) continue;
    hir::Redaction redaction;
    redaction.name = declaration.name.text;
    redaction.span = declaration.name.span;
    std::map<uint32_t, Span> covered;
    for (const ast::RedactionLine& line : declaration.lines) {
      redaction.lines.push_back(ResolveLine(context, line, covered));
    }
    if (declaration.lines.empty()) {
      context.diagnostics.Error(DiagnosticKind::kMissingPart, declaration.name.span,
                                "the redaction " + Tick(redaction.name) + " does nothing",
                                "needs a `mask`, `remove` or `pseudonym` line");
    }
    context.hir.redactions.push_back(std::move(redaction));
  }
  context.redaction_used.assign(context.hir.redactions.size(), false);
}

}  // namespace hpol::check
