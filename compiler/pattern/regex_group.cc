// Groups: what stands after `(`, most of all after `(?`.
#include <string>
#include <utility>

#include "compiler/pattern/regex_parser.h"

namespace hpol::pattern {

Regex Parser::ParseGroup(bool& repeatable) {
  const size_t open = at_++;
  const Flags outer = flags_;
  if (Take("?") && !ParseGroupKind(open)) {  // only flags were set, for the rest of this group
    repeatable = false;
    return {};
  }
  if (failed_) return {};
  if (++depth_ > kMaxNesting) {
    Fail(dsl::DiagnosticKind::kPatternLimit, open, 1, "groups are nested too deeply",
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
  return regex.kind == Regex::Kind::kEmpty ? regex : Placed(std::move(regex), open);
}

// After `(?`. False when this is `(?flags)`, which is no group.
bool Parser::ParseGroupKind(size_t open) {
  if (Take(":")) return true;
  if (LooksLike("=") || LooksLike("!")) return RefuseLook(open, 3, "look-ahead");
  if (LooksLike("<=") || LooksLike("<!")) return RefuseLook(open, 4, "look-behind");
  if (LooksLike("P=")) {
    RefuseBackReference(open, 4);
    return true;
  }
  if (LooksLike(">")) {
    Unsupported(open, 3, "atomic groups are not supported", "nothing here backtracks",
                "write a plain group: matching takes linear time without it", "(?:");
    return true;
  }
  if (LooksLike("(")) {
    Unsupported(open, 3, "conditional groups are not supported", "depends on what another part matched",
                "write both cases as alternatives: `(?:…|…)`");
    return true;
  }
  if (LooksLike("R") || LooksLike("&") || LooksLike("P>") || (!AtEnd() && Peek() >= '0' && Peek() <= '9')) {
    Unsupported(open, 3, "recursion is not supported", "refers to a pattern",
                "nested texts are not regular: describe one level, or where they begin");
    return true;
  }
  if (LooksLike("#")) {
    Unsupported(open, 3, "comments are not part of a pattern", "says nothing",
                "write `//` and the comment on the line above");
    return true;
  }
  if (Take("P<") || Take("<") || Take("P'") || Take("'")) return SkipGroupName(open);
  return ParseFlags(open);
}

bool Parser::RefuseLook(size_t open, size_t length, const std::string& what) {
  Unsupported(open, length, what + " is not supported", "only the text of the match itself can be described",
              "write `bounded` after the pattern so that no match stands inside a longer number or word; "
              "`\\b`, `^` and `$` are supported; put values that are no findings under `except`");
  return true;
}

bool Parser::SkipGroupName(size_t open) {
  while (!AtEnd() && (IsAlnum(Peek()) || Peek() == '_')) ++at_;
  if (!Take(">") && !Take("'")) {
    Syntax(open, at_ - open, "the name of a group is not closed", "names nothing",
           "names of groups have no use here: write `(…)`");
  }
  return true;
}

bool Parser::SetFlag(char flag, bool on, Flags& flags) {
  switch (flag) {
    case 'i':
      flags.ignoring_case = on;
      return true;
    case 's':
      flags.dot_newline = on;
      return true;
    case 'm':
      flags.lines = on;
      return true;
    default:
      return false;
  }
}

bool Parser::ParseFlags(size_t open) {
  bool on = true;
  Flags flags = flags_;
  for (; !AtEnd() && Peek() != ')' && Peek() != ':'; ++at_) {
    const char c = Peek();
    if (c == '-' && on) {
      on = false;
    } else if (c == 'U') {
      Unsupported(at_, 1, "lazy repetitions are not supported", "matches are always the longest",
                  "drop the flag `U`");
      return true;
    } else if (!SetFlag(c, on, flags)) {
      Unsupported(at_, 1, "there is no such flag", "not `i`, `s` or `m`",
                  "`(?i)` ignores case, `(?s)` lets `.` match a newline, `(?m)` lets `^` and `$` stand at "
                  "newlines");
      return true;
    }
  }
  if (AtEnd()) {
    Syntax(open, 1, "a group is not closed", "its `)` is missing", "write flags as `(?i)` or `(?i:…)`");
    return true;
  }
  flags_ = flags;  // a group restores its outer flags itself
  return text_[at_++] == ':';
}

}  // namespace hpol::pattern
