// Recursive descent over the pattern's bytes. The first error ends the parse; every error
// names its place and what to write instead. Private to the regex_*.cc files.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "compiler/pattern/code_point_set.h"
#include "compiler/pattern/regex.h"

namespace hpol::pattern {

class Parser {
 public:
  Parser(const hir::Pattern& pattern, dsl::Diagnostics& diagnostics, Purpose purpose)
      : pattern_(pattern), text_(pattern.text), diagnostics_(diagnostics), purpose_(purpose) {
    flags_.ignoring_case = pattern.ignoring_case;
  }

  std::optional<Regex> Run();

 private:
  // What letters in `(?…)` switch; they hold to the end of the group.
  struct Flags {
    bool ignoring_case = false;
    bool dot_newline = false;
    bool lines = false;  // ^ and $ also stand at newlines
  };

  // Structure: regex.cc.
  Regex ParseAlternate();
  Regex ParseConcat();
  Regex ParseRepeat();
  bool ParseQuantifier(uint32_t& min, uint32_t& max);
  bool ParseCounts(uint32_t& min, uint32_t& max);
  void RefuseStackedQuantifier(size_t begin);
  Regex ParseAtom(bool& repeatable);
  Regex ParseOpenBrace(bool& repeatable);

  // Groups and their flags: regex_group.cc.
  Regex ParseGroup(bool& repeatable);
  bool ParseGroupKind(size_t open);
  bool RefuseLook(size_t open, size_t length, const std::string& what);
  bool SkipGroupName(size_t open);
  bool ParseFlags(size_t open);
  bool SetFlag(char flag, bool on, Flags& flags);

  // Classes: regex_class.cc.
  Regex ParseClass();
  void ParseClassItem(CodePointSet& set);
  uint32_t ParseClassCharacter();
  bool ParsePosixClass(CodePointSet& set);
  bool ParseClassEscape(CodePointSet& set);
  void ParseUnicodeClass(CodePointSet& set);
  void AddClass(std::span<const CodePoints> ranges, bool negated, CodePointSet& set);
  Regex ClassOf(CodePointSet set, size_t begin) const;

  // Characters and escapes: regex_chars.cc.
  Regex ParseEscape();
  uint32_t ParseCharacterEscape();
  uint32_t ParseHex(size_t begin);
  uint32_t ParseCodePoint();
  void RefuseBackReference(size_t begin, size_t length);
  void RefuseUnknownEscape(size_t begin);
  Regex ParseLiteral();
  Regex Literal(uint32_t code_point, size_t begin) const;
  Regex EdgeOf(Edge edge, size_t length);

  // Text and errors.
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
  // A decimal number at `place`, which moves past it. Large ones saturate.
  std::optional<uint32_t> Number(size_t& place) const;
  Regex Placed(Regex regex, size_t begin) const {
    regex.begin = static_cast<uint32_t>(begin);
    regex.end = static_cast<uint32_t>(at_);
    return regex;
  }

  void Syntax(size_t begin, size_t length, std::string message, std::string label, std::string help,
              std::optional<std::string> replacement = std::nullopt);
  void Unsupported(size_t begin, size_t length, std::string message, std::string label, std::string help,
                   std::optional<std::string> replacement = std::nullopt);
  // Reports the first error only. `replacement` of the marked bytes becomes the help's edit.
  void Fail(dsl::DiagnosticKind kind, size_t begin, size_t length, std::string message, std::string label,
            std::string help, std::optional<std::string> replacement = std::nullopt);

  const hir::Pattern& pattern_;
  std::string_view text_;
  dsl::Diagnostics& diagnostics_;
  const Purpose purpose_;
  Flags flags_;
  size_t at_ = 0;
  uint32_t depth_ = 0;
  bool quoted_ = false;  // inside \Q…\E
  bool failed_ = false;
};

}  // namespace hpol::pattern
