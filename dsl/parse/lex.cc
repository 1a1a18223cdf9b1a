// ANTLR's lexer over bytes. Offsets in tokens are byte offsets; the grammar sees every
// character beyond ASCII as one of three stand-ins, so that its tables stay small.
#include "dsl/parse/lex.h"

#include <algorithm>

#include "HpolLexer.h"
#include "dsl/parse/limits.h"

namespace hpol::dsl::parse {
namespace {

constexpr size_t kCurlyLead = 0x11;    // first byte of U+201C … U+201F
constexpr size_t kStrangeLead = 0x1a;  // first byte of any other character beyond ASCII
constexpr size_t kContinues = 0x1b;

class ByteStream final : public antlr4::CharStream {
 public:
  explicit ByteStream(std::string_view text) : text_(text) {}

  void consume() override { ++at_; }
  size_t LA(ssize_t i) override {
    if (i == 0) return 0;
    const ssize_t at = static_cast<ssize_t>(at_) + (i > 0 ? i - 1 : i);
    if (at < 0 || at >= static_cast<ssize_t>(text_.size())) return antlr4::IntStream::EOF;
    return Unit(static_cast<size_t>(at));
  }
  ssize_t mark() override { return -1; }
  void release(ssize_t) override {}
  size_t index() override { return at_; }
  void seek(size_t index) override { at_ = std::min(index, text_.size()); }
  size_t size() override { return text_.size(); }
  std::string getSourceName() const override { return {}; }
  std::string getText(const antlr4::misc::Interval& interval) override {
    const auto begin = static_cast<size_t>(interval.a);
    if (begin >= text_.size()) return {};
    return std::string(text_.substr(begin, static_cast<size_t>(interval.b) + 1 - begin));
  }
  std::string toString() const override { return std::string(text_); }

 private:
  size_t Unit(size_t at) const {
    const auto byte = static_cast<unsigned char>(text_[at]);
    if (byte < 0x80) return byte;
    if ((byte & 0xc0) == 0x80) return kContinues;
    const std::string_view quote = text_.substr(at, 3);
    const bool curly =
        quote.starts_with("\xe2\x80") && quote.size() == 3 && quote[2] >= '\x9c' && quote[2] <= '\x9f';
    return curly ? kCurlyLead : kStrangeLead;
  }

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

std::vector<Token> Lex(std::string_view text) {
  ByteStream stream(text);
  hpol_grammar::HpolLexer lexer(&stream);
  lexer.removeErrorListeners();
  std::vector<Token> tokens;
  while (tokens.size() <= kMaxTokens) {
    const std::unique_ptr<antlr4::Token> token = lexer.nextToken();
    if (token->getType() == antlr4::Token::EOF) break;
    // A byte order mark, which CheckBytes lets pass here and nowhere else.
    if (token->getStartIndex() == 0 && text.starts_with("\xef\xbb\xbf")) continue;
    tokens.push_back({token->getType(), static_cast<uint32_t>(token->getStartIndex()),
                      static_cast<uint32_t>(token->getStopIndex() + 1)});
  }
  return tokens;
}

}  // namespace hpol::dsl::parse
