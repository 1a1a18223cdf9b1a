// The shipped example, and what golden files cannot show: the HIR.
#include "compiler/check/check.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "dsl/parse/parse.h"

namespace hpol::check {
namespace {

using dsl::Diagnostic;
using dsl::DiagnosticKind;

constexpr std::string_view kPii = R"(
detector email       { pattern `[a-z.]+@[a-z.]+` matches "jane@example.net" }
detector phone       { pattern `[0-9]{9}` matches "555012345" }
detector us_ssn      { pattern `[0-9]{3}-[0-9]{2}-[0-9]{4}` matches "536-22-8145" }
detector iban        { pattern `[A-Z]{2}[0-9]{20}` validate iban matches "DE89370400440532013000" }
detector credit_card { pattern `[0-9]{16}` validate luhn matches "4111111111111111" }
detector cn_resident_id { pattern `[0-9]{17}[0-9X]` matches "11010519491231002X" }
)";
constexpr std::string_view kSecrets = R"(
detector github_token { pattern `ghp_[A-Za-z0-9]{36}` }
detector jwt { pattern `eyJ[a-z]+` }
)";
constexpr std::string_view kOffice = R"(
import std.pii
import acme.mail
import acme.office
detector badge { pattern `E-[0-9]{6}` }
)";
constexpr std::string_view kMail = "detector email { pattern `smtp:[a-z]+` }";

class Checked {
 public:
  explicit Checked(std::string text, std::map<std::string, std::string> files = {}) {
    const dsl::FileId file = sources_.Add("test.hpol", std::move(text));
    ast_ = dsl::Parse(sources_, file, diagnostics_);
    Add("std.pii", kPii);
    Add("std.secrets", kSecrets);
    Add("acme.mail", kMail);
    Add("acme.office", kOffice);
    Add("acme.broken", "import std.pi\ndetector badge { pattern `E-[0-9]{6}` }");
    Imports imports;
    imports.pack = [this](std::string_view path) -> const dsl::ast::Policy* {
      const auto it = packs_.find(std::string(path));
      return it == packs_.end() ? nullptr : &it->second;
    };
    imports.file = [files](std::string_view path) -> std::optional<std::string> {
      const auto it = files.find(std::string(path));
      return it == files.end() ? std::nullopt : std::optional(it->second);
    };
    imports.pack_names = {"std.pii", "std.secrets"};
    hir = Check(ast_, imports, sources_, diagnostics_);
  }

  const std::vector<Diagnostic>& diagnostics() const { return diagnostics_.all(); }
  bool has_errors() const { return diagnostics_.has_errors(); }
  std::string messages() const {
    std::string all;
    for (const Diagnostic& one : diagnostics_.all()) {
      all += std::string(dsl::KindName(one.kind)) + ": " + one.message + " [" +
             std::string(sources_.Text(one.primary.span)) + "]\n";
    }
    return all;
  }
  const Diagnostic* Find(DiagnosticKind kind) const {
    for (const Diagnostic& one : diagnostics_.all()) {
      if (one.kind == kind) return &one;
    }
    return nullptr;
  }
  std::string_view TextAt(dsl::Span span) const { return sources_.Text(span); }
  std::string Dump() const { return hir::Print(hir, sources_); }

  hir::Policy hir;

 private:
  void Add(const std::string& path, std::string_view text) {
    const dsl::FileId file = sources_.Add(path, std::string(text));
    packs_.emplace(path, dsl::Parse(sources_, file, diagnostics_));
  }

  dsl::SourceMap sources_;
  dsl::Diagnostics diagnostics_;
  dsl::ast::Policy ast_;
  std::map<std::string, dsl::ast::Policy> packs_;
};

std::string Acme() {
  std::ifstream file("policies/examples/acme.hpol");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Everything that most tests do not care about.
std::string Minimal(const std::string& extra, const std::string& classify = "start at public",
                    const std::string& route = "otherwise deny \"no\"") {
  return "policy p\nlevels public < internal < confidential\ncategories pii, pci\n" + extra +
         "\nclassify {\n" + classify + "\n}\nroute {\n" + route + "\n}\n";
}

constexpr std::string_view kPlaces = R"(
zone home { trusted clears confidential + all }
zone cloud { untrusted clears public + pseudonymous }
target local in home { clears confidential + all }
target remote in cloud { clears public + pseudonymous }
)";

