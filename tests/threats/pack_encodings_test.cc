// The same forms of one number as encodings_test, by the standard pack's `us_ssn` instead of a matcher by
// hand: behind "my ssn is" each form has the verdict of the table; without these words nine digits in a row
// are no finding.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "hpol/compile.h"
#include "runtime/detect/scan.h"
#include "runtime/text/views.h"

namespace hpol {
namespace {

using surface::Piece;

constexpr char kPolicy[] =
    "policy encodings version \"1\"\nimport std.pii\nlevels public < internal\n"
    "classify { start at public when us_ssn raise to internal }\nroute { otherwise deny \"a test\" }\n";

const Program& PackProgram() {
  static const Compilation compilation = CompileText("encodings.hpol", kPolicy);
  EXPECT_TRUE(compilation.ok) << compilation.report;
  return compilation.program;
}

// Pieces as a surface would report them.
struct Body {
  std::string bytes = "|";
  surface::Content content;
  void Add(const std::string& raw, Piece::Kind kind = Piece::Kind::kText, uint32_t key = Piece::kNoKey) {
    Piece piece;
    piece.begin = static_cast<uint32_t>(bytes.size());
    bytes += raw;
    piece.end = static_cast<uint32_t>(bytes.size());
    piece.kind = kind;
    piece.joins = kind == Piece::Kind::kText;
    piece.key = key;
    content.pieces.push_back(piece);
    bytes += "|";
  }
};

// How the number is found, if it is.
struct Found {
  bool fires = false;
  bool shape = false;
  bool opaque = false;
};

Found Find(const Body& body, const std::string& value) {
  const Program& program = PackProgram();
  text::Views views;
  detect::Matches matches;
  views.Build(body.bytes, body.content);
  EXPECT_TRUE(detect::Scan(*program.tables, *program.artifact, program.filter.get(), views, matches));
  Found found;
  found.opaque = !views.opaque().empty();
  for (const detect::Match& match : matches.all) {
    std::string digits(detect::TextOf(match, views));
    std::erase_if(digits, [](char c) { return c < '0' || c > '9'; });
    if (digits != value) continue;
    const ir::Detector& detector = program.tables->detectors[match.finding.detector.value];
    (match.finding.tier >= detector.firing ? found.fires : found.shape) = true;
  }
  return found;
}

Body BodyOf(const nlohmann::json& row, bool words) {
  const std::string lead = words ? "my ssn is " : "";
  const std::string text = row["text"];
  const std::string kind = row.value("piece", "text");
  Body body;
  if (kind == "number") {
    body.Add(words ? "ssn" : "order", Piece::Kind::kKey);
    body.Add(text, Piece::Kind::kNumber, 0);
  } else {
    body.Add(lead + text, kind == "key" ? Piece::Kind::kKey : Piece::Kind::kText);
  }
  if (row.contains("next")) body.Add(row["next"]);
  return body;
}

struct Tally {
  int forms = 0;
  int beside_words = 0;
  int alone = 0;
};

Tally Count(const std::string& path, const std::string& value, bool verdicts) {
  Tally tally;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const nlohmann::json row = nlohmann::json::parse(line);
    const Found found = Find(BodyOf(row, true), value);
    const Found alone = Find(BodyOf(row, false), value);
    ++tally.forms;
    tally.beside_words += found.fires ? 1 : 0;
    tally.alone += alone.fires ? 1 : 0;
    if (!verdicts) continue;
    EXPECT_EQ(found.fires ? "found" : found.opaque ? "opaque" : "known gap", row["verdict"]) << row["name"];
    EXPECT_FALSE(alone.shape && !alone.fires) << row["name"] << " is a mere shape";
  }
  std::cout << "us_ssn: " << tally.beside_words << " of " << tally.forms << " forms beside \"ssn\", "
            << tally.alone << " alone\n";
  return tally;
}

TEST(PackEncodings, UsSsnHasTheVerdictOfTheTable) {
  const Tally tally = Count("tests/threats/encodings.jsonl", "431572096", true);
  EXPECT_EQ(tally.forms, 59);
  EXPECT_GE(tally.beside_words, 43);
  EXPECT_GE(tally.alone, 37);
}

TEST(PackEncodings, TheListBesideTheRepository) {
  const std::string path = "../shared/threats/encodings_of_one_ssn.jsonl";
  if (!std::ifstream(path)) GTEST_SKIP() << "not here";
  EXPECT_GE(Count(path, "536228145", false).beside_words, 43);
}

// The price of finding nine digits in a row: nothing, where no word says what they are.
TEST(PackEncodings, NineDigitsWithoutAWordAreNoFinding) {
  std::mt19937 random(9);
  int beside_words = 0;
  for (int i = 0; i < 2000; ++i) {
    const std::string number = std::to_string(100'000'000 + random() % 800'000'000);
    for (const char* before : {"order ", "invoice no. ", "编号", "id=", "", "{\"id\": "}) {
      Body body;
      body.Add(before + number + " was shipped");
      const Found found = Find(body, number);
      EXPECT_FALSE(found.fires || found.shape) << before << number;
    }
    Body body;
    body.Add("her SSN: " + number);
    beside_words += Find(body, number).fires ? 1 : 0;
  }
  EXPECT_GT(beside_words, 1800);  // those that can be one
}

}  // namespace
}  // namespace hpol
