// Eight bits a byte that tell apart what the conditions of a policy ask for. Sets of letters and digits get a
// plane each; punctuation shares the others by number, so that a dozen characters need four.
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/filter/background.h"
#include "compiler/filter/byte_set.h"
#include "runtime/abi/filter.h"

namespace hpol::filter {

// A set as a sum of products of planes, perhaps complemented. Not complemented, it is false where all planes
// are clear, as they are around the text.
struct SetRecipe {
  struct Product {
    uint8_t set = 0;    // planes that must be set; never none
    uint8_t clear = 0;  // planes that must be clear
  };
  std::vector<Product> sum;
  bool negated = false;
  ByteSet bytes;  // what it really holds: the wanted set or more
};

class ClassPlanes {
 public:
  explicit ClassPlanes(const Background& background) : background_(background) {}

  // Says which sets conditions will ask for, and how much depends on it.
  void Want(const ByteSet& set, double weight);
  // Fixes the planes of each byte; anew when more was wanted since.
  void Fix();

  void Write(Program& program) const;

  // The smallest set that contains `set` and can be had.
  ByteSet Available(const ByteSet& set) const;
  SetRecipe Find(const ByteSet& set) const;

 private:
  struct Wish {
    ByteSet set;
    bool negated = false;  // its complement is asked for
    double weight = 0;
  };
  std::vector<Wish> Parts(const ByteSet& of) const;
  std::vector<ByteSet> Narrow() const;
  void FixWide(size_t planes);
  void FixNarrow(const std::vector<ByteSet>& kinds, size_t planes);

  const Background& background_;
  std::vector<Wish> wanted_;
  std::array<uint8_t, 128> classes_{};
  size_t used_ = 0;  // planes given away
};

}  // namespace hpol::filter
