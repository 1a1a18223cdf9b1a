#include <cstring>

#include "runtime/kernels/filter_variants.h"

namespace hpol::filter {
namespace {

struct Plane {
  uint64_t words[kLanes];
};

Plane Apply(const Op& op, const Plane& left, const Plane& right) {
  Plane result{};
  for (int lane = 0; lane < kLanes; ++lane) {
    const uint64_t a = left.words[lane];
    const uint64_t b = right.words[lane];
    switch (op.kind) {
      case Op::Kind::kAnd:
        result.words[lane] = a & b;
        break;
      case Op::Kind::kAndNot:
        result.words[lane] = a & ~b;
        break;
      case Op::Kind::kOr:
        result.words[lane] = a | b;
        break;
      case Op::Kind::kDelay:
        result.words[lane] = a << op.amount | (lane > 0 ? left.words[lane - 1] >> (64 - op.amount) : 0);
        break;
    }
  }
  return result;
}

}  // namespace

uint64_t InterpretSteps(const Program& program, const uint64_t* planes, uint64_t* any, uint64_t* outputs) {
  static thread_local std::vector<Plane> registers;  // interpreting is slow anyway
  registers.resize(program.planes);
  std::memcpy(registers.data(), planes, kClassPlanes * sizeof(Plane));
  for (const Op& op : program.ops) {
    const Plane& right = registers[op.kind == Op::Kind::kDelay ? op.left : op.right];
    registers[op.result] = Apply(op, registers[op.left], right);
  }
  std::memset(any, 0, sizeof(Plane));
  uint64_t found = 0;
  for (size_t i = 0; i < program.outputs.size(); ++i) {
    const Plane& plane = registers[program.outputs[i].plane];
    std::memcpy(outputs + i * kLanes, plane.words, sizeof(Plane));
    for (int lane = 1; lane < kLanes; ++lane) {
      any[lane] |= plane.words[lane];
      found |= plane.words[lane];
    }
  }
  return found != 0 ? 1 : 0;
}

}  // namespace hpol::filter
