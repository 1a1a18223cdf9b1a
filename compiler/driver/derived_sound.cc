#include <algorithm>

#include "compiler/driver/derived_pack.h"

namespace hpol::driver {
namespace {

bool IsSound(const filter::Anchors& anchors, size_t detectors) {
  if (anchors.all.empty()) return anchors.hash_bits.empty() && anchors.heads.empty();
  // `next` leads to an anchor that was written before, so that every chain ends.
  for (size_t i = 0; i < anchors.all.size(); ++i) {
    const filter::Anchor& anchor = anchors.all[i];
    if (anchor.detector >= detectors || anchor.next > i || anchor.offset > anchors.longest_offset)
      return false;
  }
  return anchors.hash_width >= 5 && anchors.hash_width <= 24 && anchors.head_width >= 1 &&
         anchors.head_width <= anchors.hash_width &&
         anchors.hash_bits.size() == size_t{1} << (anchors.hash_width - 5) &&
         anchors.heads.size() == size_t{1} << anchors.head_width &&
         std::all_of(anchors.heads.begin(), anchors.heads.end(),
                     [&](uint32_t link) { return link <= anchors.all.size(); });
}

bool IsSound(const filter::Literals& literals, size_t detectors) {
  return literals.groups >= 0 && literals.groups <= filter::kLiteralGroups &&
         literals.detectors.size() <= (detectors + 63) / 64 && IsSound(literals.wide, detectors) &&
         IsSound(literals.narrow, detectors);
}

bool IsSound(const filter::Program& program, size_t detectors) {
  if (program.planes < filter::kClassPlanes) return false;
  // A step reads planes that are there already and makes the next one.
  size_t made = filter::kClassPlanes;
  for (const filter::Op& op : program.ops) {
    if (op.kind > filter::Op::Kind::kDelay || op.left >= made || op.right >= made || op.result != made)
      return false;
    if (op.kind == filter::Op::Kind::kDelay && (op.amount < 1 || op.amount > 63)) return false;
    ++made;
  }
  if (made != program.planes) return false;
  for (const filter::Output& output : program.outputs) {
    if (output.plane >= made || output.detector >= detectors) return false;
    if (output.runs && output.run >= program.runs.size()) return false;
  }
  for (const uint16_t detector : program.unfiltered) {
    if (detector >= detectors) return false;
  }
  return IsSound(program.literals, detectors);
}

}  // namespace

bool IsSound(const pattern::Matcher& matcher) {
  const size_t classes = matcher.class_count;
  if (classes == 0 || classes > 257 || matcher.edge_class != classes - 1) return false;
  if (matcher.next.empty() || matcher.next.size() % classes != 0) return false;
  if (matcher.accepts.size() != matcher.next.size() || matcher.max_length > pattern::kMaxMatchBytes)
    return false;
  const uint32_t states = matcher.state_count();
  const uint32_t largest = *std::max_element(matcher.next.begin(), matcher.next.end());
  const uint16_t last_class = *std::max_element(matcher.class_of.begin(), matcher.class_of.end());
  return largest < states && last_class < matcher.edge_class && matcher.start < states &&
         matcher.first_accepting <= matcher.first_always && matcher.first_always <= states &&
         std::all_of(
             matcher.next.begin(), matcher.next.begin() + static_cast<ptrdiff_t>(classes),
             [](uint32_t state) { return state == 0; });
}

bool IsSound(const Filtering& filtering, size_t detectors) {
  return IsSound(filtering.derived.program, detectors) && filtering.derived.plans.size() == detectors &&
         std::all_of(filtering.derived.plans.begin(), filtering.derived.plans.end(),
                     [](const filter::Plan& plan) { return plan.kind <= filter::Plan::Kind::kLiterals; }) &&
         filtering.openings.words == (detectors + 63) / 64 &&
         filtering.openings.sets.size() == size_t{kOpeningBytes + 1} * 256 * filtering.openings.words;
}

}  // namespace hpol::driver
