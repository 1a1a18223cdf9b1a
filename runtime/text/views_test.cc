// Views against a model: bodies are put together from characters whose folded text and
// raw bytes are known, so every offset can be checked one by one.
#include "runtime/text/views.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "runtime/text/wipe.h"

namespace hpol::text {
namespace {

using surface::Content;
using surface::Piece;

// Raw pieces one after another with a `|` around each, as a surface would report them.
struct Body {
  std::string bytes = "|";
  Content content;
  void Add(const std::string& raw, bool json = true, bool joins = true,
           Piece::Kind kind = Piece::Kind::kText) {
    const auto begin = static_cast<uint32_t>(bytes.size());
    bytes += raw;
    content.pieces.push_back({begin, static_cast<uint32_t>(bytes.size()), kind, json, joins});
    bytes += "|";
  }
};

std::string Raw(const Body& body, RawRange range) {
  return body.bytes.substr(range.begin, range.end - range.begin);
}

// The raw bytes behind the first occurrence of `text` in view `index`, joined by `~` over pieces.
std::string Behind(const Body& body, const Views& views, size_t index, const std::string& text) {
  const size_t at = views[index].text.find(text);
  if (at == std::string_view::npos) return "(not in the view)";
  std::vector<RawRange> ranges;
  views.Locate(index, static_cast<uint32_t>(at), static_cast<uint32_t>(at + text.size()), ranges);
  std::string joined;
  for (const RawRange& range : ranges) joined += (joined.empty() ? "" : "~") + Raw(body, range);
  return joined;
}

TEST(Views, FoldsOnePiece) {
  const struct {
    const char* raw;
    const char* text;
  } cases[] = {
      {"plain ASCII text of some length", "plain ASCII text of some length"},
      {R"(a\"b\\c\/d\n\t)", "a\"b\\c/d\n\t"},
      {R"(\u0035\u0033\u0036)", "536"},
      {R"(\\u0035\\u0033)", "53"},
      {R"(\\\\u0035\\\\\\u0033)", "53"},
      {R"(\\ud83d\\ude00)", "\xf0\x9f\x98\x80"},
      {R"(\ud83d\ude00)", "\xf0\x9f\x98\x80"},
      {R"(\ud83d x)", "\\ud83d x"},
      {R"(\q\u12)", "\\q\\u12"},
      {"\xef\xbc\x95\xef\xbc\x93\xef\xbc\x8d", "53-"},
      {R"(\uff15\u200b\uff13)", "53"},
      {"5\xe2\x80\x8b"
       "3\xc2\xad"
       "6",
       "536"},
      {"\xd9\xa5\xd9\xa3", "53"},
      {"\xf0\x9d\x9f\x93", "5"},
      {"536\xe2\x80\x93"
       "22",
       "536-22"},
      {"\xe5\xb7\xa5\xe5\x8f\xb7", "\xe5\xb7\xa5\xe5\x8f\xb7"},
      {"bad \xff byte", "bad \xff byte"},
      {"", ""},
  };
  for (const auto& c : cases) {
    Body body;
    body.Add(c.raw);
    Views views;
    views.Build(body.bytes, body.content);
    EXPECT_EQ(views[0].text, c.text) << c.raw;
  }
}

TEST(Views, PlainTextIsNotCopied) {
  Body body;
  body.Add("nothing to fold here");
  body.Add("\xe5\xb7\xa5\xe5\x8f\xb7");
  Views views;
  views.Build(body.bytes, body.content);
  EXPECT_EQ(views[0].text.data(), body.bytes.data() + 1);
  EXPECT_EQ(views[1].text.data(), body.bytes.data() + body.content.pieces[1].begin);
}

TEST(Views, BackslashesInTextThatIsNotJsonStay) {
  Body body;
  body.Add(R"(C:\new \" \u0035)", false);
  Views views;
  views.Build(body.bytes, body.content);
  EXPECT_EQ(views[0].text, R"(C:\new \" 5)");
}

// `\u4111` before twelve digits would swallow the first four of a card number.
TEST(Views, TextWithSpelledEscapesStandsTwice) {
  Body body;
  body.Add(R"(\\u4111111111111111)");
  Views views;
  views.Build(body.bytes, body.content);
  ASSERT_EQ(views.size(), 2u);
  EXPECT_EQ(views[0].text,
            "\xe4\x84\x91"
            "111111111111");
  EXPECT_EQ(views[1].text, R"(\u4111111111111111)");
  EXPECT_EQ(Behind(body, views, 1, "4111111111111111"), "4111111111111111");
}

TEST(Views, OffsetsCoverEscapesAndDroppedCharacters) {
  Body body;
  body.Add(R"(ssn \u0035\u200b36-2\u00ad2-8145 end)");
  Views views;
  views.Build(body.bytes, body.content);
  EXPECT_EQ(views[0].text, "ssn 536-22-8145 end");
  EXPECT_EQ(Behind(body, views, 0, "536-22-8145"), R"(\u0035\u200b36-2\u00ad2-8145)");
  EXPECT_EQ(Behind(body, views, 0, "36"), "36");
  EXPECT_EQ(Behind(body, views, 0, " "), " ");
}

TEST(Views, JoinsOnlyWhatJoins) {
  Body body;
  body.Add("my ssn is 536-");
  body.Add("key", true, false, Piece::Kind::kKey);
  body.Add("22-8145 ok");
  body.Add("12345678", true, false, Piece::Kind::kNumber);
  Views views;
  views.Build(body.bytes, body.content);
  ASSERT_EQ(views.size(), 7u);
  EXPECT_EQ(views[4].text, "my ssn is 536-22-8145 ok");
  EXPECT_EQ(views[5].text, "my ssn is 536- 22-8145 ok");
  EXPECT_EQ(views[6].text, "my ssn is 536-\n22-8145 ok");
  EXPECT_TRUE(views[4].joined && views[5].joined && views[6].joined && !views[3].joined);
  EXPECT_EQ(Behind(body, views, 4, "536-22-8145"), "536-~22-8145");
  EXPECT_EQ(Behind(body, views, 5, "- 2"), "-~2");
  EXPECT_EQ(Behind(body, views, 4, "ssn"), "");  // one piece only
  EXPECT_EQ(Behind(body, views, 6, "-\n"), "");  // the newline is nobody's
}

TEST(Views, OnePieceIsNotJoinedWithNothing) {
  Body body;
  body.Add("alone");
  body.Add("\xe2\x80\x8b");  // folds to nothing
  Views views;
  views.Build(body.bytes, body.content);
  EXPECT_EQ(views.size(), 2u);
}

TEST(Views, AFindingMayTouchManyPieces) {
  Body body;
  for (const char* digit : {"4", "1", "1", "1"}) body.Add(digit);
  Views views;
  views.Build(body.bytes, body.content);
  EXPECT_EQ(Behind(body, views, 4, "4111"), "4~1~1~1");
  std::vector<RawRange> ranges;
  std::vector<Piece::Kind> kinds;
  views.Locate(4, 1, 3, ranges, &kinds);
  EXPECT_EQ(ranges.size(), 2u);
  EXPECT_EQ(kinds.size(), 2u);
}

TEST(Views, APieceOfTheConversationStandsAmongItsNeighbours) {
  Body body;
  body.Add("first");
  body.Add("name", true, false);
  body.Add("se\\\\u0063ond");  // a second view of this one, with the escape as it is
  body.Add("third");
  Views views;
  views.Build(body.bytes, body.content);
  const auto around = [&](size_t index) {
    const Views::Surroundings place = views.Around(index);
    EXPECT_EQ(place.text.substr(place.offset, views[index].text.size()), views[index].text);
    return std::string(place.text);
  };
  ASSERT_EQ(views.size(), 8u);
  EXPECT_EQ(around(0), "first\nsecond\nthird");
  EXPECT_EQ(around(1), "name");
  EXPECT_EQ(around(2), "first\nsecond\nthird");
  EXPECT_EQ(around(3), "se\\u0063ond");
  EXPECT_EQ(around(4), "first\nsecond\nthird");
  EXPECT_EQ(around(5), "firstsecondthird");
  EXPECT_EQ(around(7), "first\nsecond\nthird");
}

TEST(Views, KnowsTheKeysBesideValues) {
  Body body;
  body.Add("\\u0073sn", true, false, Piece::Kind::kKey);
  body.Add("536");
  body.Add("22");
  body.Add("other", true, false, Piece::Kind::kKey);
  body.Add("8145");
  for (const size_t piece : {1, 2}) body.content.pieces[piece].key = 0;
  body.content.pieces[4].key = 3;
  Views views;
  views.Build(body.bytes, body.content);
  const auto keys = [&](size_t index, uint32_t begin, uint32_t end) {
    std::vector<std::string_view> found;
    views.KeysOf(index, begin, end, found);
    return std::vector<std::string>(found.begin(), found.end());
  };
  using Keys = std::vector<std::string>;
  ASSERT_EQ(views.size(), 8u);
  EXPECT_EQ(keys(0, 0, 1), Keys{});
  EXPECT_EQ(keys(1, 0, 1), Keys{"ssn"});
  EXPECT_EQ(keys(2, 0, 2), Keys{"ssn"});
  EXPECT_EQ(keys(4, 0, 2), Keys{"other"});
  EXPECT_EQ(keys(5, 0, 4), Keys{"ssn"});  // 536228145
  EXPECT_EQ(keys(5, 0, 9), (Keys{"ssn", "other"}));
  EXPECT_EQ(keys(7, 5, 11), (Keys{"ssn", "other"}));  // 22, a line end, 8145
}

// One character of the model: what it folds to, and the raw spellings it may have.
struct Spelling {
  const char* text;
  const char* raw;
};
const Spelling kSpellings[] = {
    {"a", "a"},
    {"5", "5"},
    {"5", R"(\u0035)"},
    {"5", "\xef\xbc\x95"},
    {"5", R"(\uff15)"},
    {"5", R"(\\u0035)"},
    {"\n", R"(\n)"},
    {"\"", R"(\")"},
    {"-", "-"},
    {"-", "\xe2\x88\x92"},
    {"", "\xe2\x80\x8b"},
    {"", R"(\u200d)"},
    {"", R"(\ufe0f)"},
    {"\xe5\xb7\xa5", "\xe5\xb7\xa5"},
    {"\xc3\xa9", "\xc3\xa9"},
    {"\xc3\xa9", R"(\u00e9)"},
    {"\xf0\x9f\x98\x80", R"(\ud83d\ude00)"},
};

struct ModelByte {
  uint32_t begin;
  uint32_t end;
  uint32_t piece;
};

TEST(Views, EveryRangeOfRandomBodiesMapsExactly) {
  std::mt19937 random(20240607);
  Views views;  // reused: nothing may be left from the body before
  for (int round = 0; round < 400; ++round) {
    Body body;
    std::string text;              // of all pieces joined by ""
    std::vector<ModelByte> bytes;  // of `text`
    const uint32_t pieces = 1 + static_cast<uint32_t>(random() % 4);
    std::vector<std::pair<size_t, size_t>> spans;
    for (uint32_t p = 0; p < pieces; ++p) {
      auto at = static_cast<uint32_t>(body.bytes.size());
      std::string raw;
      const size_t begin = text.size();
      const size_t characters = random() % 8;
      for (size_t c = 0; c < characters; ++c) {
        const Spelling& spelling = kSpellings[random() % std::size(kSpellings)];
        const auto size = static_cast<uint32_t>(std::string(spelling.raw).size());
        const std::string folded = spelling.text;
        const bool plain = folded == spelling.raw;
        for (uint32_t i = 0; i < folded.size(); ++i) {
          bytes.push_back(plain ? ModelByte{at + i, at + i + 1, p} : ModelByte{at, at + size, p});
        }
        text += folded;
        raw += spelling.raw;
        at += size;
      }
      body.Add(raw);
      spans.emplace_back(begin, text.size());
    }
    views.Build(body.bytes, body.content);

    size_t nonempty = 0;
    for (const auto& [begin, end] : spans) nonempty += end > begin ? 1 : 0;
    const size_t joined = nonempty >= 2 ? views.size() - 3 : views.size();
    if (nonempty >= 2) {
      ASSERT_EQ(views[joined].text, text);
    }
    std::vector<RawRange> ranges;
    for (size_t begin = 0; joined < views.size() && begin < text.size(); ++begin) {
      for (size_t end = begin + 1; end <= text.size(); ++end) {
        std::vector<RawRange> expected;
        for (size_t i = begin; i < end; ++i) {
          const bool first_of_piece = i == begin || bytes[i].piece != bytes[i - 1].piece;
          if (first_of_piece) expected.push_back({bytes[i].begin, bytes[i].end});
          expected.back().end = bytes[i].end;
        }
        if (expected.size() < 2) expected.clear();
        views.Locate(joined, static_cast<uint32_t>(begin), static_cast<uint32_t>(end), ranges);
        ASSERT_EQ(ranges, expected) << body.bytes << " " << begin << " " << end;
      }
    }
    // Pieces alone: view numbers skip the second standing of pieces with spelled-out escapes.
    size_t view = 0;
    for (const auto& [begin, end] : spans) {
      while (views[view].text != text.substr(begin, end - begin)) ASSERT_LT(++view, joined);
      for (size_t i = begin; i < end; ++i) {
        views.Locate(view, static_cast<uint32_t>(i - begin), static_cast<uint32_t>(end - begin), ranges);
        ASSERT_EQ(ranges.size(), 1u);
        ASSERT_EQ(ranges[0], (RawRange{bytes[i].begin, bytes[end - 1].end}));
      }
      ++view;
    }
  }
}

TEST(Views, WipeLeavesZeroes) {
  std::string secret(100, 's');
  secret.reserve(200);
  Wipe(secret);
  EXPECT_TRUE(secret.empty());
  ASSERT_GE(secret.capacity(), 200u);  // and so the same memory, which may be looked at
  for (size_t i = 0; i < 100; ++i) EXPECT_EQ(secret.data()[i], '\0');
}

// Any bytes at all: no fault, and every one-byte range lies inside the body.
TEST(Views, TotalOnAnyBytes) {
  std::mt19937 random(7);
  Views views;
  for (int round = 0; round < 3000; ++round) {
    static constexpr char kBytes[] = "\\\\\\\\uuuu0035dD8cCeEfF\"/nab\x80\xe2\x80\x8b\xff\xf0";
    Body body;
    for (uint32_t p = 0; p < 1 + random() % 3; ++p) {
      std::string raw;
      for (size_t i = random() % 40; i > 0; --i) raw += kBytes[random() % (sizeof kBytes - 1)];
      body.Add(raw, random() % 2 == 0);
    }
    views.Build(body.bytes, body.content);
    std::vector<RawRange> ranges;
    for (size_t v = 0; v < views.size(); ++v) {
      for (uint32_t i = 0; i < views[v].text.size(); ++i) {
        views.Locate(v, i, static_cast<uint32_t>(views[v].text.size()), ranges);
        for (const RawRange& range : ranges) {
          ASSERT_LT(range.begin, range.end);
          ASSERT_LE(range.end, body.bytes.size());
        }
      }
    }
  }
}

}  // namespace
}  // namespace hpol::text
