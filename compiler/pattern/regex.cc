// The structure of a pattern: alternatives, sequences, repetitions.
#include "compiler/pattern/regex.h"

#include <algorithm>
#include <string>
#include <utility>

#include "compiler/pattern/pattern.h"
#include "compiler/pattern/regex_parser.h"

namespace hpol::pattern {
namespace {

using dsl::DiagnosticKind;

constexpr CodePoints kNewline[] = {{'\n', '\n'}};

}  // namespace

std::optional<Regex> Parser::Run() {
  if (text_.size() > kMaxPatternBytes) {
    size_t begin = kMaxPatternBytes;  // what is too much, from a whole character on
    while ((static_cast<unsigned char>(text_[begin]) & 0xC0) == 0x80) --begin;
    Fail(DiagnosticKind::kPatternLimit, begin, text_.size() - begin,
         "the pattern is " + std::to_string(text_.size()) + " bytes long", "from here on too long",
         "a pattern may have " + std::to_string(kMaxPatternBytes) +
             " bytes; write several patterns in one detector, or a word list");
    return std::nullopt;
  }
  Regex regex = ParseAlternate();
  if (!failed_ && !AtEnd()) {  // only a `)` stops the top level
    Syntax(at_, 1, "a `)` closes nothing", "no `(` before it", "write `\\)` for the character itself");
  }
  if (failed_) return std::nullopt;
  return regex;
}

Regex Parser::ParseAlternate() {
  const size_t begin = at_;
  std::vector<Regex> branches;
  branches.push_back(ParseConcat());
  while (!failed_ && Take("|")) branches.push_back(ParseConcat());
  if (branches.size() == 1) return std::move(branches[0]);
  Regex regex;
  regex.kind = Regex::Kind::kAlternate;
  regex.parts = std::move(branches);
  return Placed(std::move(regex), begin);
}

Regex Parser::ParseConcat() {
  const size_t begin = at_;
  std::vector<Regex> parts;
  while (!failed_ && !AtEnd() && (quoted_ || (Peek() != '|' && Peek() != ')'))) {
    if (Take(quoted_ ? "\\E" : "\\Q")) {
      quoted_ = !quoted_;
      continue;
    }
    Regex part = ParseRepeat();
    if (part.kind != Regex::Kind::kEmpty) parts.push_back(std::move(part));
  }
  if (parts.size() == 1) return std::move(parts[0]);
  Regex regex;
  regex.kind = parts.empty() ? Regex::Kind::kEmpty : Regex::Kind::kConcat;
  regex.parts = std::move(parts);
  return Placed(std::move(regex), begin);
}

Regex Parser::ParseRepeat() {
  const size_t begin = at_;
  bool repeatable = true;
  Regex part = quoted_ ? ParseLiteral() : ParseAtom(repeatable);
  if (failed_) return {};
  // `\Qab\E+` repeats the b.
  if (quoted_ && Take("\\E")) quoted_ = false;
  if (quoted_) return part;
  const size_t quantifier = at_;
  uint32_t min = 0;
  uint32_t max = 0;
  if (!ParseQuantifier(min, max)) return part;
  if (failed_) return {};
  if (!repeatable) {
    Syntax(quantifier, at_ - quantifier, "there is nothing to repeat here", "repeats nothing",
           "put the repetition after a character, a class or a group");
    return {};
  }
  Regex regex;
  regex.kind = Regex::Kind::kRepeat;
  regex.min = min;
  regex.max = max;
  regex.parts.push_back(std::move(part));
  regex = Placed(std::move(regex), begin);
  RefuseStackedQuantifier(begin);
  return regex;
}

// True when a quantifier stands here; it is then consumed.
bool Parser::ParseQuantifier(uint32_t& min, uint32_t& max) {
  max = kUnbounded;
  if (Take("*")) return true;
  if (Take("+")) return min = 1, true;
  if (Take("?")) return max = 1, true;
  if (AtEnd() || Peek() != '{') return false;
  return ParseCounts(min, max);
}

// `{n}`, `{n,}`, `{n,m}`. Any other brace is a literal, unless it looks like a count gone wrong: a
// detector that silently looks for braces would find nothing.
bool Parser::ParseCounts(uint32_t& min, uint32_t& max) {
  const size_t begin = at_;
  size_t place = at_ + 1;
  const std::optional<uint32_t> low = Number(place);
  const bool comma = place < text_.size() && text_[place] == ',';
  if (comma) ++place;
  const std::optional<uint32_t> high = comma ? Number(place) : low;
  if (place >= text_.size() || text_[place] != '}' || (!low && !high)) {
    if (low || comma) {
      Syntax(begin, place - begin, "a repetition is not finished", "neither a count nor a plain brace",
             "write counts as `{2}`, `{2,}` or `{2,5}`, and `\\{` for the character itself");
    }
    return false;
  }
  at_ = place + 1;
  if (!low) {
    Syntax(begin, at_ - begin, "a repetition needs its lower count", "the first number is missing",
           "write `{0," + std::to_string(*high) + "}`", "{0," + std::to_string(*high) + "}");
    return true;
  }
  min = *low;
  max = comma && !high ? kUnbounded : *high;
  const uint32_t largest = max == kUnbounded ? min : std::max(min, max);
  if (largest > kMaxRepeat) {
    Fail(DiagnosticKind::kPatternLimit, begin, at_ - begin,
         "a repetition may ask for at most " + std::to_string(kMaxRepeat), "too many",
         "use `+` or `*`; a match has at most " + std::to_string(kMaxMatchBytes) + " bytes in any case");
  } else if (max < min) {
    Syntax(begin, at_ - begin, "the counts of a repetition run backwards", "the larger number stands first",
           "put the smaller number first", "{" + std::to_string(max) + "," + std::to_string(min) + "}");
  }
  return true;
}

// `a+?`, `a++`, `a+*`.
void Parser::RefuseStackedQuantifier(size_t begin) {
  const size_t second = at_;
  if (AtEnd()) return;
  const char c = Peek();
  if (c == '?') {
    Unsupported(second, 1, "lazy repetitions are not supported", "matches are always the longest",
                "drop the `?`; to stop early, repeat a class that leaves out the stop, as in `[^\"]*`", "");
  } else if (c == '+') {
    Unsupported(second, 1, "possessive repetitions are not supported", "nothing here backtracks",
                "drop the second `+`: matching takes linear time without it", "");
  } else {
    uint32_t min = 0;
    uint32_t max = 0;
    if (!ParseQuantifier(min, max) || failed_) return;
    Syntax(second, at_ - second, "two repetitions in a row", "repeats a repetition",
           "group the first one: `(?:" + std::string(text_.substr(begin, second - begin)) + ")" +
               std::string(text_.substr(second, at_ - second)) + "`");
  }
}

Regex Parser::ParseAtom(bool& repeatable) {
  const size_t begin = at_;
  switch (Peek()) {
    case '(':
      return ParseGroup(repeatable);
    case '[':
      return ParseClass();
    case '.': {
      ++at_;
      CodePointSet set;
      if (flags_.dot_newline) {
        set.Add(0, kMaxCodePoint);
      } else {
        set.AddAllBut(kNewline);
      }
      return ClassOf(std::move(set), begin);
    }
    case '^':
      return EdgeOf(flags_.lines ? Edge::kLineStart : Edge::kTextStart, 1);
    case '$':
      return EdgeOf(flags_.lines ? Edge::kLineEnd : Edge::kTextEnd, 1);
    case '*':
    case '+':
    case '?':
      repeatable = false;
      return {};
    case '{':
      return ParseOpenBrace(repeatable);
    case '\\':
      return ParseEscape();
    default:
      return ParseLiteral();
  }
}

// A brace that begins no count is a character.
Regex Parser::ParseOpenBrace(bool& repeatable) {
  uint32_t ignored = 0;
  const size_t brace = at_;
  repeatable = !ParseCounts(ignored, ignored);
  at_ = brace;
  return repeatable ? ParseLiteral() : Regex{};
}

std::optional<uint32_t> Parser::Number(size_t& place) const {
  if (place >= text_.size() || text_[place] < '0' || text_[place] > '9') return std::nullopt;
  uint32_t value = 0;
  for (; place < text_.size() && text_[place] >= '0' && text_[place] <= '9'; ++place) {
    value = std::min(value * 10 + static_cast<uint32_t>(text_[place] - '0'), 1000000u);
  }
  return value;
}

void Parser::Syntax(size_t begin, size_t length, std::string message, std::string label, std::string help,
                    std::optional<std::string> replacement) {
  Fail(DiagnosticKind::kPatternSyntax, begin, length, std::move(message), std::move(label), std::move(help),
       std::move(replacement));
}

void Parser::Unsupported(size_t begin, size_t length, std::string message, std::string label,
                         std::string help, std::optional<std::string> replacement) {
  Fail(DiagnosticKind::kPatternUnsupported, begin, length, std::move(message), std::move(label),
       std::move(help), std::move(replacement));
}

void Parser::Fail(DiagnosticKind kind, size_t begin, size_t length, std::string message, std::string label,
                  std::string help, std::optional<std::string> replacement) {
  if (failed_) return;
  failed_ = true;
  const dsl::Span span = SpanInside(pattern_, begin, begin + length);
  dsl::Diagnostic& diagnostic = diagnostics_.Error(kind, span, std::move(message), std::move(label));
  diagnostic.help = dsl::Help{std::move(help), {}};
  if (replacement) diagnostic.help->edits.push_back({span, std::move(*replacement)});
}

bool Regex::Contains(uint32_t code_point) const {
  const auto above = std::upper_bound(code_points.begin(), code_points.end(), code_point,
                                      [](uint32_t value, CodePoints range) { return value < range.first; });
  return above != code_points.begin() && code_point <= std::prev(above)->last;
}

std::optional<Regex> Parse(const hir::Pattern& pattern, dsl::Diagnostics& diagnostics, Purpose purpose) {
  return Parser(pattern, diagnostics, purpose).Run();
}

bool MatchesEmpty(const Regex& regex) {
  switch (regex.kind) {
    case Regex::Kind::kClass:
      return false;
    case Regex::Kind::kConcat:
      return std::all_of(regex.parts.begin(), regex.parts.end(), MatchesEmpty);
    case Regex::Kind::kAlternate:
      return std::any_of(regex.parts.begin(), regex.parts.end(), MatchesEmpty);
    case Regex::Kind::kRepeat:
      return regex.min == 0 || MatchesEmpty(regex.parts[0]);
    case Regex::Kind::kEmpty:
    case Regex::Kind::kEdge:
      return true;
  }
  return true;
}

dsl::Span SpanInside(const hir::Pattern& pattern, size_t begin, size_t end) {
  dsl::Span span = pattern.span;
  span.begin = pattern.span.begin + 1 + static_cast<uint32_t>(begin);
  span.end = pattern.span.begin + 1 + static_cast<uint32_t>(end);
  return span;
}

}  // namespace hpol::pattern
