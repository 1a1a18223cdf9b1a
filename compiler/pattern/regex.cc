// Recursive descent over the pattern's bytes. The first error ends the parse; every error
// names its place and what to write instead.
#include "compiler/pattern/regex.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "compiler/pattern/code_point_set.h"
#include "compiler/pattern/pattern.h"

namespace hpol::pattern {
namespace {

using dsl::DiagnosticKind;

constexpr CodePoints kDigit[] = {{'0', '9'}};
constexpr CodePoints kWord[] = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
constexpr CodePoints kSpace[] = {{'\t', '\n'}, {'\f', '\r'}, {' ', ' '}};
constexpr CodePoints kNewline[] = {{'\n', '\n'}};

// `[[:name:]]`, ASCII as in POSIX's own locale.
struct PosixClass {
  std::string_view name;
  std::vector<CodePoints> ranges;
};
const std::vector<PosixClass>& PosixClasses() {
  static const std::vector<PosixClass> classes = {
      {"alnum", {{'0', '9'}, {'A', 'Z'}, {'a', 'z'}}},
      {"alpha", {{'A', 'Z'}, {'a', 'z'}}},
      {"ascii", {{0, 0x7F}}},
      {"blank", {{'\t', '\t'}, {' ', ' '}}},
      {"cntrl", {{0, 0x1F}, {0x7F, 0x7F}}},
      {"digit", {{'0', '9'}}},
      {"graph", {{'!', '~'}}},
      {"lower", {{'a', 'z'}}},
      {"print", {{' ', '~'}}},
      {"punct", {{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}}},
      {"space", {{'\t', '\r'}, {' ', ' '}}},
      {"upper", {{'A', 'Z'}}},
      {"word", {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}},
      {"xdigit", {{'0', '9'}, {'A', 'F'}, {'a', 'f'}}},
  };
  return classes;
}

// What letters in `(?…)` switch; they hold to the end of the group.
struct Flags {
  bool ignoring_case = false;
  bool dot_newline = false;
};

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

class Parser {
 public:
  Parser(const hir::Pattern& pattern, dsl::Diagnostics& diagnostics)
      : pattern_(pattern), text_(pattern.text), diagnostics_(diagnostics) {
    flags_.ignoring_case = pattern.ignoring_case;
  }

  std::optional<Regex> Run() {
    if (text_.size() > kMaxPatternBytes) {
      Fail(DiagnosticKind::kPatternLimit, 0, text_.size(),
           "the pattern is " + std::to_string(text_.size()) + " bytes long", "too long",
           "a pattern may have " + std::to_string(kMaxPatternBytes) +
               " bytes; write several patterns in one detector, or a word list");
      return std::nullopt;
    }
    Regex regex = ParseAlternate();
    if (!failed_ && !AtEnd()) {  // only a `)` stops the top level
      Syntax(at_, 1, "a `)` closes nothing", "no `(` before it", "write `\\)` for the character itself");
    }
    if (!failed_ && MatchesEmpty(regex)) {
      Fail(DiagnosticKind::kPatternEmpty, 0, text_.size(), "the pattern matches the empty text",
           "can match nothing at all",
           "require at least one character: `+` instead of `*`, or drop what is optional");
    }
    if (failed_) return std::nullopt;
    return regex;
  }

 private:
  // ---- structure ----

  Regex ParseAlternate() {
    std::vector<Regex> branches;
    branches.push_back(ParseConcat());
    while (!failed_ && Take("|")) branches.push_back(ParseConcat());
    if (branches.size() == 1) return std::move(branches[0]);
    Regex regex;
    regex.kind = Regex::Kind::kAlternate;
    regex.parts = std::move(branches);
    return regex;
  }

  Regex ParseConcat() {
    std::vector<Regex> parts;
    while (!failed_ && !AtEnd() && Peek() != '|' && Peek() != ')') {
      Regex part = ParseRepeat();
      if (part.kind != Regex::Kind::kEmpty) parts.push_back(std::move(part));
    }
    if (parts.empty()) return {};
    if (parts.size() == 1) return std::move(parts[0]);
    Regex regex;
    regex.kind = Regex::Kind::kConcat;
    regex.parts = std::move(parts);
    return regex;
  }

  Regex ParseRepeat() {
    const size_t begin = at_;
    bool repeatable = true;
    Regex part = ParseAtom(repeatable);
    if (failed_) return {};
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
    RefuseStackedQuantifier(begin);
    Regex regex;
    regex.kind = Regex::Kind::kRepeat;
    regex.min = min;
    regex.max = max;
    regex.parts.push_back(std::move(part));
    return regex;
  }

