// print ∘ parse is the identity on any tables, sensible or not; errors name the line.
#include "compiler/ir/ir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "runtime/tables/fields.h"

namespace hpol::ir {
namespace {

using ::testing::HasSubstr;

// Puts anything that the type can hold into every field.
class RandomFields {
 public:
  explicit RandomFields(uint64_t seed) : random_(seed) {}

  template <typename T>
  void operator()(const char*, T&& field) {
    Fill(field);
  }

  uint32_t Small(uint32_t below) { return static_cast<uint32_t>(random_() % below); }

  std::string Text() {
    std::string text(Small(12), '\0');
    for (char& c : text) c = static_cast<char>(random_() & (Small(2) == 0 ? 0x7f : 0xff));
    return text;
  }

 private:
  template <typename T>
  void Fill(T& field) {
    if constexpr (std::is_same_v<T, bool>) {
      field = Small(2) == 1;
    } else if constexpr (std::is_enum_v<T>) {
      field = static_cast<T>(Small(static_cast<uint32_t>(EnumNames<T>::kNames.size())));
    } else {
      field = static_cast<T>(Small(3) == 0 ? random_() : Small(4));
    }
  }
  void Fill(Range& range) {
    Fill(range.begin);
    Fill(range.count);
    range.count %= 8;  // a comment names each element
  }
  void Fill(Place& place) {
    for (uint32_t* field : {&place.file, &place.line, &place.begin, &place.end}) Fill(*field);
  }
  template <typename W>
  void Fill(Word<W>& word) {
    Fill(word.value);
  }

  std::mt19937_64 random_;
};

Tables RandomTables(uint64_t seed) {
  RandomFields random(seed);
  Tables tables;
  random("", tables.policy);
  random("", tables.version);
  random("", tables.steps_off);
  tables.strings.resize(random.Small(6));
  for (std::string& text : tables.strings) text = random.Text();
  EveryTable(tables, [&](const char*, auto& rows, auto&& fields) {
    rows.resize(random.Small(5));
    for (auto& row : rows) fields(random, row);
  });
  return tables;
}

// Tables have no operator==: this one shares nothing with the printer but the list of fields.
class Flat {
 public:
  template <typename T>
  void operator()(const char*, const T& field) {
    Add(field);
  }
  std::vector<int64_t> values;

 private:
  template <typename T>
  void Add(const T& field) {
    values.push_back(static_cast<int64_t>(field));
  }
  void Add(const Range& range) { values.insert(values.end(), {range.begin, range.count}); }
  void Add(const Place& p) { values.insert(values.end(), {p.file, p.line, p.begin, p.end}); }
  template <typename W>
  void Add(const Word<W>& word) {
    values.push_back(static_cast<int64_t>(word.value));
  }
};

std::vector<int64_t> Flatten(const Tables& tables) {
  Flat flat;
  flat("", tables.policy);
  flat("", tables.version);
  flat("", tables.steps_off);
  EveryTable(tables, [&](const char*, const auto& rows, auto&& fields) {
    flat("", rows.size());
    for (const auto& row : rows) fields(flat, row);
  });
  return flat.values;
}

TEST(IrText, PrintThenParseGivesTheSameTables) {
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    const Tables tables = RandomTables(seed);
    const std::string text = Print(tables);
    const Result<Tables> parsed = Parse(text);
    ASSERT_TRUE(parsed.ok()) << "seed " << seed << ": " << parsed.error().message << '\n' << text;
    ASSERT_EQ(parsed->strings, tables.strings) << "seed " << seed;
    ASSERT_EQ(Flatten(*parsed), Flatten(tables)) << "seed " << seed << '\n' << text;
    ASSERT_EQ(Print(*parsed), text) << "seed " << seed;
  }
}

TEST(IrText, ReadsAloud) {
  Tables tables;
  tables.strings = {"", "public", "secret", "pseudonymous", "ssn", "p.hpol"};
  tables.levels = {1, 2};
  tables.categories = {3};
  tables.detectors = {{4, Tier::kChecksum, 1, {}, true, 11}};
  tables.indices = {0};
  tables.facts = {{FactKind::kTier, 0, {0, 1}, {}, 2, 0, {5, 7, 100, 103}}};
  tables.nodes = {{NodeKind::kFact, 0}};
  tables.classify = {{{0, 1}, Label::Level(1).word, {5, 7, 95, 130}}};
  EXPECT_THAT(Print(tables),
              HasSubstr("fact 0 kind=tier attribute=0 detectors=0+1 members=0+0 number=2 word=0x0 "
                        "place=5:7[100,103]  // tier(ssn) >= checksum\n"));
  EXPECT_THAT(Print(tables),
              HasSubstr("classify 0 condition=0+1 word=0x1 place=5:7[95,130] trusting_caller=false  "
                        "// when tier(ssn) >= checksum raise to secret\n"));
}

struct BadText {
  const char* text;
  const char* error;
};

TEST(IrText, ErrorsNameLineAndWhatWasExpected) {
  const std::vector<BadText> cases = {
      {"", "line 1: expected `tables policy=`"},
      {"tables policy=x version=0\n", "line 1: expected a number"},
      {"tables policy=0 version=0 steps_off=0\nspoon 0\n", "line 2: expected the name of a table"},
      {"tables policy=0 version=0 steps_off=0\nindex 1 value=0\n", "line 2: expected row 0"},
      {"tables policy=0 version=0 steps_off=0\nindex 0 value=99999999999\n", "line 2: expected a number"},
      {"tables policy=0 version=0 steps_off=0\nindex 0 value=0 0\n", "line 2: expected the end of the line"},
      {"tables policy=0 version=0 steps_off=0\nnode 0 kind=nand value=0\n",
       "line 2: expected one of `fact`, `not_fact`"},
      {"tables policy=0 version=0 steps_off=0\nstring 0 \"a\n", "line 2: expected a closing quote"},
      {"tables policy=0 version=0 steps_off=0\nstring 0 \"\\q\"\n", "line 2: expected an escape"},
  };
  for (const BadText& bad : cases) {
    const Result<Tables> parsed = Parse(bad.text);
    ASSERT_FALSE(parsed.ok()) << bad.text;
    EXPECT_THAT(parsed.error().message, HasSubstr(bad.error)) << bad.text;
  }
}

}  // namespace
}  // namespace hpol::ir
