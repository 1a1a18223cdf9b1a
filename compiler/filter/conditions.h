// What of a window is looked at: the places that save more on background text than their steps cost.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "compiler/filter/background.h"
#include "compiler/filter/windows.h"

namespace hpol::filter {

// Events per KiB of background text below which nothing better is sought.
inline constexpr double kRareEvents = 0.25;

// What an event costs (a mispredicted branch and a look by the matcher) against a step that runs in every
// block, twice a KiB whatever the text: such a step must save this many events per KiB.
inline constexpr double kEventsPerStep = 0.015;

struct Condition {
  Window window;
  std::vector<Place> places;  // the most telling first
  std::vector<double> gains;  // events per KiB that each saves
  uint64_t count = std::numeric_limits<uint64_t>::max();
  double steps = 0;
  double cost = 0;  // events per KiB, steps counted as events
};

// What steps cost that run in a part of all blocks. Runs that some condition has already are had for nothing.
class Costs {
 public:
  explicit Costs(double share = 1) : share_(share) {}
  // The same runs at hand, in another part of the blocks.
  Costs For(double share) const;

  double StepsOf(const Place& place) const;
  double Of(double steps) const { return steps * share_ * kEventsPerStep; }
  void Take(const Place& place);

 private:
  double share_;
  std::set<std::tuple<std::string, int, bool>> made_;
};

// Where runs of a set begin in the background text. Kept for the length of one derivation: detectors ask for
// the same few sets again and again.
class Runs {
 public:
  explicit Runs(const Background& background) : background_(background) {}

  // Bit i: bytes i … i + length - 1 are in the set, or one of them is. By doubling.
  const Background::Bits& Of(const ByteSet& set, int length, bool some);
  Background::Bits At(const Place& place) {
    return Background::Moved(Of(place.bytes, place.length, place.some), -place.offset);
  }
  const Background& background() const { return background_; }

 private:
  const Background& background_;
  std::map<std::tuple<std::string, int, bool>, Background::Bits> known_;
};

// Every place of a window alone, every run of equal neighbours as one, and what stands somewhere.
std::vector<Place> Choices(const Window& window);

// Greedy: the place that saves most, steps counted, until none is worth its steps. `first` is taken whatever
// it saves, and its run costs nothing.
Condition ChoosePlaces(const Window& window, Runs& runs, const Costs& costs,
                       const std::optional<Place>& first = std::nullopt);

// Conditions in words: `[0-9]` at 0, `-` at 3, …
std::string Describe(const Condition& condition);

}  // namespace hpol::filter