  // True when a quantifier stands here; it is then consumed.
  bool ParseQuantifier(uint32_t& min, uint32_t& max) {
    max = kUnbounded;
    if (Take("*")) return true;
    if (Take("+")) return min = 1, true;
    if (Take("?")) return max = 1, true;
    if (AtEnd() || Peek() != '{') return false;
    return ParseCounts(min, max);
  }

  // `{n}`, `{n,}`, `{n,m}`. Any other brace is a literal, unless it looks like a count gone wrong: a
  // detector that silently looks for braces would find nothing.
  bool ParseCounts(uint32_t& min, uint32_t& max) {
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
  void RefuseStackedQuantifier(size_t begin) {
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

  // ---- atoms ----

  Regex ParseAtom(bool& repeatable) {
    const char c = Peek();
    switch (c) {
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
        return ClassOf(std::move(set));
      }
      case '^':
        ++at_;
        return EdgeOf(Edge::kTextStart);
      case '$':
        ++at_;
        return EdgeOf(Edge::kTextEnd);
      case '*':
      case '+':
      case '?':
        repeatable = false;
        return {};
      case '{': {
        uint32_t ignored = 0;
        const size_t brace = at_;
        repeatable = !ParseCounts(ignored, ignored);
        at_ = brace;
        return repeatable ? Literal(ParseCodePoint()) : Regex{};
      }
      case '\\':
        return ParseEscape();
      default:
        return Literal(ParseCodePoint());
    }
  }

  Regex ParseGroup(bool& repeatable) {
    const size_t open = at_++;
    const Flags outer = flags_;
    if (Take("?") && !ParseGroupKind(open)) {  // only flags were set, for the rest of this group
      repeatable = false;
      return {};
    }
    if (failed_) return {};
    if (++depth_ > kMaxNesting) {
      Fail(DiagnosticKind::kPatternLimit, open, 1, "groups are nested too deeply",
           "group number " + std::to_string(depth_) + " from outside",
           "at most " + std::to_string(kMaxNesting) + " groups may stand in each other");
      return {};
    }
    Regex regex = ParseAlternate();
    --depth_;
    flags_ = outer;
    if (!failed_ && !Take(")")) {
      Syntax(open, 1, "a group is not closed", "its `)` is missing",
             "add `)`, or write `\\(` for the character itself");
    }
    return regex;
  }

  // After `(?`. False when this is `(?flags)`, which is no group.
  bool ParseGroupKind(size_t open) {
    if (Take(":")) return true;
    if (LooksLike("=") || LooksLike("!")) {
      return RefuseLook(open, 3, "look-ahead");
    }
    if (LooksLike("<=") || LooksLike("<!")) {
      return RefuseLook(open, 4, "look-behind");
    }
    if (LooksLike("P=")) {
      RefuseBackReference(open, 4);
      return true;
    }
    if (LooksLike(">")) {
      Unsupported(open, 3, "atomic groups are not supported", "nothing here backtracks",
                  "write a plain group: matching takes linear time without it", "(?:");
      return true;
    }
    if (Take("P<") || Take("<") || Take("P'") || Take("'")) return SkipGroupName(open);
    return ParseFlags(open);
  }

  bool RefuseLook(size_t open, size_t length, const std::string& what) {
    Unsupported(open, length, what + " is not supported",
                "only the text of the match itself can be described",
                "write `bounded` after the pattern so that no match stands inside a longer number or word; "
                "`\\b`, `^` and `$` are supported; put values that are no findings under `except`");
    return true;
  }

  bool SkipGroupName(size_t open) {
    while (!AtEnd() && (IsAlnum(Peek()) || Peek() == '_')) ++at_;
    if (!Take(">") && !Take("'")) {
      Syntax(open, at_ - open, "the name of a group is not closed", "names nothing",
             "names of groups have no use here: write `(…)`");
    }
    return true;
  }

  bool ParseFlags(size_t open) {
    bool on = true;
    Flags flags = flags_;
    while (!AtEnd() && Peek() != ')' && Peek() != ':') {
      const char c = Peek();
      if (c == '-' && on) {
        on = false;
      } else if (c == 'i') {
        flags.ignoring_case = on;
      } else if (c == 's') {
        flags.dot_newline = on;
      } else {
        Unsupported(at_, 1, "there is no such flag", "not `i` or `s`",
                    "`(?i)` ignores the case of ASCII letters, `(?s)` lets `.` match a newline");
        return true;
      }
      ++at_;
    }
    if (AtEnd()) {
      Syntax(open, 1, "a group is not closed", "its `)` is missing", "write flags as `(?i)` or `(?i:…)`");
      return true;
    }
    flags_ = flags;  // a group restores its outer flags itself
    return text_[at_++] == ':';
  }

  // ---- escapes ----

  Regex ParseEscape() {
    CodePointSet set;
    const size_t begin = at_;
    if (ParseClassEscape(set)) return failed_ ? Regex{} : ClassOf(std::move(set));
    const char c = begin + 1 < text_.size() ? text_[begin + 1] : '\0';
    const auto edge = [&](Edge which) {
      at_ += 2;
      return EdgeOf(which);
    };
    if (c == 'b') return edge(Edge::kWordEdge);
    if (c == 'B') return edge(Edge::kNotWordEdge);
    if (c == 'A') return edge(Edge::kTextStart);
    if (c == 'z') return edge(Edge::kTextEnd);
    if ((c >= '1' && c <= '9') || c == 'k' || c == 'g') {
      RefuseBackReference(begin, 2);
      return {};
    }
    return Literal(ParseCharacterEscape());
  }

  void RefuseBackReference(size_t begin, size_t length) {
    Unsupported(
        begin, length, "back-references are not supported", "refers to what another part matched",
        "write the alternatives out, as in `\"[a-z]+\"|'[a-z]+'`, or compare the parts in a validator");
  }

  // \d \w \s \p{…} and their negations, alone or in a class. True when one stood here.
  bool ParseClassEscape(CodePointSet& set) {
    if (at_ + 1 >= text_.size()) return false;
    const char c = text_[at_ + 1];
    const auto take = [&](std::span<const CodePoints> ranges, bool negated) {
      at_ += 2;
      negated ? set.AddAllBut(ranges) : set.Add(ranges);
      return true;
    };
    switch (c) {
      case 'd':
      case 'D':
        return take(kDigit, c == 'D');
      case 'w':
      case 'W':
        return take(kWord, c == 'W');
      case 's':
      case 'S':
        return take(kSpace, c == 'S');
      case 'p':
      case 'P':
        return ParseUnicodeClass(set);
      default:
        return false;
    }
  }

  bool ParseUnicodeClass(CodePointSet& set) {
    const size_t begin = at_;
    bool negated = text_[at_ + 1] == 'P';
    at_ += 2;
    std::string_view name = text_.substr(at_, AtEnd() ? 0 : 1);
    if (Take("{")) {
      if (Take("^")) negated = !negated;
      const size_t end = text_.find('}', at_);
      name = text_.substr(at_, end == std::string_view::npos ? std::string_view::npos : end - at_);
      at_ = end == std::string_view::npos ? text_.size() : end + 1;
    } else {
      at_ += name.size();
    }
    const std::span<const CodePoints> ranges = FindUnicodeClass(name);
    if (ranges.empty()) {
      Unsupported(begin, at_ - begin, "no Unicode class named `" + std::string(name) + "`", "not known",
                  "known are L, Lu, Ll, Nd and the scripts Arabic, Cyrillic, Devanagari, Greek, Han, Hangul, "
                  "Hebrew, Hiragana, Katakana, Latin, Thai; others as a range, as in `[\\x{530}-\\x{58F}]`");
    }
    negated ? set.AddAllBut(ranges) : set.Add(ranges);
    return true;
  }

  // One character written with a backslash.
  uint32_t ParseCharacterEscape() {
    const size_t begin = at_++;
    if (AtEnd()) {
      Syntax(begin, 1, "the pattern ends in a backslash", "escapes nothing", "write `\\\\` for a backslash");
      return 0;
    }
    const char c = text_[at_++];
    switch (c) {
      case 'n':
        return '\n';
      case 't':
        return '\t';
      case 'r':
        return '\r';
      case 'f':
        return '\f';
      case 'v':
        return '\v';
      case 'a':
        return '\a';
      case 'x':
        return ParseHex(begin);
      default:
        break;
    }
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7F && !IsAlnum(c)) return byte;
    at_ = begin + 1;
    const uint32_t code_point = ParseCodePoint();  // the whole character, for the span
    if (failed_) return 0;
    if (code_point == '0') {
      Syntax(begin, at_ - begin, "octal escapes are not supported", "not an escape", "write `\\x00`");
    } else {
      Syntax(begin, at_ - begin, "unknown escape `" + std::string(text_.substr(begin, at_ - begin)) + "`",
             "not an escape", "drop the backslash if the character itself is meant",
             std::string(text_.substr(begin + 1, at_ - begin - 1)));
    }
    return 0;
  }

