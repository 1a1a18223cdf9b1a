// One detector → one Matcher, or the reason why not, at the place that is too much.
#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "compiler/pattern/blame.h"
#include "compiler/pattern/dfa.h"
#include "compiler/pattern/nfa.h"
#include "compiler/pattern/pattern.h"
#include "compiler/pattern/regex.h"
#include "runtime/text/fold.h"

namespace hpol::pattern {
namespace {

using dsl::DiagnosticKind;

struct Parsed {
  const hir::Pattern* pattern;
  Regex regex;
};

dsl::Span Inside(const hir::Pattern& pattern, Place place) {
  return SpanInside(pattern, place.begin, place.end);
}
dsl::Span Inside(const hir::Pattern& pattern) { return SpanInside(pattern, 0, pattern.text.size()); }

void Report(dsl::Diagnostics& diagnostics, DiagnosticKind kind, dsl::Span span, std::string message,
            std::string label, std::string help) {
  diagnostics.Error(kind, span, std::move(message), std::move(label)).help = dsl::Help{std::move(help), {}};
}

bool HasEdge(const Regex& regex) {
  return regex.kind == Regex::Kind::kEdge || std::any_of(regex.parts.begin(), regex.parts.end(), HasEdge);
}

// The fold of texts rewrites or drops every character of the class.
bool IsFoldedAway(const Regex& regex) {
  return std::all_of(regex.code_points.begin(), regex.code_points.end(), [](CodePoints range) {
    for (uint32_t c = range.first; c <= range.last; ++c) {
      if (text::FoldCodePoint(c) == text::kKeep) return false;
    }
    return true;
  });
}

// A detector reads folded text, where such a character never stands.
void WarnOfFolded(const hir::Pattern& pattern, const Regex& regex, dsl::Diagnostics& diagnostics) {
  for (const Regex& part : regex.parts) WarnOfFolded(pattern, part, diagnostics);
  if (regex.kind != Regex::Kind::kClass || !IsFoldedAway(regex)) return;
  const dsl::Span span = SpanInside(pattern, regex.begin, regex.end);
  const int fold = text::FoldCodePoint(regex.code_points.front().first);
  const bool one =
      regex.code_points.size() == 1 && regex.code_points[0].first == regex.code_points[0].last && fold != '`';
  dsl::Diagnostic& warning = diagnostics.Warning(
      DiagnosticKind::kPatternFolded, span, "no text that detectors read has this character",
      fold == text::kDrop ? "is dropped from every text" : "becomes ASCII in every text");
  warning.help = dsl::Help{"texts are folded before detectors read them: write the ASCII form", {}};
  if (fold == text::kDrop) {
    warning.help->text = "texts are folded before detectors read them: leave it out";
  } else if (one) {
    const std::string ascii(1, static_cast<char>(fold));
    const bool plain = (fold >= '0' && fold <= '9') || (fold >= 'a' && fold <= 'z') ||
                       (fold >= 'A' && fold <= 'Z') || fold == ' ' || fold == '-';
    warning.help->edits.push_back({span, plain ? ascii : "\\" + ascii});
  }
}

bool CheckNotEmpty(const Parsed& parsed, dsl::Diagnostics& diagnostics) {
  if (!MatchesEmpty(parsed.regex)) return true;
  Report(diagnostics, DiagnosticKind::kPatternEmpty, Inside(*parsed.pattern),
         "the pattern matches the empty text", "can match nothing at all",
         "require at least one character: `+` instead of `*`, or drop what is optional");
  return false;
}

bool CheckLength(const Parsed& parsed, dsl::Diagnostics& diagnostics) {
  if (ShortestMatch(parsed.regex) <= kMaxMatchBytes) return true;
  Report(diagnostics, DiagnosticKind::kPatternLimit, Inside(*parsed.pattern, TooLong(parsed.regex)),
         "the pattern only matches long texts",
         "needs more than " + std::to_string(kMaxMatchBytes) + " bytes",
         "a match has at most " + std::to_string(kMaxMatchBytes) +
             " bytes; describe only the beginning of such a text");
  return false;
}

// Only edges can contradict each other (`a^b`); such a pattern would be silently useless.
bool CheckCanMatch(const Parsed& parsed, dsl::Diagnostics& diagnostics) {
  if (!HasEdge(parsed.regex)) return true;
  NfaBuilder alone;
  alone.AddPattern(parsed.regex, parsed.pattern->bounded);
  const std::optional<Matcher> matcher = Automaton(std::move(alone));
  if (!matcher || matcher->max_length > 0) return true;  // too large is reported for the detector
  const Place place = Contradiction(parsed.regex, parsed.pattern->bounded);
  Report(diagnostics, DiagnosticKind::kPatternNeverMatches, Inside(*parsed.pattern, place),
         "the pattern can never match", "contradicts what stands beside it",
         "`^` and `$` stand at the two ends of the text, or of a line with `(?m)`; `\\b` between a word "
         "character and another one");
  return false;
}

bool CheckPattern(const Parsed& parsed, Purpose purpose, dsl::Diagnostics& diagnostics) {
  if (!CheckLength(parsed, diagnostics)) return false;
  if (purpose == Purpose::kSearch) return true;
  WarnOfFolded(*parsed.pattern, parsed.regex, diagnostics);
  return CheckNotEmpty(parsed, diagnostics) && CheckCanMatch(parsed, diagnostics);
}

std::optional<std::vector<Parsed>> ParseAll(const hir::Detector& detector, Purpose purpose,
                                            dsl::Diagnostics& diagnostics) {
  std::vector<Parsed> all;
  bool good = true;
  for (const hir::Pattern& pattern : detector.patterns) {
    std::optional<Regex> regex = Parse(pattern, diagnostics, purpose);
    if (regex) all.push_back({&pattern, std::move(*regex)});
    good = regex && CheckPattern(all.back(), purpose, diagnostics) && good;
  }
  if (!good) return std::nullopt;
  return all;
}

bool FitsTrie(const std::string& word) { return word.size() >= kMinTrieWord && word.size() <= kMaxTrieWord; }

bool CheckWord(const hir::WordList& list, const std::string& word, dsl::Diagnostics& diagnostics) {
  if (word.empty()) {
    Report(diagnostics, DiagnosticKind::kPatternEmpty, list.span, "a word of the list is empty",
           "can match nothing at all", "leave the empty word out");
    return false;
  }
  if (word.size() > kMaxMatchBytes) {
    Report(diagnostics, DiagnosticKind::kPatternLimit, list.span, "a word of the list is too long",
           "has " + std::to_string(word.size()) + " bytes",
           "a match has at most " + std::to_string(kMaxMatchBytes) +
               " bytes; give the first words of such a text");
    return false;
  }
  return true;
}

bool CheckWords(const hir::WordList& list, dsl::Diagnostics& diagnostics) {
  std::vector<std::string> others;  // that no trie holds
  for (const std::string& word : list.words) {
    if (!CheckWord(list, word, diagnostics)) return false;
    if (!FitsTrie(word)) others.push_back(word);
  }
  if (others.empty()) return true;
  const size_t count = others.size();
  NfaBuilder alone;
  alone.AddWords(std::move(others), list.ignoring_case);
  if (Automaton(std::move(alone))) return true;
  Report(diagnostics, DiagnosticKind::kPatternLimit, list.span, "the list has too many long words",
         std::to_string(count) + " words have more than " + std::to_string(kMaxTrieWord) + " bytes",
         "give the first " + std::to_string(kMaxTrieWord) +
             " bytes of such words, or split the list over several detectors");
  return false;
}

// Everything together is too much. Points into the one pattern that is too large alone, if there is one.
void ReportTooLarge(const hir::Detector& detector, const std::vector<Parsed>& patterns,
                    dsl::Diagnostics& diagnostics) {
  dsl::Span span = detector.span;
  for (const Parsed& parsed : patterns) {
    const bool bounded = parsed.pattern->bounded;
    const bool alone = patterns.size() == 1 && detector.words.empty();
    if (!alone && !IsTooLarge(parsed.regex, bounded)) continue;
    span = Inside(*parsed.pattern, TooLarge(parsed.regex, bounded));
    break;
  }
  Report(diagnostics, DiagnosticKind::kPatternLimit, span,
         "detector `" + detector.name + "` is too large to compile",
         "needs more than " + std::to_string(kMaxStates) + " states",
         "shorten counted repetitions such as `{1,200}`, most of all those of large classes and those that "
         "overlap with what follows them; or split the detector in two");
}

size_t BytesOfWords(const hir::Detector& detector) {
  size_t bytes = 0;
  for (const hir::WordList& list : detector.words) {
    for (const std::string& word : list.words) bytes += word.size();
  }
  return bytes;
}

bool HasTrieWords(const hir::WordList& list) {
  return std::any_of(list.words.begin(), list.words.end(), FitsTrie);
}

// All of a detector, or all but what its tries hold.
NfaBuilder AllOf(const hir::Detector& detector, const std::vector<Parsed>& patterns, bool with_tries) {
  NfaBuilder builder;
  for (const hir::WordList& list : detector.words) {
    std::vector<std::string> words = list.words;
    if (with_tries) std::erase_if(words, FitsTrie);
    builder.AddWords(std::move(words), list.ignoring_case);
  }
  for (const Parsed& parsed : patterns) builder.AddPattern(parsed.regex, parsed.pattern->bounded);
  return builder;
}

std::vector<WordTrie> TriesOf(const hir::Detector& detector) {
  std::vector<WordTrie> tries;
  for (const bool ignoring_case : {false, true}) {
    std::vector<std::string> words;
    for (const hir::WordList& list : detector.words) {
      if (list.ignoring_case != ignoring_case) continue;
      std::copy_if(list.words.begin(), list.words.end(), std::back_inserter(words), FitsTrie);
    }
    if (!words.empty()) tries.emplace_back(std::move(words), ignoring_case);
  }
  return tries;
}

}  // namespace

std::optional<Matcher> Automaton(NfaBuilder builder, uint32_t max_raw_states) {
  if (builder.too_large()) return std::nullopt;
  std::optional<Matcher> raw = Determinize(std::move(builder).Take(), max_raw_states);
  if (!raw) return std::nullopt;
  MergeClasses(*raw);
  Matcher matcher = Minimize(*raw);
  MergeClasses(matcher);
  Finish(matcher);
  if (matcher.state_count() > kMaxStates) return std::nullopt;
  return matcher;
}

std::optional<Matcher> Compile(const hir::Detector& detector, dsl::Diagnostics& diagnostics,
                               Purpose purpose) {
  const std::optional<std::vector<Parsed>> patterns = ParseAll(detector, purpose, diagnostics);
  bool good = patterns.has_value();
  for (const hir::WordList& list : detector.words) good = CheckWords(list, diagnostics) && good;
  if (!good) return std::nullopt;
  const bool few = BytesOfWords(detector) <= kMaxAutomatonWords;
  std::optional<Matcher> matcher;
  if (few) matcher = Automaton(AllOf(detector, *patterns, /*with_tries=*/false));
  if (!matcher && std::any_of(detector.words.begin(), detector.words.end(), HasTrieWords)) {
    matcher = Automaton(AllOf(detector, *patterns, /*with_tries=*/true));
    if (matcher) matcher->tries = TriesOf(detector);
  }
  if (!matcher) ReportTooLarge(detector, *patterns, diagnostics);
  return matcher;
}

}  // namespace hpol::pattern
