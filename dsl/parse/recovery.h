// What the parser does when it cannot go on: say it in our words, once, and find the next
// place that makes sense. Private to dsl/parse.
//
// The grammar needs one token for every decision, so an error is noticed at the first
// token that cannot stand where it does. A misspelled keyword is taken for the right one;
// a missing or surplus sign is put in or left out; else the entry (a rule, a field) is
// given up and reading goes on at the next `when`, `otherwise`, field word, `}` or block.
#pragma once

#include <memory>
#include <vector>

#include "HpolParser.h"
#include "dsl/parse/errors.h"
#include "dsl/parse/expected.h"

namespace hpol::dsl::parse {

// Ends a parse when SyntaxErrors is full. Never leaves dsl/parse.
struct TooManyErrors {};

class Recovery final : public antlr4::ANTLRErrorStrategy {
 public:
  Recovery(std::string_view text, SyntaxErrors& errors) : text_(text), errors_(errors) {}

  void reset(antlr4::Parser*) override {}
  void reportMatch(antlr4::Parser*) override {}
  // Our errors are told apart by place, so ANTLR's own bookkeeping is not wanted.
  bool inErrorRecoveryMode(antlr4::Parser*) override { return false; }

  // Called before every optional, repeated or alternative part.
  void sync(antlr4::Parser* parser) override;
  // Called when the one token that must stand here does not.
  antlr4::Token* recoverInline(antlr4::Parser* parser) override;
  // Called by a rule that was left by an exception: report, then recover or pass it on.
  void reportError(antlr4::Parser* parser, const antlr4::RecognitionException& e) override;
  void recover(antlr4::Parser* parser, std::exception_ptr e) override;

 private:
  // The token `ahead` places on; 1 is the one at hand.
  antlr4::Token* Ahead(antlr4::Parser* parser, ssize_t ahead) const;
  size_t Type(antlr4::Parser* parser, ssize_t ahead = 1) const { return Ahead(parser, ahead)->getType(); }
  std::string_view TextOf(const antlr4::Token* token) const;

  // Whether a token of `type` can stand in `state` of the rule `context`, callers and all.
  bool Viable(antlr4::Parser* parser, antlr4::atn::ATNState* state, antlr4::RuleContext* context,
              size_t type) const;
  // All that could stand where the parser is, with what was noted for the same token before.
  TokenSet Expected(antlr4::Parser* parser) const;
  void Note(antlr4::Parser* parser, const antlr4::misc::IntervalSet& set);

  // Takes a misspelled keyword for the right one; false when the token is none.
  bool RepairKeyword(antlr4::Parser* parser);
  Diagnostic* Report(antlr4::Parser* parser);
  void ReportNoSource(antlr4::Parser* parser);
  // Reports the token that is missing here and makes one up.
  antlr4::Token* Insert(antlr4::Parser* parser, size_t type);
  void ShowOpening(antlr4::Parser* parser, Diagnostic& error) const;
  void SuggestInsertion(antlr4::Parser* parser, size_t type, Diagnostic& error) const;

  // Whether a block begins at the token: by its shape (`detector NAME {`), or, when we are
  // lost anyway, by a block word at the start of a line.
  bool BlockBegins(antlr4::Parser* parser, bool lost) const;
  bool EntryBegins(antlr4::Parser* parser, size_t block_rule) const;
  void SkipToEntry(antlr4::Parser* parser, size_t block_rule, int depth);
  void SkipBlock(antlr4::Parser* parser, antlr4::ParserRuleContext* context);
  void SkipToBlock(antlr4::Parser* parser);

  std::string_view text_;
  SyntaxErrors& errors_;
  // What rules that ended before a token would have taken there.
  size_t noted_at_ = static_cast<size_t>(-1);
  TokenSet noted_;
  size_t quiet_at_ = static_cast<size_t>(-1);             // a token whose error is reported elsewhere
  std::vector<std::unique_ptr<antlr4::Token>> inserted_;  // the tree points at them
};

}  // namespace hpol::dsl::parse
