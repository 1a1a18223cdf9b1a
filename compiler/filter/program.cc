#include "compiler/filter/program.h"

#include <algorithm>
#include <utility>

namespace hpol::filter {

ProgramBuilder::Value ProgramBuilder::Make(const ByteSet& set) {
  const SetRecipe recipe = planes_.Find(set);
  int sum = -1;
  for (const SetRecipe::Product& product : recipe.sum) {
    int plane = -1;
    for (int p = 0; p < kClassPlanes; ++p) {
      if (((product.set >> p) & 1) == 0) continue;
      const auto bit = static_cast<uint16_t>(p);
      plane = plane < 0 ? p : Emit(Op::Kind::kAnd, 0, static_cast<uint16_t>(plane), bit);
    }
    for (int p = 0; p < kClassPlanes; ++p) {
      if (((product.clear >> p) & 1) == 0) continue;
      plane = Emit(Op::Kind::kAndNot, 0, static_cast<uint16_t>(plane), static_cast<uint16_t>(p));
    }
    sum = sum < 0 ? plane : Emit(Op::Kind::kOr, 0, static_cast<uint16_t>(sum), static_cast<uint16_t>(plane));
  }
  return {static_cast<uint16_t>(sum), recipe.negated};
}

ProgramBuilder::Value ProgramBuilder::Delayed(Value value, int amount) {
  if (amount > 0) value.plane = Emit(Op::Kind::kDelay, static_cast<uint8_t>(amount), value.plane, 0);
  return value;
}

// Each of the `length` bytes that end here, or `some`: by doubling, so that runs of one set share their
// steps.
ProgramBuilder::Value ProgramBuilder::Repeated(Value value, int length, bool some) {
  if (length == 1) return value;
  // A complement runs where its plane is nowhere.
  const Op::Kind join = value.negated != some ? Op::Kind::kOr : Op::Kind::kAnd;
  int covered = 1;
  while (covered < length) {
    const int step = std::min(covered, length - covered);
    const Value earlier = Delayed(value, step);
    value.plane = Emit(join, 0, value.plane, earlier.plane);
    covered += step;
  }
  return value;
}

uint16_t ProgramBuilder::Emit(Op::Kind kind, uint8_t amount, uint16_t left, uint16_t right) {
  if ((kind == Op::Kind::kAnd || kind == Op::Kind::kOr) && left > right) std::swap(left, right);
  const std::tuple step = {static_cast<uint8_t>(kind), amount, left, right};
  if (const auto shared = made_.find(step); shared != made_.end()) return shared->second;
  Steps& own = program_.groups.empty() ? made_ : made_here_;
  const auto [it, added] = own.try_emplace(step, program_.planes);
  if (!added) return it->second;
  program_.ops.push_back({kind, amount, program_.planes, left, right});
  return program_.planes++;
}

void ProgramBuilder::AddGuard(const Guard& guard) {
  guards_.push_back(Repeated(Make(guard.bytes), guard.length, false).plane);
}

void ProgramBuilder::BeginGroup(size_t index) {
  Finish();
  made_here_.clear();
  guard_ = guards_[index];
}

void ProgramBuilder::Finish() {
  program_.groups.push_back(
      {guard_, static_cast<uint32_t>(program_.ops.size()), static_cast<uint32_t>(program_.outputs.size())});
}

bool ProgramBuilder::AddWindow(const Window& window, const std::vector<Place>& places, uint16_t detector) {
  int last = 0;
  for (const Place& place : places) last = std::max(last, place.last());
  std::vector<Value> positive;
  std::vector<Value> negative;
  for (const Place& place : places) {
    if (place.bytes.none() || planes_.Available(place.bytes).all()) continue;
    const Value value = Make(place.bytes);
    // Before the text's beginning every plane is clear: right for a complement where the edge is
    // allowed, and for a plane where it is not.
    if (place.edge && !value.negated) continue;
    const Value delayed = Delayed(Repeated(value, place.length, place.some), last - place.last());
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
