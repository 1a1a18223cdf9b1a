// Names, texts, numbers, labels.
#include <algorithm>

#include "dsl/parse/build.h"
#include "dsl/parse/limits.h"

namespace hpol::dsl::parse {
namespace {

constexpr int64_t kMillion = 1'000'000;
constexpr size_t kDecimals = 6;

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void AppendUtf8(std::string& out, uint32_t code) {
  const auto put = [&out](uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | (code >> 6)), put(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    put(0xe0 | (code >> 12)), put(0x80 | ((code >> 6) & 0x3f)), put(0x80 | (code & 0x3f));
  } else {
    put(0xf0 | (code >> 18)), put(0x80 | ((code >> 12) & 0x3f)), put(0x80 | ((code >> 6) & 0x3f)),
        put(0x80 | (code & 0x3f));
  }
}

// Digits with `_` between; nothing when the value would pass `max`.
std::optional<int64_t> Digits(std::string_view text, int64_t max) {
  int64_t value = 0;
  for (const char c : text) {
    if (c == '_') continue;
    const int64_t digit = c - '0';
    if (digit < 0 || digit > 9 || value > (max - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
  }
  return value;
}

}  // namespace

Span Leaves::SpanOf(antlr4::Token* token) const {
  // Tokens that recovery put in have no place of their own.
  if (token == nullptr || token->getStartIndex() > text_.size()) return errors_.At(0, 0);
  const auto begin = static_cast<uint32_t>(token->getStartIndex());
  const size_t end = token->getType() == antlr4::Token::EOF ? text_.size() : token->getStopIndex() + 1;
  return errors_.At(begin, std::max(begin, static_cast<uint32_t>(end)));
}

Span Leaves::SpanOf(antlr4::ParserRuleContext* context) const {
  const Span begin = SpanOf(context->getStart());
  const Span end = SpanOf(context->getStop());
  return errors_.At(begin.begin, std::max(begin.begin, end.end));
}

std::string_view Leaves::TextOf(Span span) const { return text_.substr(span.begin, span.end - span.begin); }

ast::Name Leaves::Name(antlr4::Token* token) {
  const Span span = SpanOf(token);
  if (span.end - span.begin > kMaxNameBytes) {
    errors_.Add(DiagnosticKind::kTooLarge, span.begin, span.end,
                "a name has at most " + std::to_string(kMaxNameBytes) + " letters");
  }
  return {std::string(TextOf(span)), span};
}

ast::Name Leaves::Name(P::NameContext* context) {
  if (context == nullptr || context->children.empty()) return {"", errors_.At(0, 0)};
  return Name(context->getStart());
}

ast::Name Leaves::Name(P::QnameContext* context) {
  if (context == nullptr) return {"", errors_.At(0, 0)};
  ast::Name name;
  for (P::NameContext* part : context->name()) name.text += (name.text.empty() ? "" : ".") + Name(part).text;
  name.span = SpanOf(context);
  if (name.text.size() > kMaxNameBytes) {
    errors_.Add(DiagnosticKind::kTooLarge, name.span.begin, name.span.end,
                "a name has at most " + std::to_string(kMaxNameBytes) + " letters");
  }
  return name;
}

std::vector<ast::Name> Leaves::Names(const std::vector<P::NameContext*>& contexts) {
  std::vector<ast::Name> names;
  for (P::NameContext* context : contexts) names.push_back(Name(context));
  return names;
}

ast::String Leaves::String(antlr4::tree::TerminalNode* node) {
  if (node == nullptr) return {"", errors_.At(0, 0)};
  const Span span = SpanOf(node);
  const std::string_view whole = TextOf(span);
  if (!whole.starts_with('"')) return {std::string(whole), span};  // another form: reported already
  std::string_view body = whole.substr(1);
  if (body.ends_with('"')) body.remove_suffix(1);
  return {Unescape(body, span.begin + 1), span};
}

std::string Leaves::Unescape(std::string_view body, uint32_t begin) {
  std::string value;
  value.reserve(body.size());
  for (size_t at = 0; at < body.size();) {
    if (body[at] == '\\') {
      at = Escape(body, at, begin, value);
    } else {
      value += body[at++];
    }
  }
  return value;
}

// Reads the escape at `at`, adds what it stands for, gives the place after it.
size_t Leaves::Escape(std::string_view body, size_t at, uint32_t begin, std::string& value) {
  const char kind = at + 1 < body.size() ? body[at + 1] : '\0';
  const auto here = static_cast<uint32_t>(begin + at);
  switch (kind) {
    case '"':
    case '\\':
      value += kind;
      return at + 2;
    case 'n':
      value += '\n';
      return at + 2;
    case 't':
      value += '\t';
      return at + 2;
    case 'r':
      value += '\r';
      return at + 2;
    case 'u':
      break;
    default:
      if (Diagnostic* error =
              errors_.Add(here, here + 2, "`\\" + std::string(body.substr(at + 1, 1)) + "` is no escape")) {
        error->help =
            Help{R"(escapes are `\"`, `\\`, `\n`, `\t`, `\r` and `\u{HEX}`; write `\\` for a backslash)",
                 {{errors_.At(here, here + 1), "\\\\"}}};
      }
      return at + 2;
  }
  uint32_t code = 0;
  size_t end = at + 3;
  while (end < body.size() && end < at + 9 && HexDigit(body[end]) >= 0) {
    code = code * 16 + static_cast<uint32_t>(HexDigit(body[end++]));
  }
  const bool closed =
      at + 2 < body.size() && body[at + 2] == '{' && end > at + 3 && end < body.size() && body[end] == '}';
  if (!closed || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
    errors_.Add(here, static_cast<uint32_t>(begin + std::min(end + (closed ? 1 : 0), body.size())),
                "this is no character", "`\\u{…}` holds one to six hexadecimal digits");
    return std::min(end + 1, body.size());
  }
  AppendUtf8(value, code);
  return end + 1;
}

std::vector<ast::String> Leaves::Strings(P::StringsContext* context) {
  std::vector<ast::String> strings;
  if (context == nullptr) return strings;
  for (antlr4::tree::TerminalNode* node : context->STRING()) strings.push_back(String(node));
  return strings;
}

ast::Integer Leaves::Integer(antlr4::tree::TerminalNode* node) {
  if (node == nullptr) return {0, errors_.At(0, 0)};
  const Span span = SpanOf(node);
  const std::optional<int64_t> value = Digits(TextOf(span), INT64_MAX);
  if (!value) {
    errors_.Add(DiagnosticKind::kTooLarge, span.begin, span.end, "this number does not fit",
                "at most " + std::to_string(INT64_MAX));
  }
  return {value.value_or(0), span};
}

ast::Label Leaves::Label(P::LabelContext* context) {
  ast::Label label;
  label.span = errors_.At(0, 0);
  if (context == nullptr) return label;
  label.span = SpanOf(context);
  const std::vector<ast::Name> names = Names(context->name());
  for (size_t i = 0; i < names.size(); ++i) {
    if (i == 0) {
      label.level = names[i];
    } else if (names[i].text == "all") {
      label.all = names[i].span;
    } else {
      label.categories.push_back(names[i]);
    }
  }
  return label;
}

ast::Quantity Leaves::Quantity(antlr4::Token* token, P::NameContext* unit) {
  ast::Quantity quantity;
  quantity.span = SpanOf(token);
  if (unit != nullptr) quantity.unit = Name(unit);
  const std::string_view number = TextOf(quantity.span);
  const size_t dot = number.find('.');
  const std::string_view whole = number.substr(0, dot);
  std::string fraction(dot == std::string_view::npos ? "" : number.substr(dot + 1));
  if (fraction.size() > kDecimals) {
    errors_.Add(DiagnosticKind::kTooLarge, quantity.span.begin, quantity.span.end,
                "a number has at most six decimals");
  }
  fraction.resize(kDecimals, '0');
  const std::optional<int64_t> units = Digits(whole, kMaxPrice);
  if (!units) {
    errors_.Add(DiagnosticKind::kTooLarge, quantity.span.begin, quantity.span.end, "this number does not fit",
                "at most " + std::to_string(kMaxPrice));
  }
  quantity.millionths = units.value_or(0) * kMillion + Digits(fraction, kMillion).value_or(0);
  return quantity;
}

ast::Price::Amount Leaves::Amount(P::AmountContext* context) {
  if (context == nullptr) return {};
  const ast::Quantity quantity = Quantity(context->getStart(), context->name());
  return {quantity.millionths, quantity.unit.value_or(ast::Name{"", errors_.At(0, 0)})};
}

}  // namespace hpol::dsl::parse
