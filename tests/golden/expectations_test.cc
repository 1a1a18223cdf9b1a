#include "tests/golden/expectations.h"

#include <gtest/gtest.h>

namespace hpol::golden {
namespace {

using dsl::DiagnosticKind;

class ExpectationsTest : public testing::Test {
 protected:
  dsl::Span Find(dsl::FileId file, std::string_view words) {
    const size_t at = sources_.Get(file).text().find(words);
    return {file, static_cast<uint32_t>(at), static_cast<uint32_t>(at + words.size())};
  }
  dsl::SourceMap sources_;
  dsl::Diagnostics diagnostics_;
};

TEST_F(ExpectationsTest, CaretsStandUnderTheWords) {
  const dsl::FileId file = sources_.Add("t", "// RUN: check\n  when mrn  to ward\n  else      to cloud\n");
  dsl::Diagnostic& d =
      diagnostics_.Error(DiagnosticKind::kSyntax, Find(file, "cloud"), "it escapes", "outside");
  d.others.push_back({Find(file, "mrn"), "only this"});
  d.example = "a request";
  d.help = dsl::Help{"test the label", {{Find(file, "mrn"), "phi"}}};
  const std::string text = Annotate(diagnostics_, sources_, file);
  EXPECT_EQ(text,
            "// RUN: check\n"
            "  when mrn  to ward\n"
            "//!    --- other: only this\n"
            "  else      to cloud\n"
            "//!            ^^^^^ error[syntax]: it escapes\n"
            "//! label: outside\n"
            "//! example: a request\n"
            "//! help: test the label\n"
            "//! becomes: when phi  to ward\n");
  EXPECT_EQ(Strip(text), sources_.Get(file).text());
}

TEST_F(ExpectationsTest, SpansThatCannotBeDrawnAreWritten) {
  const dsl::FileId file = sources_.Add("t", "polcy a\nroute {\n}\n夜鹰 x\n");
  diagnostics_.Warning(DiagnosticKind::kSyntax, Find(file, "polcy"), "m");
  diagnostics_.Error(DiagnosticKind::kSyntax, {file, 14, 17}, "n");
  diagnostics_.Error(DiagnosticKind::kSyntax, Find(file, "x"), "wide");
  diagnostics_.Error(DiagnosticKind::kSyntax, {file, 999, 999}, "end");
  EXPECT_EQ(Annotate(diagnostics_, sources_, file),
            "polcy a\n//! columns 1-5 warning[syntax]: m\nroute {\n//!   ^>+1:2 error[syntax]: n\n}\n"
            "夜鹰 x\n//!  ^ error[syntax]: wide\n//! columns 1-0 error[syntax]: end\n");
}

TEST_F(ExpectationsTest, OtherFilesStandLast) {
  const dsl::FileId file = sources_.Add("t", "import a\n");
  const dsl::FileId pack = sources_.Add("std/a.hpol", "\n detector d\n");
  diagnostics_.Error(DiagnosticKind::kSyntax, Find(pack, "detector"), "m", "l");
  EXPECT_EQ(Annotate(diagnostics_, sources_, file),
            "import a\n//! in std/a.hpol:2:2 error[syntax]: m\n//! label: l\n");
}

TEST_F(ExpectationsTest, DifferencesNameTheLine) {
  EXPECT_EQ(Difference("a\n//! x\nb\n//! y\n", "a\n//! x\nb\n//! z\n"),
            "    2 | b\n   - //! y\n   + //! z\n");
  EXPECT_EQ(Difference("a\n", "a\n"), "");
}

}  // namespace
}  // namespace hpol::golden
