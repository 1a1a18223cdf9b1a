#include <algorithm>
#include <cstring>

#include "runtime/kernels/filter_variants.h"

namespace hpol::filter {
namespace {

struct Plane {
  uint64_t words[kLanes];
};

// The bytes of `word`, `amount` later, where `before` is the word before it.
template <bool kReversed>
uint64_t Delay(uint64_t before, uint64_t word, uint32_t amount) {
  return kReversed ? word >> amount | before << (64 - amount) : word << amount | before >> (64 - amount);
}

template <bool kReversed>
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
        result.words[lane] = Delay<kReversed>(lane > 0 ? left.words[lane - 1] : 0, a, op.amount);
        break;
    }
  }
  return result;
}

// Whether a word from `first` on is not zero.
bool IsSet(const Plane& plane, int first) {
  return std::any_of(plane.words + first, plane.words + kLanes, [](uint64_t word) { return word != 0; });
}

}  // namespace

template <bool kReversed>
uint64_t InterpretSteps(const Program& program, const uint64_t* planes, uint64_t* any, uint64_t* outputs) {
  static thread_local std::vector<Plane> registers;  // interpreting is slow anyway
  registers.resize(program.planes);
  std::memcpy(registers.data(), planes, kClassPlanes * sizeof(Plane));
  std::memset(any, 0, sizeof(Plane));
  uint64_t found = 0;
  StepGroup before;
  for (size_t g = 0; g < program.groups.size(); ++g) {
    const StepGroup& group = program.groups[g];
    if (g == 0 || IsSet(registers[group.guard], 0)) {
      for (size_t i = before.ops; i < group.ops; ++i) {
        const Op& op = program.ops[i];
        const Plane& right = registers[op.kind == Op::Kind::kDelay ? op.left : op.right];
        registers[op.result] = Apply<kReversed>(op, registers[op.left], right);
      }
      for (size_t i = before.outputs; i < group.outputs; ++i) {
        const Plane& plane = registers[program.outputs[i].plane];
        std::memcpy(outputs + i * kLanes, plane.words, sizeof(Plane));
        for (int lane = 1; lane < kLanes; ++lane) any[lane] |= plane.words[lane];
        found |= uint64_t{IsSet(plane, 1)} << g;
      }
    }
    before = group;
  }
  return found;
}

template uint64_t InterpretSteps<false>(const Program&, const uint64_t*, uint64_t*, uint64_t*);
template uint64_t InterpretSteps<true>(const Program&, const uint64_t*, uint64_t*, uint64_t*);

}  // namespace hpol::filter
