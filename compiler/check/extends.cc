// `detector d extends pii.us_ssn { … }`: what is written is added to what the pack says, or stands in its
// place where there can be only one. Which parts make it find less is said in a warning.
#include <algorithm>
#include <string>
#include <utility>

#include "compiler/check/context.h"

namespace hpol::check {
namespace {

// The tier from which a finding counts; an unknown word in `fires at` is reported elsewhere.
Tier FiringOf(const ast::Detector& detector) {
  if (detector.fires_at) {
    for (const Tier tier : {Tier::kShape, Tier::kContext}) {
      if (TierName(tier) == detector.fires_at->text) return tier;
    }
    return Tier::kChecksum;
  }
  if (detector.validator) return Tier::kChecksum;
  const auto raises = [](const ast::Near& near) { return !near.negated; };
  return std::any_of(detector.near.begin(), detector.near.end(), raises) ? Tier::kContext : Tier::kShape;
}

bool NeedsNear(const ast::Detector& detector) {
  return std::any_of(detector.near.begin(), detector.near.end(),
                     [](const ast::Near& near) { return near.needed; });
}

// A part of an extension by which it finds less than its base does, or counts less.
struct Loosening {
  Span span;
  std::string why;
};

std::vector<Loosening> LooseningsOf(const ast::Detector& base, const ast::Detector& extension) {
  std::vector<Loosening> parts;
  for (const ast::Near& near : extension.near) {
    if (near.negated) parts.push_back({near.span, "a finding beside these words is only a shape"});
    if (near.needed && !NeedsNear(base))
      parts.push_back({near.span, "nothing is found any more without these words"});
  }
  if (extension.validator && !(base.validator && base.validator->text == extension.validator->text))
    parts.push_back({extension.validator->span, "what this validator rejects is no longer found"});
  for (const ast::String& exception : extension.exceptions)
    parts.push_back({exception.span, "is no longer found"});
  if (extension.fires_at && FiringOf(extension) > FiringOf(base))
    parts.push_back({extension.fires_at->span,
                     "findings at tier " + Tick(TierName(FiringOf(base))) + " no longer count"});
  if (extension.severity && base.severity &&
      SeverityNamed(extension.severity->text) < SeverityNamed(base.severity->text))
    parts.push_back({extension.severity->span, "the pack says " + Tick(base.severity->text)});
  return parts;
}

void ReportLoosenings(Context& context, const ast::Detector& base, const ast::Detector& extension) {
  const std::vector<Loosening> parts = LooseningsOf(base, extension);
  if (parts.empty()) return;
  Diagnostic& warning =
      context.diagnostics.Warning(DiagnosticKind::kLooserDetector, parts.front().span,
                                  "the detector " + Tick(extension.name.text) + " finds less than " +
                                      Tick(extension.base->text) + " does",
                                  parts.front().why);
  for (size_t i = 1; i < parts.size(); ++i) warning.others.push_back({parts[i].span, parts[i].why});
  if (extension.name.text != base.name.text) return;
  warning.help = {"it stands in the place of " + Tick(extension.base->text) +
                      "; under a name of its own it would stand beside it",
                  {}};
}

template <typename T>
void Append(std::vector<T>& to, const std::vector<T>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

// INVARIANT: the tier at which it fires is the base's unless `fires at` says otherwise, so that more context
// words alone never make a finding count less.
ast::Detector Merge(const ast::Detector& base, const ast::Detector& extension) {
  ast::Detector merged = extension;
  merged.patterns = base.patterns;
  Append(merged.patterns, extension.patterns);
  merged.words = base.words;
  Append(merged.words, extension.words);
  merged.near = base.near;
  Append(merged.near, extension.near);
  merged.exceptions = base.exceptions;
  Append(merged.exceptions, extension.exceptions);
  if (!merged.validator) merged.validator = base.validator;
  if (!merged.severity) merged.severity = base.severity;
  if (!merged.suggests) merged.suggests = base.suggests;
  if (!merged.fires_at) merged.fires_at = ast::Name{std::string(TierName(FiringOf(base))), base.name.span};
  // The pack's samples describe the pack's detector. What still must be found is kept; what it left alone may
  // be just what the author wants found.
  if (LooseningsOf(base, extension).empty()) {
    merged.matches = base.matches;
    Append(merged.matches, extension.matches);
  }
  return merged;
}

}  // namespace

void AddExtension(Context& context, const ast::Detector& extension) {
  const std::vector<uint32_t> found = context.detectors.ResolveInPacks(*extension.base, context.diagnostics);
  if (found.empty()) {
    context.detectors.AddOwn(extension);
    return;
  }
  if (found.size() > 1) {
    context.diagnostics.Error(DiagnosticKind::kAmbiguousName, extension.base->span,
                              Tick(extension.base->text) + " is more than one detector",
                              "one detector extends one");
    context.detectors.AddOwn(extension);
    return;
  }
  const ast::Detector& base = *context.detectors.entries()[found.front()].declaration;
  ReportLoosenings(context, base, extension);
  const uint32_t own = context.detectors.AddMerged(Merge(base, extension));
  if (extension.name.text == base.name.text) context.detectors.Replace(found.front(), own);
}

}  // namespace hpol::check
