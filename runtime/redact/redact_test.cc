#include "runtime/redact/redact.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "runtime/detect/hand_detectors_for_test.h"
#include "runtime/redact/pseudonym.h"

namespace hpol::redact {
namespace {

using surface::Piece;

// Three detectors over a text body: 0 `email`, 1 `number`, 2 `word` (`jane`).
struct Fixture {
  ir::Tables tables;
  std::vector<hpol_detector_code> codes = {hand::Code(hand::MatchEmail), hand::Code(hand::MatchNumber),
                                           hand::Code(hand::MatchWord, "j", "jane")};
  hpol_artifact artifact{};
  surface::Content content;
  text::Views views;
  detect::Matches matches;
  Plan plan;
  std::string body;

  Fixture() {
    tables.strings = {"", "email", "number", "word", "scrub"};
    for (ir::StringId name = 1; name <= 3; ++name) {
      tables.detectors.push_back({});
      tables.detectors.back().name = name;
    }
    tables.redactions.push_back({4, {}});
  }
  void Line(RedactionAction action, std::vector<uint32_t> detectors, uint64_t leaves = 0) {
    const ir::Range range = {static_cast<uint32_t>(tables.indices.size()),
                             static_cast<uint32_t>(detectors.size())};
    tables.indices.insert(tables.indices.end(), detectors.begin(), detectors.end());
    tables.redaction_lines.push_back({action, range, leaves});
    ++tables.redactions[0].lines.count;
  }
  void Piece(const std::string& text, Piece::Kind kind = Piece::Kind::kText) {
    const auto begin = static_cast<uint32_t>(body.size());
    body += text;
    content.pieces.push_back(
        {begin, static_cast<uint32_t>(body.size()), kind, false, kind == Piece::Kind::kText});
    body += "|";
  }
  // The body after the redaction, or "(failed)".
  std::string Apply(std::string_view key = "key") {
    artifact.detector_count = 3;
    artifact.detectors = codes.data();
    views.Build(body, content);
    if (!detect::Scan(tables, artifact, nullptr, views, matches)) return "(failed)";
    if (!PlanSpans(tables, RedactionId{0}, {body, views, matches, false}, key, plan)) return "(failed)";
    std::string out;
    size_t at = 0;
    for (const Span& span : plan.spans) {
      EXPECT_LE(at, span.begin);
      out += body.substr(at, span.begin - at);
      out += plan.TextOf(span);
      at = span.end;
    }
    return out + body.substr(at);
  }
};

TEST(Redact, EachActionWritesItsForm) {
  Fixture f;
  f.Line(RedactionAction::kPseudonym, {0});
  f.Line(RedactionAction::kRemove, {1});
  f.Line(RedactionAction::kMask, {2});
  f.Piece("tell jane to write john@example.net about 12345678 now");
  const std::string out = f.Apply();
  std::array<char, kTagLetters> tag{};
  ASSERT_TRUE(DeriveTag("key", std::string("email") + '\0' + "john@example.net", tag));
  EXPECT_EQ(
      out, "tell [masked] to write <email_" + std::string(tag.data(), tag.size()) + "> about [removed] now|");
}

TEST(Redact, OverlapsMergeAndTheStrongestActionWins) {
  Fixture f;
  f.Line(RedactionAction::kPseudonym, {0});
  f.Line(RedactionAction::kMask, {2});
  f.Piece("to jane@example.net!");  // the word stands inside the address
  EXPECT_EQ(f.Apply(), "to [masked]!|");
}

TEST(Redact, ADetectorInTwoLinesGetsTheStronger) {
  Fixture f;
  f.Line(RedactionAction::kRemove, {2}, 1);
  f.Line(RedactionAction::kPseudonym, {2}, 2);
  f.Piece("jane");
  EXPECT_EQ(f.Apply(), "[removed]|");
  EXPECT_EQ(LeavesOf(f.tables, RedactionId{0}, f.matches).word, 3u);
}

TEST(Redact, LeavesOnlyWhatIsWritten) {
  Fixture f;
  f.Line(RedactionAction::kPseudonym, {0}, 1);
  f.Line(RedactionAction::kMask, {1}, 2);
  f.Piece("12345678");
  f.Piece("jane@example.net", Piece::Kind::kKey);
  f.Apply();
  EXPECT_EQ(LeavesOf(f.tables, RedactionId{0}, f.matches).word, 2u);
  EXPECT_EQ(LeavesOf(f.tables, kNoRedaction, f.matches).word, 0u);
}

TEST(Redact, KeysAndNumbersAreNotWrittenOver) {
  Fixture f;
  f.Line(RedactionAction::kRemove, {1});
  f.Piece("12345678", Piece::Kind::kKey);
  f.Piece("12345678", Piece::Kind::kNumber);
  EXPECT_EQ(f.Apply(), "12345678|12345678|");
  EXPECT_FALSE(CoverOf(f.tables, RedactionId{0}, f.matches.all[0]).has_value());
}

TEST(Redact, EveryPieceOfASplitValueIsWrittenOver) {
  Fixture f;
  f.Line(RedactionAction::kPseudonym, {0});
  f.Piece("mail john@exam");
  f.Piece("ple.net please");
  const std::string out = f.Apply();
  EXPECT_EQ(out.find("john"), std::string::npos);
  EXPECT_EQ(out.find("ple.net"), std::string::npos);
  const size_t tag = out.find("<email_");
  EXPECT_EQ(out.find(out.substr(tag, 20), tag + 1), out.rfind("<email_"));  // one value, one tag
}

TEST(Redact, OneValueHasOneTagUnderOneKey) {
  Fixture f;
  f.Line(RedactionAction::kPseudonym, {0});
  f.Piece("john@example.net \xef\xbd\x8aohn@example.net mary@example.net");  // full-width j
  const std::string out = f.Apply();
  const std::string first = out.substr(0, 20);
  EXPECT_EQ(out.substr(21, 20), first);
  EXPECT_NE(out.substr(42, 20), first);
  Fixture g;
  g.Line(RedactionAction::kPseudonym, {0});
  g.Piece("john@example.net");
  EXPECT_NE(g.Apply("another key").substr(0, 20), first);
}

TEST(Redact, NoKeyNoPseudonym) {
  Fixture f;
  f.Line(RedactionAction::kPseudonym, {0});
  f.Piece("john@example.net");
  EXPECT_EQ(f.Apply(""), "(failed)");
}

TEST(Redact, WholeCharactersAreWrittenOver) {
  Fixture f;
  // A detector of bytes that cuts inside the character: E5 B7 of U+5DE5.
  f.codes[2] = hand::Code(hand::MatchWord, "\xe5", "\xe5\xb7");
  f.Line(RedactionAction::kMask, {2});
  f.Piece(
      "a\xe5\xb7\xa5"
      "b");
  EXPECT_EQ(f.Apply(), "a[masked]b|");
}

TEST(Redact, JsonEscaping) {
  std::string out;
  AppendJsonEscaped("a\"b\\c\n\x01", out);
  EXPECT_EQ(out, R"(a\"b\\c\u000a\u0001)");
}

}  // namespace
}  // namespace hpol::redact
