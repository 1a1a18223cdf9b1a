// Chooses, for each detector, the condition that fires least on background text.
#include "compiler/filter/filter.h"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "compiler/filter/background.h"
#include "compiler/filter/literals.h"
#include "compiler/filter/program.h"
#include "compiler/filter/windows.h"

namespace hpol::filter {

std::string Text(const ByteSet& set) {
  std::string text;
  const auto name = [](size_t byte) {
    char buffer[8];
    if (byte > 32 && byte < 127) {
      std::snprintf(buffer, sizeof buffer, "%c", static_cast<char>(byte));
    } else {
      std::snprintf(buffer, sizeof buffer, "\\x%02x", static_cast<unsigned>(byte));
    }
    return std::string(buffer);
  };
  for (size_t byte = 0; byte < 256; ++byte) {
    if (!set[byte]) continue;
    size_t end = byte;
    while (end + 1 < 256 && set[end + 1]) ++end;
    text += name(byte);
    if (end > byte + 1) text += '-';
    if (end > byte) text += name(end);
    byte = end;
  }
  return set.count() == 1 ? text : "[" + text + "]";
}

namespace {

constexpr int kWindowBytes = 40;       // how far a window looks
constexpr int kInsideBytes = 12;       // and round a byte inside a match
constexpr double kCommon = 40;         // bytes per KiB above which a class is no help inside a match
constexpr size_t kMaxPlaces = 10;      // conditions of one window
constexpr size_t kMaxLiterals = 64;    // strings that one pattern may begin with
constexpr double kRare = 0.25;         // events per KiB below which nothing better is sought
constexpr double kLiteralCost = 0.15;  // a place that passes the word tables, against an event

// What an event costs (a mispredicted branch and a look by the matcher) against a step of the
// program, which runs twice a KiB whatever the text: a step must save this many events per KiB.
constexpr double kEventsPerStep = 0.015;

struct Condition {
  Window window;
  std::vector<Place> places;  // the most telling first
  std::vector<double> gains;  // events per KiB that each saves
  uint64_t count = std::numeric_limits<uint64_t>::max();
  double cost = 0;  // events per KiB, steps counted as events
};

// Every place of a window alone, and every run of equal neighbours as one.
std::vector<Place> Choices(const Window& window) {
  std::vector<Place> choices = window.places;
  for (size_t i = 0; i < window.places.size();) {
    size_t end = i + 1;
    while (end < window.places.size() && window.places[end].bytes == window.places[i].bytes &&
           window.places[end].edge == window.places[i].edge && window.places[i].offset >= 0) {
      ++end;
    }
    // Powers of two alone: runs of one set then share their steps, whoever asks for them.
    for (int length = 2; length <= static_cast<int>(end - i); length *= 2) {
      Place run = window.places[i];
      run.length = length;
      choices.push_back(run);
      run.offset = window.places[end - 1].offset - length + 1;
      if (run.offset != choices.back().offset) choices.push_back(run);
    }
    i = end;
  }
  choices.insert(choices.end(), window.somewhere.begin(), window.somewhere.end());
  return choices;
}

// What conditions cost, in steps. Runs that some condition has already are had for nothing.
class Costs {
 public:
  double Of(const Place& place) const {
    double steps = 2;  // a delay and an AND
    for (int length = place.length; length > 1; length /= 2) {
      if (made_.count({place.bytes.to_string(), length, place.some}) != 0) break;
      steps += 2;
    }
    return steps * kEventsPerStep;
  }
  void Take(const Place& place) {
    for (int length = place.length; length > 1; length /= 2)
      made_.insert({place.bytes.to_string(), length, place.some});
  }

 private:
  std::set<std::tuple<std::string, int, bool>> made_;
};

// Where runs of a set begin in the background text. Kept for the length of one derivation:
// detectors ask for the same few sets again and again.
class Runs {
 public:
  explicit Runs(const Background& background) : background_(background) {}

