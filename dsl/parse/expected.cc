#include "dsl/parse/expected.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "HpolParser.h"
#include "dsl/diag/suggest.h"

namespace hpol::dsl::parse {
namespace {

using P = hpol_grammar::HpolParser;

bool Has(const TokenSet& set, size_t type) { return set.contains(type); }

// A block's parts, told by one of the words that only its parts begin with.
struct Group {
  size_t sign;
  std::vector<size_t> words;
  std::string_view phrase;
  std::string_view help;
};
const std::vector<Group>& Groups() {
  static const std::vector<Group> groups = {
      {P::DETECTOR,
       {P::POLICY, P::IMPORT, P::LEVELS, P::CATEGORIES, P::READ, P::INPUT, P::DETECTOR, P::CLASSIFY, P::ZONE,
        P::TARGET, P::SINK, P::REDACTION, P::ROUTE, P::RESPOND, P::SCHEDULE, P::LIMIT, P::REQUIRE,
        P::GUARANTEE, P::TEST},
       "a declaration",
       "a policy is made of `policy`, `import`, `levels`, `categories`, `read without`, `input`, `detector`, "
       "`classify`, "
       "`zone`, "
       "`target`, `sink`, `redaction`, `route`, `respond`, `schedule`, `limit`, `require`, `guarantee` and "
       "`test`"},
      {P::VALIDATE,
       {P::PATTERN, P::WORDS, P::VALIDATE, P::NEAR, P::NOT, P::NEEDS, P::FIRES, P::SEVERITY, P::SUGGESTS,
        P::EXCEPT, P::MATCHES, P::REJECTS},
       "a detector field",
       "a detector has `pattern`, `words`, `validate`, `near`, `not near`, `needs near`, `fires at`, "
       "`severity`, `suggests`, `except`, `matches` "
       "and "
       "`rejects`"},
      {P::START,
       {P::START, P::WHEN},
       "a rule",
       "`classify` holds `start at LABEL` and `when CONDITION raise to LABEL`"},
      {P::UNTRUSTED,
       {P::TRUSTED, P::UNTRUSTED, P::CLEARS, P::HOSTS, P::TLS},
       "a zone field",
       "a zone has `trusted` or `untrusted`, `clears`, `hosts` and `tls required`"},
      {P::CAPACITY,
       {P::CLEARS, P::MODELS, P::REGION, P::PRICE, P::CAPACITY},
       "a target field",
       "a target has `clears`, `models`, `region`, `price` and `capacity`"},
      {P::OTHERWISE,
       {P::WHEN, P::OTHERWISE},
       "a rule",
       "`route` holds `when CONDITION` or `otherwise`, then `send` or `deny`"},
  };
  return groups;
}

// What goes on with a thing that could as well end here; said only when nothing else is.
const TokenSet& Continuations() {
  static const TokenSet set = {
      P::COMMA,     P::PLUS,       P::DOT,       P::LESS,          P::AND,      P::OR,      P::EQUAL,
      P::NOT_EQUAL, P::LESS_EQUAL, P::GREATER,   P::GREATER_EQUAL, P::IN,       P::HAS,     P::IS,
      P::NOT,       P::LPAREN,     P::VERSION,   P::BOUNDED,       P::IGNORING, P::LEAVES,  P::OF,
      P::THEN,      P::REDACTED,   P::OTHERWISE, P::TRUSTING,      P::UNTIL,    P::OUTSIDE, P::BEYOND,
      P::BY,        P::EXCEEDS,    P::SET,       P::OPTIONAL,      P::WITHIN};
  return set;
}

std::string Join(const std::vector<std::string>& parts) {
  std::string text;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? " or " : ", ";
    text += parts[i];
  }
  return text;
}

std::string Quoted(size_t type) { return "`" + Literal(type) + "`"; }

// Names, values and conditions; takes what it has said out of `rest`.
void AddOpenEnded(TokenSet& rest, std::vector<std::string>& parts) {
  const bool name = Has(rest, P::NAME);
  if (name && Has(rest, P::LPAREN)) {
    parts.push_back(Has(rest, P::NOT) ? "a condition" : "a value");
    for (size_t type : {P::NOT, P::LPAREN, P::STRING, P::INTEGER}) rest.erase(type);
  } else if (Has(rest, P::ENUM) && !Has(rest, P::POLICY)) {
    parts.push_back("a type");
    for (size_t type : {P::ENUM, P::SET, P::OPTIONAL}) rest.erase(type);
  } else if (name) {
    parts.push_back("a name");
  }
  if (name) std::erase_if(rest, [](size_t type) { return IsWord(type) && !IsReserved(type); });
  if (rest.erase(P::STRING) > 0) parts.push_back("a text in double quotes");
  if (rest.erase(P::RAW) > 0) parts.push_back("a pattern in backticks");
  if (rest.erase(P::DECIMAL) > 0) {
    rest.erase(P::INTEGER);
    parts.push_back("an amount");
  }
  if (rest.erase(P::INTEGER) > 0) parts.push_back("a whole number");
}

const Group* GroupOf(const TokenSet& expected) {
  if (Has(expected, P::NAME)) return nullptr;  // every soft word would be in it
  for (const Group& group : Groups()) {
    const bool all =
        std::all_of(group.words.begin(), group.words.end(), [&](size_t t) { return Has(expected, t); });
    if (all && Has(expected, group.sign)) return &group;
  }
  return nullptr;
}

// Words of other languages for ours, used only where ours could stand.
constexpr std::pair<std::string_view, std::string_view> kSynonyms[] = {
    {"if", "when"},         {"where", "when"},          {"else", "otherwise"},   {"default", "otherwise"},
    {"reject", "deny"},     {"block", "deny"},          {"forbid", "deny"},      {"refuse", "deny"},
    {"allow", "send"},      {"permit", "send"},         {"forward", "send"},     {"regex", "pattern"},
    {"regexp", "pattern"},  {"word", "words"},          {"redact", "mask"},      {"hide", "mask"},
    {"delete", "remove"},   {"tokenize", "pseudonym"},  {"assert", "expect"},    {"accepts", "matches"},
    {"private", "trusted"}, {"public", "untrusted"},    {"clearance", "clears"}, {"model", "models"},
    {"host", "hosts"},      {"absent", "missing"},      {"contains", "has"},     {"elevate", "raise"},
    {"level", "levels"},    {"category", "categories"}, {"rule", "when"},        {"as", "is"},
    {"context", "near"},    {"around", "near"},         {"chars", "characters"}, {"requires", "needs"},
};

// Two things of a list stand side by side.
bool MissesComma(const Surprise& surprise) {
  if (!Has(surprise.expected, P::COMMA)) return false;
  const auto both = [&](size_t type) { return surprise.seen == type && surprise.previous == type; };
  const bool words = IsWord(surprise.seen) && !IsReserved(surprise.seen);
  if (words && (Has(surprise.expected, P::GIVEN) || IsWord(surprise.previous))) return true;
  return both(P::STRING) || both(P::RAW) || both(P::INTEGER);
}

bool IsComparison(size_t type) { return type >= P::EQUAL && type <= P::GREATER_EQUAL; }

}  // namespace

