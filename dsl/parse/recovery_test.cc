// What is said about mistakes, and how much of a file is still read after one. The words
// as an author sees them are in tests/golden/parse.
#include <gtest/gtest.h>

#include "dsl/diag/render.h"
#include "dsl/parse/parse.h"

namespace hpol::dsl {
namespace {

class RecoveryTest : public testing::Test {
 protected:
  ast::Policy Parse(std::string text) {
    diagnostics_ = Diagnostics();
    file_ = sources_.Add("t.hpol", std::move(text));
    return dsl::Parse(sources_, file_, diagnostics_);
  }
  // `LINE: message` of each error, or `LINE: message; label`.
  std::string Errors() {
    std::string out;
    for (const Diagnostic& d : diagnostics_.all()) {
      out += std::to_string(sources_.Get(file_).Locate(d.primary.span.begin).line) + ": " + d.message +
             (d.primary.text.empty() ? "" : "; " + d.primary.text) + "\n";
    }
    return out;
  }
  void Expect(const std::string& text, const std::string& errors) {
    Parse(text);
    EXPECT_EQ(Errors(), errors) << text;
  }
  // The text after the first edit of the first diagnostic.
  std::string Fixed() {
    const Diagnostic& d = diagnostics_.all().at(0);
    std::string text(sources_.Get(file_).text());
    const Edit& edit = d.help.value().edits.at(0);
    return text.replace(edit.span.begin, edit.span.end - edit.span.begin, edit.replacement);
  }

