// Detectors: the policy's own and imported ones into the scope, and in the end those that
// something needs into the HIR. What a pattern means is the business of compiler/pattern.
#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "compiler/check/context.h"
#include "compiler/check/operands.h"
#include "compiler/check/words.h"
#include "runtime/detect/near.h"
#include "runtime/detect/validators.h"
#include "runtime/text/fold_word.h"

namespace hpol::check {
namespace {

// The policy's own name wins over a pack's; say so, because a reader may expect the pack's.
void ReportHidden(Context& context, const ast::Name& name, std::string_view what) {
  for (const uint32_t index : context.detectors.InPacks(name.text)) {
    const DetectorEntry& entry = context.detectors.entries()[index];
    Diagnostic& warning = context.diagnostics.Warning(
        DiagnosticKind::kHiddenName, name.span,
        "the " + std::string(what) + " " + Tick(name.text) + " hides a detector of a pack",
        "this one is meant by " + Tick(name.text));
    warning.others.push_back({entry.import_span, "has " + Tick(name.text) + " too"});
    warning.help = dsl::Help{"the pack's detector is " + Tick(entry.qualifier + "." + name.text), {}};
  }
}

uint32_t ResolveValidator(Context& context, const ast::Name& name) {
  if (const uint32_t validator = detect::FindValidator(name.text); validator != 0) return validator;
  std::vector<std::string> known;
  for (size_t i = 1; i < detect::Validators().size(); ++i) known.emplace_back(detect::Validators()[i].name);
  ReportUnknown(name, "validator", known, context.diagnostics);
  return 0;
}

hir::Near ResolveNear(Context& context, const ast::Near& declaration) {
  hir::Near near;
  near.negated = declaration.negated;
  near.needed = declaration.needed;
  near.span = declaration.span;
  near.within = kDefaultWithin;
  if (const std::optional<ast::Integer>& within = declaration.within) {
    const bool fits = within->value >= 1 && within->value <= detect::kMaxWithin;
    if (fits) near.within = static_cast<uint32_t>(within->value);
    if (!fits) {
      context.diagnostics.Error(DiagnosticKind::kOutOfReach, within->span,
                                "words cannot be looked for at this distance",
                                "expected 1 to " + std::to_string(detect::kMaxWithin) + " characters");
    }
  }
  for (const ast::String& word : declaration.words) {
    const std::string folded = text::FoldWord(word.value);
    const std::string normal = detect::NormalWord(folded);
    const uint32_t length = detect::CountCharacters(normal);
    if (normal.empty()) {
      context.diagnostics.Error(DiagnosticKind::kMissingPart, word.span, "an empty word",
                                "has nothing but blanks, `-` and `_`");
      continue;
    }
    if (length > near.within) {
      context.diagnostics.Error(DiagnosticKind::kOutOfReach, word.span,
                                "this word is longer than the distance in which it is looked for",
                                "has " + std::to_string(length) +
                                    " characters; a word counts when all of it stands within " +
                                    std::to_string(near.within));
      continue;
    }
    near.words.push_back(folded);
  }
  return near;
}

// The highest tier that the detector can give a finding.
Tier HighestTier(const hir::Detector& detector) {
  if (detector.validator != 0) return Tier::kChecksum;
  const auto raises = [](const hir::Near& near) { return !near.negated; };
  return std::any_of(detector.near.begin(), detector.near.end(), raises) ? Tier::kContext : Tier::kShape;
}

void ResolveFiring(Context& context, const ast::Detector& declaration, hir::Detector& detector) {
  const Tier highest = HighestTier(detector);
  detector.firing = highest;
  if (!declaration.fires_at) return;
  const ast::Name& written = *declaration.fires_at;
  const std::optional<Tier> tier = ReadTier(context, written);
  if (!tier) return;
  detector.firing = *tier;
  // An unknown validator is reported already.
  if (*tier <= highest || (declaration.validator && detector.validator == 0)) return;
  const bool context_tier = *tier == Tier::kContext;
  Diagnostic& error =
      context.diagnostics.Error(DiagnosticKind::kOutOfReach, written.span,
                                "the detector " + Tick(declaration.name.text) + " never fires",
                                context_tier ? "has neither `near` nor `validate`" : "has no `validate`");
  error.help = {context_tier ? "write the words that stand beside such a value: `near \"…\"`"
                             : "name a validator, or write `fires at " +
                                   std::string(highest == Tier::kContext ? "context" : "shape") + "`",
                {}};
}

// What a report shows beside a finding. A label that a pack recommends is made of words, since packs have no
// levels; one that a policy writes itself must be of its own.
void ResolveAdvice(Context& context, const ast::Detector& declaration, hir::Detector& detector) {
  if (const std::optional<ast::Name>& severity = declaration.severity) {
    detector.severity = SeverityNamed(severity->text);
    if (detector.severity == hir::Severity::kNone)
      ReportUnknown(*severity, "severity", {"low", "medium", "high", "critical"}, context.diagnostics);
  }
  if (!declaration.suggests) return;
  const ast::Label& label = *declaration.suggests;
  if (label.span.file == context.ast.span.file && !context.levels.empty()) ResolveLabel(context, label);
  detector.suggests = label.level.text;
  for (const ast::Name& category : label.categories) detector.suggests += " + " + category.text;
  if (label.all) detector.suggests += " + all";
}

// Words that lower a finding need something to lower it from.
void CheckLowers(Context& context, const hir::Detector& detector) {
  if (HighestTier(detector) > Tier::kShape) return;
  for (const hir::Near& near : detector.near) {
    Diagnostic& error =
        context.diagnostics.Error(DiagnosticKind::kOutOfReach, near.span, "these words change nothing",
                                  "a finding of " + Tick(detector.name) + " is never more than a shape");
    error.help = {
        "`not near` lowers what `near` or `validate` has raised; an exact text that is no finding belongs in "
        "`except`",
        {}};
  }
}

std::vector<hir::Sample> ResolveSamples(const std::vector<ast::String>& strings) {
  std::vector<hir::Sample> samples;
  for (const ast::String& string : strings) samples.push_back({text::FoldText(string.value), string.span});
  return samples;
}

hir::Detector ResolveDetector(Context& context, const ast::Detector& declaration, bool own) {
  hir::Detector detector;
  detector.name = declaration.name.text;
  detector.span = declaration.name.span;
  for (const ast::Pattern& pattern : declaration.patterns) {
    detector.patterns.push_back({pattern.text, pattern.span, pattern.bounded, pattern.ignoring_case});
  }
  for (const ast::Words& words : declaration.words) {
    ResolveWords(context, words, own, detector);
  }
  // What an unknown base would have brought is not known.
  if (declaration.patterns.empty() && declaration.words.empty() && !declaration.base) {
    context.diagnostics.Error(DiagnosticKind::kMissingPart, declaration.name.span,
                              "the detector " + Tick(declaration.name.text) + " finds nothing",
                              "needs a `pattern` or `words`");
  }
  if (declaration.validator) detector.validator = ResolveValidator(context, *declaration.validator);
  size_t words = 0;
  for (const ast::Near& near : declaration.near) {
    words += near.words.size();
    if (words > kMaxNearWords)
      ReportTooMany(near.span, "words of `near` in one detector", kMaxNearWords, context.diagnostics);
    detector.near.push_back(ResolveNear(context, near));
    detector.needs_near = detector.needs_near || near.needed;
  }
  ResolveFiring(context, declaration, detector);
  if (!declaration.validator) CheckLowers(context, detector);
  for (const ast::String& exception : declaration.exceptions)
    detector.exceptions.push_back(text::FoldWord(exception.value));
  ResolveAdvice(context, declaration, detector);
  detector.matches = ResolveSamples(declaration.matches);
  detector.rejects = ResolveSamples(declaration.rejects);
  return detector;
}

void Renumber(const std::vector<uint32_t>& new_ids, std::vector<DetectorId>& ids) {
  for (DetectorId& id : ids) id.value = new_ids[id.value];
}

void Renumber(const std::vector<uint32_t>& new_ids, hir::Expr& expr) {
  Renumber(new_ids, expr.atom.detectors);
  for (hir::Expr& operand : expr.operands) Renumber(new_ids, operand);
}

void RenumberAll(const std::vector<uint32_t>& new_ids, hir::Policy& policy) {
  for (hir::Floor& floor : policy.floors) {
    if (floor.condition) Renumber(new_ids, *floor.condition);
  }
  for (hir::Raise& raise : policy.raises) Renumber(new_ids, raise.condition);
  for (hir::Route& route : policy.routes) {
    if (route.condition) Renumber(new_ids, *route.condition);
  }
  for (hir::RespondRule& rule : policy.responds) {
    Renumber(new_ids, rule.condition);
    Renumber(new_ids, rule.detectors);
  }
  for (hir::Guarantee& guarantee : policy.guarantees) {
    if (guarantee.when) Renumber(new_ids, *guarantee.when);
    Renumber(new_ids, guarantee.property);
  }
  for (hir::Redaction& redaction : policy.redactions) {
    for (hir::RedactionLine& line : redaction.lines) Renumber(new_ids, line.detectors);
  }
}

}  // namespace

hir::Severity SeverityNamed(std::string_view word) {
  for (const hir::Severity severity : hir::kSeverities) {
    if (hir::SeverityName(severity) == word) return severity;
  }
  return hir::Severity::kNone;
}

void CollectDetectors(Context& context) {
  ImportPacks(context);
  Names own;
  for (const ast::Detector& detector : context.ast.detectors) {
    if (!own.Declare(detector.name, 0, "detector", context.diagnostics)) continue;
    if (context.detectors.entries().size() == kMaxDeclarations) {
      ReportTooMany(detector.name.span, "detectors", kMaxDeclarations, context.diagnostics);
    }
    if (const Names::Entry* input = context.attributes.Find(detector.name.text)) {
      Diagnostic& error = context.diagnostics.Error(
          DiagnosticKind::kAmbiguousName, detector.name.span,
          Tick(detector.name.text) + " is both an input and a detector", "a condition could mean either");
      error.others.push_back({input->span, "the input is declared here"});
    }
    if (detector.base) {
      AddExtension(context, detector);
      continue;
    }
    ReportHidden(context, detector.name, "detector");
    context.detectors.AddOwn(detector);
  }
  for (const hir::Attribute& attribute : context.hir.attributes) {
    ReportHidden(context, {attribute.name, attribute.span}, "input");
    context.detectors.Hide(attribute.name);
  }
}

void FinishDetectors(Context& context) {
  const std::vector<DetectorEntry>& entries = context.detectors.entries();
  // Own declarations first, packs in the order of import.
  std::vector<uint32_t> order;
  for (const bool own : {true, false}) {
    for (uint32_t i = 0; i < entries.size(); ++i) {
      if (entries[i].qualifier.empty() != own) continue;
      const bool wanted = own || entries[i].used || context.imports.keep_all;
      if (wanted && !entries[i].replaced) order.push_back(i);
    }
  }
  std::map<std::string_view, int> uses_of_name;
  for (const uint32_t i : order) ++uses_of_name[entries[i].declaration->name.text];
  std::vector<uint32_t> new_ids(entries.size(), 0);
  for (const uint32_t i : order) {
    const DetectorEntry& entry = entries[i];
    new_ids[i] = static_cast<uint32_t>(context.hir.detectors.size());
    hir::Detector detector = ResolveDetector(context, *entry.declaration, entry.qualifier.empty());
    const bool unique = uses_of_name[entry.declaration->name.text] == 1;
    if (!unique && !entry.qualifier.empty()) detector.name = entry.qualifier + "." + detector.name;
    context.hir.detectors.push_back(std::move(detector));
  }
  RenumberAll(new_ids, context.hir);
}

}  // namespace hpol::check