std::string Literal(size_t type) {
  static const hpol_grammar::HpolParser vocabulary(nullptr);
  const std::string quoted = vocabulary.getVocabulary().getLiteralName(type);
  return quoted.size() > 2 ? quoted.substr(1, quoted.size() - 2) : std::string();
}

bool IsReserved(size_t type) { return type >= P::WHEN && type <= P::THEN; }
bool IsWord(size_t type) { return type == P::NAME || (type >= P::WHEN && type <= P::MISSING); }

std::string ExpectedText(const TokenSet& expected) {
  if (Has(expected, P::RAISE)) return "`raise to`";
  TokenSet rest = expected;
  std::vector<std::string> parts;
  AddOpenEnded(rest, parts);
  if (const Group* group = GroupOf(expected)) {
    parts.emplace_back(group->phrase);
    for (size_t type : group->words) rest.erase(type);
  }
  const bool list = Has(rest, P::RBRACE) && parts.empty();
  std::vector<std::string> last;
  for (size_t type : rest) {
    if (type == antlr4::Token::EOF || (Continuations().contains(type) && !(list && type == P::COMMA)))
      continue;
    (type == P::RBRACE ? last : parts).push_back(Quoted(type));
  }
  parts.insert(parts.end(), last.begin(), last.end());
  if (parts.empty()) {
    for (size_t type : rest) {
      if (type != antlr4::Token::EOF && !IsComparison(type)) parts.push_back(Quoted(type));
    }
    if (std::any_of(rest.begin(), rest.end(), IsComparison)) parts.push_back("a comparison");
  }
  return parts.empty() ? "the end of the file" : Join(parts);
}

