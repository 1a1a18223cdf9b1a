#include "runtime/text/cuts.h"

#include <gtest/gtest.h>

#include <iterator>
#include <memory>
#include <random>
#include <string>

#include "runtime/text/views.h"

namespace hpol::text {
namespace {

// `|` marks the place.
bool May(std::string text) {
  const auto at = static_cast<uint32_t>(text.find('|'));
  text.erase(at, 1);
  return MayCut(text, at);
}

TEST(Cuts, ProseMayBeCutBetweenWords) {
  EXPECT_TRUE(May("write to |them"));
  EXPECT_TRUE(May("as it was, |and"));
  EXPECT_TRUE(May("as it was. |And"));
  EXPECT_TRUE(May("he said \"|yes\""));
  EXPECT_TRUE(May("(|see below)"));
  EXPECT_TRUE(May("the end\n|Next line"));
  EXPECT_TRUE(May("工作|计划"));
  EXPECT_TRUE(May("rows 12345,|67890"));
  EXPECT_FALSE(May("write t|o them"));
  EXPECT_FALSE(May("write to| them"));
  EXPECT_FALSE(May("write to |"));  // what comes is not known
}

TEST(Cuts, NotInsideWhatIsReadAsOne) {
  EXPECT_FALSE(May("numbers 34 |33 31"));  // a list of codes
  EXPECT_FALSE(May("numbers 0x34, |0x33"));
  EXPECT_FALSE(May("a list ab,|cd"));
  EXPECT_FALSE(May("536<b> |<i>22"));  // markup between digits
  EXPECT_FALSE(May("536<span class=\"|x\">22"));
  EXPECT_TRUE(May("536 apples <span class=\"|x\">22"));
  EXPECT_FALSE(May("QUJDREVGR0hJSktM |next"));  // base64
  EXPECT_FALSE(May("QUJDREVG\nR0hJ\n|next"));   // base64 in lines
  EXPECT_FALSE(May("QUJDREVGR0hJSktM.|c2lnbmF0dXJl"));
  EXPECT_FALSE(May("%34%3|5"));
  EXPECT_FALSE(May("&#5|2;"));
  EXPECT_FALSE(May("a=41 is |that"));  // others may come and make it quoted-printable
  EXPECT_TRUE(
      May("a=41 is one thing, and so many words later that nobody waits any more for the next of these "
          "escapes, as may be seen from here or from further away, is |that"));
  EXPECT_FALSE(May("\xe5|\xb7\xa5"));
  EXPECT_FALSE(May("四|5"));         // a digit beside digits
  EXPECT_FALSE(May("é\xcc\x81|a"));  // a combining mark
}

std::unique_ptr<Views> ViewsOf(const std::string& body) {
  surface::Content content;
  content.pieces.push_back({.end = static_cast<uint32_t>(body.size())});
  auto views = std::make_unique<Views>();
  views->Build(body, content);
  return views;
}

bool MayCutAll(const std::string& text, const Views& views, uint32_t at) {
  if (!MayCut(text, at)) return false;
  for (size_t v = 0; v < views.size(); ++v) {
    const auto place = TextAt(views.SegmentsOf(v), at);
    if (!place || !MayCutDerived(views[v].text, *place, views[v].level > 0)) return false;
  }
  return true;
}

// Each text that `views` has before the cut, `other` has too.
bool HasTextsBefore(const Views& views, const Views& other, uint32_t at) {
  for (size_t v = 0; v < views.size(); ++v) {
    const std::string_view text = views[v].text.substr(0, *TextAt(views.SegmentsOf(v), at));
    bool found = false;
    for (size_t w = 0; w < other.size() && !found; ++w) found = other[w].text.starts_with(text);
    if (!found) return false;
  }
  return true;
}

TEST(Cuts, WhatStandsBeforeDoesNotDependOnWhatFollows) {
  const std::string parts[] = {"the quick ", "fox, ", "12 ",          "34,",      "%41",     "&#52;",
                               "=41",        "=\n",   "QUJDREVG",     "R0hJ\n",   "5<b>6",   "**",
                               "工作",       "四",    "\"k\": ",      "1234 ",    "\\u0034", "0x41 ",
                               "be ",        "(a) ",  "\xef\xbc\x94", "\xcc\xb6", "\n",      "x = 1; "};
  uint64_t cuts = 0;
  for (uint32_t seed = 0; seed < 40000; ++seed) {
    std::mt19937 random(seed);
    const auto grow = [&](std::string text, size_t size) {
      while (text.size() < size) text += parts[random() % std::size(parts)];
      return text;
    };
    const std::string text = grow("", 80);
    const auto whole = ViewsOf(text);
    for (uint32_t at = 1; at < text.size(); ++at) {
      if (!MayCutAll(text, *whole, at)) continue;
      ++cuts;
      const std::string other = grow(text.substr(0, at + 1), at + 60);
      EXPECT_TRUE(HasTextsBefore(*whole, *ViewsOf(other), at))
          << "seed " << seed << " at " << at << ": " << text;
    }
  }
  EXPECT_GT(cuts, 5'000u);
}

}  // namespace
}  // namespace hpol::text
