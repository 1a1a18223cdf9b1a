// Every construct of the language, as the AST has it. What mistakes look like is in
// recovery_test.cc and tests/golden/parse.
#include "dsl/parse/parse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "dsl/ast/print.h"
#include "dsl/diag/render.h"
#include "dsl/parse/limits.h"

namespace hpol::dsl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ParseTest : public testing::Test {
 protected:
  // Parses text that must have no mistake.
  ast::Policy Good(std::string text) {
    ast::Policy policy = Any(std::move(text));
    EXPECT_EQ(RenderTerminal(diagnostics_, sources_), "");
    return policy;
  }
  ast::Policy Any(std::string text) {
    diagnostics_ = Diagnostics();
    file_ = sources_.Add("t.hpol", std::move(text));
    return Parse(sources_, file_, diagnostics_);
  }
  // A condition as `when` has it, printed with every grouping.
  std::string Condition(const std::string& text) {
    const ast::Policy policy = Good("route { when " + text + " deny \"x\" }");
    return ast::Print(*policy.routes.at(0).rules.at(0).condition);
  }
  std::string Text(Span span) { return std::string(sources_.Text(span)); }

  SourceMap sources_;
  Diagnostics diagnostics_;
  FileId file_;
};

TEST_F(ParseTest, EmptyFile) {
  const ast::Policy policy = Good("");
  EXPECT_FALSE(policy.name);
  EXPECT_EQ(policy.span, (Span{file_, 0, 0}));
  Good("\n\n  // only a comment");
}

TEST_F(ParseTest, HeaderImportsLevelsCategories) {
  const ast::Policy policy = Good(R"(
    policy acme.gateway version "2.4.0"
    import std.pii import std.secrets
    levels public < internal < confidential
    categories pii, pci
    categories legal)");
  EXPECT_EQ(policy.name->text, "acme.gateway");
  EXPECT_EQ(Text(policy.name->span), "acme.gateway");
  EXPECT_EQ(policy.version->value, "2.4.0");
  EXPECT_EQ(Text(policy.version->span), "\"2.4.0\"");
  ASSERT_EQ(policy.imports.size(), 2u);
  EXPECT_EQ(policy.imports[1].path.text, "std.secrets");
  EXPECT_EQ(Text(policy.imports[1].span), "import std.secrets");
  ASSERT_EQ(policy.levels.size(), 1u);
  EXPECT_EQ(policy.levels[0].size(), 3u);
  EXPECT_EQ(policy.levels[0][2].text, "confidential");
  EXPECT_EQ(policy.categories.size(), 3u);
}

TEST_F(ParseTest, VersionMayBeLeftOut) { EXPECT_FALSE(Good("policy acme").version); }

TEST_F(ParseTest, InputTypes) {
  const ast::Policy policy = Good(R"(input {
    a : string from caller
    b : optional int from gateway
    c : enum { x, y } from identity
    d : set of string from identity
    e : optional set of enum { p, q } from identity
    clearance : label from identity
  })");
  EXPECT_EQ(ast::Print(policy),
            "input\n"
            "  a: string from caller\n"
            "  b: optional int from gateway\n"
            "  c: enum { x, y } from identity\n"
            "  d: set of string from identity\n"
            "  e: optional set of enum { p, q } from identity\n"
            "  clearance: label from identity\n");
  const ast::InputField& e = policy.inputs[0].fields[4];
  EXPECT_TRUE(e.type.set && e.type.optional);
  EXPECT_EQ(Text(e.type.span), "optional set of enum { p, q }");
  EXPECT_EQ(Text(e.type.base.span), "enum");
  EXPECT_EQ(Text(e.source.span), "identity");
  EXPECT_EQ(Text(e.span), "e : optional set of enum { p, q } from identity");
}