  // Bit i: bytes i … i + length - 1 are in the set, or one of them is. By doubling.
  const Background::Bits& Of(const ByteSet& set, int length, bool some) {
    const auto [it, added] = known_.try_emplace({set.to_string(), length, some});
    if (!added) return it->second;
    if (length == 1) {
      it->second = background_.BitsOf(set);
    } else {
      const int half = (length + 1) / 2;
      Background::Bits both = Of(set, half, some);
      const Background::Bits later = Background::Moved(both, half - length);
      for (size_t w = 0; w < both.size(); ++w) both[w] = some ? both[w] | later[w] : both[w] & later[w];
      known_[{set.to_string(), length, some}] = std::move(both);
    }
    return known_[{set.to_string(), length, some}];
  }

  Background::Bits At(const Place& place) {
    return Background::Moved(Of(place.bytes, place.length, place.some), -place.offset);
  }
  const Background& background() const { return background_; }

 private:
  const Background& background_;
  std::map<std::tuple<std::string, int, bool>, Background::Bits> known_;
};

uint64_t CountBoth(const Background::Bits& a, const Background::Bits& b) {
  uint64_t count = 0;
  for (size_t w = 0; w < a.size(); ++w) count += static_cast<uint64_t>(__builtin_popcountll(a[w] & b[w]));
  return count;
}

// Greedy: the place that saves most, steps counted, until none is worth its steps.
Condition ChoosePlaces(Window window, Runs& runs, const Costs& costs) {
  const Background& background = runs.background();
  Condition condition;
  const std::vector<Place> choices = Choices(window);
  std::vector<Background::Bits> bits;
  for (const Place& place : choices) bits.push_back(runs.At(place));
  std::vector<bool> taken(choices.size(), false);
  Background::Bits sum(bits.front().size(), ~uint64_t{0});
  double events = background.PerKilobyte(background.text().size());
  for (size_t n = 0; n < kMaxPlaces; ++n) {
    size_t best = choices.size();
    double best_gain = 0;
    for (size_t i = 0; i < choices.size(); ++i) {
      if (taken[i] || choices[i].bytes.all()) continue;
      const double left = background.PerKilobyte(CountBoth(sum, bits[i]));
      const double gain = events - left - costs.Of(choices[i]);
      if (gain > best_gain) {
        best_gain = gain;
        best = i;
      }
    }
    if (best == choices.size()) break;
    for (size_t w = 0; w < sum.size(); ++w) sum[w] &= bits[best][w];
    taken[best] = true;
    condition.places.push_back(choices[best]);
    condition.gains.push_back(best_gain);
    condition.cost += costs.Of(choices[best]);
    condition.count = Background::Count(sum);
    events = background.PerKilobyte(condition.count);
  }
  condition.cost += events;
  condition.window = std::move(window);
  return condition;
}

using Available = std::function<ByteSet(const ByteSet&)>;

// Replaces every set by the smallest one that can be had.
Window WithAvailable(Window window, const Available& available) {
  for (Place& place : window.places) place.bytes = available(place.bytes);
  for (Place& place : window.somewhere) place.bytes = available(place.bytes);
  return window;
}

Condition BestWindow(const pattern::Matcher& matcher, Runs& runs, const Costs& costs,
                     const Available& available) {
  const Background& background = runs.background();
  Condition best = ChoosePlaces(WithAvailable(BeginWindow(matcher, kWindowBytes), available), runs, costs);
  if (background.PerKilobyte(best.count) <= kRare) return best;
  for (Window& window : InsideWindows(matcher, kInsideBytes)) {
    window = WithAvailable(std::move(window), available);
    const auto origin = std::find_if(window.places.begin(), window.places.end(),
                                     [](const Place& p) { return p.offset == 0; });
    if (background.PerKilobyte(Background::Count(runs.Of(origin->bytes, 1, false))) > kCommon) continue;
    Condition inside = ChoosePlaces(std::move(window), runs, costs);
    // An inside window costs a walk to the left; it must be worth it.
    if (inside.cost * 1.2 < best.cost) best = std::move(inside);
  }
  return best;
}

std::string Describe(const Condition& condition) {
  std::string text;
  for (const Place& place : condition.places) {
    if (!text.empty()) text += ", ";
    text += Text(place.bytes) + (place.some ? " within " : " at ") + std::to_string(place.offset);
    if (place.length > 1) text += "…" + std::to_string(place.last());
  }
  return text;
}

// Whether the automaton holds the words of the detector, and nothing else.
bool IsWordsOnly(const hir::Detector& detector, const pattern::Matcher& matcher) {
  return detector.patterns.empty() && matcher.tries.empty();
}

// A detector of words alone is filtered by its words; the automaton would give only their first bytes.
std::optional<std::vector<std::string>> LiteralsOf(const hir::Detector& detector,
                                                   const pattern::Matcher& matcher) {
  if (!IsWordsOnly(detector, matcher)) return BeginLiterals(matcher, kMaxLiterals);
  std::vector<std::string> literals;
  for (const hir::WordList& list : detector.words) {
    for (const std::string& word : list.words) {
      if (word.size() < 3) return std::nullopt;
    }
    const std::vector<std::string> more = WordLiterals(list.words);
    literals.insert(literals.end(), more.begin(), more.end());
  }
  return literals;
}

// A detector with a large word list beside patterns has a condition for each.
void AddTo(Plan& plan, Plan::Kind kind, const std::string& condition, double per_kilobyte) {
  plan.kind = kind;
  plan.condition += (plan.condition.empty() ? "" : "; or ") + condition;
  plan.per_kilobyte += per_kilobyte;
}

}  // namespace

Derived Derive(const std::vector<hir::Detector>& detectors, const std::vector<pattern::Matcher>& matchers) {
  const Background& background = Background::Get();
  Derived derived;
  Runs runs(background);
  Costs costs;
  ClassPlanes planes(background);
  LiteralTables literals(background);
  std::vector<uint16_t> windows;
  for (size_t i = 0; i < matchers.size(); ++i) {
    const auto detector = static_cast<uint16_t>(i);
    Plan& plan = derived.plans.emplace_back();
    for (const pattern::WordTrie& trie : matchers[i].tries) {
      AddTo(plan, Plan::Kind::kLiterals, std::to_string(trie.words().size()) + " strings",
            background.PerKilobyte(literals.Estimate(trie.words())));
      literals.Add(detector, WordLiterals(trie.words()));
    }
    if (!matchers[i].tries.empty() && matchers[i].max_length == 0) continue;
    const Condition condition = BestWindow(matchers[i], runs, costs, [](const ByteSet& set) { return set; });
    std::optional<std::vector<std::string>> strings = LiteralsOf(detectors[i], matchers[i]);
    const bool words_only = IsWordsOnly(detectors[i], matchers[i]);
    const uint64_t estimate = strings ? literals.Estimate(*strings) : 0;
    if (strings && (words_only || kLiteralCost * background.PerKilobyte(estimate) <= condition.cost)) {
      AddTo(plan, Plan::Kind::kLiterals, std::to_string(strings->size()) + " strings",
            background.PerKilobyte(estimate));
      literals.Add(detector, *std::move(strings));
      continue;
    }
    // A place that saves little is no reason for a plane, one that saves much is not a better one for it.
    for (size_t k = 0; k < condition.places.size(); ++k)
      planes.Want(condition.places[k].bytes, std::min(1.0, condition.gains[k]));
    windows.push_back(detector);
  }
  planes.Fix();
  ProgramBuilder builder(planes, derived.program);
  // The planes are few: choose again, with what can be had of them.
  const auto available = [&planes](const ByteSet& set) { return planes.Available(set); };
  for (const uint16_t detector : windows) {
    const Condition condition = BestWindow(matchers[detector], runs, costs, available);
    for (const Place& place : condition.places) costs.Take(place);
    AddTo(derived.plans[detector], condition.window.at_begin ? Plan::Kind::kBegin : Plan::Kind::kInside,
          Describe(condition), background.PerKilobyte(condition.count));
    if (!builder.AddWindow(condition.window, condition.places, detector))
      derived.program.unfiltered.push_back(detector);
  }
  literals.Write(derived.program.literals);
  return derived;
}

}  // namespace hpol::filter
