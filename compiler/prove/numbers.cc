#include "compiler/prove/numbers.h"

#include <algorithm>

namespace hpol::prove {
namespace {

Lit BitOf(const Number& number, size_t bit) { return bit < number.size() ? number[bit] : kFalse; }

}  // namespace

int BitsFor(uint64_t value) {
  int bits = 0;
  for (; value != 0; value >>= 1) ++bits;
  return bits;
}

Number NewNumber(Aig& aig, int bits) {
  Number number;
  for (int i = 0; i < bits; ++i) number.push_back(aig.NewInput());
  return number;
}

Number Constant(uint64_t value) {
  Number number;
  for (; value != 0; value >>= 1) number.push_back((value & 1) != 0 ? kTrue : kFalse);
  return number;
}

Number Add(Aig& aig, const Number& a, const Number& b) {
  Number sum;
  Lit carry = kFalse;
  for (size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    const Lit x = BitOf(a, i);
    const Lit y = BitOf(b, i);
    const Lit half = aig.Xor(x, y);
    sum.push_back(aig.Xor(half, carry));
    carry = aig.Or(aig.And(x, y), aig.And(half, carry));
  }
  sum.push_back(carry);
  return sum;
}

Lit AtLeast(Aig& aig, const Number& a, const Number& b) {
  Lit at_least = kTrue;  // of the bits so far
  for (size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    const Lit x = BitOf(a, i);
    const Lit y = BitOf(b, i);
    at_least = aig.Or(aig.And(x, Negate(y)), aig.And(Negate(aig.And(Negate(x), y)), at_least));
  }
  return at_least;
}

Lit AtLeast(Aig& aig, const Number& a, int64_t value) {
  return value <= 0 ? kTrue : AtLeast(aig, a, Constant(static_cast<uint64_t>(value)));
}

Number If(Aig& aig, Lit condition, const Number& yes, const Number& no) {
  Number number;
  for (size_t i = 0; i < std::max(yes.size(), no.size()); ++i)
    number.push_back(aig.If(condition, BitOf(yes, i), BitOf(no, i)));
  return number;
}

Number Min(Aig& aig, const Number& a, const Number& b) { return If(aig, AtLeast(aig, a, b), b, a); }

Choice::Choice(Aig& aig, size_t size) : is_(size, kFalse), at_least_(size + 1, kFalse) {
  if (size == 0) return;
  Split(aig, 0, size, kTrue);
  at_least_[0] = kTrue;
  for (size_t value = 1; value < size; ++value) at_least_[value] = Ordered(aig, value, 0);
}

size_t Choice::Split(Aig& aig, size_t begin, size_t end, Lit reached) {
  if (end - begin == 1) {
    is_[begin] = reached;
    return 0;
  }
  const size_t fork = forks_.size();
  const size_t middle = begin + (end - begin) / 2;
  const Lit high = aig.NewInput();
  forks_.push_back({high, aig.inputs() - 1, middle, 0, 0});
  const size_t below = Split(aig, begin, middle, aig.And(reached, Negate(high)));
  const size_t above = Split(aig, middle, end, aig.And(reached, high));
  forks_[fork].below = below;
  forks_[fork].above = above;
  return fork;
}

Lit Choice::Ordered(Aig& aig, size_t value, size_t fork) const {
  const Fork& at = forks_[fork];
  if (value == at.middle) return at.high;
  if (value < at.middle) return aig.Or(at.high, Ordered(aig, value, at.below));
  return aig.And(at.high, Ordered(aig, value, at.above));
}

size_t Choice::Get(const std::vector<bool>& inputs) const {
  size_t begin = 0;
  size_t end = size();
  for (size_t fork = 0; end - begin > 1;) {
    const Fork& at = forks_[fork];
    const bool high = inputs[at.input];
    (high ? begin : end) = at.middle;
    fork = high ? at.above : at.below;
  }
  return begin;
}

void Choice::Set(std::vector<bool>& inputs, size_t value) const {
  size_t begin = 0;
  size_t end = size();
  for (size_t fork = 0; end - begin > 1;) {
    const Fork& at = forks_[fork];
    const bool high = value >= at.middle;
    inputs[at.input] = high;
    (high ? begin : end) = at.middle;
    fork = high ? at.above : at.below;
  }
}

}  // namespace hpol::prove