TEST_F(ParseTest, Detectors) {
  const ast::Policy policy = Good(R"(detector d {
    pattern `E-[0-9]{6}` bounded, `x"\d` ignoring case bounded
    pattern `plain`
    words "a", "b" ignoring case
    words from "names.txt"
    validate luhn
    except "E-000000"
    matches "one" matches "two", "three"
    rejects "four"
  })");
  const ast::Detector& d = policy.detectors.at(0);
  ASSERT_EQ(d.patterns.size(), 3u);
  EXPECT_EQ(d.patterns[0].text, "E-[0-9]{6}");
  EXPECT_EQ(Text(d.patterns[0].span), "`E-[0-9]{6}`");
  EXPECT_TRUE(d.patterns[0].bounded && !d.patterns[0].ignoring_case);
  EXPECT_EQ(d.patterns[1].text, R"(x"\d)");
  EXPECT_TRUE(d.patterns[1].bounded && d.patterns[1].ignoring_case);
  EXPECT_FALSE(d.patterns[2].bounded || d.patterns[2].ignoring_case);
  ASSERT_EQ(d.words.size(), 2u);
  EXPECT_EQ(d.words[0].list[1].value, "b");
  EXPECT_TRUE(d.words[0].ignoring_case);
  EXPECT_EQ(d.words[1].file->value, "names.txt");
  EXPECT_FALSE(d.words[1].ignoring_case);
  EXPECT_EQ(d.validator->text, "luhn");
  EXPECT_EQ(d.matches.size(), 3u);
  EXPECT_EQ(d.exceptions.size(), 1u);
  EXPECT_EQ(d.rejects.size(), 1u);
}

TEST_F(ParseTest, AWhenWithoutRaiseBelongsToItsFloor) {
  const ast::Policy policy = Good(R"(classify {
    start at public when a
    start at internal + pii otherwise
    start at confidential
    when b raise to internal + all
  })");
  const ast::Classify& classify = policy.classifies.at(0);
  ASSERT_EQ(classify.floors.size(), 3u);
  EXPECT_EQ(ast::Print(*classify.floors[0].condition), "a");
  EXPECT_EQ(Text(classify.floors[0].span), "start at public when a");
  EXPECT_EQ(classify.floors[1].condition, nullptr);
  EXPECT_EQ(classify.floors[2].condition, nullptr);
  ASSERT_EQ(classify.raises.size(), 1u);
  EXPECT_EQ(ast::Print(classify.raises[0].label), "internal + all");
  EXPECT_EQ(Text(*classify.raises[0].label.all), "all");
  EXPECT_EQ(Text(classify.raises[0].label.span), "internal + all");
}

TEST_F(ParseTest, ZonesTargetsSinks) {
  const ast::Policy policy = Good(R"(
    zone cloud { untrusted clears public + pseudonymous hosts "a", "b" tls required }
    zone home { trusted } zone odd { }
    target gpt4o in cloud { clears public models "gpt-4o*", "o*" region us
                            price 2.50 USD prompt, 10 USD answer per 1M tokens capacity 1_000 }
    target small in cloud { price 0.000001 USD prompt, 1_000.5 USD answer per 1M tokens }
    sink logs { clears public })");
  EXPECT_EQ(policy.zones[0].trusted, false);
  EXPECT_TRUE(policy.zones[0].tls_required);
  EXPECT_EQ(policy.zones[0].hosts.size(), 2u);
  EXPECT_EQ(policy.zones[1].trusted, true);
  EXPECT_EQ(policy.zones[2].trusted, std::nullopt);
  const ast::Target& target = policy.targets[0];
  EXPECT_EQ(target.models.size(), 2u);
  EXPECT_EQ(target.region->text, "us");
  EXPECT_EQ(target.capacity->value, 1000);
  EXPECT_EQ(target.price->prompt.millionths, 2'500'000);
  EXPECT_EQ(target.price->answer.millionths, 10'000'000);
  EXPECT_EQ(target.price->answer.currency.text, "USD");
  EXPECT_EQ(policy.targets[1].price->prompt.millionths, 1);
  EXPECT_EQ(policy.targets[1].price->answer.millionths, 1'000'500'000);
  EXPECT_EQ(ast::Print(*policy.sinks[0].clearance), "public");
}

TEST_F(ParseTest, Redactions) {
  const ast::Policy policy = Good(R"(redaction scrub {
    pseudonym email, std.phone leaves public + pseudonymous
    mask codename
    remove secrets.any })");
  const ast::Redaction& redaction = policy.redactions.at(0);
  ASSERT_EQ(redaction.lines.size(), 3u);
  EXPECT_EQ(redaction.lines[0].action, ast::RedactionAction::kPseudonym);
  EXPECT_EQ(redaction.lines[0].detectors[1].text, "std.phone");
  EXPECT_EQ(ast::Print(*redaction.lines[0].leaves), "public + pseudonymous");
  EXPECT_EQ(redaction.lines[1].action, ast::RedactionAction::kMask);
  EXPECT_EQ(redaction.lines[2].action, ast::RedactionAction::kRemove);
  EXPECT_EQ(redaction.lines[2].leaves, std::nullopt);
}

