// Parse tree → AST. Entries that were given up are left out; what a tree alone cannot
// tell (escapes, sizes of numbers, a field written twice) is reported here. Private to
// dsl/parse.
#pragma once

#include "HpolParser.h"
#include "dsl/ast/ast.h"
#include "dsl/parse/errors.h"

namespace hpol::dsl::parse {

using P = hpol_grammar::HpolParser;

// The leaves: names, texts, numbers, labels. Each is total: a context that recovery left
// without tokens gives an empty value, and an error stands already.
class Leaves {
 public:
  Leaves(std::string_view text, SyntaxErrors& errors) : text_(text), errors_(errors) {}

  Span SpanOf(antlr4::ParserRuleContext* context) const;
  Span SpanOf(antlr4::Token* token) const;
  Span SpanOf(antlr4::tree::TerminalNode* node) const { return SpanOf(node->getSymbol()); }
  std::string_view TextOf(Span span) const;

  ast::Name Name(P::NameContext* context);
  ast::Name Name(P::QnameContext* context);
  ast::Name Name(antlr4::Token* token);
  std::vector<ast::Name> Names(const std::vector<P::NameContext*>& contexts);
  ast::String String(antlr4::tree::TerminalNode* node);
  std::vector<ast::String> Strings(P::StringsContext* context);
  ast::Integer Integer(antlr4::tree::TerminalNode* node);
  ast::Label Label(P::LabelContext* context);
  ast::Price::Amount Amount(P::AmountContext* context);
  // The number in `token`, which may be null, and the unit behind it.
  ast::Quantity Quantity(antlr4::Token* token, P::NameContext* unit);

  SyntaxErrors& errors() { return errors_; }

 private:
  std::string Unescape(std::string_view body, uint32_t begin);
  size_t Escape(std::string_view body, size_t at, uint32_t begin, std::string& value);

  std::string_view text_;
  SyntaxErrors& errors_;
};

// `==` where the token is missing.
ast::CompareOp CompareOperator(antlr4::Token* token);
ast::ExprPtr BuildCondition(P::ConditionContext* context, Leaves& leaves);

ast::Policy BuildPolicy(P::FileContext* file, Leaves& leaves);

}  // namespace hpol::dsl::parse
