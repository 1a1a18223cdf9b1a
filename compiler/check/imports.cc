// Imports: packs into the scope, whole or by name.
#include <algorithm>
#include <string>
#include <utility>

#include "compiler/check/context.h"

namespace hpol::check {
namespace {

std::string_view LastWord(std::string_view path) {
  const size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

// The pack of an import; null after an error (reported).
const ast::Policy* FindPack(Context& context, const ast::Name& path) {
  const ast::Policy* pack = context.imports.pack ? context.imports.pack(path.text) : nullptr;
  if (pack == nullptr) {
    Diagnostic& unknown = ReportUnknown(path, "pack", context.imports.pack_names, context.diagnostics);
    unknown.kind = DiagnosticKind::kUnknownImport;
  } else if (Decides(*pack)) {
    Diagnostic& error = context.diagnostics.Error(DiagnosticKind::kUnknownImport, path.span,
                                                  Tick(path.text) + " is a policy, not a pack",
                                                  "has rules of its own, which an import would not bring");
    error.help = {"start from a copy: `hpol pack export " + path.text + "`", {}};
    return nullptr;
  }
  return pack;
}

// A pack may import packs: their detectors become its own, behind those that it declares. `inside` holds the
// packs that are being added, so that two which import each other end.
void AddPack(Context& context, std::string_view qualifier, Span import_span, const ast::Policy& pack,
             Selection* wanted, std::vector<const ast::Policy*>& inside) {
  if (std::find(inside.begin(), inside.end(), &pack) != inside.end()) return;
  inside.push_back(&pack);
  context.detectors.AddPack(qualifier, import_span, pack, wanted);
  for (const ast::Import& import : pack.imports) {
    const ast::Policy* part = FindPack(context, import.path);
    if (part != nullptr) AddPack(context, qualifier, import_span, *part, wanted, inside);
  }
}

void ImportPack(Context& context, const ast::Import& import, std::string_view qualifier,
                const ast::Policy& pack) {
  std::vector<const ast::Policy*> inside;
  if (import.names.empty()) {
    AddPack(context, qualifier, import.path.span, pack, nullptr, inside);
    return;
  }
  Names once;
  Selection wanted;
  for (const ast::Name& name : import.names) {
    if (once.Declare(name, 0, "imported detector", context.diagnostics)) wanted.missing.insert(name.text);
  }
  AddPack(context, qualifier, import.path.span, pack, &wanted, inside);
  for (const ast::Name& name : import.names) {
    if (!wanted.missing.contains(name.text)) continue;
    ReportUnknown(name, "detector in " + Tick(import.path.text), wanted.passed_over, context.diagnostics);
  }
}

}  // namespace

void ImportPacks(Context& context) {
  Names paths;
  Names qualifiers;
  uint32_t index = 0;
  for (const ast::Import& import : context.ast.imports) {
    const ast::Name& path = import.path;
    if (!paths.Declare(path, index, "import", context.diagnostics)) continue;
    const ast::Name qualifier{std::string(LastWord(path.text)), path.span};
    if (!qualifiers.Declare(qualifier, index++, "import ending in", context.diagnostics)) continue;
    const ast::Policy* pack = FindPack(context, path);
    if (pack != nullptr) ImportPack(context, import, qualifier.text, *pack);
  }
}

}  // namespace hpol::check