TEST_F(ParseTest, Routes) {
  const ast::Policy policy = Good(R"(route {
    when a deny "why not"
    when b send to x
    when c send redacted by scrub to x then to cheapest of y, z then redacted by r to cheapest of x, y
    otherwise send to x then to y
  })");
  EXPECT_EQ(ast::Print(policy),
            "route\n"
            "  when a\n    deny \"why not\"\n"
            "  when b\n    send to x\n"
            "  when c\n    send redacted by scrub to x\n    send to cheapest of y, z\n"
            "    send redacted by r to cheapest of x, y\n"
            "  otherwise\n    send to x\n    send to y\n");
  const auto& send = std::get<ast::Send>(policy.routes[0].rules[2].action);
  EXPECT_EQ(Text(send.steps[0].span), "redacted by scrub to x");
  EXPECT_EQ(Text(policy.routes[0].rules[1].action_span), "send to x");
  EXPECT_EQ(Text(policy.routes[0].rules[1].span), "when b send to x");
}

TEST_F(ParseTest, Tests) {
  const ast::Policy policy = Good(R"(test "it \"works\"" {
    given prompt "x", department marketing, n 5, roles { a, "b" }, none { }, clearance confidential + pii
    with qwen down, gpt down
    expect confidential + pii, sent to gpt redacted by scrub
  }
  test "a" { expect public }
  test "b" { expect public, denied } test "c" { expect public, denied "why" }
  test "d" { expect public, undecided } test "e" { expect public, unavailable })");
  EXPECT_EQ(policy.tests[0].title.value, "it \"works\"");
  ASSERT_EQ(policy.tests[0].given.size(), 6u);
  EXPECT_EQ(policy.tests[0].given[3].values.size(), 2u);
  EXPECT_TRUE(policy.tests[0].given[4].values.empty());
  EXPECT_EQ(policy.tests[0].given[5].values.size(), 2u);
  EXPECT_EQ(policy.tests[0].states[1].name.text, "gpt");
  EXPECT_EQ(policy.tests[0].expected_outcome->kind, ast::Outcome::Kind::kSent);
  EXPECT_EQ(policy.tests[0].expected_outcome->redaction->text, "scrub");
  EXPECT_FALSE(policy.tests[1].expected_outcome);
  EXPECT_FALSE(policy.tests[2].expected_outcome->reason);
  EXPECT_EQ(policy.tests[3].expected_outcome->reason->value, "why");
  EXPECT_EQ(policy.tests[4].expected_outcome->kind, ast::Outcome::Kind::kUndecided);
  EXPECT_EQ(policy.tests[5].expected_outcome->kind, ast::Outcome::Kind::kUnavailable);
}

TEST_F(ParseTest, Conditions) {
  const std::pair<const char*, const char*> rows[] = {
      {"a", "a"},
      {"secrets.any", "secrets.any"},
      {"a or b and c", "(or a (and b c))"},
      {"(a or b) and c", "(and (or a b) c)"},
      {"not a and not not b", "(and (not a) (not (not b)))"},
      {"not a in { b }", "(not (in a b))"},
      {"a not in { b, \"c\", 3 }", "(not-in a b \"c\" 3)"},
      {"a is present and b is missing", "(and (present a) (missing b))"},
      {"roles has admin", "(has roles admin)"},
      {"count(email) + count(phone) >= 1", "(>= (+ count(email) count(phone)) 1)"},
      {"(count(email) + distinct(phone)) > 1_0", "(> (+ count(email) distinct(phone)) 10)"},
      {"tier(us_ssn) >= checksum", "(>= tier(us_ssn) checksum)"},
      {"clearance >= confidential + pii", "(>= clearance (+ confidential pii))"},
      {"a == b or c != d or e < 1 or f <= 2", "(or (== a b) (!= c d) (< e 1) (<= f 2))"},
      {"level == internal and (region == eu or application not in { website_chat, copywriting })",
       "(and (== level internal) (or (== region eu) (not-in application website_chat copywriting)))"},
  };
  for (const auto& [text, printed] : rows) EXPECT_EQ(Condition(text), printed);
}