std::optional<size_t> MeantKeyword(const TokenSet& expected, std::string_view text) {
  std::vector<std::string> words;
  std::vector<size_t> types;
  for (size_t type : expected) {
    if (!IsWord(type) || type == P::NAME || (Has(expected, P::NAME) && !IsReserved(type))) continue;
    words.push_back(Literal(type));
    types.push_back(type);
  }
  const auto type_of = [&](std::string_view word) -> std::optional<size_t> {
    const auto it = std::find(words.begin(), words.end(), word);
    if (it == words.end()) return std::nullopt;
    return types[static_cast<size_t>(it - words.begin())];
  };
  for (const auto& [other, ours] : kSynonyms) {
    if (text == other && type_of(ours)) return type_of(ours);
  }
  const std::optional<std::string> near = Suggest(text, words);
  return near ? type_of(*near) : std::nullopt;
}

std::string Hint(const Surprise& surprise) {
  const TokenSet& expected = surprise.expected;
  const size_t seen = surprise.seen;
  const bool name = Has(expected, P::NAME);
  // `in` may be a country; `when` and the verbs of effects only end what came before.
  if (name && seen >= P::AND && seen <= P::HAS)
    return "`" + std::string(surprise.text) + "` is a reserved word, never a name";
  if (name && seen == P::STRING && !Has(expected, P::STRING)) return "a name stands without quotes";
  if (seen == P::STRING && Has(expected, P::RAW)) return "a pattern stands in backticks, not in quotes";
  if (seen == P::RAW && Has(expected, P::STRING)) return "backticks are for patterns";
  if (seen == P::DECIMAL && Has(expected, P::INTEGER)) return "only prices have decimals";
  if (seen == P::COMMA && Has(expected, P::OF) && Has(expected, P::THEN)) {
    return "the next choice begins with `then to`; a list needs `cheapest of` before it";
  }
  if (expected == TokenSet{P::COMMA}) return "a price has two parts: `… prompt, … answer per 1M tokens`";
  if (MissesComma(surprise)) return "a comma stands between these";
  if (seen == P::COMMA && GroupOf(expected) != nullptr) return "no comma stands between these";
  if (IsComparison(seen) && Has(expected, P::AND)) return "comparisons do not chain: join two with `and`";
  if ((seen == P::DENY || seen == P::SEND) && Has(expected, P::RAISE)) {
    return "`" + std::string(surprise.text) + "` belongs in `route`";
  }
  if (seen == P::RAISE && Has(expected, P::DENY)) return "`raise to` belongs in `classify`";
  if (seen == P::RBRACE && Has(expected, P::DETECTOR) && !name) return "this `}` closes nothing";
  if (seen == P::NOT && Has(expected, P::PRESENT)) return "write `is missing`";
  return {};
}

std::string HelpText(const TokenSet& expected) {
  const Group* group = GroupOf(expected);
  return group == nullptr ? std::string() : std::string(group->help);
}

}  // namespace hpol::dsl::parse
