// Builds a filter program: byte sets become combinations of planes, equal steps are shared,
// and each condition ends in one output. First the guards, then windows that run in every block, then those
// of one guard after the other.
#pragma once

#include <map>
#include <tuple>
#include <vector>

#include "compiler/filter/byte_set.h"
#include "compiler/filter/guards.h"
#include "compiler/filter/planes.h"
#include "compiler/filter/windows.h"
#include "runtime/abi/filter.h"

namespace hpol::filter {

class ProgramBuilder {
 public:
  ProgramBuilder(const ClassPlanes& planes, Program& program) : planes_(planes), program_(program) {
    planes.Write(program);
  }

  void AddGuard(const Guard& guard);
  // What is added from here on runs only where guard `index` fires.
  void BeginGroup(size_t index);
  // After the last window.
  void Finish();

  // Adds the condition that all `places` hold. The output's `back` is the last offset.
  // False, and nothing added, when the planes cannot express any of it.
  bool AddWindow(const Window& window, const std::vector<Place>& places, uint16_t detector);

 private:
  // A plane register, or its complement.
  struct Value {
    uint16_t plane = 0;
    bool negated = false;
  };
  Value Make(const ByteSet& set);
  Value Delayed(Value value, int amount);
  Value Repeated(Value value, int length, bool some);
  uint16_t Emit(Op::Kind kind, uint8_t amount, uint16_t left, uint16_t right);

  const ClassPlanes& planes_;
  Program& program_;
  using Steps = std::map<std::tuple<uint8_t, uint8_t, uint16_t, uint16_t>, uint16_t>;
  std::vector<uint16_t> guards_;  // their planes
  Steps made_;                    // by the first group
  Steps made_here_;               // by a later one
  uint16_t guard_ = 0;            // of the group that is being written
};

}  // namespace hpol::filter
