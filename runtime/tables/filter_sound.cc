#include <algorithm>

#include "runtime/tables/filter_pack.h"

namespace hpol {
namespace filter {
namespace {

bool IsSound(const Anchors& anchors, size_t detectors) {
  if (anchors.all.empty()) return anchors.hash_bits.empty() && anchors.heads.empty();
  // `next` leads to an anchor that was written before, so that every chain ends.
  for (size_t i = 0; i < anchors.all.size(); ++i) {
    const Anchor& anchor = anchors.all[i];
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

bool IsSound(const Literals& literals, size_t detectors) {
  return literals.groups >= 0 && literals.groups <= kLiteralGroups &&
         literals.detectors.size() <= (detectors + 63) / 64 && IsSound(literals.wide, detectors) &&
         IsSound(literals.narrow, detectors);
}

}  // namespace

bool IsSound(const Program& program, size_t detectors) {
  if (program.planes < kClassPlanes) return false;
  // A step reads planes that are there already and makes the next one.
  size_t made = kClassPlanes;
  for (const Op& op : program.ops) {
    if (op.kind > Op::Kind::kDelay || op.left >= made || op.right >= made || op.result != made) return false;
    if (op.kind == Op::Kind::kDelay && (op.amount < 1 || op.amount > 63)) return false;
    ++made;
  }
  if (made != program.planes) return false;
  for (const Output& output : program.outputs) {
    if (output.plane >= made || output.detector >= detectors) return false;
    if (output.runs && output.run >= program.runs.size()) return false;
  }
  for (const uint16_t detector : program.unfiltered) {
    if (detector >= detectors) return false;
  }
  return IsSound(program.literals, detectors);
}

}  // namespace filter

bool IsSound(const Openings& openings, size_t detectors) {
  return openings.words == (detectors + 63) / 64 &&
         openings.sets.size() == size_t{kOpeningBytes + 1} * 256 * openings.words;
}

}  // namespace hpol
