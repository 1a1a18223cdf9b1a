#include "runtime/decide/boxes.h"

#include <algorithm>
#include <utility>

namespace hpol::decide {

BoxMaker::BoxMaker(const ir::Tables& tables, const Domains& domains)
    : tables_(tables),
      domains_(domains),
      literals_(tables.facts.size() * 2),
      found_(domains.dimensions.size()) {}

Box BoxMaker::Make(ir::Range condition) {
  const auto begin = static_cast<uint32_t>(sides_.size());
  operands_.clear();
  for (uint32_t i = condition.begin; i < condition.begin + condition.count; ++i) {
    const ir::Node& node = tables_.nodes[i];
    switch (node.kind) {
      case ir::NodeKind::kFact:
      case ir::NodeKind::kNotFact:
        PushLiteral(node.value, node.kind == ir::NodeKind::kNotFact);
        break;
      case ir::NodeKind::kAnd:
        And(node.value);
        break;
      case ir::NodeKind::kOr:
        Or(node.value);
        break;
      case ir::NodeKind::kTrue:
      case ir::NodeKind::kFalse:
        operands_.push_back({static_cast<uint32_t>(sides_.size()), true, node.kind == ir::NodeKind::kFalse});
        break;
    }
  }
  const Operand top = operands_.empty() ? Operand{begin} : operands_.back();
  return {begin, static_cast<uint32_t>(sides_.size()) - begin, top.exact, top.never};
}

Side BoxMaker::Store(uint32_t dimension, std::initializer_list<Interval> intervals) {
  const auto begin = static_cast<uint32_t>(intervals_.size());
  for (const Interval& interval : intervals)
    if (interval.begin < interval.end) intervals_.push_back(interval);
  return {dimension, begin, static_cast<uint32_t>(intervals_.size()) - begin};
}

void BoxMaker::PushLiteral(uint32_t fact, bool negated) {
  const auto begin = static_cast<uint32_t>(sides_.size());
  const uint32_t dimension = domains_.facts[fact].dimension;
  const bool evidence = dimension != kNoDimension && dimension == domains_.evidence_dimension;
  if (dimension == kNoDimension || (evidence && negated)) {
    operands_.push_back({begin, false, false});
    return;
  }
  Literal& literal = literals_[2 * fact + (negated ? 1 : 0)];
  if (!literal.made) literal = {true, MakeLiteral(fact, negated)};
  sides_.push_back(literal.side);
  const bool one_class = IsOneClass(domains_.dimensions[literal.side.dimension].kind);
  operands_.push_back({begin, true, one_class && literal.side.count == 0});
}

Side BoxMaker::MakeLiteral(uint32_t fact, bool negated) {
  const ir::Fact& row = tables_.facts[fact];
  const FactForm& form = domains_.facts[fact];
  const Dimension& dimension = domains_.dimensions[form.dimension];
  const uint32_t missing = dimension.classes;  // of a scalar
  switch (dimension.kind) {
    case DimensionKind::kTruth:
      return MakeTruth(row, form.dimension, negated);
    case DimensionKind::kLevel:
      return negated ? Store(form.dimension, {{0, form.begin}})
                     : Store(form.dimension, {{form.begin, dimension.classes}});
    case DimensionKind::kEvidence:
      return Store(form.dimension, {{form.begin, form.begin + 1}});
    case DimensionKind::kElements:
    case DimensionKind::kBlocked:
      // The blocked elements stand behind the elements of their attribute.
      return Members(form, negated ? form.dimension + 1 : form.dimension, false);
    case DimensionKind::kScalar:
      break;
  }
  if (row.kind == ir::FactKind::kPresent)
    return negated ? Store(form.dimension, {{missing, missing + 1}}) : Store(form.dimension, {{0, missing}});
  if (row.kind == ir::FactKind::kAtLeast)
    return negated ? Store(form.dimension, {{0, form.begin}, {missing, missing + 1}})
                   : Store(form.dimension, {{form.begin, missing + 1}});
  return Members(form, form.dimension, negated);
}

// False, true, unknown: unknown may be either.
Side BoxMaker::MakeTruth(const ir::Fact& fact, uint32_t dimension, bool negated) {
  if (negated) return Store(dimension, {{kClassFalse, kClassFalse + 1}, {kClassUnknown, kClassUnknown + 1}});
  const bool never_unknown = fact.kind == ir::FactKind::kPresent || fact.kind == ir::FactKind::kLevel;
  return Store(dimension, {{kClassTrue, never_unknown ? kClassUnknown : kClassUnknown + 1}});
}

// The classes that a fact names, or all others. A missing scalar may be either.
Side BoxMaker::Members(const FactForm& form, uint32_t dimension, bool negated) {
  const auto begin = static_cast<uint32_t>(intervals_.size());
  const uint32_t classes = domains_.dimensions[dimension].classes;
  const bool scalar = IsOneClass(domains_.dimensions[dimension].kind);
  uint32_t next = 0;  // the first class that is not yet decided
  const auto add = [&](uint32_t first, uint32_t last) {
    if (first >= last) return;
    if (intervals_.size() > begin && intervals_.back().end == first) {
      intervals_.back().end = last;
    } else {
      intervals_.push_back({first, last});
    }
  };
  for (uint32_t i = 0; i < form.count; ++i) {
    const uint32_t member = domains_.members[form.begin + i];
    if (negated) add(next, member);
    if (!negated) add(member, member + 1);
    next = member + 1;
  }
  if (negated) add(next, classes);
  if (scalar) add(classes, classes + 1);
  return {dimension, begin, static_cast<uint32_t>(intervals_.size()) - begin};
}

uint32_t BoxMaker::End(size_t operand) const {
  return operand + 1 < operands_.size() ? operands_[operand + 1].begin : static_cast<uint32_t>(sides_.size());
}

uint64_t BoxMaker::Width(const Side& side) const {
  uint64_t width = 0;
  for (const Interval& interval : intervals(side)) width += interval.end - interval.begin;
  return width;
}

// Both sides hold. False: they cannot.
bool BoxMaker::Meet(Side& left, const Side& right, Operand& result) {
  const DimensionKind kind = domains_.dimensions[left.dimension].kind;
  if (kind == DimensionKind::kBlocked) {
    left = Union(left, right);
  } else if (IsOneClass(kind)) {
    left = Intersection(left, right);
    return left.count != 0;
  } else {  // some of these and some of those: the narrower is kept, the other checked
    if (Width(right) < Width(left)) left = right;
    result.exact = false;
  }
  return true;
}

void BoxMaker::And(uint32_t count) {
  const size_t first = operands_.size() - count;
  Operand result{operands_[first].begin};
  result_.clear();
  for (size_t i = first; i < operands_.size(); ++i) {
    result.exact = result.exact && operands_[i].exact;
    result.never = result.never || operands_[i].never;
    for (uint32_t s = operands_[i].begin; s < End(i); ++s) {
      uint32_t& found = found_[sides_[s].dimension];
      if (found == 0) {
        result_.push_back(sides_[s]);
        found = static_cast<uint32_t>(result_.size());
      } else if (!Meet(result_[found - 1], sides_[s], result)) {
        result.never = true;
      }
    }
  }
  for (const Side& side : result_) found_[side.dimension] = 0;
  sides_.resize(result.begin);
  sides_.insert(sides_.end(), result_.begin(), result_.end());
  operands_.resize(first);
  operands_.push_back(result);
}

// Only what every operand constrains is constrained. Exact where all are about one and the same dimension.
void BoxMaker::Or(uint32_t count) {
  const size_t first = operands_.size() - count;
  Operand result{operands_[first].begin, true, true};
  result_.clear();
  bool any = false;
  for (size_t i = first; i < operands_.size(); ++i) {
    if (operands_[i].never) continue;
    const std::span<const Side> sides(sides_.data() + operands_[i].begin, End(i) - operands_[i].begin);
    result.never = false;
    result.exact = result.exact && operands_[i].exact && sides.size() <= 1;
    if (!any) {
      result_.assign(sides.begin(), sides.end());
    } else {
      if (result_.size() != sides.size() || (!sides.empty() && result_[0].dimension != sides[0].dimension))
        result.exact = false;
      std::erase_if(result_, [&](Side& side) {
        const auto same = std::find_if(sides.begin(), sides.end(),
                                       [&](const Side& other) { return other.dimension == side.dimension; });
        const bool blocked = domains_.dimensions[side.dimension].kind == DimensionKind::kBlocked;
        if (same == sides.end() || blocked) {
          result.exact = false;
          return true;
        }
        side = Union(side, *same);
        return false;
      });
    }
    any = true;
  }
  sides_.resize(result.begin);
  sides_.insert(sides_.end(), result_.begin(), result_.end());
  operands_.resize(first);
  operands_.push_back(result);
}

Side BoxMaker::Union(const Side& left, const Side& right) {
  const auto begin = static_cast<uint32_t>(intervals_.size());
  uint32_t l = left.begin, r = right.begin;
  while (l < left.begin + left.count || r < right.begin + right.count) {
    const bool take_left = r == right.begin + right.count ||
                           (l < left.begin + left.count && intervals_[l].begin <= intervals_[r].begin);
    const Interval next = intervals_[take_left ? l++ : r++];
    if (intervals_.size() > begin && next.begin <= intervals_.back().end) {
      intervals_.back().end = std::max(intervals_.back().end, next.end);
    } else {
      intervals_.push_back(next);
    }
  }
  return {left.dimension, begin, static_cast<uint32_t>(intervals_.size()) - begin};
}

Side BoxMaker::Intersection(const Side& left, const Side& right) {
  const auto begin = static_cast<uint32_t>(intervals_.size());
  uint32_t l = left.begin, r = right.begin;
  while (l < left.begin + left.count && r < right.begin + right.count) {
    const Interval a = intervals_[l], b = intervals_[r];
    const Interval both{std::max(a.begin, b.begin), std::min(a.end, b.end)};
    if (both.begin < both.end) intervals_.push_back(both);
    if (a.end < b.end) {
      ++l;
    } else {
      ++r;
    }
  }
  return {left.dimension, begin, static_cast<uint32_t>(intervals_.size()) - begin};
}

}  // namespace hpol::decide
