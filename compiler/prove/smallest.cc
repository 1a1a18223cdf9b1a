// Making an example small: facts are put to their plainest value, in a fixed order, as long as the claim
// still holds; what matters is what cannot be changed then. Every try costs one lane of a simulation, no
// solver.
#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "compiler/prove/example.h"

namespace hpol::prove {
namespace {

using Variant = std::vector<bool>;

void Clear(Variant& variant, size_t first, size_t bits) {
  std::fill_n(variant.begin() + static_cast<std::ptrdiff_t>(first), bits, false);
}

void ClearFindings(Variant& variant, const FindingsVariable& findings) {
  for (const size_t input : findings.tier_inputs) variant[input] = false;
  Clear(variant, findings.first_extra, findings.extra.size());
  Clear(variant, findings.first_distinct, findings.extra_distinct.size());
}

// One finding fewer and fewer, at the tier that samples have.
std::vector<Variant> Fewer(const Variant& from, const FindingsVariable& findings) {
  std::vector<Variant> variants;
  Variant none = from;
  ClearFindings(none, findings);
  variants.push_back(none);
  const bool any = std::any_of(findings.tier_inputs.begin(), findings.tier_inputs.end(),
                               [&](size_t input) { return from[input]; });
  if (!any) return {};
  Variant plain = from;
  for (const size_t input : findings.tier_inputs) plain[input] = true;
  constexpr uint64_t kMost = 6;
  for (uint64_t extra = 0; extra <= kMost; ++extra) {
    for (uint64_t distinct = 0; distinct <= extra; ++distinct) {
      const auto fits = [](uint64_t value, const Number& number) {
        return number.size() >= 64 || value < uint64_t{1} << number.size();
      };
      if (!fits(extra, findings.extra) || !fits(distinct, findings.extra_distinct)) continue;
      Variant variant = plain;
      for (size_t i = 0; i < findings.extra.size(); ++i)
        variant[findings.first_extra + i] = ((extra >> i) & 1) != 0;
      for (size_t i = 0; i < findings.extra_distinct.size(); ++i)
        variant[findings.first_distinct + i] = ((distinct >> i) & 1) != 0;
      variants.push_back(std::move(variant));
    }
  }
  return variants;
}

}  // namespace

std::vector<Variant> ValuesOf(const Variant& from, const InputVariable& input) {
  std::vector<Variant> variants;
  Variant present = from;
  if (!input.always_present) present[input.present_input] = true;
  const auto add_choice = [&](size_t value) {
    Variant& variant = variants.emplace_back(present);
    input.choice.Set(variant, value);
    if (input.declared.type == AttributeType::kLabel) Clear(variant, input.first_bit, input.bits.size());
  };
  switch (input.declared.type) {
    case AttributeType::kBool:
      for (const bool value : {false, true}) variants.emplace_back(present)[input.first_bit] = value;
      break;
    case AttributeType::kStringSet:
    case AttributeType::kEnumSet: {
      Variant& empty = variants.emplace_back(present);
      Clear(empty, input.first_bit, input.bits.size());
      for (size_t i = 0; i < input.bits.size(); ++i) {
        Variant& one = variants.emplace_back(variants.front());
        one[input.first_bit + i] = true;
      }
      for (size_t i = 0; i < input.bits.size(); ++i) {
        if (!present[input.first_bit + i]) continue;
        variants.emplace_back(present)[input.first_bit + i] = false;
      }
      break;
    }
    case AttributeType::kInt: {
      std::vector<size_t> order(input.choice.size());
      std::iota(order.begin(), order.end(), size_t{0});
      const auto far = [&](size_t interval) {
        return interval == 0 ? std::llabs(input.thresholds.empty() ? 0 : input.thresholds[0] / 2)
                             : std::llabs(input.thresholds[interval - 1] / 2);
      };
      std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return far(a) < far(b); });
      for (const size_t interval : order) add_choice(interval);
      break;
    }
    default:
      for (size_t value = 0; value < input.choice.size(); ++value) add_choice(value);
      break;
  }
  if (!input.always_present) variants.emplace_back(from)[input.present_input] = false;
  return variants;
}

std::vector<bool> Examples::Holds(const std::vector<Variant>& variants, Lit claim) {
  const Aig& aig = formula_.world().aig();
  if (cone_.empty()) cone_ = aig.Cone(std::span(&claim, 1));
  Lanes lanes(aig);
  std::vector<bool> holds;
  std::vector<uint64_t> words(aig.inputs());
  for (size_t first = 0; first < variants.size(); first += 64) {
    const size_t count = std::min<size_t>(64, variants.size() - first);
    std::fill(words.begin(), words.end(), 0);
    for (size_t lane = 0; lane < count; ++lane)
      for (size_t i = 0; i < words.size(); ++i) words[i] |= uint64_t{variants[first + lane][i]} << lane;
    lanes.Run(words, cone_);
    for (size_t lane = 0; lane < count; ++lane) holds.push_back(((lanes[claim] >> lane) & 1) != 0);
  }
  return holds;
}

std::vector<bool> Examples::Smallest(Variant assignment, Lit claim) {
  const World& world = formula_.world();
  const auto take_first = [&](const std::vector<Variant>& variants) {
    const std::vector<bool> holds = Holds(variants, claim);
    const auto found = std::find(holds.begin(), holds.end(), true);
    if (found != holds.end()) assignment = variants[static_cast<size_t>(found - holds.begin())];
  };
  const auto pass = [&] {
    for (const Lit lit : {world.unscanned(), world.unregistered()}) {
      Variant variant = assignment;
      variant[world.aig().InputOf(NodeOf(lit))] = false;
      take_first({variant});
    }
    for (const DetectorVariable& detector : world.detectors())
      if (detector.covered) take_first(Fewer(assignment, detector.fixed));
    for (const DetectorVariable& detector : world.detectors())
      take_first(Fewer(assignment, detector.replaceable));
    for (const InputVariable& input : world.inputs()) take_first(ValuesOf(assignment, input));
  };
  for (int round = 0; round < 4; ++round) {
    const Variant before = assignment;
    pass();
    if (assignment == before) break;
  }
  return assignment;
}

void Examples::FindWhatMatters(Example& example, Lit claim) {
  example.matters.clear();
  example.members.clear();
  for (size_t i = 0; i < formula_.policy().attributes.size(); ++i) {
    const hir::Attribute& attribute = formula_.policy().attributes[i];
    const InputVariable& input = *formula_.variables().inputs[i];
    const std::vector<bool> holds = Holds(ValuesOf(example.assignment, input), claim);
    example.matters.push_back(std::find(holds.begin(), holds.end(), false) != holds.end());
    std::vector<uint32_t>& members = example.members.emplace_back();
    if (attribute.type != AttributeType::kEnum) continue;
    for (uint32_t member = 0; member < attribute.members.size() && member < holds.size(); ++member)
      if (holds[member] && input.values[member] == attribute.members[member]) members.push_back(member);
  }
}

}  // namespace hpol::prove