TEST_F(ParseTest, SpansOfConditions) {
  const ast::Policy policy = Good("route { when (a or  b.c) and not count(d) >= 1 deny \"x\" }");
  const ast::Expr& all = *policy.routes[0].rules[0].condition;
  EXPECT_EQ(Text(all.span), "(a or  b.c) and not count(d) >= 1");
  const auto& operands = std::get<ast::AndExpr>(all.node).operands;
  EXPECT_EQ(Text(operands[0]->span), "a or  b.c");
  EXPECT_EQ(Text(operands[1]->span), "not count(d) >= 1");
  const auto& negated = std::get<ast::NotExpr>(operands[1]->node);
  const auto& compare = std::get<ast::CompareExpr>(negated.operand->node);
  EXPECT_EQ(Text(compare.op_span), ">=");
  EXPECT_EQ(Text(compare.left->span), "count(d)");
}

TEST_F(ParseTest, EverySoftWordIsAName) {
  for (const char* word :
       {"policy",   "version",  "import",  "levels", "categories", "input",     "detector", "classify",
        "zone",     "target",   "sink",    "route",  "test",       "from",      "optional", "set",
        "of",       "enum",     "pattern", "words",  "except",     "matches",   "rejects",  "bounded",
        "ignoring", "case",     "start",   "at",     "to",         "trusted",   "clears",   "hosts",
        "tls",      "required", "models",  "region", "price",      "prompt",    "answer",   "per",
        "tokens",   "capacity", "mask",    "remove", "pseudonym",  "leaves",    "by",       "given",
        "with",     "down",     "expect",  "denied", "undecided",  "sent",      "present",  "missing",
        "model",    "cheapest", "all",     "phone",  "redacted",   "redaction", "validate"}) {
    const std::string w = word;
    Good("policy " + w + "." + w + " levels " + w + " < " + w + " categories " + w + ", " + w + " input { " +
         w + " : enum { " + w + " } from " + w + " } detector " + w + " { validate " + w +
         " } classify { start at " + w + " when " + w + " when " + w + " in { " + w + " } raise to " + w +
         " + " + w + " } zone " + w + " { clears " + w + " } target " + w + " in " + w + " { region " + w +
         " clears " + w + " } redaction " + w + " { mask " + w + ", " + w + " leaves " + w +
         " } route { when " + w + "(" + w + ") >= 1 send redacted by " + w + " to " + w +
         " then to cheapest of " + w + ", " + w + " } test \"t\" { given " + w + " " + w + " with " + w +
         " down expect " + w + ", sent to " + w + " }");
  }
}

TEST_F(ParseTest, NothingDependsOnNewlines) {
  std::ifstream file("policies/examples/acme.hpol");
  ASSERT_TRUE(file) << "run in the root of the source tree";
  std::stringstream text;
  std::string line;
  while (std::getline(file, line)) {
    const size_t comment = line.find("//");
    text << line.substr(0, comment) << " ";
  }
  const std::string one_line = ast::Print(Good(text.str()));
  std::ifstream again("policies/examples/acme.hpol");
  std::stringstream as_written;
  as_written << again.rdbuf();
  EXPECT_EQ(one_line, ast::Print(Good(as_written.str())));
  EXPECT_THAT(one_line, HasSubstr("send redacted by scrub to gpt4o"));
}

TEST_F(ParseTest, Escapes) {
  const ast::Policy policy =
      Good(R"(detector d { matches "a\"b\\c\n\t\r\u{41}\u{5de5}\u{1F600}\u{e9}", "工号" })");
  EXPECT_EQ(policy.detectors[0].matches[0].value, "a\"b\\c\n\t\rA工😀é");
  EXPECT_EQ(policy.detectors[0].matches[1].value, "工号");
}

TEST_F(ParseTest, WindowsTextAndAByteOrderMark) {
  const ast::Policy policy = Good("\xef\xbb\xbfpolicy a\r\nlevels x < y\r\n");
  EXPECT_EQ(policy.name->text, "a");
  EXPECT_EQ(sources_.Get(file_).Locate(policy.levels[0][0].span.begin).line, 2u);
}

// ---- limits ----

TEST_F(ParseTest, ContextWords) {
  const ast::Policy policy = Good(R"(detector d { pattern `x` near "a", "b" within 9 characters
    not near "c" fires at context })");
  const ast::Detector& detector = policy.detectors.at(0);
  ASSERT_EQ(detector.near.size(), 2u);
  EXPECT_FALSE(detector.near[0].negated);
  EXPECT_EQ(detector.near[0].words.at(1).value, "b");
  EXPECT_EQ(detector.near[0].within->value, 9);
  EXPECT_TRUE(detector.near[1].negated);
  EXPECT_FALSE(detector.near[1].within);
  EXPECT_EQ(Text(detector.near[1].span), "not near \"c\"");
  EXPECT_EQ(detector.fires_at->text, "context");
  // They are no conditions, so they do not nest; and their words may be names.
  std::string many = "detector near { pattern `x`";
  for (size_t i = 0; i < 2 * kMaxNesting; ++i) many += " not near \"c\"";
  Good(many + " } route { when near and not near deny \"x\" }");
}

