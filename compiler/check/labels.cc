// Levels, categories, and labels written with them.
#include <string>
#include <utility>

#include "compiler/check/context.h"

namespace hpol::check {
namespace {

constexpr std::string_view kPseudonymous = "pseudonymous";

void CollectLevels(Context& context) {
  const ast::Policy& policy = context.ast;
  if (policy.levels.empty()) {
    const Span at =
        policy.name ? policy.name->span : Span{policy.span.file, policy.span.begin, policy.span.begin};
    Diagnostic& error = context.diagnostics.Error(DiagnosticKind::kMissingPart, at,
                                                  "the policy has no levels", "no `levels` line");
    error.help = {"declare the levels, lowest first",
                  {{EndOf(context.ast.span), "\nlevels public < internal < confidential\n"}}};
    return;
  }
  for (size_t line = 1; line < policy.levels.size(); ++line) {
    if (policy.levels[line].empty() || policy.levels[0].empty()) continue;
    Diagnostic& error =
        context.diagnostics.Error(DiagnosticKind::kRepeatedPart, policy.levels[line].front().span,
                                  "a second `levels` line", "levels are one chain, on one line");
    error.others.push_back({policy.levels[0].front().span, "the first is here"});
  }
  for (const ast::Name& name : policy.levels[0]) {
    const auto index = static_cast<uint32_t>(context.hir.levels.size());
    if (index == Label::kMaxLevels) {
      ReportTooMany(name.span, "levels", Label::kMaxLevels, context.diagnostics);
      break;
    }
    if (context.levels.Declare(name, index, "level", context.diagnostics))
      context.hir.levels.push_back(name.text);
  }
}

void CollectCategories(Context& context) {
  context.hir.categories = {std::string(kPseudonymous)};
  context.categories.Declare({std::string(kPseudonymous), {}}, 0, "category", context.diagnostics);
  for (const ast::Name& name : context.ast.categories) {
    const auto index = static_cast<uint32_t>(context.hir.categories.size());
    if (index == Label::kMaxCategories) {
      ReportTooMany(name.span, "categories, the built-in `pseudonymous` included", Label::kMaxCategories,
                    context.diagnostics);
      break;
    }
    if (name.text == kPseudonymous || name.text == "all") {
      context.diagnostics.Error(DiagnosticKind::kReservedName, name.span,
                                Tick(name.text) + " cannot be declared as a category",
                                name.text == "all" ? "stands for every category" : "is built in");
      continue;
    }
    if (context.categories.Declare(name, index, "category", context.diagnostics)) {
      context.hir.categories.push_back(name.text);
    }
  }
}

}  // namespace

void CollectLabels(Context& context) {
  CollectLevels(context);
  CollectCategories(context);
}

std::optional<int> ResolveLevel(Context& context, const ast::Name& name) {
  if (const Names::Entry* entry = context.levels.Find(name.text)) return static_cast<int>(entry->index);
  if (context.levels.empty()) return std::nullopt;  // reported once, as a missing part
  Diagnostic& error = ReportUnknown(name, "level", context.levels.All(), context.diagnostics);
  if (context.categories.Find(name.text) != nullptr) {
    error.primary.text = "this is a category";
    error.help = {"a label begins with its level",
                  {{name.span, context.hir.levels.back() + " + " + name.text}}};
  }
  return std::nullopt;
}

std::optional<int> ResolveCategory(Context& context, const ast::Name& name) {
  if (const Names::Entry* entry = context.categories.Find(name.text)) return static_cast<int>(entry->index);
  Diagnostic& error = ReportUnknown(name, "category", context.categories.All(), context.diagnostics);
  if (context.levels.Find(name.text) != nullptr) {
    error.primary.text = "this is a level";
    error.help = dsl::Help{"a label has one level, before its categories", {}};
  }
  return std::nullopt;
}

Label ResolveLabel(Context& context, const ast::Label& label) {
  Label result;
  if (const std::optional<int> level = ResolveLevel(context, label.level)) result = Label::Level(*level);
  for (const ast::Name& name : label.categories) {
    if (const std::optional<int> category = ResolveCategory(context, name)) {
      result = result.Join(Label::Category(*category));
    }
  }
  return label.all ? result.Join(hir::AllCategories(context.hir.categories.size())) : result;
}

std::string TextOf(const Context& context, Label label) {
  return Tick(hir::LabelText(label, context.hir.levels, context.hir.categories));
}

}  // namespace hpol::check