// ---- the bars of DESIGN 2.1 ----

TEST(Acme, IsWithoutFault) {
  const Checked acme(Acme());
  EXPECT_FALSE(acme.has_errors()) << acme.messages();
  EXPECT_TRUE(acme.diagnostics().empty()) << acme.messages();
}

// ---- names ----

TEST(Imports, BindBareQualifiedAndAny) {
  const Checked checked(
      Minimal("import std.pii\nimport std.secrets\nimport acme.mail",
              "start at public\nwhen phone or pii.email or mail.any or secrets.any raise to internal"));
  EXPECT_FALSE(checked.has_errors()) << checked.messages();
  ASSERT_EQ(checked.hir.detectors.size(), 5u);
  EXPECT_EQ(checked.hir.detectors[0].name, "pii.email");  // the other `email` is in `mail.any`
  EXPECT_EQ(checked.hir.detectors[1].name, "phone");
  EXPECT_EQ(checked.hir.detectors[2].name, "github_token");
  EXPECT_EQ(checked.hir.detectors[4].name, "mail.email");
  const std::string condition = hir::ExprText(checked.hir.raises[0].condition, checked.hir);
  EXPECT_EQ(condition, "(found(phone) or found(pii.email) or found(mail.email) or found(github_token, jwt))");
}

TEST(Imports, APackHasWhatItImports) {
  const Checked checked(Minimal(
      "import acme.office\nimport std.secrets",
      "start at public\nwhen badge or office.phone raise to internal\nwhen office.any raise to internal"));
  EXPECT_FALSE(checked.has_errors()) << checked.messages();
  ASSERT_EQ(checked.hir.detectors.size(), 7u);
  EXPECT_EQ(checked.hir.detectors[0].name, "badge");
  EXPECT_EQ(checked.hir.detectors[1].name, "email");  // of the first pack that has one
  EXPECT_EQ(checked.hir.detectors[1].patterns[0].text.substr(0, 1), "[");
}

TEST(Imports, ADetectorThatCameByTwoImportsIsOne) {
  const Checked checked(Minimal(
      "import std.pii\nimport acme.office",
      "start at public\nwhen phone or pii.email raise to internal\nwhen office.phone raise to internal"));
  EXPECT_FALSE(checked.has_errors()) << checked.messages();
  ASSERT_EQ(checked.hir.detectors.size(), 2u);
  EXPECT_EQ(checked.hir.detectors[1].name, "phone");
}

TEST(Imports, APackThatImportsWhatDoesNotExistIsRefused) {
  const Checked checked(Minimal("import acme.broken", "start at public\nwhen badge raise to internal"));
  const Diagnostic* error = checked.Find(DiagnosticKind::kUnknownImport);
  ASSERT_NE(error, nullptr) << checked.messages();
}

TEST(Imports, ABareNameOfTwoPacksIsAmbiguous) {
  const Checked checked(
      Minimal("import std.pii\nimport acme.mail", "start at public\nwhen email raise to internal"));
  const Diagnostic* error = checked.Find(DiagnosticKind::kAmbiguousName);
  ASSERT_NE(error, nullptr) << checked.messages();
  EXPECT_EQ(error->primary.text, "write `pii.email` or `mail.email`");
}

TEST(Imports, OwnDetectorsComeFirstAndHideBareNames) {
  const Checked checked(
      Minimal("import std.pii\ndetector email { words \"post\" }",
              "start at public\nwhen pii.email raise to internal\nwhen email raise to internal"));
  EXPECT_FALSE(checked.has_errors()) << checked.messages();
  EXPECT_NE(checked.Find(DiagnosticKind::kHiddenName), nullptr);
  ASSERT_EQ(checked.hir.detectors.size(), 2u);
  EXPECT_EQ(checked.hir.detectors[0].name, "email");
  EXPECT_EQ(checked.hir.detectors[1].name, "pii.email");
  EXPECT_EQ(checked.hir.raises[0].condition.atom.detectors[0].value, 1u);
  EXPECT_EQ(checked.hir.raises[1].condition.atom.detectors[0].value, 0u);
}

