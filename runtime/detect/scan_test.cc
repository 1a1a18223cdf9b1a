#include "runtime/detect/scan.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "runtime/detect/hand_detectors_for_test.h"
#include "runtime/detect/validators.h"

namespace hpol::detect {
namespace {

using surface::Piece;

// Detectors and a body; every piece is JSON text that joins unless said otherwise.
struct Fixture {
  ir::Tables tables;
  std::vector<hpol_detector_code> codes;
  hpol_artifact artifact{};
  std::string body = "|";
  surface::Content content;
  text::Views views;
  Matches matches;

  Fixture() { tables.strings.push_back(""); }

  void Detector(hpol_detector_code code, const char* validator = "",
                std::vector<std::string> exceptions = {}) {
    ir::Detector row;
    row.validator = FindValidator(validator);
    row.exceptions = {static_cast<uint32_t>(tables.lists.size()), static_cast<uint32_t>(exceptions.size())};
    for (const std::string& text : exceptions) {
      tables.lists.push_back(static_cast<ir::StringId>(tables.strings.size()));
      tables.strings.push_back(text);
    }
    tables.detectors.push_back(row);
    codes.push_back(code);
  }
  // `near` (or `not near`) of the last detector.
  void Near(const std::vector<std::string>& words, uint32_t within, bool negated = false) {
    ir::NearClause row{
        negated, within, {static_cast<uint32_t>(tables.lists.size()), static_cast<uint32_t>(words.size())}};
    SetFirstBytes(NormalWords(words), row.first);
    for (const std::string& word : NormalWords(words)) {
      tables.lists.push_back(static_cast<ir::StringId>(tables.strings.size()));
      tables.strings.push_back(word);
    }
    ir::Detector& detector = tables.detectors.back();
    if (detector.near.count++ == 0) detector.near.begin = static_cast<uint32_t>(tables.near.size());
    tables.near.push_back(row);
  }
  void Piece(const std::string& raw, Piece::Kind kind = Piece::Kind::kText) {
    const auto begin = static_cast<uint32_t>(body.size());
    body += raw + "|";
    content.pieces.push_back(
        {begin, static_cast<uint32_t>(body.size() - 1), kind, true, kind == Piece::Kind::kText});
  }
  bool Run() {
    artifact.detector_count = static_cast<uint32_t>(codes.size());
    artifact.detectors = codes.data();
    views.Build(body, content);
    return Scan(tables, artifact, nullptr, views, matches);
  }
  // `detector:tier:raw~raw` of each finding.
  std::vector<std::string> Found() {
    std::vector<std::string> found;
    for (const Match& match : matches.all) {
      std::string line = std::to_string(match.finding.detector.value) + ":" +
                         std::to_string(static_cast<int>(match.finding.tier)) + ":";
      for (size_t i = 0; i < match.range_count; ++i) {
        const text::RawRange range = matches.RangesOf(match)[i];
        line += (i > 0 ? "~" : "") + body.substr(range.begin, range.end - range.begin);
      }
      found.push_back(line + (match.replaceable ? "" : "!"));
    }
    return found;
  }
};

using Lines = std::vector<std::string>;

TEST(Scan, LeftmostLongestWithoutOverlap) {
  Fixture f;
  f.Detector(hand::Code(hand::MatchNumber, "0123456789"));
  f.Detector(hand::Code(hand::MatchEmail));
  f.Piece("a 12345678 b jane@example.co.uk 1234567890123456789012345678");
  ASSERT_TRUE(f.Run());
  EXPECT_EQ(f.Found(),
            (Lines{"0:0:12345678", "1:0:jane@example.co.uk", "0:0:12345678901234567890", "0:0:12345678"}));
}

TEST(Scan, TriesShorterMatchesUntilTheValidatorAccepts) {
  Fixture f;
  f.Detector(hand::Code(hand::MatchNumber), "luhn");
  f.Piece("453957804917346899");  // the first 16 digits are a card
  ASSERT_TRUE(f.Run());
  EXPECT_EQ(f.Found(), (Lines{"0:2:4539578049173468"}));
}

TEST(Scan, ExceptionsDropOnlyTheExactText) {
  Fixture f;
  f.Detector(hand::Code(hand::MatchSsn), "us_ssn", {"078-05-1120"});
  f.Piece("078-05-1120 536-22-8145 000-22-8145");
  ASSERT_TRUE(f.Run());
  EXPECT_EQ(f.Found(), (Lines{"0:2:536-22-8145"}));
}

TEST(Scan, UnknownStaysAShape) {
  Fixture f;
  f.Detector(hand::Code(hand::MatchWord, "j", "jwt"), "jwt");
  f.Piece("a jwt");
  ASSERT_TRUE(f.Run());
  EXPECT_EQ(f.Found(), (Lines{"0:0:jwt"}));
}

TEST(Scan, FirstBytesOnlySkip) {
  Fixture f;
  f.Detector(hand::Code(hand::MatchSsn, "5"));
  f.Piece("136-22-8145 536-22-8145");
  ASSERT_TRUE(f.Run());
  EXPECT_EQ(f.Found(), (Lines{"0:0:536-22-8145"}));
}

TEST(Scan, AcrossASeamOnceWithExactRanges) {
  Fixture f;
  f.Detector(hand::Code(hand::MatchSsn), "us_ssn");
  f.Piece("my ssn is 536-");
  f.Piece("key", Piece::Kind::kKey);
  f.Piece("22-8145 and 536-22-8145");
  ASSERT_TRUE(f.Run());
  EXPECT_EQ(f.Found(), (Lines{"0:2:536-~22-8145", "0:2:536-22-8145"}));
}

TEST(Scan, TheSameBytesInTwoViewsAreOneFindingAtTheBestTier) {
  Fixture f;
  f.Detector(hand::Code(hand::MatchEmail));
  f.Piece("jane@exa");
  f.Piece("mple.net");
  ASSERT_TRUE(f.Run());
  EXPECT_EQ(f.Found(), (Lines{"0:0:jane@exa~mple.net"}));
}

TEST(Scan, KeysNumbersAndCappedMatchesAreNotReplaceable) {
  Fixture f;
  f.Detector(hand::Code(hand::MatchNumber));
  f.Detector(hand::Code(hand::MatchRun));
  f.Piece("12345678", Piece::Kind::kKey);
  f.Piece("12345678", Piece::Kind::kNumber);
  f.Piece("12345678.");
  f.Piece(std::string(5000, 'x'));
  ASSERT_TRUE(f.Run());
  const Lines found = f.Found();
  ASSERT_EQ(found.size(), 5u);
  EXPECT_EQ(found[0], "0:0:12345678!");
  EXPECT_EQ(found[1], "0:0:12345678!");
  EXPECT_EQ(found[2], "0:0:12345678");
  EXPECT_EQ(found[3], "1:0:" + std::string(4096, 'x') + "!");
  EXPECT_EQ(found[4], "1:0:" + std::string(904, 'x'));
}

TEST(Scan, FoldedTextIsFoundAtItsRawBytes) {
  Fixture f;
  f.Detector(hand::Code(hand::MatchSsn), "us_ssn");
  f.Piece(R"(n\u0035\uff13\u200b6-22-8145.)");
  ASSERT_TRUE(f.Run());
  EXPECT_EQ(f.Found(), (Lines{R"(0:2:\u0035\uff13\u200b6-22-8145)"}));
  EXPECT_EQ(TextOf(f.matches.all[0], f.views), "536-22-8145");
}

TEST(Scan, CodeThatBreaksItsContractIsRefused) {
  Fixture f;
  f.Detector(hand::Code(hand::MatchBackwards));
  f.Piece("anything");
  EXPECT_FALSE(f.Run());
}

TEST(Scan, ReuseLeavesNothingBehind) {
  Fixture f;
  f.Detector(hand::Code(hand::MatchSsn));
  f.Piece("536-22-8145");
  ASSERT_TRUE(f.Run());
  EXPECT_EQ(f.matches.all.size(), 1u);
  f.content.Clear();
  f.body = "|";
  f.Piece("nothing");
  ASSERT_TRUE(f.Run());
  EXPECT_TRUE(f.matches.all.empty());
}

TEST(Scan, ContextStandsBesideTheMatch) {
  Fixture f;
  f.Detector(hand::Code(hand::MatchNumber, "0123456789"));
  f.Near({"employee", "工号"}, 12);
  f.Near({"order"}, 8, true);
  f.Piece("employee 1234567 and then the order 7654321 employee");
  f.Piece("9876543");
  ASSERT_TRUE(f.Run());
  EXPECT_EQ(f.Found(), (Lines{"0:1:1234567", "0:0:7654321", "0:1:9876543"}));
}

TEST(Scan, ContextCarriesOverFromThePieceBeforeAndAfter) {
  Fixture f;
  f.Detector(hand::Code(hand::MatchNumber, "0123456789"));
  f.Near({"employee"}, 12);
  f.Near({"example"}, 12, true);
  f.Piece("an example");  // lowers only in its own text
  f.Piece("1234567");
  f.Piece("the employee");
  f.Piece("7654321");
  f.Piece("employees or employee");
  f.Piece("of 12 12345678");  // one line end and six characters behind the word
  f.Piece("x 2345678");
  ASSERT_TRUE(f.Run());
  EXPECT_EQ(f.Found(), (Lines{"0:0:1234567", "0:1:7654321", "0:0:12345678", "0:0:2345678"}));
  f.tables.near[0].within = 15;
  ASSERT_TRUE(f.Run());
  EXPECT_EQ(f.Found(), (Lines{"0:1:1234567", "0:1:7654321", "0:1:12345678", "0:0:2345678"}));
}

TEST(Scan, AKeyIsContextForItsValue) {
  Fixture f;
  f.Detector(hand::Code(hand::MatchNumber, "0123456789"), "luhn");
  f.Near({"staff number"}, 20);
  f.Piece("staff_number", Piece::Kind::kKey);
  f.Piece("4111111111111111", Piece::Kind::kNumber);
  f.Piece("other", Piece::Kind::kKey);
  f.Piece("4111111111111111", Piece::Kind::kNumber);
  f.Piece("5500000000000004", Piece::Kind::kNumber);
  f.content.pieces[1].key = 0;
  f.content.pieces[3].key = 2;
  f.content.pieces[4].key = 0;
  ASSERT_TRUE(f.Run());
  EXPECT_EQ(f.Found(), (Lines{"0:2:4111111111111111!", "0:2:4111111111111111!", "0:2:5500000000000004!"}));
  f.tables.detectors[0].validator = 0;
  ASSERT_TRUE(f.Run());
  EXPECT_EQ(f.Found(), (Lines{"0:1:4111111111111111!", "0:0:4111111111111111!", "0:1:5500000000000004!"}));
}

TEST(Scan, AValueOverTwoPiecesHasTheContextOfBoth) {
  Fixture f;
  f.Detector(hand::Code(hand::MatchNumber, "0123456789"));
  f.Near({"ssn"}, 8);
  f.Piece("k", Piece::Kind::kKey);
  f.Piece("5362");
  f.Piece("28145");
  f.content.pieces[2].key = 0;
  ASSERT_TRUE(f.Run());
  EXPECT_EQ(f.Found(), (Lines{"0:0:5362~28145"}));
  Fixture g;
  g.Detector(hand::Code(hand::MatchNumber, "0123456789"));
  g.Near({"ssn"}, 8);
  g.Piece("ssn", Piece::Kind::kKey);
  g.Piece("5362");
  g.Piece("28145");
  g.content.pieces[2].key = 0;
  ASSERT_TRUE(g.Run());
  EXPECT_EQ(g.Found(), (Lines{"0:1:5362~28145"}));
}

}  // namespace
}  // namespace hpol::detect