  uint32_t ParseHex(size_t begin) {
    size_t digits = 2;
    const bool braces = Take("{");
    if (braces) {
      const size_t end = text_.find('}', at_);
      digits = end == std::string_view::npos ? 0 : end - at_;
    }
    uint32_t value = 0;
    size_t seen = 0;
    while (seen < digits && seen < 8 && !AtEnd()) {
      const int digit = HexDigit(Peek());
      if (digit < 0) break;
      value = value > kMaxCodePoint ? value : value * 16 + static_cast<uint32_t>(digit);
      ++seen;
      ++at_;
    }
    if (seen == 0 || seen != digits || (braces && !Take("}"))) {
      Syntax(begin, at_ - begin, "a hexadecimal escape is incomplete", "not a character",
             "write two digits as in `\\x7F`, or any number in braces as in `\\x{4E00}`");
    } else if (value > kMaxCodePoint || (value >= 0xD800 && value <= 0xDFFF)) {
      Syntax(begin, at_ - begin, "there is no such code point", "not a character",
             "code points go up to `\\x{10FFFF}`, without the surrogates");
    }
    return value;
  }

  // ---- classes ----

  Regex ParseClass() {
    const size_t open = at_++;
    const bool negated = Take("^");
    CodePointSet set;
    bool first = true;
    while (!failed_ && !AtEnd() && (first || Peek() != ']')) {
      first = false;
      ParseClassItem(set);
    }
    if (failed_) return {};
    if (!Take("]")) {
      Syntax(open, 1, "a class is not closed", "its `]` is missing",
             "add `]`, or write `\\[` for the character itself");
      return {};
    }
    if (flags_.ignoring_case) set.FoldCase();
    if (negated) set.Negate();
    Regex regex = ClassOf(std::move(set));
    if (regex.code_points.empty()) {
      Syntax(open, at_ - open, "no character is in this class", "matches nothing",
             "leave some character out");
    }
    return regex;
  }

