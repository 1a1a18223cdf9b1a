// The text of one field of an answer, token by token put back as it comes in. Door: Restorer.
//
// A token is recognised whatever a model did to its looks: case, brackets as `<…>`, `\<…\>`, `&lt;…&gt;` or
// none,
// `\_` for `_`, `'s` inside of the brackets, a plural `s` behind. Its letters must all be there: nothing is
// guessed.
#pragma once

#include <string>
#include <string_view>

#include "runtime/answer/context.h"
#include "runtime/answer/tokens.h"

namespace hpol::answer {

// What kind of text it is.
enum class TextKind : uint8_t {
  kProse,       // shown to a person: harmless places only
  kJson,        // arguments of a tool, as JSON in a string
  kToolString,  // one string of the arguments of a tool
};

class Restorer {
 public:
  // `tokens` must live as long. `admitted`: a tool that may see the values; prose does not ask.
  Restorer(Tokens& tokens, TextKind kind, bool admitted)
      : tokens_(tokens), kind_(kind), admitted_(admitted) {}
  ~Restorer();
  Restorer(const Restorer&) = delete;
  Restorer& operator=(const Restorer&) = delete;

  // Appends to `out` what can no longer become part of a token.
  void Feed(std::string_view text, std::string& out) { Run(text, false, out); }
  // The text ends here; the next Feed begins another.
  void Finish(std::string& out);

  // How much is held back: below the length of the longest token.
  size_t held() const { return held_.size(); }

 private:
  // What stands at one place.
  struct Match {
    enum class Kind : uint8_t { kNone, kMore, kToken } kind = Kind::kNone;
    size_t end = 0;
    std::string token;       // in lower case
    std::string_view after;  // of the text: `'s`, `s`
  };
  void Run(std::string_view text, bool final, std::string& out);
  Match At(std::string_view text, size_t at, bool final) const;
  void Write(const Match& match, std::string_view raw, std::string& out);
  bool MayRestore() const;

  Tokens& tokens_;
  const TextKind kind_;
  const bool admitted_;
  Context context_;
  char before_ = '\n';
  std::string held_;
};

}  // namespace hpol::answer