TEST_F(ParseTest, NestingIsBounded) {
  const auto nested = [](size_t n) {
    return "route { when " + std::string(n, '(') + "a" + std::string(n, ')') + " deny \"x\" }";
  };
  Good(nested(kMaxNesting));
  Any(nested(kMaxNesting + 1));
  ASSERT_EQ(diagnostics_.all().size(), 1u);
  EXPECT_EQ(diagnostics_.all()[0].kind, DiagnosticKind::kTooLarge);
}

TEST_F(ParseTest, ManyShallowParenthesesAreFine) {
  std::string text = "route { when a";
  for (int i = 0; i < 500; ++i) text += " or (not b) or not not (c and not d)";
  Good(text + " deny \"x\" }");
}

TEST_F(ParseTest, LongChainsAreFlat) {
  std::string text = "route { when a";
  for (int i = 0; i < 30000; ++i) text += " or a";
  Good(text + " deny \"x\" }");
}

TEST_F(ParseTest, HugeFilesAreRefused) {
  Any(std::string(kMaxFileBytes + 1, ' '));
  ASSERT_EQ(diagnostics_.all().size(), 1u);
  EXPECT_EQ(diagnostics_.all()[0].kind, DiagnosticKind::kTooLarge);
  Good(std::string(kMaxFileBytes, ' '));
}

TEST_F(ParseTest, ManyTokensAreRefused) {
  std::string text;
  for (size_t i = 0; i <= kMaxTokens; ++i) text += "a ";
  Any(text);
  ASSERT_EQ(diagnostics_.all().size(), 1u);
  EXPECT_EQ(diagnostics_.all()[0].kind, DiagnosticKind::kTooLarge);
}

TEST_F(ParseTest, ErrorsAreBounded) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "zone z { wrong }\n";
  Any(text);
  ASSERT_EQ(diagnostics_.all().size(), kMaxSyntaxErrors + 1);
  EXPECT_EQ(diagnostics_.all().back().kind, DiagnosticKind::kTooLarge);
}

TEST_F(ParseTest, NumbersAndNamesAreBounded) {
  for (const std::string text :
       {"target t in z { capacity 9223372036854775808 }",
        "target t in z { price 9999999999 USD prompt, 1 USD answer per 1M tokens }",
        "target t in z { price 0.1234567 USD prompt, 1 USD answer per 1M tokens }"}) {
    Any(text);
    ASSERT_EQ(diagnostics_.all().size(), 1u) << text;
    EXPECT_EQ(diagnostics_.all()[0].kind, DiagnosticKind::kTooLarge);
  }
  Any("sink " + std::string(kMaxNameBytes + 1, 'a') + " { }");
  ASSERT_EQ(diagnostics_.all().size(), 1u);
  Good("sink " + std::string(kMaxNameBytes, 'a') + " { }");
}

TEST_F(ParseTest, PathologicalTextEndsQuickly) {
  const auto repeat = [](std::string_view part, size_t bytes) {
    std::string text;
    while (text.size() < bytes) text += part;
    return text;
  };
  for (const char* part :
       {"(",       "not ",         "{",     "}",      "\"", "`", "'",          "/*",    "//",
        "a-",      "1.",           "!",     "\\",     "夜", "“", "route {",    "when ", "a and (",
        "input {", "test \"\" { ", "a == ", "x in {", "\t", "-", "when ( not "}) {
    Any(repeat(part, 100'000));
    Any("route { when " + repeat(part, 100'000));
    Any("input { " + repeat(part, 100'000));
  }
}

TEST_F(ParseTest, DumpsTokens) {
  Any("policy a \"工\" // c\n  `x` 1M == send ;");
  EXPECT_EQ(DumpTokens(sources_, file_),
            "1:1     word      policy\n"
            "1:8     name      a\n"
            "1:10    string    \"工\"\n"
            "2:3     pattern   `x`\n"
            "2:7     number    1M\n"
            "2:10    sign      ==\n"
            "2:13    reserved  send\n"
            "2:18    unknown   ;\n");
  Any(std::string("\0", 1));
  EXPECT_EQ(DumpTokens(sources_, file_), "not text that a policy can be\n");
}

}  // namespace
}  // namespace hpol::dsl
