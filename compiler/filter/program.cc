#include "compiler/filter/program.h"

#include <algorithm>
#include <utility>

namespace hpol::filter {

void ProgramBuilder::Want(const ByteSet& set, double weight) {
  const ByteSet complement = ~set;
  // A plane holds ASCII alone, so that a set with other bytes is had by its complement.
  const ByteSet& plane = IsAscii(set) ? set : complement;
  if (!IsAscii(plane) || plane.none()) return;
  for (auto& [known, sum] : wanted_) {
    if (known == plane) {
      sum += weight;
      return;
    }
  }
  wanted_.push_back({plane, weight});
}

void ProgramBuilder::FixPlanes() {
  // Most wanted first; a full order, so that equal wishes stand where they always stand.
  std::sort(wanted_.begin(), wanted_.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first.to_string() < b.first.to_string();
  });
  for (const auto& [set, weight] : wanted_) {
    if (planes_.size() == kClassPlanes) break;
    // An OR of planes that are there already is as good as a plane.
    if (Find(set).set == set) continue;
    planes_.push_back(set);
  }
  for (size_t p = 0; p < planes_.size(); ++p) {
    for (size_t byte = 0; byte < 128; ++byte) {
      if (planes_[p][byte]) program_.class_of[p / 8][byte] |= static_cast<uint8_t>(1u << (p % 8));
    }
  }
}

ProgramBuilder::Recipe ProgramBuilder::Find(const ByteSet& set) const {
  Recipe best{{}, true, ByteSet().set()};  // everything: the complement of no plane
  const auto offer = [&](std::vector<uint16_t> planes, bool negated, const ByteSet& made) {
    if (!Contains(made, set) || made.count() >= best.set.count()) return;
    best = {std::move(planes), negated, made};
  };
  const auto count = static_cast<uint16_t>(planes_.size());
  for (uint16_t a = 0; a < count; ++a) {
    offer({a}, false, planes_[a]);
    offer({a}, true, ~planes_[a]);
    for (uint16_t b = static_cast<uint16_t>(a + 1); b < count; ++b) {
      offer({a, b}, false, planes_[a] | planes_[b]);
      offer({a, b}, true, ~(planes_[a] | planes_[b]));
      for (uint16_t c = static_cast<uint16_t>(b + 1); c < count; ++c) {
        offer({a, b, c}, false, planes_[a] | planes_[b] | planes_[c]);
      }
    }
  }
  return best;
}

ByteSet ProgramBuilder::Available(const ByteSet& set) const { return Find(set).set; }

ProgramBuilder::Value ProgramBuilder::Make(const ByteSet& set) {
  const Recipe recipe = Find(set);
  uint16_t plane = recipe.planes.front();
  for (size_t i = 1; i < recipe.planes.size(); ++i) plane = Emit(Op::Kind::kOr, 0, plane, recipe.planes[i]);
  return {plane, recipe.negated};
}

ProgramBuilder::Value ProgramBuilder::Delayed(Value value, int amount) {
  while (amount > 0) {
    const int step = std::min(amount, 63);
    value.plane = Emit(Op::Kind::kDelay, static_cast<uint8_t>(step), value.plane, CarryOf(value.plane));
    amount -= step;
  }
  return value;
}

// `length` bytes in a row, ending here: by doubling, so that runs of one set share their steps.
ProgramBuilder::Value ProgramBuilder::Repeated(Value value, int length) {
  if (length == 1) return value;
  // A complement runs where its plane is nowhere: the doubling joins instead.
  const Op::Kind join = value.negated ? Op::Kind::kOr : Op::Kind::kAnd;
  int covered = 1;
  while (covered < length) {
    const int step = std::min(covered, length - covered);
    const Value earlier = Delayed(value, step);
    value.plane = Emit(join, 0, value.plane, earlier.plane);
    covered += step;
  }
  return value;
}

uint16_t ProgramBuilder::CarryOf(uint16_t plane) {
  const auto it = std::find(program_.delayed.begin(), program_.delayed.end(), plane);
  if (it == program_.delayed.end()) program_.delayed.push_back(plane);
  return static_cast<uint16_t>(std::find(program_.delayed.begin(), program_.delayed.end(), plane) -
                               program_.delayed.begin());
}

uint16_t ProgramBuilder::Emit(Op::Kind kind, uint8_t amount, uint16_t left, uint16_t right) {
  if ((kind == Op::Kind::kAnd || kind == Op::Kind::kOr) && left > right) std::swap(left, right);
  const auto [it, added] =
      made_.try_emplace({static_cast<uint8_t>(kind), amount, left, right}, program_.planes);
  if (!added) return it->second;
  program_.ops.push_back({kind, amount, program_.planes, left, right});
  return program_.planes++;
}

bool ProgramBuilder::AddWindow(const Window& window, const std::vector<Place>& places, uint16_t detector) {
  int last = 0;
  for (const Place& place : places) last = std::max(last, place.last());
  std::vector<Value> positive;
  std::vector<Value> negative;
  for (const Place& place : places) {
    const ByteSet set = Available(place.bytes);
    if (set.all()) continue;
    const Value value = Make(place.bytes);
    // Before the text's beginning every plane is clear: right for a complement where the edge is
    // allowed, and for a plane where it is not.
    if (place.edge && !value.negated) continue;
    const Value delayed = Delayed(Repeated(value, place.length), last - place.last());
    (value.negated ? negative : positive).push_back(delayed);
  }
  Output output;
  output.detector = detector;
  output.back = static_cast<uint16_t>(last);
  uint16_t plane = 0;
  if (positive.empty()) return false;
  plane = positive.front().plane;
  for (size_t i = 1; i < positive.size(); ++i) plane = Emit(Op::Kind::kAnd, 0, plane, positive[i].plane);
  for (const Value& value : negative) plane = Emit(Op::Kind::kAndNot, 0, plane, value.plane);
  output.plane = plane;
  if (!window.at_begin) {
    output.runs = true;
    std::array<uint64_t, 4> run{};
    for (size_t byte = 0; byte < 256; ++byte) {
      if (window.run[byte]) run[byte >> 6] |= uint64_t{1} << (byte & 63);
    }
    output.run = static_cast<uint16_t>(program_.runs.size());
    program_.runs.push_back(run);
  }
  program_.outputs.push_back(output);
  return true;
}

}  // namespace hpol::filter
