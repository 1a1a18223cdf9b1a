#include "compiler/filter/guards.h"

#include <algorithm>
#include <set>
#include <string>
#include <tuple>

namespace hpol::filter {
namespace {

constexpr size_t kMaxGuards = 24;     // of kMaxGroups - 1
constexpr double kStepsToTest = 3;    // what a test of a guard costs beside its run
constexpr double kLeastSpared = 2;    // steps a block
constexpr double kCommonShare = 0.7;  // of blocks, above which a guard is none
constexpr size_t kBlockWords = kBlockBytes / 64;

// The part of all blocks in which, or in the 64 bytes before which, some bit is set.
double ShareOfBlocks(const Background::Bits& bits) {
  size_t blocks = 0;
  size_t set = 0;
  for (size_t first = 0; first < bits.size(); first += kBlockWords, ++blocks) {
    const auto begin = bits.begin() + static_cast<std::ptrdiff_t>(first > 0 ? first - 1 : 0);
    const auto end = bits.begin() + static_cast<std::ptrdiff_t>(std::min(first + kBlockWords, bits.size()));
    set += std::any_of(begin, end, [](uint64_t word) { return word != 0; }) ? 1 : 0;
  }
  return static_cast<double>(set) / static_cast<double>(blocks);
}

bool Implies(const Place& place, const Guard& guard) {
  if (place.edge || !Contains(guard.bytes, place.bytes)) return false;
  return place.some ? guard.length == 1 : place.length >= guard.length;
}

// Every run that some detector's matches all have, and that is not nearly everywhere.
std::vector<Guard> Candidates(const std::vector<Guarded>& detectors, Runs& runs) {
  std::set<std::tuple<int, std::string>> seen;
  std::vector<Guard> guards;
  for (const Guarded& detector : detectors) {
    for (const Window& window : detector.windows) {
      for (const Place& place : Choices(window)) {
        const int length = place.some ? 1 : place.length;
        // A plane holds classed bytes alone: no other set has one of its own.
        if (place.edge || !IsClassed(place.bytes) || place.bytes.none()) continue;
        if (!seen.insert({length, place.bytes.to_string()}).second) continue;
        const double share = ShareOfBlocks(runs.Of(place.bytes, length, false));
        if (share <= kCommonShare) guards.push_back({place.bytes, length, share});
      }
    }
  }
  return guards;
}

double StepsOf(const Guard& guard) {
  double steps = kStepsToTest;
  for (int length = guard.length; length > 1; length /= 2) steps += 2;
  return steps;
}

// The detectors whose matches all have the run of a guard, for each guard.
std::vector<std::vector<size_t>> ImpliedBy(const std::vector<Guarded>& detectors,
                                           const std::vector<Guard>& guards) {
  std::vector<std::vector<size_t>> implied_by(guards.size());
  for (size_t d = 0; d < detectors.size(); ++d) {
    std::vector<Place> choices;
    for (const Window& window : detectors[d].windows) {
      const std::vector<Place> more = Choices(window);
      choices.insert(choices.end(), more.begin(), more.end());
    }
    for (size_t g = 0; g < guards.size(); ++g) {
      const auto implies = [&](const Place& place) { return Implies(place, guards[g]); };
      if (std::any_of(choices.begin(), choices.end(), implies)) implied_by[g].push_back(d);
    }
  }
  return implied_by;
}

}  // namespace

std::vector<Place> PlacesOf(const Guard& guard, const Window& window) {
  std::vector<Place> places;
  for (const Place& choice : Choices(window)) {
    if (!Implies(choice, guard)) continue;
    Place place = choice;
    place.bytes = guard.bytes;
    if (!place.some) place.length = guard.length;
    places.push_back(place);
  }
  return places;
}

Guards ChooseGuards(const std::vector<Guarded>& detectors, Runs& runs) {
  const std::vector<Guard> candidates = Candidates(detectors, runs);
  const std::vector<std::vector<size_t>> implied_by = ImpliedBy(detectors, candidates);
  Guards guards;
  guards.of.resize(detectors.size());
  std::vector<double> share(detectors.size(), 1);  // of blocks in which its steps run
  while (guards.all.size() < kMaxGuards) {
    size_t best = candidates.size();
    double most = kLeastSpared;
    for (size_t c = 0; c < candidates.size(); ++c) {
      double spared = -StepsOf(candidates[c]);
      for (const size_t d : implied_by[c])
        spared += detectors[d].steps * std::max(0.0, share[d] - candidates[c].share);
      if (spared <= most) continue;
      most = spared;
      best = c;
    }
    if (best == candidates.size()) break;
    for (const size_t d : implied_by[best]) {
      if (share[d] <= candidates[best].share) continue;
      share[d] = candidates[best].share;
      guards.of[d] = guards.all.size();
    }
    guards.all.push_back(candidates[best]);
  }
  return guards;
}

}  // namespace hpol::filter
