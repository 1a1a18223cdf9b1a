#include "runtime/redact/redact.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "runtime/detect/hand_detectors_for_test.h"
#include "runtime/redact/token.h"

namespace hpol::redact {
namespace {

using surface::Piece;

constexpr size_t kToken = std::string_view("<email_>").size() + kTagLetters;

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
  std::string Apply(std::string_view key = "key", std::string_view scope = "a conversation") {
    artifact.detector_count = 3;
    artifact.detectors = codes.data();
    views.Build(body, content);
    if (!detect::Scan(tables, artifact, nullptr, views, matches)) return "(failed)";
    if (!PlanSpans(tables, RedactionId{0}, {body, views, matches, false}, {key, scope}, plan))
      return "(failed)";
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

std::string TagOf(std::string_view value, uint32_t attempt) {
  std::string message;
  Tag tag{};
  EXPECT_TRUE(DeriveTag({"key", "a conversation"}, "email", value, attempt, message, tag));
  return {tag.data(), tag.size()};
}

TEST(Redact, EachActionWritesItsForm) {
  Fixture f;
  f.Line(RedactionAction::kPseudonym, {0});
  f.Line(RedactionAction::kRemove, {1});
  f.Line(RedactionAction::kMask, {2});
  f.Piece("tell jane to write john@example.net about 12345678 now");
  const std::string out = f.Apply();
  const std::string token = "email_" + TagOf("john@example.net", 0);
  EXPECT_EQ(out, "tell [masked] to write <" + token + "> about [removed] now|");
  ASSERT_EQ(f.plan.minted.size(), 1u);
  EXPECT_EQ(f.plan.TokenOf(f.plan.minted[0]), token);
  EXPECT_EQ(f.plan.ValueOf(f.plan.minted[0]), "john@example.net");
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
  EXPECT_EQ(out.find(out.substr(tag, kToken), tag + 1), out.rfind("<email_"));  // one value, one tag
}

TEST(Redact, OneValueHasOneTokenUnderOneKeyAndScope) {
  Fixture f;
  f.Line(RedactionAction::kPseudonym, {0});
  f.Piece("john@example.net \xef\xbd\x8aohn@example.net mary@example.net");  // full-width j
  const std::string out = f.Apply();
  const std::string first = out.substr(0, kToken);
  EXPECT_EQ(out.substr(kToken + 1, kToken), first);
  EXPECT_NE(out.substr(2 * kToken + 2, kToken), first);
  EXPECT_EQ(f.plan.minted.size(), 2u);
  for (const auto& [key, scope] : {std::pair("another key", "a conversation"), std::pair("key", "another")}) {
    Fixture g;
    g.Line(RedactionAction::kPseudonym, {0});
    g.Piece("john@example.net");
    EXPECT_NE(g.Apply(key, scope).substr(0, kToken), first);
  }
  Fixture h;  // elsewhere in another body of the same conversation
  h.Line(RedactionAction::kPseudonym, {0});
  h.Piece("hello mary@example.net and john@example.net");
  EXPECT_EQ(h.Apply().substr(h.Apply().rfind('<'), kToken), first);
}

TEST(Redact, ATokenThatSomebodyWroteGetsNoSecondMeaning) {
  const std::string expected = TagOf("john@example.net", 0);
  for (const std::string& written : {"<email_" + expected + ">", "email_" + expected + "s"}) {
    Fixture f;
    f.Line(RedactionAction::kPseudonym, {0});
    f.Piece(written + " is what john@example.net was");
    EXPECT_EQ(f.Apply(), written + " is what <email_" + TagOf("john@example.net", 1) + "> was|");
  }
}

TEST(Redact, RedactingWhatWasRedactedChangesNothing) {
  Fixture f;
  f.Line(RedactionAction::kPseudonym, {0});
  f.Line(RedactionAction::kMask, {1});
  f.Piece("john@example.net 12345678");
  const std::string once = f.Apply();
  Fixture g;
  g.Line(RedactionAction::kPseudonym, {0});
  g.Line(RedactionAction::kMask, {1});
  g.Piece(once);
  EXPECT_EQ(g.Apply(), once + "|");
}

TEST(Redact, FormsThatKeepSomething) {
  Fixture f;
  f.Line(RedactionAction::kFpe, {1});
  f.Line(RedactionAction::kEncrypt, {0});
  f.Line(RedactionAction::kHash, {2});
  f.Piece("jane wrote john@example.net 12345678, 12345678 and 12345679");
  const std::string out = f.Apply();
  EXPECT_TRUE(out.starts_with("[word_")) << out;
  EXPECT_EQ(out.find("john@"), std::string::npos);
  EXPECT_EQ(out.find("1234567"), std::string::npos);
  ASSERT_EQ(f.plan.minted.size(), 3u);  // what is hashed never comes back
  EXPECT_EQ(f.plan.ValueOf(f.plan.minted[0]), "john@example.net");
  const std::string number(f.plan.TokenOf(f.plan.minted[1]));
  EXPECT_EQ(number.size(), 8u);
  EXPECT_NE(out.find(" " + number + ", " + number + " and "), std::string::npos) << out;
  EXPECT_NE(f.plan.TokenOf(f.plan.minted[2]), number);
  const std::string hashed = out.substr(0, out.find(']'));
  EXPECT_EQ(f.Apply("key", "another").substr(0, hashed.size()), hashed);  // hashes are the same everywhere
  EXPECT_EQ(f.Apply("key", "another").find(number), std::string::npos);
}

TEST(Redact, WhatHasNoFormIsMasked) {
  for (const RedactionAction action : {RedactionAction::kShift, RedactionAction::kGeneralize}) {
    Fixture f;
    f.Line(action, {0, 1});
    f.Piece("12345678 john@example.net");
    EXPECT_EQ(f.Apply(), "[masked] [masked]|");
    EXPECT_TRUE(f.plan.minted.empty());
  }
  Fixture g;
  g.Line(RedactionAction::kFpe, {0});  // no digits at all
  g.Piece("john@example.net");
  EXPECT_EQ(g.Apply(), "[masked]|");
}

TEST(Token, TheMacTellsWhoMadeIt) {
  const std::string tag = TagOf("john@example.net", 0);
  const TokenKey key = {"key", "a conversation"};
  EXPECT_TRUE(CheckTag(key, "email", tag));
  EXPECT_FALSE(CheckTag(key, "phone", tag));
  EXPECT_FALSE(CheckTag({"key", "another"}, "email", tag));
  EXPECT_FALSE(CheckTag({"another", "a conversation"}, "email", tag));
  for (size_t i = 0; i < tag.size(); ++i) {
    std::string changed = tag;
    changed[i] = changed[i] == 'z' ? 'a' : static_cast<char>(changed[i] + 1);
    EXPECT_FALSE(CheckTag(key, "email", changed)) << i;
  }
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
