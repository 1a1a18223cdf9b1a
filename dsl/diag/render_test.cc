#include "dsl/diag/render.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

namespace hpol::dsl {
namespace {

class RenderTest : public testing::Test {
 protected:
  FileId Add(std::string text) { return sources_.Add("clinic.hpol", std::move(text)); }
  // The span of the first `words` at or after `from`.
  Span Find(FileId file, std::string_view words, size_t from = 0) {
    const size_t at = sources_.Get(file).text().find(words, from);
    EXPECT_NE(at, std::string_view::npos) << words;
    return {file, static_cast<uint32_t>(at), static_cast<uint32_t>(at + words.size())};
  }
  SourceMap sources_;
  Diagnostics diagnostics_;
};

TEST(Kinds, AreNamedOnce) {
  std::set<std::string_view> names;
  for (DiagnosticKind kind : AllDiagnosticKinds())
    EXPECT_TRUE(names.insert(KindName(kind)).second) << KindName(kind);
  EXPECT_EQ(KindName(DiagnosticKind::kSyntax), "syntax");
}

TEST_F(RenderTest, ASmallOne) {
  const FileId file = Add("\n\n\n\n\n\n\n\n\n\n\n  when phy  to private.ward_gpu\n");
  diagnostics_.Error(DiagnosticKind::kSyntax, Find(file, "phy"), "no label named `phy`",
                     "did you mean `phi`?");
  EXPECT_EQ(RenderTerminal(diagnostics_, sources_), R"(error[syntax]: no label named `phy`
  --> clinic.hpol:12:8
    |
 12 |   when phy  to private.ward_gpu
    |        ^^^ did you mean `phi`?
)");
}

TEST_F(RenderTest, OtherSpansExampleAndAnEdit) {
  const FileId file =
      Add("label phi = ssn | mrn, confined private\n\n\nroute {\n  when mrn  to private.ward_gpu\n"
          "  else      to cloud.assistant\n}\n");
  Diagnostic& d =
      diagnostics_.Error(DiagnosticKind::kSyntax, Find(file, "cloud.assistant"),
                         "`phi` can reach public target `cloud.assistant`", "outside the private boundary");
  d.others.push_back({Find(file, "mrn", 30), "only `mrn` is taken out before `else`"});
  d.others.push_back({Find(file, "confined private"), "`phi` confined here"});
  d.example = "\"SSN 536-22-8145\" has `ssn` and no `mrn`";
  d.help = Help{"test the label instead of one detector", {{Find(file, "mrn", 30), "phi"}}};
  EXPECT_EQ(RenderTerminal(diagnostics_, sources_),
            R"(error[syntax]: `phi` can reach public target `cloud.assistant`
  --> clinic.hpol:6:16
    |
  1 | label phi = ssn | mrn, confined private
    |                        ---------------- `phi` confined here
    :
  5 |   when mrn  to private.ward_gpu
    |        --- only `mrn` is taken out before `else`
  6 |   else      to cloud.assistant
    |                ^^^^^^^^^^^^^^^ outside the private boundary
    |
    = example: "SSN 536-22-8145" has `ssn` and no `mrn`
    = help: test the label instead of one detector
    |
  5 |   when phi  to private.ward_gpu
    |        ~~~
)");
}

TEST_F(RenderTest, InsertionAndDeletionShowWhere) {
  const FileId file = Add("raise internal;\n");
  Diagnostic& d = diagnostics_.Warning(DiagnosticKind::kSyntax, Find(file, "internal"), "expected `to`");
  d.help = Help{"write it so", {{Find(file, ";"), ""}, {{file, 6, 6}, "to "}}};
  EXPECT_EQ(RenderTerminal(diagnostics_, sources_), R"(warning[syntax]: expected `to`
  --> clinic.hpol:1:7
    |
  1 | raise internal;
    |       ^^^^^^^^
    |
    = help: write it so
    |
  1 | raise to internal
    |       ~~~        ~
)");
}

TEST_F(RenderTest, SeveralFiles) {
  const FileId a = Add("import std.pii\n");
  const FileId b = sources_.Add("std/pii.hpol", "detector email { }\n");
  Diagnostic& d = diagnostics_.Error(DiagnosticKind::kSyntax, Find(a, "std.pii"), "imported here");
  d.others.push_back({Find(b, "email"), "this one"});
  EXPECT_EQ(RenderTerminal(d, sources_), R"(error[syntax]: imported here
  --> clinic.hpol:1:8
    |
  1 | import std.pii
    |        ^^^^^^^
  ::: std/pii.hpol:1:10
    |
  1 | detector email { }
    |          ----- this one
)");
}

TEST_F(RenderTest, WideCharactersKeepCaretsUnderWords) {
  const FileId file = Add("words \"夜鹰计划\" ignoring cas\n");
  diagnostics_.Error(DiagnosticKind::kSyntax, Find(file, "cas"), "m");
  EXPECT_EQ(RenderTerminal(diagnostics_, sources_),
            "error[syntax]: m\n  --> clinic.hpol:1:23\n    |\n  1 | words \"夜鹰计划\" ignoring cas\n    |" +
                std::string(27, ' ') + "^^^\n");
}

TEST_F(RenderTest, MultiLineSpanShowsItsFirstLine) {
  const FileId file = Add("route {\n  otherwise\n}\n");
  diagnostics_.Error(DiagnosticKind::kSyntax, {file, 0, 21}, "m", "l");
  EXPECT_EQ(RenderTerminal(diagnostics_, sources_),
            "error[syntax]: m\n  --> clinic.hpol:1:1\n    |\n  1 | route {\n    | ^^^^^^^ l\n");
}

TEST_F(RenderTest, RepairsAnySpan) {
  const FileId file = Add("ab\r\ncd");
  const Span spans[] = {{file, 5, 2}, {file, 90, 99}, {FileId{9}, 1, 2},
                        {file, 3, 4}, {file, 6, 6},   {file, 1, 3}};
  for (const Span& span : spans) {
    Diagnostics diagnostics;
    Diagnostic& d = diagnostics.Error(DiagnosticKind::kSyntax, span, "m");
    d.others.push_back({span, "other"});
    d.help = Help{"h", {{span, "x"}, {span, "y"}}};
    EXPECT_NE(RenderTerminal(diagnostics, sources_).find("^"), std::string::npos);
    EXPECT_TRUE(nlohmann::json::accept(RenderJson(diagnostics, sources_)));
  }
}

TEST_F(RenderTest, NoFileAtAll) {
  diagnostics_.Error(DiagnosticKind::kSyntax, {}, "m");
  EXPECT_EQ(RenderTerminal(diagnostics_, sources_), "error[syntax]: m\n");
  EXPECT_TRUE(nlohmann::json::accept(RenderJson(diagnostics_, sources_)));
}

TEST_F(RenderTest, NothingThatMovesTheCursorIsPrinted) {
  const FileId file = Add("a\x1b[2J\t\xff\xe2\x80\xae b\n");
  diagnostics_.Error(DiagnosticKind::kSyntax, Find(file, "b"), "m\x1b[2J\n\xff", "l\x07");
  const std::string text = RenderTerminal(diagnostics_, sources_);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\x07'), std::string::npos);
  EXPECT_EQ(text.find('\xff'), std::string::npos);
  EXPECT_EQ(text.find("\xe2\x80\xae"), std::string::npos);
  EXPECT_TRUE(nlohmann::json::accept(RenderJson(diagnostics_, sources_)));
}

TEST_F(RenderTest, LongLinesAreShownRoundTheWords) {
  const FileId file = Add(std::string(50000, 'x') + "HERE" + std::string(50000, 'y') + "\n");
  diagnostics_.Error(DiagnosticKind::kSyntax, Find(file, "HERE"), "m");
  const std::string text = RenderTerminal(diagnostics_, sources_);
  EXPECT_LT(text.size(), 600u);
  EXPECT_NE(text.find("HERE"), std::string::npos);
  EXPECT_NE(text.find("^^^^\n"), std::string::npos);
}

TEST_F(RenderTest, ColorOnlyAddsSequences) {
  const FileId file = Add("abc\n");
  Diagnostic& d = diagnostics_.Error(DiagnosticKind::kSyntax, Find(file, "b"), "m", "l");
  d.help = Help{"h", {{Find(file, "b"), "x"}}};
  std::string colored = RenderTerminal(diagnostics_, sources_, true);
  EXPECT_NE(colored.find("\x1b["), std::string::npos);
  std::string plain;
  for (size_t i = 0; i < colored.size(); ++i) {
    if (colored[i] == '\x1b') {
      i = colored.find('m', i);
    } else {
      plain += colored[i];
    }
  }
  EXPECT_EQ(plain, RenderTerminal(diagnostics_, sources_));
}

TEST_F(RenderTest, Json) {
  const FileId file = Add("one\n工号 two\n");
  Diagnostic& d = diagnostics_.Error(DiagnosticKind::kSyntax, Find(file, "two"), "message", "label");
  d.others.push_back({Find(file, "one"), "other"});
  d.example = "example";
  d.help = Help{"help", {{Find(file, "two"), "three"}}};
  diagnostics_.Warning(DiagnosticKind::kTooLarge, Find(file, "one"), "second");
  const auto json = nlohmann::json::parse(RenderJson(diagnostics_, sources_));
  ASSERT_EQ(json.size(), 2u);
  EXPECT_EQ(json[0], nlohmann::json::parse(R"({
    "kind": "syntax", "severity": "error", "message": "message", "label": "label",
    "file": "clinic.hpol", "line": 2, "column": 4, "end_line": 2, "end_column": 7, "span": {"begin": 11, "end": 14},
    "others": [{"label": "other", "file": "clinic.hpol", "line": 1, "column": 1, "end_line": 1, "end_column": 4,
                "span": {"begin": 0, "end": 3}}],
    "example": "example",
    "help": {"text": "help", "edits": [{"replacement": "three", "file": "clinic.hpol", "line": 2, "column": 4,
             "end_line": 2, "end_column": 7, "span": {"begin": 11, "end": 14}}]}})"));
  EXPECT_EQ(json[1]["severity"], "warning");
  EXPECT_EQ(json[1]["help"], nullptr);
}

}  // namespace
}  // namespace hpol::dsl
