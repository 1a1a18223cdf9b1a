// `--dump=tokens`: one line a token, as the lexer sees the text.
#include <algorithm>

#include "HpolLexer.h"
#include "dsl/diag/render.h"
#include "dsl/parse/expected.h"
#include "dsl/parse/lex.h"
#include "dsl/parse/limits.h"
#include "dsl/parse/parse.h"

namespace hpol::dsl {
namespace {

using L = hpol_grammar::HpolLexer;

std::string_view Kind(size_t type) {
  switch (type) {
    case L::NAME:
      return "name";
    case L::STRING:
      return "string";
    case L::RAW:
      return "pattern";
    case L::INTEGER:
    case L::DECIMAL:
    case L::MILLION:
      return "number";
    default:
      if (parse::IsReserved(type)) return "reserved";
      if (parse::IsWord(type)) return "word";
      return parse::Literal(type).empty() ? "unknown" : "sign";
  }
}

std::string Padded(std::string text, size_t width) {
  text.resize(std::max(width, text.size() + 1), ' ');
  return text;
}

}  // namespace

std::string DumpTokens(const SourceMap& sources, FileId file) {
  const SourceFile& source = sources.Get(file);
  parse::SyntaxErrors errors(file);
  if (source.text().size() > kMaxFileBytes || !parse::CheckBytes(source.text(), errors)) {
    return "not text that a policy can be\n";
  }
  std::string out;
  for (const parse::Token& token : parse::Lex(source.text())) {
    const Position at = source.Locate(token.begin);
    out += Padded(std::to_string(at.line) + ":" + std::to_string(at.column), 8) +
           Padded(std::string(Kind(token.type)), 10) +
           Printable(source.text().substr(token.begin, token.end - token.begin)) + "\n";
  }
  return out;
}

}  // namespace hpol::dsl
