// The door: bytes → tokens → tree → AST. Nothing of ANTLR leaves this folder, and no
// exception leaves this file.
#include "dsl/parse/parse.h"

#include <exception>

#include "HpolParser.h"
#include "dsl/parse/build.h"
#include "dsl/parse/lex.h"
#include "dsl/parse/limits.h"
#include "dsl/parse/recovery.h"

namespace hpol::dsl {
namespace parse {
namespace {

std::vector<std::unique_ptr<antlr4::Token>> ToAntlr(const std::vector<Token>& tokens, size_t size) {
  std::vector<std::unique_ptr<antlr4::Token>> out;
  out.reserve(tokens.size() + 1);
  const auto add = [&out](size_t type, size_t begin, size_t end) {
    auto token = std::make_unique<antlr4::CommonToken>(type);
    token->setStartIndex(begin);
    token->setStopIndex(end - 1);
    out.push_back(std::move(token));
  };
  for (const Token& token : tokens) add(token.type, token.begin, token.end);
  add(antlr4::Token::EOF, size, size + 1);
  return out;
}

ast::Policy ParseTokens(const std::vector<Token>& tokens, std::string_view text, SyntaxErrors& errors) {
  antlr4::ListTokenSource source(ToAntlr(tokens, text.size()));
  antlr4::CommonTokenStream stream(&source);
  // The strategy owns tokens that the tree points at, so it must outlive the tree.
  const auto recovery = std::make_shared<Recovery>(text, errors);
  hpol_grammar::HpolParser parser(&stream);
  parser.removeErrorListeners();
  parser.setErrorHandler(recovery);
  Leaves leaves(text, errors);
  try {
    return BuildPolicy(parser.file(), leaves);
  } catch (const TooManyErrors&) {
    return {};
  }
}

ast::Policy ParseText(std::string_view text, SyntaxErrors& errors) {
  if (text.size() > kMaxFileBytes) {
    errors.Add(DiagnosticKind::kTooLarge, 0, 0,
               "the file is larger than " + std::to_string(kMaxFileBytes) + " bytes",
               "nothing of it is read");
    return {};
  }
  if (!CheckBytes(text, errors)) return {};
  std::vector<Token> tokens = Lex(text);
  if (!Vet(tokens, text, errors)) return {};
  return ParseTokens(tokens, text, errors);
}

}  // namespace
}  // namespace parse

ast::Policy Parse(const SourceMap& sources, FileId file, Diagnostics& diagnostics) {
  const std::string_view text = sources.Get(file).text();
  parse::SyntaxErrors errors(file);
  ast::Policy policy;
  try {
    policy = parse::ParseText(text, errors);
  } catch (const std::exception&) {
    // Out of memory, or a fault of ours: an error either way, so that nothing runs.
    policy = {};
    errors.Add(DiagnosticKind::kTooLarge, 0, 0, "the file cannot be read to its end");
  }
  errors.MoveTo(diagnostics);
  policy.span = {file, 0, static_cast<uint32_t>(text.size())};
  return policy;
}

}  // namespace hpol::dsl
