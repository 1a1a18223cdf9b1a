// Chooses, for each detector, the condition that fires least on background text.
#include "compiler/filter/filter.h"

#include <algorithm>
#include <cstdio>
#include <deque>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "compiler/filter/background.h"
#include "compiler/filter/conditions.h"
#include "compiler/filter/guards.h"
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
constexpr size_t kMaxLiterals = 64;    // strings that one pattern may begin with
constexpr double kLiteralCost = 0.15;  // a place that passes the word tables, against an event
constexpr double kWeakCost = 0.5;      // events per KiB above which patterns are looked at one by one
constexpr double kSplitGain = 0.8;     // which must spare a part of the cost
constexpr int kRounds = 4;             // of fixing the planes
constexpr double kNeeded = 1000;       // events per KiB that a set saves without which there is no condition
constexpr double kWalkLeft = 1.2;      // an inside window costs a walk to the left; it must be worth it

using Available = std::function<ByteSet(const ByteSet&)>;

// Replaces every set by the smallest one that can be had.
Window WithAvailable(Window window, const Available& available) {
  for (Place& place : window.places) place.bytes = available(place.bytes);
  for (Place& place : window.somewhere) place.bytes = available(place.bytes);
  return window;
}

// The window from the beginning, and those round a byte that is not common.
std::vector<Window> WindowsOf(const pattern::Matcher& matcher, Runs& runs, const Available& available) {
  const Background& background = runs.background();
  std::vector<Window> windows = {WithAvailable(BeginWindow(matcher, kWindowBytes), available)};
  for (Window& window : InsideWindows(matcher, kInsideBytes)) {
    window = WithAvailable(std::move(window), available);
    const auto origin = std::find_if(window.places.begin(), window.places.end(),
                                     [](const Place& p) { return p.offset == 0; });
    if (background.PerKilobyte(Background::Count(runs.Of(origin->bytes, 1, false))) <= kCommon)
      windows.push_back(std::move(window));
  }
  return windows;
}

