// A detector shows by its samples what it finds and what it leaves alone; redactions
// may only write what no detector finds again.
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "compiler/pattern/near_tables.h"
#include "compiler/pattern/pattern.h"
#include "runtime/detect/near.h"

namespace hpol::pattern {
namespace {

using dsl::DiagnosticKind;

// So many tags are tried beside `aaaaaaaaaaaa`: a detector that hits one tag in a hundred is refused.
constexpr int kRandomTags = 512;
constexpr int kTagLetters = 14;

std::string Quoted(std::string_view text) { return "`" + std::string(text) + "`"; }

void CheckMatch(const hir::Detector& detector, const Matcher& matcher, const hir::Sample& sample,
                dsl::Diagnostics& diagnostics) {
  const std::vector<Found> found = FindAll(detector, matcher, sample.text);
  const auto fires = [&](const Found& each) { return each.tier >= detector.firing; };
  if (std::any_of(found.begin(), found.end(), fires)) return;
  dsl::Diagnostic& diagnostic =
      diagnostics.Error(DiagnosticKind::kSampleMissed, sample.span,
                        "detector " + Quoted(detector.name) + " misses its own sample");
  if (found.empty()) {
    diagnostic.primary.text = "nothing found here";
    diagnostic.help =
        dsl::Help{detector.validator != 0 ? "the pattern may not fit, or the validator rejects the value"
                                          : "widen the pattern, or move the sample to `rejects`",
                  {}};
    return;
  }
  diagnostic.primary.text = "found " +
                            Quoted(sample.text.substr(found[0].begin, found[0].end - found[0].begin)) +
                            " at tier " + std::string(TierName(found[0].tier)) + " only";
  const std::string way = detector.firing == Tier::kContext
                              ? "a word of `near` stands beside the value and none of `not near`"
                              : "the validator accepts the value and no word of `not near` stands beside it";
  diagnostic.help = dsl::Help{"the detector fires at tier " + std::string(TierName(detector.firing)) +
                                  (detector.near.empty() ? ": give a sample that its validator accepts"
                                                         : ": give a sample where " + way),
                              {}};
}

void CheckReject(const hir::Detector& detector, const Matcher& matcher, const hir::Sample& sample,
                 dsl::Diagnostics& diagnostics) {
  std::vector<Found> found = FindAll(detector, matcher, sample.text);
  // Where words around a value decide, a shape without them is what such a sample shows.
  if (!detector.near.empty())
    std::erase_if(found, [&](const Found& each) { return each.tier < detector.firing; });
  if (found.empty()) return;
  const std::string text = sample.text.substr(found[0].begin, found[0].end - found[0].begin);
  diagnostics
      .Error(DiagnosticKind::kSampleFound, sample.span,
             "detector " + Quoted(detector.name) + " finds what it should reject",
             "found " + Quoted(text) + " at tier " + std::string(TierName(found[0].tier)))
      .help = dsl::Help{
      "narrow the pattern, write `bounded` after it, or list the exact value under `except`; "
      "move the sample to `matches` if it is right to find it",
      {}};
}

// One thing that a redaction writes, with some of its possible forms.
struct Marker {
  std::vector<std::string> forms;
  dsl::Span span;
  bool fixed = true;  // always the same text, so that `except` can name it
};

std::vector<std::string> PseudonymForms(const std::string& detector) {
  std::vector<std::string> forms;
  uint64_t state = 0x9E3779B97F4A7C15u;
  for (int i = 0; i <= kRandomTags; ++i) {
    std::string tag(kTagLetters, 'a');
    for (int letter = 0; i > 0 && letter < kTagLetters; ++letter) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      tag[static_cast<size_t>(letter)] = static_cast<char>('a' + (state >> 33) % 26);
    }
    forms.push_back("<" + detector + "_" + tag + ">");
  }
  return forms;
}

std::vector<Marker> MarkersOf(const hir::Policy& policy) {
  std::vector<Marker> markers;
  for (const hir::Redaction& redaction : policy.redactions) {
    for (const hir::RedactionLine& line : redaction.lines) {
      switch (line.action) {
        case RedactionAction::kRemove:
          markers.push_back({{"[removed]"}, line.span});
          break;
        case RedactionAction::kMask:
          markers.push_back({{"[masked]"}, line.span});
          break;
        case RedactionAction::kHash:
        case RedactionAction::kEncrypt:
        case RedactionAction::kPseudonym:
          for (DetectorId id : line.detectors) {
            markers.push_back({PseudonymForms(policy.detectors[id.value].name), line.span, false});
          }
          break;
        case RedactionAction::kShift:  // these look like values on purpose
        case RedactionAction::kFpe:
        case RedactionAction::kGeneralize:
          markers.push_back({{"[masked]"}, line.span});
          break;
      }
    }
  }
  return markers;
}

// One error for a detector is enough.
void CheckMarker(const hir::Detector& detector, const Matcher& matcher, const std::vector<Marker>& markers,
                 dsl::Diagnostics& diagnostics) {
  for (const Marker& marker : markers) {
    for (const std::string& form : marker.forms) {
      const std::vector<Found> found = FindMatches(detector, matcher, form);  // whatever stands around it
      if (found.empty()) continue;
      const std::string text = form.substr(found[0].begin, found[0].end - found[0].begin);
      dsl::Diagnostic& diagnostic = diagnostics.Error(
          DiagnosticKind::kMarkerFound, detector.span,
          "detector " + Quoted(detector.name) + " finds something in what a redaction writes",
          "finds " + Quoted(text) + " in " + Quoted(form));
      diagnostic.others.push_back({marker.span, "writes " + Quoted(form)});
      const std::string way = marker.fixed ? "list " + Quoted(text) + " under `except` if it is a fixed word"
                                           : "ask for more than a word of small letters";
      diagnostic.help = dsl::Help{"redacted text would be found again: narrow the detector, or " + way, {}};
      return;
    }
  }
}

bool HasWord(hir::Near near, const std::string& text) {
  near.negated = false;
  const ir::Tables tables = NearTables({near}, false);
  return detect::HasWord(tables, tables.near[0], text);
}

// Redacted text must not change the tier of what stands beside it. A pseudonym may say what it stands for,
// so a word of `near` may be its detector's name; a word that lowers may not.
void CheckNearWords(const hir::Detector& detector, const std::vector<Marker>& markers,
                    dsl::Diagnostics& diagnostics) {
  for (const hir::Near& near : detector.near) {
    const auto found = std::find_if(markers.begin(), markers.end(), [&](const Marker& marker) {
      return (marker.fixed || near.negated) && HasWord(near, marker.forms[0]);
    });
    if (found == markers.end()) continue;
    dsl::Diagnostic& diagnostic =
        diagnostics.Error(DiagnosticKind::kMarkerFound, near.span,
                          "detector " + Quoted(detector.name) + " looks for a word that a redaction writes",
                          "one of these words stands in " + Quoted(found->forms[0]));
    diagnostic.others.push_back({found->span, "writes " + Quoted(found->forms[0])});
    diagnostic.help =
        dsl::Help{"redacted text would change the tier of values beside it: choose other words", {}};
  }
}

}  // namespace

void CheckSamples(const hir::Detector& detector, const Matcher& matcher, dsl::Diagnostics& diagnostics) {
  for (const hir::Sample& sample : detector.matches) CheckMatch(detector, matcher, sample, diagnostics);
  for (const hir::Sample& sample : detector.rejects) CheckReject(detector, matcher, sample, diagnostics);
}

void CheckMarkers(const hir::Policy& policy, const std::vector<Matcher>& matchers,
                  dsl::Diagnostics& diagnostics) {
  const std::vector<Marker> markers = MarkersOf(policy);
  for (size_t i = 0; i < policy.detectors.size() && i < matchers.size(); ++i) {
    CheckMarker(policy.detectors[i], matchers[i], markers, diagnostics);
    CheckNearWords(policy.detectors[i], markers, diagnostics);
  }
}

}  // namespace hpol::pattern
