#include <algorithm>

#include "compiler/driver/derived_pack.h"

namespace hpol::driver {
namespace {

bool IsSound(const filter::Literals& literals, size_t detectors) {
  const auto is_link = [&](uint32_t link) { return link <= literals.anchors.size(); };
  if (literals.groups < 0 || literals.groups > filter::kLiteralGroups) return false;
  if (literals.empty()) return true;
  // `next` leads to an anchor that was written before, so that every chain ends.
  for (size_t i = 0; i < literals.anchors.size(); ++i) {
    if (literals.anchors[i].detector >= detectors || literals.anchors[i].next > i ||
        literals.anchors[i].offset > literals.longest_offset) {
      return false;
    }
  }
  return literals.detectors.size() <= (detectors + 63) / 64 && literals.hash_width >= 5 &&
         literals.hash_width <= 24 && literals.head_width >= 1 &&
         literals.head_width <= literals.hash_width &&
         literals.hash_bits.size() == size_t{1} << (literals.hash_width - 5) &&
         literals.heads.size() == size_t{1} << literals.head_width &&
         std::all_of(literals.heads.begin(), literals.heads.end(), is_link);
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
