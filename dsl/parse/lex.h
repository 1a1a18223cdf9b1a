// Text → tokens. ANTLR's lexer behind plain data, and the report of what cannot be a
// token. Private to dsl/parse.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "dsl/parse/errors.h"
#include "dsl/source/source.h"

namespace hpol::dsl::parse {

// `type` is a constant of the generated HpolLexer; bytes [begin, end).
struct Token {
  size_t type = 0;
  uint32_t begin = 0;
  uint32_t end = 0;
};

// Bytes that no policy may have: not UTF-8, control characters, characters that turn the
// direction of text (a reviewer would not see what the compiler sees). Reports the first
// few; false when there is any.
bool CheckBytes(std::string_view text, SyntaxErrors& errors);

// The tokens of text that CheckBytes accepted, without comments and white space; one more
// than kMaxTokens when there are too many.
std::vector<Token> Lex(std::string_view text);

// Reports every slip among the tokens (`&&`, curly quotes, `gpt-4o` …) with its remedy and
// puts what was meant in its place, so that the parser sees few errors that follow from it.
// Then bounds nesting and count; false when the parser must not see the tokens.
bool Vet(std::vector<Token>& tokens, std::string_view text, SyntaxErrors& errors);

}  // namespace hpol::dsl::parse
