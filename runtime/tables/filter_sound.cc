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

// A step makes the next plane, from planes that are there already: of the first group, or of its own.
bool IsSound(const Program& program, const StepGroup& group, size_t begin, size_t output_begin) {
  const size_t shared = kClassPlanes + program.groups.front().ops;
  const auto is_there = [&](size_t plane, size_t made) {
    return plane < made && (plane < shared || plane >= kClassPlanes + begin);
  };
  if (group.ops < begin || group.ops > program.ops.size()) return false;
  if (group.outputs < output_begin || group.outputs > program.outputs.size()) return false;
  if (group.guard >= shared) return false;
  for (size_t i = begin; i < group.ops; ++i) {
    const Op& op = program.ops[i];
    const size_t made = kClassPlanes + i;
    if (op.kind > Op::Kind::kDelay || op.result != made || !is_there(op.left, made)) return false;
    if (op.kind == Op::Kind::kDelay ? op.amount < 1 || op.amount > 63 : !is_there(op.right, made))
      return false;
  }
  for (size_t i = output_begin; i < group.outputs; ++i) {
    if (!is_there(program.outputs[i].plane, kClassPlanes + group.ops)) return false;
  }
  return true;
}

}  // namespace

bool IsSound(const Program& program, size_t detectors) {
  if (program.planes != kClassPlanes + program.ops.size()) return false;
  if (program.groups.empty() || program.groups.size() > kMaxGroups) return false;
  StepGroup before;
  for (const StepGroup& group : program.groups) {
    if (!IsSound(program, group, before.ops, before.outputs)) return false;
    before = group;
  }
  if (before.ops != program.ops.size() || before.outputs != program.outputs.size()) return false;
  for (const Output& output : program.outputs) {
    if (output.detector >= detectors || (output.runs && output.run >= program.runs.size())) return false;
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