  void ParseClassItem(CodePointSet& set) {
    const size_t begin = at_;
    if (Peek() == '[' && at_ + 1 < text_.size() && text_[at_ + 1] == ':') {
      if (ParsePosixClass(set)) return;
    }
    if (Peek() == '\\' && ParseClassEscape(set)) {
      if (!failed_ && LooksLike("-") && !LooksLike("-]")) {
        Syntax(begin, at_ + 1 - begin, "a range cannot begin with a class", "not one character",
               "write `\\-` for a hyphen");
      }
      return;
    }
    const uint32_t first = ParseClassCharacter();
    if (failed_) return;
    uint32_t last = first;
    if (LooksLike("-") && !LooksLike("-]") && at_ + 1 < text_.size()) {
      ++at_;
      const size_t end = at_;
      CodePointSet ignored;
      if (LooksLike("[:") || (Peek() == '\\' && ParseClassEscape(ignored))) {
        Syntax(begin, std::max(at_, end + 1) - begin, "a range cannot end with a class", "not one character",
               "write `\\-` for a hyphen");
        return;
      }
      last = ParseClassCharacter();
      if (failed_) return;
    }
    if (last < first) {
      Syntax(begin, at_ - begin, "a range runs backwards", "its end comes before its start",
             "put the smaller character first");
      return;
    }
    set.Add(first, last);
  }

  uint32_t ParseClassCharacter() {
    if (Peek() != '\\') return ParseCodePoint();
    const char c = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (c >= '1' && c <= '9') {
      RefuseBackReference(at_, 2);
      return 0;
    }
    return ParseCharacterEscape();
  }

  // `[:alpha:]`, `[:^alpha:]`. False when the bracket is only a character.
  bool ParsePosixClass(CodePointSet& set) {
    const size_t end = text_.find(":]", at_ + 2);
    if (end == std::string_view::npos) return false;
    std::string_view name = text_.substr(at_ + 2, end - at_ - 2);
    const bool negated = name.starts_with('^');
    if (negated) name.remove_prefix(1);
    if (!std::all_of(name.begin(), name.end(), IsAlnum)) return false;
    for (const PosixClass& known : PosixClasses()) {
      if (known.name != name) continue;
      at_ = end + 2;
      negated ? set.AddAllBut(known.ranges) : set.Add(known.ranges);
      return true;
    }
    Syntax(
        at_, end + 2 - at_, "no class named `" + std::string(name) + "`", "not known",
        "known are alnum, alpha, ascii, blank, cntrl, digit, graph, lower, print, punct, space, upper, word, "
        "xdigit");
    return true;
  }

  // ---- characters ----

