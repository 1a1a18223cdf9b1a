// Redactions: which findings they write over, and the label of what they write instead.
#include <map>
#include <string>
#include <utility>

#include "compiler/check/context.h"

namespace hpol::check {
namespace {

RedactionAction ActionOf(ast::RedactionAction action) {
  switch (action) {
    case ast::RedactionAction::kMask:
      return RedactionAction::kMask;
    case ast::RedactionAction::kRemove:
      return RedactionAction::kRemove;
    case ast::RedactionAction::kPseudonym:
      return RedactionAction::kPseudonym;
    case ast::RedactionAction::kHash:
      return RedactionAction::kHash;
    case ast::RedactionAction::kEncrypt:
      return RedactionAction::kEncrypt;
    case ast::RedactionAction::kFpe:
      return RedactionAction::kFpe;
    case ast::RedactionAction::kShift:
      return RedactionAction::kShift;
    case ast::RedactionAction::kGeneralize:
      return RedactionAction::kGeneralize;
  }
  return RedactionAction::kRemove;
}

// What a general form tells is for the author to say: nothing here knows how much of a value it is.
void CheckLeaves(Context& context, const ast::RedactionLine& line) {
  if (line.action != ast::RedactionAction::kGeneralize || line.leaves) return;
  Diagnostic& error =
      context.diagnostics.Error(DiagnosticKind::kMissingPart, line.span,
                                "`generalize` does not say what it leaves", "part of each value is sent");
  error.help = {"say the label of that part", {{EndOf(line.span), " leaves " + context.hir.levels.back()}}};
}

hir::RedactionLine ResolveLine(Context& context, const ast::RedactionLine& declaration,
                               std::map<uint32_t, Span>& covered) {
  hir::RedactionLine line;
  line.span = declaration.span;
  line.action = ActionOf(declaration.action);
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
  CheckLeaves(context, declaration);
  // What can be turned back or linked is personal data whatever the author writes.
  if (IsPseudonymous(line.action)) {
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
                                "needs a line such as `mask`, `remove` or `pseudonym`");
    }
    context.hir.redactions.push_back(std::move(redaction));
  }
  context.redaction_used.assign(context.hir.redactions.size(), false);
}

}  // namespace hpol::check
