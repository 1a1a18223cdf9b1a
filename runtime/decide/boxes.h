// A condition → its box: for every dimension the classes with which the condition may hold. The law of the
// index: a condition that may be true puts the request inside its box. Where the box is the whole condition
// it is exact, and nothing more need be checked. Door: BoxMaker.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "runtime/abi/tables.h"
#include "runtime/decide/domains.h"

namespace hpol::decide {

struct Interval {
  uint32_t begin = 0;
  uint32_t end = 0;  // exclusive
};

// The classes of one dimension, as intervals that ascend and do not touch. kBlocked: the elements that are
// forbidden; all others: what is allowed ("missing" and "unknown" are classes like others).
struct Side {
  uint32_t dimension = 0;
  uint32_t begin = 0;  // in the maker's intervals
  uint32_t count = 0;
};

struct Box {
  uint32_t begin = 0;  // in the maker's sides
  uint32_t count = 0;
  bool exact = true;
  bool never = false;  // no request is inside
};

class BoxMaker {
 public:
  BoxMaker(const ir::Tables& tables, const Domains& domains);

  Box Make(ir::Range condition);

  std::span<const Side> sides(const Box& box) const { return {sides_.data() + box.begin, box.count}; }
  std::span<const Interval> intervals(const Side& side) const {
    return {intervals_.data() + side.begin, side.count};
  }

 private:
  // Its sides are those of sides_ from `begin` on, up to the next operand's.
  struct Operand {
    uint32_t begin = 0;
    bool exact = true;
    bool never = false;
  };
  struct Literal {
    bool made = false;
    Side side;
  };

  void PushLiteral(uint32_t fact, bool negated);
  Side MakeLiteral(uint32_t fact, bool negated);
  Side MakeTruth(const ir::Fact& fact, uint32_t dimension, bool negated);
  Side Members(const FactForm& form, uint32_t dimension, bool negated);
  Side Store(uint32_t dimension, std::initializer_list<Interval> intervals);
  void And(uint32_t count);
  void Or(uint32_t count);
  uint32_t End(size_t operand) const;
  bool Meet(Side& left, const Side& right, Operand& result);
  Side Union(const Side& left, const Side& right);
  Side Intersection(const Side& left, const Side& right);
  uint64_t Width(const Side& side) const;

  const ir::Tables& tables_;
  const Domains& domains_;
  std::vector<Interval> intervals_;
  std::vector<Side> sides_;
  std::vector<Operand> operands_;
  std::vector<Literal> literals_;  // 2 * fact + negated
  std::vector<Side> result_;
  std::vector<uint32_t> found_;  // by dimension: 1 + where it is in result_
};

}  // namespace hpol::decide
