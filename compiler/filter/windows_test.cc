// Which bytes must stand where, seen from a byte inside a match.
#include "compiler/filter/windows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace hpol::filter {
namespace {

// The window round the first byte of the class that holds `byte`.
Window Round(const std::string& pattern, char byte) {
  hir::Detector detector;
  detector.name = "test";
  detector.patterns.emplace_back().text = pattern;
  dsl::Diagnostics diagnostics;
  const std::optional<pattern::Matcher> matcher = pattern::Compile(detector, diagnostics);
  EXPECT_TRUE(matcher.has_value()) << pattern;
  for (Window& window : InsideWindows(*matcher, 12)) {
    const auto origin = std::find_if(window.places.begin(), window.places.end(),
                                     [](const Place& place) { return place.offset == 0; });
    if (origin->bytes[static_cast<uint8_t>(byte)]) return window;
  }
  ADD_FAILURE() << "no window round " << byte;
  return {};
}

std::string BytesAt(const Window& window, int offset) {
  for (const Place& place : window.places) {
    if (place.offset == offset) return place.bytes.all() ? "any" : Text(place.bytes);
  }
  return "nothing known";
}

TEST(InsideWindows, KnowTheFewBytesBefore) {
  const Window window = Round("[A-F]{1,3} [A-F][0-9]{1,4}", '7');
  EXPECT_EQ(BytesAt(window, -1), "[A-F]");
  EXPECT_EQ(BytesAt(window, -2), "\\x20");
  EXPECT_EQ(BytesAt(window, -3), "[A-F]");
  // Before the shortest beginning anything may stand.
  EXPECT_EQ(BytesAt(window, -4), "any");
  EXPECT_EQ(BytesAt(window, -5), "nothing known");
}

TEST(InsideWindows, WhatMayBeMissingAllowsMore) {
  const Window window = Round("[A-F]-?[0-9]", '7');
  EXPECT_EQ(BytesAt(window, -1), "[-A-F]");
  EXPECT_EQ(BytesAt(window, -2), "any");
}

TEST(InsideWindows, TheBeginOfTheTextIsAnEdge) {
  const Window window = Round("\\b[0-9]", '7');
  ASSERT_EQ(window.places.front().offset, -1);
  EXPECT_TRUE(window.places.front().edge);
  EXPECT_FALSE(window.places.front().bytes['a']);
}

}  // namespace
}  // namespace hpol::filter