  SourceMap sources_;
  Diagnostics diagnostics_;
  FileId file_;
};

TEST_F(RecoveryTest, MisspelledWordsAreTakenForWhatWasMeant) {
  const ast::Policy policy = Parse(R"(
polcy acme
detectr codename {
  patern `x` bouned
  wrds "a"
}
clasify {
  strat at public
  when x rais to internal
  wehn y adn z raise to internal
}
route {
  if a sned to t
  else deny "x"
}
)");
  EXPECT_EQ(Errors(),
            "2: expected a declaration, found `polcy`; did you mean `policy`?\n"
            "3: expected a declaration, found `detectr`; did you mean `detector`?\n"
            "4: expected a detector field or `}`, found `patern`; did you mean `pattern`?\n"
            "4: expected a detector field or `}`, found `bouned`; did you mean `bounded`?\n"
            "5: expected a detector field or `}`, found `wrds`; did you mean `words`?\n"
            "7: expected a declaration, found `clasify`; did you mean `classify`?\n"
            "8: expected a rule or `}`, found `strat`; did you mean `start`?\n"
            "9: expected `raise to`, found `rais`; did you mean `raise`?\n"
            "10: expected a rule or `}`, found `wehn`; did you mean `when`?\n"
            "10: expected `raise to`, found `adn`; did you mean `and`?\n"
            "13: expected a rule or `}`, found `if`; did you mean `when`?\n"
            "13: expected `deny` or `send`, found `sned`; did you mean `send`?\n"
            "14: expected a rule or `}`, found `else`; did you mean `otherwise`?\n");
  EXPECT_EQ(policy.detectors.at(0).patterns.at(0).bounded, true);
  EXPECT_EQ(policy.classifies.at(0).raises.size(), 2u);
  EXPECT_EQ(policy.routes.at(0).rules.size(), 2u);
}

TEST_F(RecoveryTest, IndependentMistakesAreAllReported) {
  const ast::Policy policy = Parse(R"(
input { a : string caller  b : int from gateway }
classify {
  when x y z raise to internal
  when a raise to internal
  when b == raise to internal
}
zone z { trusted clears 5 hosts "a" }
route {
  when a send x
  when b send to t
}
sink s { clears public }
)");
  EXPECT_EQ(Errors(),
            "2: expected `from`, found `caller`\n"
            "4: expected `raise to`, found `y`\n"
            "6: expected a value, found `raise`\n"
            "8: expected a name, found `5`\n"
            "10: expected `to`, found `x`\n");
  EXPECT_EQ(policy.inputs.at(0).fields.size(), 2u);
  EXPECT_EQ(policy.sinks.size(), 1u);
}

TEST_F(RecoveryTest, AMissingBraceCostsOneError) {
  for (const char* block :
       {"classify { when a raise to b", "zone z { trusted", "route { otherwise deny \"x\"",
        "input { a : string from caller", "detector d { pattern `x`", "redaction r { mask a",
        "target t in z { clears public", "sink s { clears public"}) {
    const ast::Policy policy = Parse(std::string(block) + "\ntest \"t\" { expect public }\nsink last { }\n");
    ASSERT_EQ(diagnostics_.all().size(), 1u) << block << "\n" << RenderTerminal(diagnostics_, sources_);
    EXPECT_EQ(sources_.Text(diagnostics_.all()[0].primary.span), "test");
    ASSERT_EQ(diagnostics_.all()[0].others.size(), 1u);
    EXPECT_EQ(sources_.Text(diagnostics_.all()[0].others[0].span), "{");
    EXPECT_EQ(policy.tests.size(), 1u) << block;
    EXPECT_EQ(policy.sinks.back().name.text, "last");
  }
}

TEST_F(RecoveryTest, TheEndOfTheFile) {
  Expect("sink s {", "1: expected `clears` or `}`, found the end of the file\n");
  Expect("sink s { clears\n\n\n", "1: expected a name, found the end of the file\n");
  Expect("route { when\n", "1: expected a condition, found the end of the file\n");
}

TEST_F(RecoveryTest, MissingWordsComeWithTheEdit) {
  const std::pair<const char*, const char*> rows[] = {
      {"classify { when a raise b }", "classify { when a raise to b }"},
      {"classify { start public }", "classify { start at public }"},
      {"route { when a send t }", "route { when a send to t }"},
      {"route { when a send to t then u }", "route { when a send to t then to u }"},
      {"route { when (a or b deny \"x\" }", "route { when (a or b) deny \"x\" }"},
      {"route { when a in { b, c deny \"x\" }", "route { when a in { b, c} deny \"x\" }"},
      {"target t z { }", "target t in z { }"},
      {"input { a string from caller }", "input { a: string from caller }"},
      {"limit 5 USD per day by t beyond only z", "limit 5 USD per day by t beyond that only z"},
      {"zone z { tls }", "zone z { tls required }"},
  };
  for (const auto& [wrong, right] : rows) {
    Parse(wrong);
    ASSERT_EQ(diagnostics_.all().size(), 1u) << RenderTerminal(diagnostics_, sources_);
    EXPECT_EQ(Fixed(), right);
  }
}

TEST_F(RecoveryTest, SlipsFromElsewhere) {
  const std::pair<const char*, const char*> rows[] = {
      {"route { when a && b deny \"x\" }", "route { when a and b deny \"x\" }"},
      {"route { when a || b deny \"x\" }", "route { when a or b deny \"x\" }"},
      {"route { when !a deny \"x\" }", "route { when not a deny \"x\" }"},
      {"route { when a = b deny \"x\" }", "route { when a == b deny \"x\" }"},
      {"route { when a ≥ 3 deny \"x\" }", "route { when a >= 3 deny \"x\" }"},
      {"route { when a in { b，c } deny \"x\" }", "route { when a in { b,c } deny \"x\" }"},
      {"route { when a deny “x” }", "route { when a deny \"x\" }"},
      {"route { when a deny 'x' }", "route { when a deny \"x\" }"},
      {"# note\nsink s { }", "// note\nsink s { }"},
      {"/* note */ sink s { }", "// note */ sink s { }"},
      {"target gpt-4o-mini in z { }", "target gpt_4o_mini in z { }"},
      {"sink s { };", "sink s { }"},
      {"detector d { matches \"abc \n}", "detector d { matches \"abc\" \n}"},
      {"detector d { pattern `abc\n}", "detector d { pattern `abc`\n}"},
      {R"(detector d { matches "\d" })", R"(detector d { matches "\\d" })"},
  };
  for (const auto& [wrong, right] : rows) {
    Parse(wrong);
    ASSERT_EQ(diagnostics_.all().size(), 1u) << wrong << "\n" << RenderTerminal(diagnostics_, sources_);
    EXPECT_EQ(Fixed(), right);
  }
}

TEST_F(RecoveryTest, WhatIsWrittenTwice) {
  Expect("zone z { trusted untrusted }", "1: `untrusted` is written twice\n");
  Expect("sink s { clears a clears b }", "1: `clears` is written twice\n");
  Expect("policy a policy b", "1: `policy` is written twice\n");
  Expect("detector d { validate a validate b }", "1: `validate` is written twice\n");
  EXPECT_EQ(diagnostics_.all()[0].others.at(0).text, "first here");
}

TEST_F(RecoveryTest, WhatATreeAloneCannotTell) {
  Expect("classify { when a }", "1: this rule has no `raise to`\n");
  Expect("classify { start at a when b when c }", "1: this rule has no `raise to`\n");
  Expect("test \"t\" { given prompt \"x\" }", "1: this test expects nothing\n");
  Expect("route { when a send to chepest of a, b }",
         "1: expected `cheapest` before `of`, found `chepest`; did you mean `cheapest`?\n");
  Expect(R"(sink s { } detector d { matches "\u{d800}", "\u{110000}", "\u41", "\u{}" })",
         "1: this is no character; `\\u{…}` holds one to six hexadecimal digits\n"
         "1: this is no character; `\\u{…}` holds one to six hexadecimal digits\n"
         "1: this is no character; `\\u{…}` holds one to six hexadecimal digits\n"
         "1: this is no character; `\\u{…}` holds one to six hexadecimal digits\n");
}

TEST_F(RecoveryTest, BytesThatNoPolicyHas) {
  Expect(std::string("policy a\0b", 10), "1: control character U+0000\n");
  Expect("policy a \xff", "1: this byte is not UTF-8; the first of them\n");
  Expect("policy a \xc0\xaf", "1: this byte is not UTF-8; the first of them\n");
  Expect("policy a \xed\xa0\x80", "1: this byte is not UTF-8; the first of them\n");
  Expect("policy a \xe5\xb7", "1: this byte is not UTF-8; the first of them\n");
  Expect("// x\rpolicy a", "1: control character U+000D\n");
  Expect("// \xe2\x80\xae x", "1: hidden character U+202E turns the direction of text\n");
  Expect("// \xe2\x80\xa8 x", "1: control character U+2028\n");
  // One that is not read at all leaves nothing that could run.
  EXPECT_TRUE(Parse("policy a \xff sink s { }").sinks.empty());
}

TEST_F(RecoveryTest, ReservedWordsAndQuotes) {
  Expect("input { region : enum { us, in, eu } from identity }",
         "1: expected a name, found `in`; `in` is a reserved word, never a name\n");
  Expect("target \"gpt\" in cloud { }",
         "1: expected a name, found `\"gpt\"`; a name stands without quotes\n");
  Expect("detector d { pattern \"x\" }",
         "1: expected a pattern in backticks, found `\"x\"`; a pattern stands in backticks, not in quotes\n");
  Expect("detector { pattern `x` }", "1: expected a name, found `{`\n");
}

// Whatever is deleted, doubled or swapped in a good policy: an error, no crash, and rarely
// more than a few.
TEST_F(RecoveryTest, OneMistakeRarelyMakesMany) {
  const std::string good = R"(policy acme version "1"
levels public < internal
categories pii
input { region : enum { us, eu } from identity  n : optional int from gateway }
detector d { pattern `x` bounded matches "x" rejects "y", "z" }
classify {
  start at public when region == us
  start at internal otherwise
  when d and (count(d) >= 1 or region in { us, eu }) raise to internal + pii
}
zone home { trusted clears internal + all hosts "a", "b" }
target t in home { clears internal + all models "m" capacity 3 }
redaction r { mask d leaves public }
route {
  when level == internal and not (region == eu) send redacted by r to t then to cheapest of t, t
  otherwise deny "no"
}
test "x" { given prompt "x", region us with t down expect internal + pii, unavailable }
)";
  std::vector<std::pair<size_t, size_t>> words;
  for (size_t i = 0; i < good.size();) {
    size_t j = i;
    while (j < good.size() && good[j] != ' ' && good[j] != '\n') ++j;
    if (j > i) words.emplace_back(i, j - i);
    i = j + 1;
  }
  size_t total = 0, cases = 0, unnoticed = 0;
  for (const auto& [at, size] : words) {
    for (const std::string& instead : {std::string(), good.substr(at, size) + " " + good.substr(at, size),
                                       std::string("}"), std::string("when"), std::string("(")}) {
      std::string text = good;
      text.replace(at, size, instead);
      Parse(text);
      ++cases;
      total += diagnostics_.all().size();
      unnoticed += diagnostics_.all().empty() ? 1 : 0;
      EXPECT_LE(diagnostics_.all().size(), 8u) << text << RenderTerminal(diagnostics_, sources_);
    }
  }
  EXPECT_LT(total, cases * 2);  // 1.2 on the day this was written
  EXPECT_LT(unnoticed, cases / 5);
}

}  // namespace
}  // namespace hpol::dsl
