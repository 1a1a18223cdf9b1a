// One detector → one Matcher, or the reason why not, at the place that is too much.
#include <algorithm>
#include <string>
#include <utility>

#include "compiler/pattern/dfa.h"
#include "compiler/pattern/nfa.h"
#include "compiler/pattern/pattern.h"
#include "compiler/pattern/regex.h"

namespace hpol::pattern {
namespace {

using dsl::DiagnosticKind;

// Subset construction sees states that minimising joins again.
constexpr uint32_t kMaxRawStates = 2 * kMaxStates;

struct Parsed {
  const hir::Pattern* pattern;
  Regex regex;
};

dsl::Span Inside(const hir::Pattern& pattern) {
  dsl::Span span = pattern.span;
  span.begin += 1;
  span.end = span.begin + static_cast<uint32_t>(pattern.text.size());
  return span;
}

void Report(dsl::Diagnostics& diagnostics, DiagnosticKind kind, dsl::Span span, std::string message,
            std::string label, std::string help) {
  diagnostics.Error(kind, span, std::move(message), std::move(label)).help = dsl::Help{std::move(help), {}};
}

// The fewest bytes that can match; saturates above kMaxMatchBytes.
uint32_t ShortestMatch(const Regex& regex) {
  uint64_t bytes = 0;
  switch (regex.kind) {
    case Regex::Kind::kEmpty:
    case Regex::Kind::kEdge:
      break;
    case Regex::Kind::kClass: {
      const uint32_t first = regex.code_points.front().first;
      bytes = first < 0x80 ? 1 : first < 0x800 ? 2 : first < 0x10000 ? 3 : 4;
      break;
    }
    case Regex::Kind::kConcat:
      for (const Regex& part : regex.parts) bytes += ShortestMatch(part);
      break;
    case Regex::Kind::kAlternate:
      bytes = ShortestMatch(regex.parts[0]);
      for (const Regex& part : regex.parts) bytes = std::min<uint64_t>(bytes, ShortestMatch(part));
      break;
    case Regex::Kind::kRepeat:
      bytes = uint64_t{regex.min} * ShortestMatch(regex.parts[0]);
      break;
  }
  return static_cast<uint32_t>(std::min<uint64_t>(bytes, kMaxMatchBytes + 1));
}

bool HasEdge(const Regex& regex) {
  return regex.kind == Regex::Kind::kEdge || std::any_of(regex.parts.begin(), regex.parts.end(), HasEdge);
}

std::optional<Matcher> Automaton(NfaBuilder builder) {
  if (builder.too_large()) return std::nullopt;
  std::optional<Matcher> raw = Determinize(std::move(builder).Take(), kMaxRawStates);
  if (!raw) return std::nullopt;
  MergeClasses(*raw);
  Matcher matcher = Minimize(*raw);
  MergeClasses(matcher);
  Finish(matcher);
  if (matcher.state_count() > kMaxStates) return std::nullopt;
  return matcher;
}

// Only edges can contradict each other (`a^b`); such a pattern would be silently useless.
bool CheckCanMatch(const Parsed& parsed, dsl::Diagnostics& diagnostics) {
  if (ShortestMatch(parsed.regex) > kMaxMatchBytes) {
    Report(diagnostics, DiagnosticKind::kPatternLimit, Inside(*parsed.pattern),
           "the pattern only matches long texts",
           "needs more than " + std::to_string(kMaxMatchBytes) + " bytes",
           "a match has at most " + std::to_string(kMaxMatchBytes) +
               " bytes; describe only the beginning of such a text");
    return false;
  }
  if (!HasEdge(parsed.regex)) return true;
  NfaBuilder alone;
  alone.AddPattern(parsed.regex, parsed.pattern->bounded);
  const std::optional<Matcher> matcher = Automaton(std::move(alone));
  if (!matcher || matcher->max_length > 0) return true;  // too large is reported for the detector
  Report(diagnostics, DiagnosticKind::kPatternNeverMatches, Inside(*parsed.pattern),
         "the pattern can never match", "its edges contradict each other",
         "`^` and `$` stand at the two ends of the text, `\\b` between a word character and another one");
  return false;
}

std::optional<std::vector<Parsed>> ParseAll(const hir::Detector& detector, dsl::Diagnostics& diagnostics) {
  std::vector<Parsed> all;
  bool good = true;
  for (const hir::Pattern& pattern : detector.patterns) {
    std::optional<Regex> regex = Parse(pattern, diagnostics);
    if (regex) all.push_back({&pattern, std::move(*regex)});
    good = good && regex && CheckCanMatch(all.back(), diagnostics);
  }
  if (!good) return std::nullopt;
  return all;
}

bool CheckWords(const hir::WordList& list, dsl::Diagnostics& diagnostics) {
  uint64_t bytes = 0;
  for (const std::string& word : list.words) {
    bytes += word.size();
    if (word.empty()) {
      Report(diagnostics, DiagnosticKind::kPatternEmpty, list.span, "a word of the list is empty",
             "can match nothing at all", "leave the empty word out");
      return false;
    }
    if (word.size() > kMaxMatchBytes) {
      Report(diagnostics, DiagnosticKind::kPatternLimit, list.span, "a word of the list is too long",
             "has " + std::to_string(word.size()) + " bytes",
             "a match has at most " + std::to_string(kMaxMatchBytes) + " bytes");
      return false;
    }
  }
  NfaBuilder alone;
  alone.AddWords(list.words, list.ignoring_case);
  if (!alone.too_large() && Automaton(std::move(alone))) return true;
  Report(diagnostics, DiagnosticKind::kPatternLimit, list.span, "the word list is too large for one detector",
         std::to_string(list.words.size()) + " words, " + std::to_string(bytes) + " bytes",
         "a detector may have " + std::to_string(kMaxStates) +
             " states, about one a byte that words do not share; split the list over several detectors");
  return false;
}

// Everything together is too much. Points at the one pattern, if there is only one.
void ReportTooLarge(const hir::Detector& detector, dsl::Diagnostics& diagnostics) {
  const bool single = detector.patterns.size() == 1 && detector.words.empty();
  Report(diagnostics, DiagnosticKind::kPatternLimit, single ? Inside(detector.patterns[0]) : detector.span,
         "detector `" + detector.name + "` is too large to compile",
         "needs more than " + std::to_string(kMaxStates) + " states",
         "shorten counted repetitions such as `{1,200}`, most of all those of large classes and those that "
         "overlap with what follows them; or split the detector in two");
}

}  // namespace

std::optional<Matcher> Compile(const hir::Detector& detector, dsl::Diagnostics& diagnostics) {
  const std::optional<std::vector<Parsed>> patterns = ParseAll(detector, diagnostics);
  bool good = patterns.has_value();
  NfaBuilder builder;
  for (const hir::WordList& list : detector.words) {
    good = CheckWords(list, diagnostics) && good;
    if (good) builder.AddWords(list.words, list.ignoring_case);
  }
  if (!good) return std::nullopt;
  for (const Parsed& parsed : *patterns) builder.AddPattern(parsed.regex, parsed.pattern->bounded);
  std::optional<Matcher> matcher = Automaton(std::move(builder));
  if (!matcher) ReportTooLarge(detector, diagnostics);
  return matcher;
}

}  // namespace hpol::pattern