TEST(WordFiles, AreReadLineByLine) {
  const Checked checked(Minimal("detector names { words from \"n.txt\" ignoring case words \"x\" }",
                                "start at public\nwhen names raise to internal"),
                        {{"n.txt", "# comment\n  Nightjar \r\n\n夜鹰计划\n"}});
  EXPECT_FALSE(checked.has_errors()) << checked.messages();
  ASSERT_EQ(checked.hir.detectors[0].words.size(), 2u);
  EXPECT_EQ(checked.hir.detectors[0].words[0].words, (std::vector<std::string>{"Nightjar", "夜鹰计划"}));
  EXPECT_TRUE(checked.hir.detectors[0].words[0].ignoring_case);
}

TEST(WordFiles, HaveAtMostAHundredThousandWords) {
  const auto check = [](size_t count) {
    std::string file;
    for (size_t i = 0; i < count; ++i) file += "name" + std::to_string(i) + "\n";
    return Checked(
        Minimal("detector names { words from \"n.txt\" }", "start at public\nwhen names raise to internal"),
        {{"n.txt", file}});
  };
  EXPECT_FALSE(check(100'000).has_errors());
  const Checked checked = check(100'001);
  const Diagnostic* error = checked.Find(DiagnosticKind::kTooMany);
  ASSERT_NE(error, nullptr) << checked.messages();
  EXPECT_EQ(checked.TextAt(error->primary.span), "\"n.txt\"");
  EXPECT_EQ(error->message, "more than 100000 words in one list");
  EXPECT_EQ(error->primary.text, "has 100001 words");
  ASSERT_TRUE(error->help.has_value());
  EXPECT_EQ(error->help->text, "write them to several files, with a `words from` line for each");
}

TEST(CheckDetectors, TextsOfAPolicyAreFoldedAsTextsOfRequests) {
  const Checked checked(
      Minimal("detector d {\n"
              "  pattern `x`\n"
              "  words \"Ｎight\", \"Éclair (1)\", \"ﬁn\", \"计划\", \"дело №\" ignoring case\n"
              "  near \"ｓtaff\" except \"ｘ\" rejects \"１\"\n"
              "}",
              ""));
  ASSERT_EQ(checked.hir.detectors.size(), 1u);
  const hir::Detector& detector = checked.hir.detectors[0];
  ASSERT_EQ(detector.words.size(), 1u);
  EXPECT_EQ(detector.words[0].words,
            (std::vector<std::string>{"Night", "Éclair (1)", "éclair (1)", "ﬁn", "fin", "计划"}));
  ASSERT_EQ(detector.patterns.size(), 3u);
  EXPECT_EQ(detector.patterns[1].text, "дело №");
  EXPECT_EQ(detector.patterns[2].text, "дело No");
  EXPECT_TRUE(detector.patterns[1].bounded && detector.patterns[1].ignoring_case);
  EXPECT_EQ(detector.near[0].words, std::vector<std::string>{"staff"});
  EXPECT_EQ(detector.exceptions, std::vector<std::string>{"x"});
  EXPECT_EQ(detector.rejects[0].text, "1");
}

TEST(Packs, AreCheckedAlone) {
  const Checked pack("detector a { pattern `a` }\ndetector b { words \"b\" validate luhm }");
  EXPECT_NE(pack.Find(DiagnosticKind::kUnknownName), nullptr);
  EXPECT_EQ(pack.diagnostics().size(), 1u) << pack.messages();
  EXPECT_EQ(pack.hir.detectors.size(), 2u);
}

// ---- conditions as HIR ----

TEST(Conditions, KeepTheirMeaning) {
  const Checked checked(Minimal(R"(
import std.pii
input {
  flagged : bool from identity
  size    : int from gateway
  region  : enum { us, eu } from identity
  team    : optional string from caller
  roles   : set of enum { admin, user } from identity
  cleared : label from identity
})",
                                R"(start at internal when flagged == false
start at public otherwise
when count(email) + count(phone) > 2 raise to internal
when distinct(email, phone) >= 2 raise to internal
when tier(us_ssn) >= shape raise to internal
when size in { 1, 2 } or 5 < size raise to internal
when team != "a" or team is missing raise to internal
when roles has admin and region not in { eu } raise to internal
when cleared <= internal + pii raise to internal)",
                                R"(when level in { public, internal } and label has pii deny "a"
when level != internal deny "b"
otherwise deny "c")"));
  EXPECT_FALSE(checked.has_errors()) << checked.messages();
  const std::string dump = checked.Dump();
  for (const char* line : {
           "start at internal when not flagged",
           "when count(email, phone) >= 3",
           "when distinct(email, phone) >= 2",
           "when tier(us_ssn) >= shape",
           "when ((size == 1 or size == 2) or size > 5)",
           "when (not team in { \"a\" } or not team is present)",
           "when (roles has { admin } and not region in { eu })",
           "when cleared <= internal + pii",
           "when ((level == public or level == internal) and label has pii) deny \"a\"",
           "when not level == internal deny \"b\"",
           "otherwise deny \"c\"",
       }) {
    EXPECT_NE(dump.find(line), std::string::npos) << line << "\n" << dump;
  }
}

TEST(Routes, CheapestIsOrderedByPriceAndTiesByOrder) {
  const Checked checked(Minimal(R"(
zone cloud { untrusted clears public }
target a in cloud { clears public price 2 USD prompt, 8 USD answer per 1M tokens }
target b in cloud { clears public price 0.5 USD prompt, 1 USD answer per 1M tokens }
target c in cloud { clears public price 4 USD prompt, 6 USD answer per 1M tokens })",
                                "start at public",
                                "when level > public deny \"no\"\notherwise send to cheapest of a, b, c"));
  EXPECT_FALSE(checked.has_errors()) << checked.messages();
  ASSERT_EQ(checked.hir.routes[1].steps.size(), 3u);
  EXPECT_EQ(checked.hir.routes[1].steps[0].target.value, 1u);
  EXPECT_EQ(checked.hir.routes[1].steps[1].target.value, 0u);
  EXPECT_EQ(checked.hir.routes[1].steps[2].target.value, 2u);
}

TEST(Redactions, PseudonymsAlwaysLeaveTheirCategory) {
  const Checked checked(
      Minimal(std::string(kPlaces) +
                  "import std.pii\nredaction r { pseudonym email remove phone leaves internal mask us_ssn }",
              "start at public\nwhen email or phone or us_ssn raise to internal + pii",
              "when level == confidential deny \"no\"\notherwise send redacted by r to local"));
  EXPECT_FALSE(checked.has_errors()) << checked.messages();
  const std::vector<hir::RedactionLine>& lines = checked.hir.redactions[0].lines;
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0].leaves, Label::Category(kPseudonymousCategory));
  EXPECT_EQ(lines[1].leaves, Label::Level(1));
  EXPECT_EQ(lines[2].leaves, Label{});
}

TEST(Tests, ResolveTheirValues) {
  const Checked checked(Minimal(std::string(kPlaces) +
                                R"(input {
  roles : set of string from identity
  cleared : label from identity
  size : int from gateway
}
test "t" {
  given prompt "hello", roles { "a", "b" }, cleared internal + pii, size 3
  with remote down
  expect internal + pii, denied "no"
})"));
  EXPECT_FALSE(checked.has_errors()) << checked.messages();
  ASSERT_EQ(checked.hir.tests.size(), 1u);
  const hir::Test& test = checked.hir.tests[0];
  EXPECT_EQ(test.prompt, "hello");
  ASSERT_EQ(test.given.size(), 3u);
  EXPECT_EQ(test.given[0].values, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(test.given[1].values, (std::vector<std::string>{"internal+pii"}));
  EXPECT_EQ(test.given[2].values, (std::vector<std::string>{"3"}));
  EXPECT_EQ(test.outcome, hir::Test::Outcome::kDenied);
  EXPECT_EQ(test.reason, "no");
}

}  // namespace
}  // namespace hpol::check
