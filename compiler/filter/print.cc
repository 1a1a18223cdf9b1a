#include "compiler/filter/print.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "compiler/filter/byte_set.h"

namespace hpol::filter {
namespace {

std::string Plane(uint16_t plane) { return "p" + std::to_string(plane); }

std::string PlaneBytes(const Program& program, int plane) {
  ByteSet set;
  for (size_t byte = 0; byte < 256; ++byte) set[byte] = ((program.classes[byte] >> plane) & 1) != 0;
  return set.none() ? "nothing" : Text(set);
}

std::string Step(const Op& op) {
  std::string text = Plane(op.result) + " = " + Plane(op.left);
  switch (op.kind) {
    case Op::Kind::kAnd:
      return text + " & " + Plane(op.right);
    case Op::Kind::kAndNot:
      return text + " & ~" + Plane(op.right);
    case Op::Kind::kOr:
      return text + " | " + Plane(op.right);
    case Op::Kind::kDelay:
      break;
  }
  return text + " moved " + std::to_string(op.amount) + " later";
}

std::string RunText(const std::array<uint64_t, 4>& run) {
  ByteSet set;
  for (size_t byte = 0; byte < 256; ++byte) set[byte] = ((run[byte >> 6] >> (byte & 63)) & 1) != 0;
  return Text(set);
}

std::string PlanText(const Plan& plan) {
  static constexpr const char* kKinds[] = {
      "window from the beginning: ", "window round a byte inside: ", "literals: "};
  char rate[48];
  std::snprintf(rate, sizeof rate, "  (%.2f a KiB of background text)", plan.per_kilobyte);
  return kKinds[static_cast<size_t>(plan.kind)] + plan.condition + rate;
}

std::string Percent(double share) {
  return std::to_string(std::lround(100 * share)) + " % of the blocks of background text";
}

void PrintOutputs(const Program& program, const std::vector<hir::Detector>& detectors, std::string& out) {
  for (const Output& output : program.outputs) {
    out += "  output " + Plane(output.plane) + ": " + detectors[output.detector].name + " begins " +
           std::to_string(output.back) + " before";
    if (output.runs) out += ", or in the run of " + RunText(program.runs[output.run]) + " that ends there";
    out += '\n';
  }
  for (const uint16_t detector : program.unfiltered) {
    out += "  everywhere: " + detectors[detector].name + "\n";
  }
}

void PrintLiterals(const Program& program, const std::vector<hir::Detector>& detectors, std::string& out) {
  const Literals& literals = program.literals;
  if (literals.empty()) return;
  out += "  literals: " + std::to_string(literals.wide.all.size()) + " in " +
         std::to_string(literals.groups) + (literals.groups == 1 ? " group" : " groups") +
         " of pair tables, " + std::to_string(literals.wide.hash_bits.size() * 32) + " hash bits, " +
         std::to_string(literals.wide.heads.size()) + " heads\n";
  for (size_t detector = 0; detector < detectors.size(); ++detector) {
    const auto count = std::count_if(literals.wide.all.begin(), literals.wide.all.end(),
                                     [&](const Anchor& anchor) { return anchor.detector == detector; });
    if (count > 0) out += "    " + detectors[detector].name + ": " + std::to_string(count) + "\n";
  }
}

}  // namespace

std::string Print(const Derived& derived, const std::vector<hir::Detector>& detectors) {
  const Program& program = derived.program;
  std::string out = "filter: " + std::to_string(program.planes) + " planes, " +
                    std::to_string(program.ops.size()) + " steps, " + std::to_string(program.outputs.size()) +
                    " outputs\n";
  const std::vector<uint16_t>& everywhere = program.unfiltered;
  for (size_t i = 0; i < derived.plans.size(); ++i) {
    if (std::find(everywhere.begin(), everywhere.end(), i) != everywhere.end()) continue;
    out += "  " + detectors[i].name + ": " + PlanText(derived.plans[i]) + "\n";
  }
  for (int plane = 0; plane < kClassPlanes; ++plane) {
    out += "  " + Plane(static_cast<uint16_t>(plane)) + " = " + PlaneBytes(program, plane) + "\n";
  }
  uint32_t step = 0;
  for (size_t g = 0; g < program.groups.size(); ++g) {
    if (g > 0)
      out +=
          "  where " + Plane(program.groups[g].guard) + " is set, in " + Percent(derived.shares[g]) + ":\n";
    for (; step < program.groups[g].ops; ++step)
      out += (g > 0 ? "    " : "  ") + Step(program.ops[step]) + "\n";
  }
  PrintOutputs(program, detectors, out);
  PrintLiterals(program, detectors, out);
  return out;
}

}  // namespace hpol::filter
