// Slips that are known by their tokens alone, and the bounds that the parser relies on.
#include <algorithm>
#include <iterator>
#include <optional>

#include "HpolLexer.h"
#include "dsl/parse/lex.h"
#include "dsl/parse/limits.h"

namespace hpol::dsl::parse {
namespace {

using L = hpol_grammar::HpolLexer;

struct Remedy {
  std::string_view wrong;
  size_t type;  // what the parser sees instead; 0: nothing
  std::string_view right;
};
// Operators of other languages, and punctuation as other keyboards write it.
constexpr Remedy kRemedies[] = {
    {"&&", L::AND, "and"},       {"&", L::AND, "and"},           {"||", L::OR, "or"},
    {"|", L::OR, "or"},          {"!", L::NOT, "not"},           {"=", L::EQUAL, "=="},
    {"===", L::EQUAL, "=="},     {"!==", L::NOT_EQUAL, "!="},    {"<>", L::NOT_EQUAL, "!="},
    {"=<", L::LESS_EQUAL, "<="}, {"=>", L::GREATER_EQUAL, ">="}, {"≠", L::NOT_EQUAL, "!="},
    {"≤", L::LESS_EQUAL, "<="},  {"≥", L::GREATER_EQUAL, ">="},  {"，", L::COMMA, ","},
    {"、", L::COMMA, ","},       {"：", L::COLON, ":"},          {"（", L::LPAREN, "("},
    {"）", L::RPAREN, ")"},      {"｛", L::LBRACE, "{"},         {"｝", L::RBRACE, "}"},
    {"＝", L::EQUAL, "=="},      {"＜", L::LESS, "<"},           {"＞", L::GREATER, ">"},
    {"＋", L::PLUS, "+"},
};

class Vetting {
 public:
  Vetting(std::vector<Token>& tokens, std::string_view text, SyntaxErrors& errors)
      : tokens_(tokens), text_(text), errors_(errors) {}

  void Run() {
    std::vector<Token> kept;
    kept.reserve(tokens_.size());
    for (at_ = 0; at_ < tokens_.size() && !errors_.full(); ++at_) {
      if (const std::optional<Token> token = Judge(tokens_[at_])) kept.push_back(*token);
    }
    tokens_ = std::move(kept);
  }

 private:
  std::string_view TextOf(const Token& token) const {
    return text_.substr(token.begin, token.end - token.begin);
  }
  static Token As(size_t type, const Token& token) { return {type, token.begin, token.end}; }

  void Report(const Token& token, std::string message, std::string label, std::string help,
              std::string replacement) {
    Diagnostic* error = errors_.Add(token.begin, token.end, std::move(message), std::move(label));
    if (error == nullptr || help.empty()) return;
    error->help = Help{std::move(help), {{errors_.At(token.begin, token.end), std::move(replacement)}}};
  }

  // What the parser shall see for a token; nothing when it is better not seen.
  std::optional<Token> Judge(const Token& token) {
    const std::string text(TextOf(token));
    switch (token.type) {
      case L::STRING_OPEN:
        return Unclosed(token, L::STRING, '"', "this string is not closed on its line");
      case L::RAW_OPEN:
        return Unclosed(token, L::RAW, '`', "this pattern is not closed on its line");
      case L::CURLY_STRING:
        return Quotes(token, 3, "curly quotes do not make a string");
      case L::SINGLE_STRING:
        return Quotes(token, 1, "strings stand in double quotes");
      case L::BLOCK_COMMENT:
        Report({token.type, token.begin, token.begin + 2}, "`/*` is not a comment here", "",
               "begin each line of a comment with `//`", "//");
        return std::nullopt;
      case L::OTHER_COMMENT: {
        const uint32_t size = text.starts_with("#") ? 1 : 2;
        Report({token.type, token.begin, token.begin + size},
               "`" + text.substr(0, size) + "` is not a comment here", "", "a comment begins with `//`",
               "//");
        return std::nullopt;
      }
      case L::NUMBER_WORD:
        Report(token, "`" + text + "` is neither a number nor a name", "names begin with a letter", "", "");
        return As(L::NAME, token);
      case L::INTEGER:
      case L::DECIMAL:
      case L::NAME:
        return Hyphenated(token);
      case L::WRONG_OPERATOR:
      case L::STRANGE:
      case L::STRANGE_ASCII:
        return Strange(token);
      default:
        return IsWord(token.type) ? Hyphenated(token) : token;
    }
  }

  // `"abc` gets its quote where the text of the line ends.
  std::optional<Token> Unclosed(const Token& token, size_t type, char quote, std::string message) {
    uint32_t end = token.end;
    while (end > token.begin + 1 && (text_[end - 1] == ' ' || text_[end - 1] == '\t')) --end;
    if (Diagnostic* error = errors_.Add(token.begin, end, std::move(message))) {
      error->help = Help{"close it", {{errors_.At(end, end), std::string(1, quote)}}};
    }
    return As(type, token);
  }

