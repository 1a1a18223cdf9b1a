// Builds a filter program: byte sets become planes or combinations of planes, equal
// steps are shared, and each condition ends in one output.
#pragma once

#include <map>
#include <tuple>
#include <vector>

#include "compiler/filter/byte_set.h"
#include "compiler/filter/windows.h"
#include "runtime/abi/filter.h"

namespace hpol::filter {

class ProgramBuilder {
 public:
  explicit ProgramBuilder(Program& program) : program_(program) {}

  // Says which sets conditions will ask for; then fixes the sixteen planes.
  void Want(const ByteSet& set, double weight);
  void FixPlanes();

  // The smallest set that contains `set` and can be had from the planes (the set of all
  // bytes where there is none).
  ByteSet Available(const ByteSet& set) const;

  // Adds the condition that all `places` hold. The output's `back` is the last offset.
  // False, and nothing added, when the planes cannot express any of it.
  bool AddWindow(const Window& window, const std::vector<Place>& places, uint16_t detector);

 private:
  // A plane register, or its complement.
  struct Value {
    uint16_t plane = 0;
    bool negated = false;
  };
  // How a set is made of class planes: an OR of planes, perhaps complemented.
  struct Recipe {
    std::vector<uint16_t> planes;
    bool negated = false;
    ByteSet set;
  };
  Recipe Find(const ByteSet& set) const;
  Value Make(const ByteSet& set);
  Value Delayed(Value value, int amount);
  Value Repeated(Value value, int length);
  uint16_t CarryOf(uint16_t plane);
  uint16_t Emit(Op::Kind kind, uint8_t amount, uint16_t left, uint16_t right);

  Program& program_;
  std::vector<std::pair<ByteSet, double>> wanted_;
  std::vector<ByteSet> planes_;
  std::map<std::tuple<uint8_t, uint8_t, uint16_t, uint16_t>, uint16_t> made_;
};

}  // namespace hpol::filter