  // The next code point as written.
  uint32_t ParseCodePoint() {
    const auto byte = [&](size_t i) {
      return i < text_.size() ? static_cast<unsigned char>(text_[i]) : static_cast<unsigned char>(0);
    };
    const unsigned char lead = byte(at_);
    const size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    uint32_t value = length == 1 ? lead : lead & (0xFFu >> (length + 1));
    bool good = lead < 0x80 || (lead >= 0xC2 && lead <= 0xF4);
    for (size_t i = 1; good && i < length; ++i) {
      good = (byte(at_ + i) & 0xC0) == 0x80;
      value = value << 6 | (byte(at_ + i) & 0x3Fu);
    }
    constexpr uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (!good || value < kSmallest[length] || value > kMaxCodePoint || (value >= 0xD800 && value <= 0xDFFF)) {
      Syntax(at_, 1, "the pattern is not UTF-8 here", "not a character",
             "write bytes as code points: `\\x{E9}`");
      return 0;
    }
    at_ += length;
    return value;
  }

  Regex Literal(uint32_t code_point) const {
    if (failed_) return {};
    CodePointSet set;
    set.Add(code_point, code_point);
    if (flags_.ignoring_case) set.FoldCase();
    return ClassOf(std::move(set));
  }

  static Regex ClassOf(CodePointSet set) {
    Regex regex;
    regex.kind = Regex::Kind::kClass;
    regex.code_points = std::move(set).Take();
    return regex;
  }

  static Regex EdgeOf(Edge edge) {
    Regex regex;
    regex.kind = Regex::Kind::kEdge;
    regex.edge = edge;
    return regex;
  }

  // ---- text and errors ----

  bool AtEnd() const { return at_ >= text_.size(); }
  char Peek() const { return text_[at_]; }
  bool LooksLike(std::string_view what) const {
    return text_.substr(std::min(at_, text_.size())).starts_with(what);
  }
  bool Take(std::string_view what) {
    if (!LooksLike(what)) return false;
    at_ += what.size();
    return true;
  }
  static bool IsAlnum(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
  static int HexDigit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  }
  // A decimal number at `place`, which moves past it. Large ones saturate.
  std::optional<uint32_t> Number(size_t& place) const {
    if (place >= text_.size() || text_[place] < '0' || text_[place] > '9') return std::nullopt;
    uint32_t value = 0;
    for (; place < text_.size() && text_[place] >= '0' && text_[place] <= '9'; ++place) {
      value = std::min(value * 10 + static_cast<uint32_t>(text_[place] - '0'), 1000000u);
    }
    return value;
  }

  void Syntax(size_t begin, size_t length, std::string message, std::string label, std::string help,
              std::optional<std::string> replacement = std::nullopt) {
    Fail(DiagnosticKind::kPatternSyntax, begin, length, std::move(message), std::move(label), std::move(help),
         std::move(replacement));
  }
  void Unsupported(size_t begin, size_t length, std::string message, std::string label, std::string help,
                   std::optional<std::string> replacement = std::nullopt) {
    Fail(DiagnosticKind::kPatternUnsupported, begin, length, std::move(message), std::move(label),
         std::move(help), std::move(replacement));
  }
  // Reports the first error only. `replacement` of the marked bytes becomes the help's edit.
  void Fail(DiagnosticKind kind, size_t begin, size_t length, std::string message, std::string label,
            std::string help, std::optional<std::string> replacement = std::nullopt) {
    if (failed_) return;
    failed_ = true;
    dsl::Span span = pattern_.span;
    span.begin = pattern_.span.begin + 1 + static_cast<uint32_t>(begin);
    span.end = span.begin + static_cast<uint32_t>(length);
    dsl::Diagnostic& diagnostic = diagnostics_.Error(kind, span, std::move(message), std::move(label));
    diagnostic.help = dsl::Help{std::move(help), {}};
    if (replacement) diagnostic.help->edits.push_back({span, std::move(*replacement)});
  }

  const hir::Pattern& pattern_;
  std::string_view text_;
  dsl::Diagnostics& diagnostics_;
  Flags flags_;
  size_t at_ = 0;
  uint32_t depth_ = 0;
  bool failed_ = false;
};

}  // namespace

bool Regex::Contains(uint32_t code_point) const {
  const auto above = std::upper_bound(code_points.begin(), code_points.end(), code_point,
                                      [](uint32_t value, CodePoints range) { return value < range.first; });
  return above != code_points.begin() && code_point <= std::prev(above)->last;
}

std::optional<Regex> Parse(const hir::Pattern& pattern, dsl::Diagnostics& diagnostics) {
  return Parser(pattern, diagnostics).Run();
}

}  // namespace hpol::pattern
