#include "runtime/detect/near.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace hpol::detect {
namespace {

// One detector with the clauses that a test adds.
struct Fixture {
  ir::Tables tables;
  ir::Detector detector;
  NearWords near;

  Fixture() { tables.strings.push_back(""); }

  Fixture& Clause(const std::vector<std::string>& words, uint32_t within, bool negated = false) {
    const std::vector<std::string> normal = NormalWords(words);
    ir::NearClause row{
        negated, within, {static_cast<uint32_t>(tables.lists.size()), static_cast<uint32_t>(normal.size())}};
    SetFirstBytes(normal, row.first);
    for (const std::string& word : normal) {
      tables.lists.push_back(static_cast<ir::StringId>(tables.strings.size()));
      tables.strings.push_back(word);
    }
    tables.near.push_back(row);
    ++detector.near.count;
    return *this;
  }
  // The tier of the first `[…]` of the text, without the brackets.
  Tier Of(std::string text, Tier tier = Tier::kShape, const std::vector<std::string_view>& keys = {}) {
    const auto begin = static_cast<uint32_t>(text.find('['));
    text.erase(begin, 1);
    const auto end = static_cast<uint32_t>(text.find(']'));
    text.erase(end, 1);
    near.Start();
    return *near.TierOf(tables, detector, {text, begin, end, text, 0, keys}, tier);
  }
  // Whether it is a finding at all.
  bool Stays(const std::string& text, Tier tier = Tier::kShape) {
    const size_t begin = text.find('[');
    const size_t end = text.find(']') - 1;
    const std::string bare =
        text.substr(0, begin) + text.substr(begin + 1, end - begin) + text.substr(end + 2);
    near.Start();
    return near
        .TierOf(tables, detector,
                {bare, static_cast<uint32_t>(begin), static_cast<uint32_t>(end), bare, 0, {}}, tier)
        .has_value();
  }
  bool Near(const std::string& text) { return Of(text) == Tier::kContext; }
};

TEST(NearWords, NormalForm) {
  EXPECT_EQ(NormalWord("  Social  Security\t-Number "), "social security number");
  EXPECT_EQ(NormalWord("E-Mail"), "e mail");
  EXPECT_EQ(NormalWord("工号"), "工号");
  EXPECT_EQ(NormalWord(" -_ "), "");
  EXPECT_EQ(NormalWords({"b", "A", "a", "B"}), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(CountCharacters("a工号é"), 4u);
}

// `needs near`: no finding without a word, but for what the validator vouches for; `not near` takes none
// away.
TEST(NearWords, AWordThatIsNeeded) {
  Fixture f;
  f.Clause({"ssn"}, 10).Clause({"social"}, 10).Clause({"example"}, 10, true);
  f.detector.needs_near = true;
  EXPECT_TRUE(f.Stays("ssn [123]"));
  EXPECT_EQ(f.Of("social [123]"), Tier::kContext);
  EXPECT_FALSE(f.Stays("order [123]"));
  EXPECT_FALSE(f.Stays("example [123]"));
  EXPECT_EQ(f.Of("ssn example [123]"), Tier::kShape);
  EXPECT_EQ(f.Of("[123]", Tier::kChecksum), Tier::kChecksum);
  EXPECT_EQ(f.Of("example [123]", Tier::kChecksum), Tier::kShape);
}

TEST(NearWords, WholeWordsOnEitherSide) {
  Fixture f;
  f.Clause({"ssn", "social security", "工号"}, 40);
  EXPECT_TRUE(f.Near("ssn [123]"));
  EXPECT_TRUE(f.Near("my SSN: [123]"));
  EXPECT_TRUE(f.Near("[123] is my ssn"));
  EXPECT_TRUE(f.Near("my_ssn=[123]"));
  EXPECT_TRUE(f.Near("员工的工号是[123]"));
  EXPECT_TRUE(f.Near("[123]工号"));
  EXPECT_TRUE(f.Near("social-\n  security [123]"));
  EXPECT_TRUE(f.Near("SOCIAL_SECURITY [123]"));
  EXPECT_FALSE(f.Near("ssns [123]"));
  EXPECT_FALSE(f.Near("assn [123]"));
  EXPECT_FALSE(f.Near("ssn2 [123]"));
  EXPECT_FALSE(f.Near("ssn[123]"));  // a letter beside a digit is no edge of a word
  EXPECT_TRUE(f.Near("ssn[-123]"));
  EXPECT_FALSE(f.Near("socialsecurity [123]"));
  EXPECT_FALSE(f.Near("social. security [123]"));
  EXPECT_FALSE(f.Near("[ssn 123]"));  // not inside
  EXPECT_FALSE(f.Near("s[sn 123] ssn4"));
  EXPECT_FALSE(f.Near("social [security 1]"));
}

TEST(NearWords, TheWholeWordStandsWithinTheDistance) {
  Fixture f;
  f.Clause({"ssn"}, 5);
  EXPECT_TRUE(f.Near("ssn  [1]"));
  EXPECT_FALSE(f.Near("ssn   [1]"));
  EXPECT_TRUE(f.Near("[1]  ssn"));
  EXPECT_FALSE(f.Near("[1]   ssn"));
  EXPECT_TRUE(f.Near("ssn是的[1]"));  // characters, not bytes
  EXPECT_FALSE(f.Near("ssn是的吗[1]"));
  EXPECT_TRUE(f.Near("[1]是的ssn"));
  EXPECT_FALSE(f.Near("[1]是的吗ssn"));
  Fixture blanks;
  blanks.Clause({"a b"}, 6);
  EXPECT_TRUE(blanks.Near("a    b[.]"));
  EXPECT_FALSE(blanks.Near("a     b[.]"));
}

TEST(NearWords, TheShortestWordAtAPlaceCounts) {
  Fixture f;
  f.Clause({"staff no", "staff", "staff number one"}, 9);
  EXPECT_TRUE(f.Near("[1] staff no 2"));
  EXPECT_TRUE(f.Near("[1]    staff no 2"));
  EXPECT_FALSE(f.Near("[1]     staff no 2"));
}

TEST(NearWords, SuppressionLowersAndNeverDeletes) {
  Fixture f;
  f.Clause({"ssn"}, 40).Clause({"example"}, 10, true).Clause({"employee"}, 40);
  EXPECT_EQ(f.Of("ssn [1]"), Tier::kContext);
  EXPECT_EQ(f.Of("employee [1]"), Tier::kContext);
  EXPECT_EQ(f.Of("ssn [1]", Tier::kChecksum), Tier::kChecksum);
  EXPECT_EQ(f.Of("nothing [1]"), Tier::kShape);
  EXPECT_EQ(f.Of("example ssn [1]"), Tier::kContext);  // 12 characters away
  EXPECT_EQ(f.Of("ssn example [1]"), Tier::kShape);
  EXPECT_EQ(f.Of("ssn example [1]", Tier::kChecksum), Tier::kShape);
  EXPECT_EQ(f.Of("[1] example", Tier::kChecksum), Tier::kShape);
}

TEST(NearWords, KeysCountWhateverTheDistance) {
  Fixture f;
  f.Clause({"ssn", "social security number"}, 25).Clause({"example"}, 40, true);
  EXPECT_EQ(f.Of("[1]", Tier::kShape, {"ssn"}), Tier::kContext);
  EXPECT_EQ(f.Of("[1]", Tier::kShape, {"other", "Social-Security_Number"}), Tier::kContext);
  EXPECT_EQ(f.Of("[1]", Tier::kShape, {"ssns"}), Tier::kShape);
  EXPECT_EQ(f.Of("[1]", Tier::kShape, {"example ssn"}), Tier::kContext);  // a key never lowers
  EXPECT_EQ(f.Of("[1]", Tier::kShape, {"ssn of the holder, as written in the application form"}),
            Tier::kContext);
  const std::string far = "ssn " + std::string(kMaxWithin - 4, 'x') + " ";
  EXPECT_EQ(f.Of("[1]", Tier::kShape, {far.substr(1)}), Tier::kShape);
  EXPECT_EQ(f.Of("[1]", Tier::kShape, {far}), Tier::kShape);
  EXPECT_EQ(f.Of("[1]", Tier::kShape, {far.substr(0, far.size() - 1)}), Tier::kContext);
}

TEST(NearWords, SuppressionStaysInItsOwnText) {
  Fixture f;
  f.Clause({"ssn"}, 20).Clause({"example"}, 20, true);
  const std::string wide = "an example\nssn\n123\nssn example";
  const uint32_t offset = 15;
  f.near.Start();
  EXPECT_EQ(f.near.TierOf(f.tables, f.detector, {"123", 0, 3, wide, offset, {}}, Tier::kShape),
            Tier::kContext);
}

// Straight from the words of the reference: every place, every word, every distance.
bool Model(const std::vector<std::string>& words, uint32_t within, std::string_view text, size_t begin,
           size_t end) {
  const auto letter = [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto beside = [&](char in, char out) {
    return digit(in) ? !digit(out) : !letter(in) || !(letter(out) || digit(out));
  };
  for (size_t p = 0; p < text.size(); ++p) {
    for (size_t q = p + 1; q <= text.size(); ++q) {
      const bool before = q <= begin && CountCharacters(text.substr(p, begin - p)) <= within;
      const bool after = p >= end && CountCharacters(text.substr(end, q - end)) <= within;
      if (!before && !after) continue;
      if (p > 0 && !beside(text[p], text[p - 1])) continue;
      if (q < text.size() && !beside(text[q - 1], text[q])) continue;
      std::string_view word = text.substr(p, q - p);
      const std::string normal = NormalWord(word);
      const bool trimmed =
          NormalWord(word.substr(0, 1)).empty() || NormalWord(word.substr(word.size() - 1)).empty();
      if (!trimmed && std::find(words.begin(), words.end(), normal) != words.end()) return true;
    }
  }
  return false;
}

TEST(NearWords, AgreesWithTheModelOnRandomTexts) {
  std::mt19937 random(20260711);
  const std::vector<std::vector<std::string>> lists = {
      {"a"}, {"a", "ab", "a b"}, {"b1", "1"}, {"工", "a 工"}, {"ba", "b a b"}};
  const std::vector<std::string> letters = {"a", "b", "A", "1", " ", "-", "_", "工", ".", "\n"};
  size_t hits = 0;
  size_t asked = 0;
  for (int round = 0; round < 1500; ++round) {
    const std::vector<std::string>& words = lists[random() % lists.size()];
    const uint32_t within = 1 + static_cast<uint32_t>(random() % 7);
    Fixture f;
    f.Clause(words, within);
    std::string text;
    std::vector<uint32_t> places = {0};
    for (size_t i = random() % 24; i > 0; --i) {
      text += letters[random() % letters.size()];
      places.push_back(static_cast<uint32_t>(text.size()));
    }
    f.near.Start();
    // Mostly in order, as a walk asks; now and then not.
    for (size_t i = 0; i + 1 < places.size(); i += random() % 3) {
      const size_t first = random() % 16 == 0 ? random() % (places.size() - 1) : i;
      const size_t last = std::min(places.size() - 1, first + 1 + random() % 4);
      const Surroundings around = {text, places[first], places[last], text, 0, {}};
      const bool found = f.near.TierOf(f.tables, f.detector, around, Tier::kShape) == Tier::kContext;
      EXPECT_EQ(found, Model(words, within, text, places[first], places[last]))
          << "`" << text << "` [" << places[first] << "," << places[last] << ") within " << within;
      hits += found ? 1 : 0;
      if (++asked > 60000) return;
    }
  }
  EXPECT_GT(hits, asked / 10);
  EXPECT_LT(hits, asked);
}

}  // namespace
}  // namespace hpol::detect
