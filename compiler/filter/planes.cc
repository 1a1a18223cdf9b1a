#include "compiler/filter/planes.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <string>

namespace hpol::filter {
namespace {

constexpr size_t kMaxNarrowPlanes = 4;  // fifteen kinds of punctuation

ByteSet WordBytes() {
  ByteSet set;
  for (int byte = '0'; byte <= '9'; ++byte) set.set(static_cast<size_t>(byte));
  for (int byte = 'A'; byte <= 'Z'; ++byte)
    set.set(static_cast<size_t>(byte)).set(static_cast<size_t>(byte + 32));
  return set.set('_');
}

// Drops planes from a product for as long as it lets no code of `out` through.
SetRecipe::Product Widen(uint8_t code, const std::vector<uint8_t>& out) {
  SetRecipe::Product product{code, static_cast<uint8_t>(~code)};
  const auto passes = [&](const SetRecipe::Product& p) {
    return std::any_of(out.begin(), out.end(),
                       [&](uint8_t other) { return (other & p.set) == p.set && (other & p.clear) == 0; });
  };
  for (int plane = 0; plane < kClassPlanes; ++plane) {
    const auto bit = static_cast<uint8_t>(1u << plane);
    SetRecipe::Product wider = product;
    wider.clear &= static_cast<uint8_t>(~bit);
    if (!passes(wider)) product = wider;
  }
  for (int plane = 0; plane < kClassPlanes; ++plane) {
    const auto bit = static_cast<uint8_t>(1u << plane);
    SetRecipe::Product wider = product;
    wider.set &= static_cast<uint8_t>(~bit);
    if (wider.set != 0 && !passes(wider)) product = wider;
  }
  return product;
}

}  // namespace

void ClassPlanes::Want(const ByteSet& set, double weight) {
  // A plane holds bytes below kUnclassed alone, so that a set with others is had by its complement.
  const bool negated = !IsClassed(set);
  const ByteSet plane = negated ? ~set : set;
  if (!IsClassed(plane) || plane.none()) return;
  for (Wish& known : wanted_) {
    if (known.set == plane && known.negated == negated) {
      known.weight += weight;
      return;
    }
  }
  wanted_.push_back({plane, negated, weight});
}

// The wanted sets cut down to `of`, equal ones joined, the most wanted first.
std::vector<ClassPlanes::Wish> ClassPlanes::Parts(const ByteSet& of) const {
  std::vector<Wish> parts;
  for (const Wish& wish : wanted_) {
    const ByteSet part = wish.set & of;
    if (part.none()) continue;
    const auto same = std::find_if(parts.begin(), parts.end(), [&](const Wish& known) {
      return known.set == part && known.negated == wish.negated;
    });
    if (same != parts.end()) {
      same->weight += wish.weight;
    } else {
      parts.push_back({part, wish.negated, wish.weight});
    }
  }
  // A full order, so that equal wishes stand where they always stand.
  std::sort(parts.begin(), parts.end(), [](const Wish& a, const Wish& b) {
    return a.weight != b.weight
               ? a.weight > b.weight
               : std::pair(a.set.to_string(), a.negated) < std::pair(b.set.to_string(), b.negated);
  });
  return parts;
}

void ClassPlanes::Fix() {
  classes_.fill(0);
  used_ = 0;
  const std::vector<ByteSet> kinds = Narrow();
  const size_t narrow = std::min<size_t>(kMaxNarrowPlanes, static_cast<size_t>(std::bit_width(kinds.size())));
  FixWide(kClassPlanes - narrow);
  FixNarrow(kinds, kClassPlanes - used_);
}

// One plane after the other, each for the set that tells most: how often it is asked for, times the bits by
// which it is rarer than what can be had without it.
void ClassPlanes::FixWide(size_t planes) {
  const auto parts = Parts(WordBytes());
  for (; used_ < planes; ++used_) {
    const ByteSet* best = nullptr;
    double best_gain = 0;
    for (const Wish& wish : parts) {
      const ByteSet asked = wish.negated ? ~wish.set : wish.set;
      const double gain =
          wish.weight * std::log2(background_.CountOf(Available(asked)) / background_.CountOf(asked));
      if (gain <= best_gain) continue;
      best_gain = gain;
      best = &wish.set;
    }
    if (best == nullptr) return;
    for (size_t byte = 0; byte < 128; ++byte) {
      if ((*best)[byte]) classes_[byte] |= static_cast<uint8_t>(1u << used_);
    }
  }
}

// Kinds of punctuation that the wanted sets tell apart, the most wanted first.
std::vector<ByteSet> ClassPlanes::Narrow() const {
  const std::vector<Wish> parts = Parts(~WordBytes());
  std::map<std::vector<bool>, std::pair<ByteSet, double>> atoms;
  for (size_t byte = 0; byte < 128; ++byte) {
    std::vector<bool> in;
    double weight = 0;
    for (const Wish& wish : parts) {
      in.push_back(wish.set[byte]);
      if (wish.set[byte]) weight += wish.weight / static_cast<double>(wish.set.count());
    }
    if (weight == 0) continue;
    atoms[in].first.set(byte);
    atoms[in].second += weight;
  }
  std::vector<std::pair<double, std::string>> order;
  for (const auto& [in, atom] : atoms) order.push_back({-atom.second, atom.first.to_string()});
  std::sort(order.begin(), order.end());
  std::vector<ByteSet> sets;
  for (const auto& [weight, bits] : order) sets.emplace_back(bits);
  return sets;
}

// Each kind of punctuation gets a number; the most wanted ones those with a single bit. What is left
// over when numbers run out shares the last.
void ClassPlanes::FixNarrow(const std::vector<ByteSet>& kinds, size_t planes) {
  std::vector<uint8_t> codes;
  for (uint32_t code = 1; code < (1u << planes); ++code) codes.push_back(static_cast<uint8_t>(code));
  std::stable_sort(codes.begin(), codes.end(),
                   [](uint8_t a, uint8_t b) { return std::popcount(a) < std::popcount(b); });
  if (codes.empty()) return;
  for (size_t i = 0; i < kinds.size(); ++i) {
    const uint8_t code = codes[std::min(i, codes.size() - 1)];
    for (size_t byte = 0; byte < 128; ++byte) {
      if (kinds[i][byte]) classes_[byte] |= static_cast<uint8_t>(code << used_);
    }
  }
  used_ += planes;
}

void ClassPlanes::Write(Program& program) const {
  for (size_t byte = 0; byte < 128; ++byte) {
    program.classes[byte] = classes_[byte];
    for (size_t p = 0; p < kClassPlanes; ++p) {
      if ((classes_[byte] >> p) & 1)
        program.class_rows[p][byte & 15] |= static_cast<uint8_t>(1u << (byte >> 4));
    }
  }
}

ByteSet ClassPlanes::Available(const ByteSet& set) const {
  std::array<bool, 256> wanted{};
  for (size_t byte = 0; byte < 256; ++byte) {
    if (set[byte]) wanted[byte < 128 ? classes_[byte] : 0] = true;
  }
  ByteSet available;
  for (size_t byte = 0; byte < 256; ++byte) available[byte] = wanted[byte < 128 ? classes_[byte] : 0];
  return available;
}

SetRecipe ClassPlanes::Find(const ByteSet& set) const {
  SetRecipe recipe;
  recipe.bytes = Available(set);
  recipe.negated = recipe.bytes[kUnclassed];  // it and what follows are in no plane
  std::vector<uint8_t> in;
  std::vector<uint8_t> out = {0};
  for (size_t byte = 0; byte < 128; ++byte) {
    std::vector<uint8_t>& side = recipe.bytes[byte] != recipe.negated ? in : out;
    if (std::find(side.begin(), side.end(), classes_[byte]) == side.end()) side.push_back(classes_[byte]);
  }
  while (!in.empty()) {
    // The product that covers most of what is left.
    SetRecipe::Product best;
    size_t most = 0;
    const auto covers = [](const SetRecipe::Product& p, uint8_t code) {
      return (code & p.set) == p.set && (code & p.clear) == 0;
    };
    for (const uint8_t code : in) {
      const SetRecipe::Product product = Widen(code, out);
      const auto covered = static_cast<size_t>(
          std::count_if(in.begin(), in.end(), [&](uint8_t other) { return covers(product, other); }));
      if (covered > most) {
        most = covered;
        best = product;
      }
    }
    recipe.sum.push_back(best);
    in.erase(std::remove_if(in.begin(), in.end(), [&](uint8_t code) { return covers(best, code); }),
             in.end());
  }
  return recipe;
}

}  // namespace hpol::filter
