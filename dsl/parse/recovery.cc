#include "dsl/parse/recovery.h"

#include <algorithm>

namespace hpol::dsl::parse {
namespace {

using P = hpol_grammar::HpolParser;
using antlr4::Parser;
using antlr4::atn::ATNState;

// The blocks, each with the rule of its entries and the words that begin one.
struct Block {
  size_t rule;
  size_t entry;
  std::vector<size_t> begins;
};
const std::vector<Block>& Blocks() {
  static const std::vector<Block> blocks = {
      {P::RuleInput, P::RuleInputField, {}},  // any name before a colon
      {P::RuleDetector,
       P::RuleDetectorField,
       {P::PATTERN, P::WORDS, P::VALIDATE, P::NEAR, P::NOT, P::NEEDS, P::FIRES, P::SEVERITY, P::SUGGESTS,
        P::EXCEPT, P::MATCHES, P::REJECTS}},
      {P::RuleClassify, P::RuleClassifyEntry, {P::START, P::WHEN}},
      {P::RuleZone, P::RuleZoneField, {P::TRUSTED, P::UNTRUSTED, P::CLEARS, P::HOSTS, P::TLS}},
      {P::RuleTarget, P::RuleTargetField, {P::CLEARS, P::MODELS, P::REGION, P::PRICE, P::CAPACITY}},
      {P::RuleSink, P::RuleSinkField, {P::CLEARS}},
      {P::RuleRedaction,
       P::RuleRedactionLine,
       {P::MASK, P::REMOVE, P::PSEUDONYM, P::HASH, P::ENCRYPT, P::FPE, P::SHIFT, P::GENERALIZE}},
      {P::RuleRoute, P::RuleRouteRule, {P::WHEN, P::OTHERWISE}},
      {P::RuleRespond, P::RuleRespondRule, {P::WHEN}},
      {P::RuleSchedule, P::RuleScheduleField, {P::TIME, P::ON}},
      {P::RuleTest, P::RuleTestClause, {P::GIVEN, P::WITH, P::EXPECT}},
  };
  return blocks;
}

const Block* BlockOf(size_t rule) {
  for (const Block& block : Blocks()) {
    if (block.rule == rule) return &block;
  }
  return nullptr;
}
const Block* BlockOfEntry(size_t rule) {
  for (const Block& block : Blocks()) {
    if (block.entry == rule) return &block;
  }
  return nullptr;
}

bool IsBlockWord(size_t type) { return type >= P::POLICY && type <= P::TEST && type != P::VERSION; }

// Rules that stand at the top of the file; each is a place to recover.
bool IsDeclaration(size_t rule) {
  return BlockOf(rule) != nullptr || rule == P::RuleHeader || rule == P::RuleImportLine ||
         rule == P::RuleLevels || rule == P::RuleCategories || rule == P::RuleReading ||
         rule == P::RuleLimit || rule == P::RuleRequirement || rule == P::RuleGuarantee;
}

// A part of the author's own making stands where such a token is expected.
bool IsOpenEnded(size_t type) {
  return type == P::NAME || type == P::STRING || type == P::RAW || type == P::INTEGER || type == P::DECIMAL;
}

// Tokens that other entries begin with: never thrown away to make one entry right.
bool IsAnchor(size_t type) {
  return type == P::WHEN || type == P::OTHERWISE || type == P::RBRACE || type == antlr4::Token::EOF;
}

TokenSet ToSet(const antlr4::misc::IntervalSet& intervals) {
  TokenSet set;
  for (const ssize_t type : intervals.toList()) {
    if (static_cast<size_t>(type) != antlr4::Token::EPSILON) set.insert(static_cast<size_t>(type));
  }
  return set;
}

ATNState* CurrentState(Parser* parser) { return parser->getATN().states[parser->getState()]; }

}  // namespace

antlr4::Token* Recovery::Ahead(Parser* parser, ssize_t ahead) const {
  return parser->getTokenStream()->LT(ahead);
}

std::string_view Recovery::TextOf(const antlr4::Token* token) const {
  if (token == nullptr || token->getType() == antlr4::Token::EOF || token->getStartIndex() >= text_.size())
    return {};
  return text_.substr(token->getStartIndex(), token->getStopIndex() + 1 - token->getStartIndex());
}

bool Recovery::Viable(Parser* parser, ATNState* state, antlr4::RuleContext* context, size_t type) const {
  const antlr4::atn::ATN& atn = parser->getATN();
  for (;;) {
    const antlr4::misc::IntervalSet& next = atn.nextTokens(state);
    if (next.contains(type)) return true;
    if (!next.contains(antlr4::Token::EPSILON)) return false;
    if (context == nullptr || context->parent == nullptr ||
        context->invokingState == ATNState::INVALID_STATE_NUMBER) {
      return type == antlr4::Token::EOF;
    }
    const auto* call =
        static_cast<const antlr4::atn::RuleTransition*>(atn.states[context->invokingState]->transitions[0]);
    state = call->followState;
    context = dynamic_cast<antlr4::RuleContext*>(context->parent);
  }
}

TokenSet Recovery::Expected(Parser* parser) const {
  TokenSet expected = ToSet(parser->getExpectedTokens());
  if (noted_at_ == parser->getTokenStream()->index()) expected.insert(noted_.begin(), noted_.end());
  return expected;
}

void Recovery::Note(Parser* parser, const antlr4::misc::IntervalSet& set) {
  const size_t at = parser->getTokenStream()->index();
  if (noted_at_ != at) noted_.clear();
  noted_at_ = at;
  noted_.merge(ToSet(set));
}

void Recovery::sync(Parser* parser) {
  const size_t seen = Type(parser);
  ATNState* state = CurrentState(parser);
  antlr4::ParserRuleContext* context = parser->getContext();
  const Block* block = BlockOf(context->getRuleIndex());
  // In `input` every word may be a field, so a block that begins there must be looked for.
  bool unclosed = context->getRuleIndex() == P::RuleInput && BlockBegins(parser, /*lost=*/false);
  if (!unclosed) {
    const antlr4::misc::IntervalSet& next = parser->getATN().nextTokens(state);
    if (next.contains(seen) || Viable(parser, state, context, seen)) return;
    if (RepairKeyword(parser)) return;
    Note(parser, next);
  }
  if (block != nullptr) {
    if (!unclosed && (seen == antlr4::Token::EOF || BlockBegins(parser, /*lost=*/true))) {
      if (block->rule != P::RuleInput) return;  // the block now misses its `}` and says so
      unclosed = true;
    }
    if (!unclosed) {
      Report(parser);
      SkipToEntry(parser, block->rule, 0);
      unclosed = block->rule == P::RuleInput && BlockBegins(parser, /*lost=*/true);
    }
    if (!unclosed) return;
    Insert(parser, P::RBRACE);
    throw antlr4::InputMismatchException(parser);
  } else if (context->getRuleIndex() == P::RuleFile) {
    Report(parser);
    parser->consume();
    SkipToBlock(parser);
  }
}

antlr4::Token* Recovery::recoverInline(Parser* parser) {
  if (RepairKeyword(parser)) {
    antlr4::Token* repaired = Ahead(parser, 1);
    parser->consume();
    return repaired;
  }
  ATNState* state = CurrentState(parser);
  const TokenSet wanted = ToSet(parser->getATN().nextTokens(state));
  ATNState* after = state->transitions[0]->target;
  antlr4::ParserRuleContext* context = parser->getContext();
  const bool open_ended = std::any_of(wanted.begin(), wanted.end(), IsOpenEnded);
  const size_t seen = Type(parser);

  // Something stands where a name, text or number should, and what follows fits: take it for that.
  if (open_ended && (IsReserved(seen) || IsOpenEnded(seen)) && !IsAnchor(seen) &&
      Viable(parser, after, context, Type(parser, 2))) {
    Report(parser);
    antlr4::Token* taken = Ahead(parser, 1);
    parser->consume();
    return taken;
  }
  // Only one sign or word is missing, or the name of a block.
  const bool nameless_block = open_ended && wanted.contains(P::NAME) && seen == P::LBRACE;
  if ((wanted.size() == 1 && !open_ended) || nameless_block) {
    const size_t type = nameless_block ? size_t{P::NAME} : *wanted.begin();
    const bool ends_here =
        type == P::RBRACE && (seen == antlr4::Token::EOF || BlockBegins(parser, /*lost=*/true));
    if (type == P::FROM && (seen == P::RBRACE || EntryBegins(parser, P::RuleInput))) {
      ReportNoSource(parser);
    } else if (ends_here || Viable(parser, after, context, seen)) {
      return Insert(parser, type);
    }
  }
  Report(parser);
  if (!IsAnchor(seen) && !BlockBegins(parser, /*lost=*/true) && wanted.contains(Type(parser, 2))) {
    parser->consume();
    antlr4::Token* matched = Ahead(parser, 1);
    parser->consume();
    return matched;
  }
  throw antlr4::InputMismatchException(parser);
}

void Recovery::reportError(Parser* parser, const antlr4::RecognitionException&) { Report(parser); }

void Recovery::recover(Parser* parser, std::exception_ptr e) {
  antlr4::ParserRuleContext* context = parser->getContext();
  const size_t rule = context->getRuleIndex();
  if (const Block* block = BlockOfEntry(rule)) {
    int depth = 0;
    for (size_t i = context->getStart()->getTokenIndex(); i < parser->getTokenStream()->index(); ++i) {
      const size_t type = parser->getTokenStream()->get(i)->getType();
      depth += type == P::LBRACE ? 1 : type == P::RBRACE ? -1 : 0;
    }
    SkipToEntry(parser, block->rule, std::max(depth, 0));
  } else if (IsDeclaration(rule)) {
    SkipBlock(parser, context);
  } else if (rule == P::RuleFile) {
    SkipToBlock(parser);
  } else {
    std::rethrow_exception(e);
  }
}

bool Recovery::RepairKeyword(Parser* parser) {
  antlr4::Token* token = Ahead(parser, 1);
  if (!IsWord(token->getType()) || IsReserved(token->getType())) return false;
  const std::optional<size_t> meant = MeantKeyword(Expected(parser), TextOf(token));
  if (!meant) return false;
  if (Diagnostic* error = Report(parser)) {
    error->primary.text = "did you mean `" + Literal(*meant) + "`?";
    error->help.reset();
  }
  static_cast<antlr4::CommonToken*>(token)->setType(*meant);
  return true;
}

Diagnostic* Recovery::Report(Parser* parser) {
  if (parser->getTokenStream()->index() == quiet_at_) return nullptr;
  antlr4::Token* token = Ahead(parser, 1);
  antlr4::Token* before = parser->getTokenStream()->index() > 0 ? Ahead(parser, -1) : nullptr;
  const bool end = token->getType() == antlr4::Token::EOF;
  // The end of the file is shown where the last word ends, not on an empty line below.
  const auto begin = static_cast<uint32_t>(!end     ? token->getStartIndex()
                                           : before ? before->getStopIndex() + 1
                                                    : 0);
  Surprise surprise;
  surprise.expected = Expected(parser);
  surprise.previous = before == nullptr ? 0 : before->getType();
  surprise.seen = token->getType();
  surprise.text = TextOf(token);
  const std::string seen = end ? "the end of the file" : "`" + Shortened(surprise.text) + "`";
  Diagnostic* error =
      errors_.Add(begin, end ? begin : static_cast<uint32_t>(token->getStopIndex() + 1),
                  "expected " + ExpectedText(surprise.expected) + ", found " + seen, Hint(surprise));
  if (errors_.full()) throw TooManyErrors{};
  if (error == nullptr || !error->primary.text.empty()) return error;
  if (std::string help = HelpText(surprise.expected); !help.empty()) error->help = Help{std::move(help), {}};
  return error;
}

// `region : string` and then the next input: said of the input, not of what follows it.
void Recovery::ReportNoSource(Parser* parser) {
  const antlr4::Token* name = parser->getContext()->getStart();
  errors_.Add(static_cast<uint32_t>(name->getStartIndex()), static_cast<uint32_t>(name->getStopIndex() + 1),
              "input `" + Shortened(TextOf(name)) + "` does not say where it comes from",
              "add `from identity`, `from gateway` or `from caller`");
  quiet_at_ = parser->getTokenStream()->index();
  if (errors_.full()) throw TooManyErrors{};
}

// What is missing is known, so the edit is too.
antlr4::Token* Recovery::Insert(Parser* parser, size_t type) {
  if (Diagnostic* error = Report(parser)) {
    const bool block_ends = BlockBegins(parser, /*lost=*/true) || Type(parser) == antlr4::Token::EOF;
    if (type == P::RBRACE) ShowOpening(parser, *error);
    if (type == P::RBRACE && block_ends) {
      error->help.reset();  // where the block should have ended only the author knows
    } else if (type != P::NAME) {
      SuggestInsertion(parser, type, *error);
    }
  }
  inserted_.push_back(std::make_unique<antlr4::CommonToken>(type));
  return inserted_.back().get();
}

void Recovery::ShowOpening(Parser* parser, Diagnostic& error) const {
  int depth = 0;
  for (size_t i = parser->getTokenStream()->index(); i-- > 0;) {
    const antlr4::Token* token = parser->getTokenStream()->get(i);
    depth += token->getType() == P::RBRACE ? 1 : token->getType() == P::LBRACE ? -1 : 0;
    if (depth >= 0) continue;
    const auto open = static_cast<uint32_t>(token->getStartIndex());
    error.others.push_back({errors_.At(open, open + 1), "opened here"});
    return;
  }
}

void Recovery::SuggestInsertion(Parser* parser, size_t type, Diagnostic& error) const {
  const uint32_t at = error.primary.span.begin;
  const antlr4::Token* before = parser->getTokenStream()->index() > 0 ? Ahead(parser, -1) : nullptr;
  const auto end = before == nullptr ? at : static_cast<uint32_t>(before->getStopIndex() + 1);
  const bool same_line = text_.substr(end, at - end).find('\n') == std::string_view::npos;
  const std::string word = Literal(type);
  error.help = Help{"add `" + word + "`", {}};
  if (!IsWord(type)) {
    error.help->edits.push_back({errors_.At(end, end), word});
  } else if (same_line) {
    error.help->edits.push_back({errors_.At(at, at), word + " "});
  } else {
    error.help->edits.push_back({errors_.At(end, end), " " + word});
  }
}

bool Recovery::BlockBegins(Parser* parser, bool lost) const {
  const size_t type = Type(parser);
  if (!IsBlockWord(type)) return false;
  const size_t start = Ahead(parser, 1)->getStartIndex();
  if (lost && (start == 0 || text_[start - 1] == '\n')) return true;
  switch (type) {
    case P::INPUT:
    case P::CLASSIFY:
    case P::ROUTE:
    case P::RESPOND:
      return Type(parser, 2) == P::LBRACE;
    case P::DETECTOR:
    case P::ZONE:
    case P::SINK:
    case P::SCHEDULE:
    case P::REDACTION:
      return IsWord(Type(parser, 2)) && Type(parser, 3) == P::LBRACE;
    case P::TARGET:
      return IsWord(Type(parser, 2)) && Type(parser, 3) == P::IN;
    case P::LIMIT:
      return Type(parser, 2) == P::INTEGER || Type(parser, 2) == P::DECIMAL;
    case P::REQUIRE:
    case P::GUARANTEE:
      return Type(parser, 2) == P::STRING && Type(parser, 3) != P::LBRACE;
    case P::TEST:
      return Type(parser, 2) == P::STRING && Type(parser, 3) == P::LBRACE;
    default:
      return false;
  }
}

bool Recovery::EntryBegins(Parser* parser, size_t block_rule) const {
  const size_t type = Type(parser);
  if (block_rule == P::RuleInput) return IsWord(type) && Type(parser, 2) == P::COLON;
  const std::vector<size_t>& begins = BlockOf(block_rule)->begins;
  return std::find(begins.begin(), begins.end(), type) != begins.end();
}

// Moves to the next entry of the block, its `}`, or another block. `depth` counts the
// braces that are open inside the entry.
void Recovery::SkipToEntry(Parser* parser, size_t block_rule, int depth) {
  for (;;) {
    const size_t type = Type(parser);
    if (type == antlr4::Token::EOF || BlockBegins(parser, /*lost=*/true)) return;
    const bool always = type == P::WHEN || type == P::OTHERWISE;
    if ((depth == 0 || always) && EntryBegins(parser, block_rule)) return;
    if (type == P::RBRACE && depth == 0) return;
    depth += type == P::LBRACE ? 1 : type == P::RBRACE ? -1 : 0;
    parser->consume();
  }
}

// Moves past the declaration that `context` began: its braces, or up to the next block.
void Recovery::SkipBlock(Parser* parser, antlr4::ParserRuleContext* context) {
  const size_t start = context->getStart()->getTokenIndex();
  int depth = 0;
  for (size_t i = start; i < parser->getTokenStream()->index(); ++i) {
    const size_t type = parser->getTokenStream()->get(i)->getType();
    depth += type == P::LBRACE ? 1 : type == P::RBRACE ? -1 : 0;
  }
  for (;;) {
    const size_t type = Type(parser);
    const bool begun = parser->getTokenStream()->index() > start;
    if (type == antlr4::Token::EOF || (begun && BlockBegins(parser, /*lost=*/true))) return;
    parser->consume();
    depth += type == P::LBRACE ? 1 : type == P::RBRACE ? -1 : 0;
    if (type == P::RBRACE && depth <= 0) return;
  }
}

void Recovery::SkipToBlock(Parser* parser) {
  while (Type(parser) != antlr4::Token::EOF && !BlockBegins(parser, /*lost=*/true)) parser->consume();
}

}  // namespace hpol::dsl::parse
