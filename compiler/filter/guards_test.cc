// Guards: a group's steps may be left out of a block only where none of its conditions can hold.
#include "compiler/filter/guards.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "compiler/filter/filter.h"

namespace hpol::filter {
namespace {

pattern::Matcher CompilePattern(const std::string& text) {
  hir::Detector detector;
  detector.name = text;
  detector.patterns.emplace_back().text = text;
  dsl::Diagnostics diagnostics;
  std::optional<pattern::Matcher> matcher = pattern::Compile(detector, diagnostics);
  EXPECT_TRUE(matcher.has_value()) << text;
  return *std::move(matcher);
}

std::vector<Guarded> GuardedOf(const std::vector<std::string>& patterns, double steps) {
  std::vector<Guarded> detectors;
  for (const std::string& pattern : patterns)
    detectors.push_back({{BeginWindow(CompilePattern(pattern), 24)}, steps});
  return detectors;
}

ByteSet Digits() {
  ByteSet digits;
  for (size_t byte = '0'; byte <= '9'; ++byte) digits.set(byte);
  return digits;
}

TEST(Guards, WhatManyDetectorsImplyGuardsThemAll) {
  const std::vector<Guarded> detectors =
      GuardedOf({"[0-9]{9}", "[0-9]{4}-[0-9]{4}", "AB[0-9]{6}", "(?:x|y)[0-9]{5}z"}, 20);
  Runs runs(Background::Get());
  const Guards guards = ChooseGuards(detectors, runs);
  ASSERT_EQ(guards.of.size(), detectors.size());
  for (size_t i = 0; i < detectors.size(); ++i) {
    ASSERT_TRUE(guards.of[i].has_value()) << i;
    const Guard& guard = guards.all[*guards.of[i]];
    EXPECT_GE(guard.length, 4);
    EXPECT_LT(guard.share, 0.5);
    EXPECT_FALSE(PlacesOf(guard, detectors[i].windows.front()).empty());
  }
}

TEST(Guards, NoneWhereSparingCostsMore) {
  Runs runs(Background::Get());
  EXPECT_TRUE(ChooseGuards(GuardedOf({"[0-9]{4}"}, 3), runs).all.empty());
  // Nearly every block has such bytes.
  EXPECT_FALSE(ChooseGuards(GuardedOf({"[a-z]{2}[^a-z]"}, 100), runs).of[0].has_value());
}

TEST(Guards, PlacesAreThoseOfTheGuardsRunInsideTheWindows) {
  const Window window = BeginWindow(CompilePattern("[0-9]{3}-[0-9]{5}"), 24);
  const std::vector<Place> places = PlacesOf({Digits(), 4, 0.1}, window);
  ASSERT_FALSE(places.empty());
  for (const Place& place : places) {
    EXPECT_EQ(place.bytes, Digits());
    EXPECT_EQ(place.length, 4);
    EXPECT_GE(place.offset, 4);
    EXPECT_LE(place.last(), 8);
  }
  EXPECT_TRUE(PlacesOf({Digits(), 8, 0.1}, window).empty());
}

// What stands before the text's begin is in no plane.
TEST(Guards, AByteThatMayBeMissingGuardsNothing) {
  const Window window = BeginWindow(CompilePattern("(?:^|@)a"), 24);
  ByteSet at;
  at.set('@');
  EXPECT_TRUE(PlacesOf({at, 1, 0.1}, window).empty());
}

TEST(Guards, EveryGroupOfAProgramHasItsShareAndItsSteps) {
  std::vector<hir::Detector> detectors;
  std::vector<pattern::Matcher> matchers;
  for (const char* text : {"[0-9]{9}", "[0-9]{3}-[0-9]{2}-[0-9]{4}", "[0-9]{2}[A-Z]{3}[0-9]{5}",
                           "[0-9]{4} [0-9]{4} [0-9]{4}", "[A-Z]{2}[0-9]{8}", "[a-z]+@[a-z]+"}) {
    detectors.emplace_back().name = text;
    detectors.back().patterns.emplace_back().text = text;
    matchers.push_back(CompilePattern(text));
  }
  const Derived derived = Derive(detectors, matchers);
  const Program& program = derived.program;
  ASSERT_EQ(derived.shares.size(), program.groups.size());
  ASSERT_GT(program.groups.size(), 1u);
  EXPECT_EQ(derived.shares.front(), 1);
  EXPECT_TRUE(std::all_of(derived.shares.begin() + 1, derived.shares.end(), [](double s) { return s < 1; }));
  EXPECT_EQ(program.groups.back().ops, program.ops.size());
  EXPECT_EQ(program.groups.back().outputs, program.outputs.size());
}

}  // namespace
}  // namespace hpol::filter
