#include "compiler/filter/conditions.h"

#include <algorithm>
#include <utility>

namespace hpol::filter {
namespace {

constexpr size_t kMaxPlaces = 10;

// Takes one place after the other.
class Chooser {
 public:
  Chooser(const Window& window, Runs& runs, const Costs& costs)
      : background_(runs.background()), costs_(costs), choices_(Choices(window)) {
    for (const Place& place : choices_) bits_.push_back(runs.At(place));
    taken_.assign(choices_.size(), false);
    sum_.assign(bits_.front().size(), ~uint64_t{0});
    events_ = background_.PerKilobyte(background_.text().size());
    condition_.window = window;
  }

  void TakeFirst(const Place& place, const Background::Bits& bits) { Take(place, bits, 0, 2); }

  // False when no place is worth its steps any more.
  bool TakeNext() {
    size_t best = choices_.size();
    double best_gain = 0;
    for (size_t i = 0; i < choices_.size(); ++i) {
      if (taken_[i] || choices_[i].bytes.all()) continue;
      const double left = background_.PerKilobyte(Background::CountBoth(sum_, bits_[i]));
      const double gain = events_ - left - costs_.Of(costs_.StepsOf(choices_[i]));
      if (gain <= best_gain) continue;
      best_gain = gain;
      best = i;
    }
    if (best == choices_.size()) return false;
    taken_[best] = true;
    Take(choices_[best], bits_[best], best_gain, costs_.StepsOf(choices_[best]));
    return true;
  }

  Condition Finish() {
    condition_.cost = costs_.Of(condition_.steps) + events_;
    return std::move(condition_);
  }
  size_t count() const { return condition_.places.size(); }

 private:
  void Take(const Place& place, const Background::Bits& bits, double gain, double steps) {
    for (size_t w = 0; w < sum_.size(); ++w) sum_[w] &= bits[w];
    condition_.places.push_back(place);
    condition_.gains.push_back(gain);
    condition_.steps += steps;
    condition_.count = Background::Count(sum_);
    events_ = background_.PerKilobyte(condition_.count);
  }

  const Background& background_;
  const Costs& costs_;
  std::vector<Place> choices_;
  std::vector<Background::Bits> bits_;
  std::vector<bool> taken_;
  Background::Bits sum_;  // where all taken places hold
  double events_ = 0;
  Condition condition_;
};

}  // namespace

Costs Costs::For(double share) const {
  Costs costs = *this;
  costs.share_ = share;
  return costs;
}

double Costs::StepsOf(const Place& place) const {
  double steps = 2;  // a delay and an AND
  for (int length = place.length; length > 1; length /= 2) {
    if (made_.count({place.bytes.to_string(), length, place.some}) != 0) break;
    steps += 2;
  }
  return steps;
}

void Costs::Take(const Place& place) {
  for (int length = place.length; length > 1; length /= 2)
    made_.insert({place.bytes.to_string(), length, place.some});
}

const Background::Bits& Runs::Of(const ByteSet& set, int length, bool some) {
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

Condition ChoosePlaces(const Window& window, Runs& runs, const Costs& costs,
                       const std::optional<Place>& first) {
  Chooser chooser(window, runs, costs);
  if (first) chooser.TakeFirst(*first, runs.At(*first));
  while (chooser.count() < kMaxPlaces && chooser.TakeNext()) {
  }
  return chooser.Finish();
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

}  // namespace hpol::filter
