// The words of a syntax error: what could have stood here, and what the author may have
// had in mind. Private to dsl/parse.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace hpol::dsl::parse {

// Token types (of the generated HpolLexer) that the grammar would have taken.
using TokenSet = std::set<size_t>;

// A place where the parser cannot go on.
struct Surprise {
  TokenSet expected;
  size_t previous = 0;    // type of the token before; 0 when there is none
  size_t seen = 0;        // type of the token that stands there
  std::string_view text;  // its text; empty at the end of the file
};

// `a detector field or `}``: what was expected, as an author says it.
std::string ExpectedText(const TokenSet& expected);

// The keyword that the author meant: a misspelled one (`rais`), or the word that another
// language has for it (`if`). Its token type, or nothing.
std::optional<size_t> MeantKeyword(const TokenSet& expected, std::string_view text);

// What to say under the carets; empty when the message says all.
std::string Hint(const Surprise& surprise);

// What the block at hand may contain; empty when the expected words already say it.
std::string HelpText(const TokenSet& expected);

// `raise`: the text of a keyword or sign; empty for names, strings and numbers.
std::string Literal(size_t type);
bool IsWord(size_t type);      // reserved, soft, or a plain name
bool IsReserved(size_t type);  // can never be a name

}  // namespace hpol::dsl::parse
