// Small unsigned numbers and choices among values, as literals. Every assignment of their inputs is a
// value, so no side clause is needed and any random word is a request. Private to compiler/prove.
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/prove/aig.h"

namespace hpol::prove {

// Lowest bit first.
using Number = std::vector<Lit>;

// A number of `bits` free bits.
Number NewNumber(Aig& aig, int bits);
Number Constant(uint64_t value);
// One bit wider than the wider operand: exact.
Number Add(Aig& aig, const Number& a, const Number& b);
Lit AtLeast(Aig& aig, const Number& a, const Number& b);
Lit AtLeast(Aig& aig, const Number& a, int64_t value);
Number If(Aig& aig, Lit condition, const Number& yes, const Number& no);
Number Min(Aig& aig, const Number& a, const Number& b);
// Bits that can hold `value`.
int BitsFor(uint64_t value);

// Exactly one of `size` values, by a tree of selector inputs. Gives both readings of the value:
// one-hot (`Is`) and ordered (`AtLeast`).
class Choice {
 public:
  Choice() = default;
  Choice(Aig& aig, size_t size);

  size_t size() const { return is_.size(); }
  Lit Is(size_t value) const { return is_[value]; }
  // The value is `value` or a later one; `value` may be size(): never.
  Lit AtLeast(size_t value) const { return at_least_[value]; }

  size_t Get(const std::vector<bool>& inputs) const;
  void Set(std::vector<bool>& inputs, size_t value) const;

 private:
  struct Fork {
    Lit high = kFalse;  // the value is `middle` or later
    size_t input = 0;   // the number of that input
    size_t middle = 0;
    size_t below = 0, above = 0;  // further forks; 0 where one value is left (fork 0 is the root)
  };
  size_t Split(Aig& aig, size_t begin, size_t end, Lit reached);
  Lit Ordered(Aig& aig, size_t value, size_t fork) const;

  std::vector<Fork> forks_;
  std::vector<Lit> is_;
  std::vector<Lit> at_least_;
};

}  // namespace hpol::prove
