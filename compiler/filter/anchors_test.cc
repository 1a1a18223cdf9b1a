#include "compiler/filter/anchors.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

#include "compiler/filter/literals.h"

namespace hpol::filter {
namespace {

// A hundred thousand words with one rare part, at the beginning or at a few distances from it.
std::vector<std::string> Alike(bool at_begin) {
  std::mt19937 random(20261120);
  std::vector<std::string> words;
  for (int i = 0; i < 100'000; ++i) {
    if (at_begin) {
      words.push_back("prjx-" + std::to_string(10'000'000 + i).substr(1));
    } else {
      std::string name;
      for (uint32_t letter = 0; letter < 6 + random() % 7; ++letter)
        name += static_cast<char>('a' + random() % 26);
      words.push_back(name + "@examplecorp.com");
    }
  }
  return words;
}

TEST(Anchors, AreNotComparedOneByOneWhereAllWordsAreAlike) {
  for (const bool at_begin : {true, false}) {
    LiteralTables tables(Background::Get());
    tables.Add(0, Alike(at_begin));
    Literals literals;
    tables.Write(literals);
    for (uint32_t head : literals.wide.heads) {
      size_t chain = 0;
      for (; head != 0; head = literals.wide.all[head - 1].next) ++chain;
      EXPECT_LE(chain, 200u) << at_begin;
    }
  }
}

TEST(Anchors, OneSpeaksForMany) {
  std::vector<AnchorPlace> places(kMaxSharing, {7, 1, 2});
  EXPECT_EQ(ShareAnchors(places), std::vector<AnchorRole>(kMaxSharing, AnchorRole::kAlone));
  places.push_back({7, 1, 3});  // another detector's
  places.push_back({7, 2, 2});
  places.push_back({8, 1, 2});
  for (const AnchorRole role : ShareAnchors(places)) EXPECT_EQ(role, AnchorRole::kAlone);
  places.push_back({7, 1, 2});
  std::map<AnchorRole, size_t> count;
  for (const AnchorRole role : ShareAnchors(places)) ++count[role];
  EXPECT_EQ(count[AnchorRole::kAlone], 3u);
  EXPECT_EQ(count[AnchorRole::kForAll], 1u);
  EXPECT_EQ(count[AnchorRole::kNone], kMaxSharing);
}

TEST(Anchors, StandInsideTheirTexts) {
  const std::vector<std::string_view> texts = {"abcd", "nightjar", "x-1234", "夜鹰计划"};
  const std::vector<AnchorChoice> choices = ChooseAnchors(texts, Background::Get());
  ASSERT_EQ(choices.size(), texts.size());
  for (size_t i = 0; i < texts.size(); ++i) EXPECT_LE(choices[i].offset + kGram, texts[i].size());
}

}  // namespace
}  // namespace hpol::filter
