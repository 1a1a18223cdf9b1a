// Each way to write one identifier, with the verdict that runtime/text/README.md states: the table is
// wrong when a form is found that it calls a gap, and when one is missed that it calls found.
#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "runtime/text/views.h"

namespace hpol {
namespace {

using surface::Piece;

// A number 3-2-4 with one separator throughout or none, not inside longer digits. `separated`: as the pack's
// us_ssn, which leaves nine digits in a row to context.
struct Matcher {
  bool separated = false;

  bool Matches(std::string_view text, size_t at, size_t& end) const {
    if (at > 0 && IsDigit(text[at - 1])) return false;
    const char separator = at + 3 < text.size() ? text[at + 3] : '\0';
    const bool apart = separator == '-' || separator == ' ' || separator == '.';
    if (!apart && (separated || !IsDigit(separator))) return false;
    size_t i = at;
    for (const size_t digits : {3, 2, 4}) {
      if (i > at && apart && (i >= text.size() || text[i++] != separator)) return false;
      for (size_t n = 0; n < digits; ++n, ++i) {
        if (i >= text.size() || !IsDigit(text[i])) return false;
      }
    }
    end = i;
    return i == text.size() || !IsDigit(text[i]);
  }
  static bool IsDigit(char c) { return c >= '0' && c <= '9'; }
};

// One or two pieces, as a surface would report them.
struct Body {
  std::string bytes = "|";
  surface::Content content;
  void Add(const std::string& raw, Piece::Kind kind = Piece::Kind::kText) {
    Piece piece;
    piece.begin = static_cast<uint32_t>(bytes.size());
    bytes += raw;
    piece.end = static_cast<uint32_t>(bytes.size());
    piece.kind = kind;
    piece.joins = kind == Piece::Kind::kText;
    content.pieces.push_back(piece);
    bytes += "|";
  }
};

struct Seen {
  std::string value;  // digits only
  std::string raw;    // the bytes of the body that would be written over
};

std::vector<Seen> Find(const text::Views& views, const std::string& body, Matcher matcher) {
  std::vector<Seen> all;
  for (size_t v = 0; v < views.size(); ++v) {
    const std::string_view text = views[v].text;
    for (size_t at = 0; at < text.size(); ++at) {
      size_t end = 0;
      if (!matcher.Matches(text, at, end)) continue;
      std::vector<text::RawRange> ranges;
      views.Locate(v, static_cast<uint32_t>(at), static_cast<uint32_t>(end), ranges);
      if (ranges.empty()) continue;
      Seen seen;
      for (const char c : text.substr(at, end - at)) {
        if (Matcher::IsDigit(c)) seen.value += c;
      }
      for (const text::RawRange& range : ranges)
        seen.raw += body.substr(range.begin, range.end - range.begin);
      all.push_back(seen);
    }
  }
  return all;
}

struct Tally {
  int forms = 0;
  int found = 0;
  int separated = 0;  // by the stricter matcher too
};

bool FindsValue(const text::Views& views, const std::string& body, const std::string& value,
                Matcher matcher) {
  for (const Seen& seen : Find(views, body, matcher)) {
    if (seen.value == value) return true;
  }
  return false;
}

Tally Count(const std::string& path, const std::string& value, bool verdicts) {
  Tally tally;
  std::ifstream file(path);
  text::Views views;
  for (std::string line; std::getline(file, line);) {
    const nlohmann::json row = nlohmann::json::parse(line);
    const std::string name = row["name"];
    Body body;
    const std::string kind = row.value("piece", "text");
    body.Add(row["text"], kind == "key"      ? Piece::Kind::kKey
                          : kind == "number" ? Piece::Kind::kNumber
                                             : Piece::Kind::kText);
    if (row.contains("next")) body.Add(row["next"]);
    views.Build(body.bytes, body.content);
    const bool found = FindsValue(views, body.bytes, value, {false});
    ++tally.forms;
    tally.found += found ? 1 : 0;
    tally.separated += FindsValue(views, body.bytes, value, {true}) ? 1 : 0;
    if (!verdicts) continue;
    const std::string expected = row["verdict"];
    const std::string verdict = found ? "found" : !views.opaque().empty() ? "opaque" : "known gap";
    EXPECT_EQ(verdict, expected) << name;
    // What redaction writes over is all of the form but markup around it.
    for (const Seen& seen : Find(views, body.bytes, {false})) {
      if (seen.value != value) continue;
      std::string all = row["text"].get<std::string>() + row.value("next", "");
      const size_t at = all.find(seen.raw);
      EXPECT_NE(at, std::string::npos) << name << ": " << seen.raw;
      if (at == std::string::npos) continue;
      all.erase(at, seen.raw.size());
      EXPECT_EQ(all.find_first_of("0123456789"), std::string::npos) << name << " leaves " << all;
    }
  }
  return tally;
}

TEST(Encodings, EachFormHasTheVerdictOfTheTable) {
  const Tally tally = Count("tests/threats/encodings.jsonl", "431572096", true);
  std::cout << "found " << tally.found << " of " << tally.forms << " forms; " << tally.separated
            << " as a number with separators\n";
  EXPECT_EQ(tally.forms, 59);
  EXPECT_GE(tally.found, 43);
}

// A second list of the same forms that may stand beside the repository; here only the count.
TEST(Encodings, TheListBesideTheRepository) {
  const std::string path = "../shared/threats/encodings_of_one_ssn.jsonl";
  if (!std::ifstream(path)) GTEST_SKIP() << "not here";
  const Tally tally = Count(path, "536228145", false);
  std::cout << "found " << tally.found << " of " << tally.forms << " forms; " << tally.separated
            << " as a number with separators\n";
  EXPECT_GE(tally.found, 43);
}

}  // namespace
}  // namespace hpol