// The best condition of all windows; with a guard, of those whose matches all have its run.
Condition BestCondition(const std::vector<Window>& windows, Runs& runs, const Costs& costs,
                        const Guard* guard) {
  Condition best;
  best.cost = std::numeric_limits<double>::max();
  for (const Window& window : windows) {
    std::vector<std::optional<Place>> firsts;
    if (guard == nullptr) {
      firsts.emplace_back();
    } else {
      for (const Place& place : PlacesOf(*guard, window)) firsts.emplace_back(place);
    }
    for (const std::optional<Place>& first : firsts) {
      Condition condition = ChoosePlaces(window, runs, costs, first);
      if (condition.cost * (window.at_begin ? 1 : kWalkLeft) < best.cost) best = std::move(condition);
    }
    if (runs.background().PerKilobyte(best.count) <= kRareEvents) break;
  }
  return best;
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

// A detector, or what one of its patterns matches.
struct Part {
  uint16_t detector = 0;
  const pattern::Matcher* matcher = nullptr;
  std::optional<std::vector<std::string>> literals;  // one of which every match begins with
  bool by_literals = false;                          // they are what is looked for
  Condition condition;                               // else
  double cost = 0;                                   // events per KiB, steps counted as events
};

class Deriver {
 public:
  Deriver(const std::vector<hir::Detector>& detectors, const std::vector<pattern::Matcher>& matchers)
      : detectors_(detectors), matchers_(matchers) {}

  Derived Run() {
    for (uint16_t i = 0; i < matchers_.size(); ++i) AddDetector(i);
    planes_.Fix();
    for (int round = 0; round < kRounds && WantMissing(); ++round) planes_.Fix();
    WriteWindows();
    literals_.Write(derived_.program.literals);
    return std::move(derived_);
  }

 private:
  void AddDetector(uint16_t detector) {
    derived_.plans.emplace_back();
    const pattern::Matcher& matcher = matchers_[detector];
    for (const pattern::WordTrie& trie : matcher.tries)
      AddLiterals(detector, trie.words(), WordLiterals(trie.words()));
    if (!matcher.tries.empty() && matcher.max_length == 0) return;
    std::vector<Part> parts;
    parts.push_back(MakePart(detector, detectors_[detector], matcher));
    Split(parts);
    for (Part& part : parts) AddPart(std::move(part));
  }

  Part MakePart(uint16_t number, const hir::Detector& detector, const pattern::Matcher& matcher) {
    Part part;
    part.detector = number;
    part.matcher = &matcher;
    part.condition = BestCondition(WindowsOf(matcher, runs_, [](const ByteSet& set) { return set; }), runs_,
                                   Costs(), nullptr);
    part.cost = part.condition.cost;
    part.literals = LiteralsOf(detector, matcher);
    if (!part.literals) return part;
    const double cost = kLiteralCost * background_.PerKilobyte(literals_.Estimate(*part.literals));
    part.by_literals = IsWordsOnly(detector, matcher) || cost <= part.cost;
    if (part.by_literals) part.cost = cost;
    return part;
  }

  // Patterns with little in common have a weak condition together, and a strong one each.
  void Split(std::vector<Part>& parts) {
    const Part& whole = parts.front();
    const hir::Detector& detector = detectors_[whole.detector];
    if (whole.cost <= kWeakCost || detector.patterns.size() < 2 || !detector.words.empty()) return;
    std::vector<Part> split;
    double cost = 0;
    for (const hir::Pattern& pattern : detector.patterns) {
      hir::Detector one;
      one.name = detector.name;
      one.patterns.push_back(pattern);
      dsl::Diagnostics ignored;  // it compiled among the others
      std::optional<pattern::Matcher> matcher = pattern::Compile(one, ignored);
      if (!matcher) return;
      split_.push_back(*std::move(matcher));
      split.push_back(MakePart(whole.detector, one, split_.back()));
      cost += split.back().cost;
    }
    if (cost < kSplitGain * whole.cost) parts = std::move(split);
  }

  void AddPart(Part part) {
    if (part.by_literals) return AddLiterals(part.detector, *part.literals, *part.literals);
    // A place that saves little is no reason for a plane, one that saves much is not a better one for it.
    for (size_t k = 0; k < part.condition.places.size(); ++k)
      planes_.Want(part.condition.places[k].bytes, std::min(1.0, part.condition.gains[k]));
    windows_.push_back(std::move(part));
  }

  void AddLiterals(uint16_t detector, const std::vector<std::string>& words,
                   const std::vector<std::string>& literals) {
    AddTo(derived_.plans[detector], Plan::Kind::kLiterals, std::to_string(words.size()) + " strings",
          background_.PerKilobyte(literals_.Estimate(words)));
    literals_.Add(detector, literals);
  }

  // A condition needs one set at least that planes hold: with complements alone its detector would be tried
  // at every byte. Asks for one where there is none; false: nothing is missing.
  bool WantMissing() {
    const auto is_held = [this](const Place& place) { return IsClassed(planes_.Available(place.bytes)); };
    bool missing = false;
    for (const Part& part : windows_) {
      const std::vector<Place>& places = part.condition.places;
      if (std::any_of(places.begin(), places.end(), is_held)) continue;
      const auto classed = std::find_if(places.begin(), places.end(),
                                        [](const Place& place) { return IsClassed(place.bytes); });
      if (classed == places.end()) continue;
      planes_.Want(classed->bytes, kNeeded);
      missing = true;
    }
    return missing;
  }

  // Chooses again, with what can be had of the planes, and which steps run where.
  void WriteWindows() {
    const auto available = [this](const ByteSet& set) { return planes_.Available(set); };
    std::vector<Guarded> guarded;
    Costs costs;
    for (const Part& part : windows_) {
      Guarded& each = guarded.emplace_back();
      each.windows = WindowsOf(*part.matcher, runs_, available);
      each.steps = BestCondition(each.windows, runs_, costs, nullptr).steps;
    }
    const Guards guards = ChooseGuards(guarded, runs_);
    ProgramBuilder builder(planes_, derived_.program);
    for (const Guard& guard : guards.all) {
      builder.AddGuard(guard);
      costs.Take({0, guard.bytes, false, guard.length});
    }
    for (size_t group = 0; group <= guards.all.size(); ++group) {
      const Guard* guard = group == 0 ? nullptr : &guards.all[group - 1];
      derived_.shares.push_back(guard == nullptr ? 1 : guard->share);
      if (guard != nullptr) builder.BeginGroup(group - 1);
      Costs its = guard == nullptr ? costs : costs.For(guard->share);
      for (size_t i = 0; i < windows_.size(); ++i) {
        if (guards.of[i].has_value() ? *guards.of[i] + 1 != group : group != 0) continue;
        AddWindow(windows_[i].detector, BestCondition(guarded[i].windows, runs_, its, guard), builder, its);
      }
      if (guard == nullptr) costs = its;
    }
    builder.Finish();
  }

  void AddWindow(uint16_t detector, const Condition& condition, ProgramBuilder& builder, Costs& costs) {
    for (const Place& place : condition.places) costs.Take(place);
    AddTo(derived_.plans[detector], condition.window.at_begin ? Plan::Kind::kBegin : Plan::Kind::kInside,
          Describe(condition), background_.PerKilobyte(condition.count));
    if (builder.AddWindow(condition.window, condition.places, detector)) return;
    std::vector<uint16_t>& unfiltered = derived_.program.unfiltered;
    if (unfiltered.empty() || unfiltered.back() != detector) unfiltered.push_back(detector);
  }

  const std::vector<hir::Detector>& detectors_;
  const std::vector<pattern::Matcher>& matchers_;
  const Background& background_ = Background::Get();
  Runs runs_{background_};
  ClassPlanes planes_{background_};
  LiteralTables literals_{background_};
  std::deque<pattern::Matcher> split_;  // of single patterns
  std::vector<Part> windows_;
  Derived derived_;
};

}  // namespace

Derived Derive(const std::vector<hir::Detector>& detectors, const std::vector<pattern::Matcher>& matchers) {
  return Deriver(detectors, matchers).Run();
}

}  // namespace hpol::filter
