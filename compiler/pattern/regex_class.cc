// Classes: `[a-z]`, `[[:alpha:]]`, `\d`, `\p{Han}`. Where case is ignored each item is folded before it
// is negated, so that `\P{Lu}` and `[^a]` leave out all forms of a letter.
#include <algorithm>
#include <string>
#include <utility>

#include "compiler/pattern/regex_parser.h"
#include "dsl/diag/suggest.h"

namespace hpol::pattern {
namespace {

constexpr CodePoints kDigit[] = {{'0', '9'}};
constexpr CodePoints kWord[] = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
constexpr CodePoints kSpace[] = {{'\t', '\n'}, {'\f', '\r'}, {' ', ' '}};

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

// "known are a, b" is of no use with two hundred names: the near one, and what kinds there are.
std::string UnicodeHelp(std::string_view name) {
  std::string all =
      "known are `Any`, the general categories such as `L`, `Lu` and `Nd`, and the scripts by their full "
      "names, such as `Han` and `Cyrillic`";
  const std::optional<std::string> near = dsl::Suggest(name, UnicodeClassNames());
  return near ? "did you mean `" + *near + "`? " + all : all;
}

}  // namespace

Regex Parser::ClassOf(CodePointSet set, size_t begin) const {
  Regex regex;
  regex.kind = Regex::Kind::kClass;
  regex.code_points = std::move(set).Take();
  return Placed(std::move(regex), begin);
}

void Parser::AddClass(std::span<const CodePoints> ranges, bool negated, CodePointSet& set) {
  CodePointSet item;
  item.Add(ranges);
  if (flags_.ignoring_case) item.FoldCase(purpose_);
  if (negated) item.Negate();
  set.Add(std::move(item).Take());
}

Regex Parser::ParseClass() {
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
  if (negated) set.Negate();
  Regex regex = ClassOf(std::move(set), open);
  if (regex.code_points.empty()) {
    Syntax(open, at_ - open, "no character is in this class", "matches nothing", "leave some character out");
  }
  return regex;
}

void Parser::ParseClassItem(CodePointSet& set) {
  const size_t begin = at_;
  if (LooksLike("[:") && ParsePosixClass(set)) return;
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
  const CodePoints range[] = {{first, last}};
  AddClass(range, false, set);
}

uint32_t Parser::ParseClassCharacter() {
  if (Peek() != '\\') return ParseCodePoint();
  const char c = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
  if (c >= '1' && c <= '9') {
    RefuseBackReference(at_, 2);
    return 0;
  }
  return ParseCharacterEscape();
}

// `[:alpha:]`, `[:^alpha:]`. False when the bracket is only a character.
bool Parser::ParsePosixClass(CodePointSet& set) {
  const size_t end = text_.find(":]", at_ + 2);
  if (end == std::string_view::npos) return false;
  std::string_view name = text_.substr(at_ + 2, end - at_ - 2);
  const bool negated = name.starts_with('^');
  if (negated) name.remove_prefix(1);
  if (!std::all_of(name.begin(), name.end(), IsAlnum)) return false;
  for (const PosixClass& known : PosixClasses()) {
    if (known.name != name) continue;
    at_ = end + 2;
    AddClass(known.ranges, negated, set);
    return true;
  }
  Syntax(
      at_, end + 2 - at_, "no class named `" + std::string(name) + "`", "not known",
      "known are alnum, alpha, ascii, blank, cntrl, digit, graph, lower, print, punct, space, upper, word, "
      "xdigit");
  return true;
}

// \d \w \s \p{…} and their negations, alone or in a class. True when one stood here.
bool Parser::ParseClassEscape(CodePointSet& set) {
  const char c = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
  const auto take = [&](std::span<const CodePoints> ranges, bool negated) {
    at_ += 2;
    AddClass(ranges, negated, set);
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
      ParseUnicodeClass(set);
      return true;
    default:
      return false;
  }
}

void Parser::ParseUnicodeClass(CodePointSet& set) {
  const size_t begin = at_;
  bool negated = text_[at_ + 1] == 'P';
  at_ += 2;
  std::string_view name;
  if (Take("{")) {
    if (Take("^")) negated = !negated;
    const size_t end = text_.find('}', at_);
    if (end == std::string_view::npos) {
      Syntax(begin, text_.size() - begin, "the name of a class is not closed", "its `}` is missing",
             "write `\\p{Han}`");
      return;
    }
    name = text_.substr(at_, end - at_);
    at_ = end + 1;
  } else if (!AtEnd()) {
    const size_t first = at_++;
    while (!AtEnd() && (static_cast<unsigned char>(Peek()) & 0xC0) == 0x80) ++at_;
    name = text_.substr(first, at_ - first);
  }
  const std::optional<std::vector<CodePoints>> ranges = UnicodeClass(name);
  if (!ranges) {
    Unsupported(begin, at_ - begin, "no Unicode class named `" + std::string(name) + "`", "not known",
                UnicodeHelp(name));
    return;
  }
  AddClass(*ranges, negated, set);
}

}  // namespace hpol::pattern