  std::optional<Token> Quotes(const Token& token, uint32_t quote_bytes, std::string message) {
    const std::string inner(
        text_.substr(token.begin + quote_bytes, token.end - token.begin - 2 * quote_bytes));
    const bool plain = inner.find_first_of("\"\\") == std::string::npos;
    Report(token, std::move(message), "", plain ? "use `\"`" : "", "\"" + inner + "\"");
    return As(L::STRING, token);
  }

  static bool IsWord(size_t type) { return type == L::NAME || (type >= L::WHEN && type <= L::MISSING); }
  static bool GoesOnAName(size_t type) {
    return IsWord(type) || type == L::INTEGER || type == L::DECIMAL || type == L::NUMBER_WORD ||
           type == L::MILLION;
  }
  bool Touches(size_t left, size_t right) const {
    return right < tokens_.size() && tokens_[left].end == tokens_[right].begin;
  }

  // `gpt-4o`: a name with hyphens, as other systems have them.
  std::optional<Token> Hyphenated(const Token& token) {
    size_t last = at_;
    while (Touches(last, last + 1) && TextOf(tokens_[last + 1]) == "-" && Touches(last + 1, last + 2) &&
           GoesOnAName(tokens_[last + 2].type)) {
      last += 2;
    }
    if (last == at_) return token;
    const Token whole = {L::NAME, token.begin, tokens_[last].end};
    at_ = last;
    std::string right(TextOf(whole));
    std::replace_if(right.begin(), right.end(), [](char c) { return c == '-' || c == '.'; }, '_');
    Report(whole, "a name cannot contain `-`", "", "use `_`", right);
    return whole;
  }

  std::optional<Token> Strange(const Token& token) {
    const std::string text(TextOf(token));
    for (const Remedy& remedy : kRemedies) {
      if (remedy.wrong != text) continue;
      const std::string right(remedy.right);
      const bool glued = remedy.type == L::NOT && Touches(at_, at_ + 1);
      Report(token, "`" + text + "` is not part of the language", "", "write `" + right + "`",
             right + (glued ? " " : ""));
      return As(remedy.type, token);
    }
    Token run = token;
    const auto strange = [](size_t type) { return type == L::STRANGE || type == L::STRANGE_ASCII; };
    while (Touches(at_, at_ + 1) && strange(tokens_[at_ + 1].type)) run.end = tokens_[++at_].end;
    const bool semicolon = TextOf(run) == ";";
    Report(run, "unexpected `" + Shortened(TextOf(run)) + "`",
           run.type == L::STRANGE ? "text stands in double quotes, names in ASCII letters" : "",
           semicolon ? "nothing ends in `;`" : "", "");
    return std::nullopt;
  }

  std::vector<Token>& tokens_;
  std::string_view text_;
  SyntaxErrors& errors_;
  size_t at_ = 0;
};

// The parser recurses for parentheses and for `not`, and for nothing else.
const Token* TooDeep(const std::vector<Token>& tokens) {
  size_t depth = 0;
  size_t negations = 0;           // since the last parenthesis
  std::vector<size_t> enclosing;  // negations outside each open parenthesis
  for (size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    switch (token.type) {
      case L::NOT:
        ++negations, ++depth;
        break;
      case L::LPAREN:
        enclosing.push_back(std::exchange(negations, 0));
        ++depth;
        break;
      case L::RPAREN:
        depth -= negations;
        negations = 0;
        if (enclosing.empty()) break;
        negations = enclosing.back();
        enclosing.pop_back();
        --depth;
        break;
      case L::AND:
      case L::OR:
        depth -= std::exchange(negations, 0);
        break;
      case L::NEAR:
        // `not near "…"` of a detector is no condition.
        if (i + 1 < tokens.size() && tokens[i + 1].type == L::STRING) depth -= std::exchange(negations, 0);
        break;
      case L::WHEN:
      case L::OTHERWISE:
      case L::RAISE:
      case L::DENY:
      case L::SEND:
        // No condition goes on past these, whatever is still open.
        depth = negations = 0;
        enclosing.clear();
        break;
      default:
        break;
    }
    if (depth > kMaxNesting) return &token;
  }
  return nullptr;
}

}  // namespace

bool Vet(std::vector<Token>& tokens, std::string_view text, SyntaxErrors& errors) {
  if (tokens.size() > kMaxTokens) {
    const Token& first = tokens[kMaxTokens];
    errors.Add(DiagnosticKind::kTooLarge, first.begin, first.end,
               "the file has more than " + std::to_string(kMaxTokens) + " words and signs",
               "nothing is read from here");
    return false;
  }
  Vetting(tokens, text, errors).Run();
  if (errors.full()) return false;
  if (const Token* deep = TooDeep(tokens)) {
    errors.Add(DiagnosticKind::kTooLarge, deep->begin, deep->end,
               "conditions nest more than " + std::to_string(kMaxNesting) + " deep");
    return false;
  }
  return true;
}

}  // namespace hpol::dsl::parse
