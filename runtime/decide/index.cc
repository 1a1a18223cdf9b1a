// Conditions → boxes → groups → positions → bits.
#include "runtime/decide/index.h"

#include <algorithm>
#include <numeric>

namespace hpol::decide {
namespace {

constexpr uint32_t kRulesInStep = 512;
// A first match that is expected within so many rules is found faster without groups.
constexpr double kShallow = 4 * kRulesInStep;
// A rule that allows so large a part of a dimension's classes would stand in too many buckets.
constexpr double kMaxShare = 0.25;
constexpr size_t kMaxGroups = 8;

class TableIndexMaker {
 public:
  TableIndexMaker(const ir::Tables& tables, const Domains& domains, const std::vector<ir::Range>& conditions,
                  Combine combine)
      : domains_(domains), combine_(combine), boxes_(tables, domains) {
    index_.row_count = static_cast<uint32_t>(conditions.size());
    index_.exact.resize(conditions.size());
    rows_.reserve(conditions.size());
    for (const ir::Range condition : conditions) {
      rows_.push_back(boxes_.Make(condition));
      index_.exact[rows_.size() - 1] = rows_.back().exact ? 1 : 0;
    }
  }

  TableIndex Run() {
    FormGroups();
    for (uint32_t group = 0; group < index_.groups.size(); ++group) PlaceGroup(group);
    index_.positions = static_cast<uint32_t>(index_.row_of.size());
    const uint32_t words = index_.positions / 64 + 1;
    index_.stride = words == 1 ? 1 : (words + 7) / 8 * 8;
    FillBits();
    return std::move(index_);
  }

 private:
  struct Members {
    uint32_t dimension = kNoDimension;
    std::vector<uint32_t> rows;  // ascending
  };

  const Side* SideOf(uint32_t row, uint32_t dimension) const {
    for (const Side& side : boxes_.sides(rows_[row]))
      if (side.dimension == dimension) return &side;
    return nullptr;
  }

  // Classes that a side names; "missing" is not one of them.
  uint64_t Width(const Side& side) const {
    const uint32_t classes = domains_.dimensions[side.dimension].classes;
    uint64_t width = 0;
    for (const Interval& interval : boxes_.intervals(side))
      width += std::min(interval.end, classes) - std::min(interval.begin, classes);
    return width;
  }

  // How likely a request is inside a side, as far as the policy alone can tell.
  double Share(const Side& side) const {
    const Dimension& dimension = domains_.dimensions[side.dimension];
    const double part = static_cast<double>(Width(side)) / std::max(1u, dimension.classes);
    switch (dimension.kind) {
      case DimensionKind::kEvidence:
        return 0;
      case DimensionKind::kElements:
        return std::min(1.0, 2 * part);
      case DimensionKind::kBlocked:
        return 1 - std::min(1.0, 2 * part);
      default:
        return part;
    }
  }

  // ---- groups ----

  // Rules that ask for findings wait for findings. The others are divided while that makes a search shorter.
  void FormGroups() {
    std::vector<uint32_t> rest;
    std::vector<uint32_t> evidence;
    for (uint32_t row = 0; row < rows_.size(); ++row) {
      if (rows_[row].never) continue;
      if (combine_ == Combine::kJoin && rows_[row].exact && rows_[row].count == 0) {
        index_.always.push_back(row);
        continue;
      }
      const bool asks =
          domains_.evidence_dimension != kNoDimension && SideOf(row, domains_.evidence_dimension) != nullptr;
      (asks ? evidence : rest).push_back(row);
    }
    if (combine_ == Combine::kJoin || Depth(rest) > kShallow) Divide(rest);
    if (!rest.empty()) members_.push_back({kNoDimension, std::move(rest)});
    if (!evidence.empty()) members_.push_back({domains_.evidence_dimension, std::move(evidence)});
    index_.groups.resize(members_.size());
  }

  // Rules that are looked at until one applies.
  double Depth(const std::vector<uint32_t>& rows) const {
    double depth = 0;
    double still_looking = 1;
    for (const uint32_t row : rows) {
      depth += still_looking;
      double share = 1;
      for (const Side& side : boxes_.sides(rows_[row])) share *= Share(side);
      still_looking *= 1 - share;
      if (still_looking < 1e-6) break;
    }
    return depth;
  }

  static double Steps(double rules) { return rules == 0 ? 0 : 1 + rules / kRulesInStep; }

  bool Groupable(const Side& side) const {
    const Dimension& dimension = domains_.dimensions[side.dimension];
    const std::span<const Interval> intervals = boxes_.intervals(side);
    if (Share(side) > kMaxShare || intervals.empty()) return false;
    // A missing value searches the whole group, so all of it must allow that.
    if (dimension.kind == DimensionKind::kScalar) return intervals.back().end == dimension.classes + 1;
    return dimension.kind == DimensionKind::kElements || dimension.kind == DimensionKind::kLevel;
  }

  void Divide(std::vector<uint32_t>& rest) {
    while (members_.size() < kMaxGroups && rest.size() > kRulesInStep) {
      std::vector<uint64_t> moved(domains_.dimensions.size());
      std::vector<uint64_t> width(domains_.dimensions.size());
      for (const uint32_t row : rest) {
        for (const Side& side : boxes_.sides(rows_[row])) {
          if (!Groupable(side)) continue;
          ++moved[side.dimension];
          width[side.dimension] += Width(side);
        }
      }
      uint32_t best = kNoDimension;
      double best_steps = Steps(static_cast<double>(rest.size())) - 0.5;
      for (uint32_t d = 0; d < moved.size(); ++d) {
        if (moved[d] == 0) continue;
        const Dimension& dimension = domains_.dimensions[d];
        const double looks = dimension.kind == DimensionKind::kElements ? 3 : 1;
        const double bucket = static_cast<double>(width[d]) / std::max(1u, dimension.classes);
        const double steps =
            Steps(static_cast<double>(rest.size() - moved[d])) + looks * Steps(std::max(bucket, 1.0));
        if (steps < best_steps) {
          best_steps = steps;
          best = d;
        }
      }
      if (best == kNoDimension) return;
      std::vector<uint32_t> group;
      std::erase_if(rest, [&](uint32_t row) {
        const Side* side = SideOf(row, best);
        if (side == nullptr || !Groupable(*side)) return false;
        group.push_back(row);
        return true;
      });
      members_.push_back({best, std::move(group)});
    }
  }

  // ---- positions ----

  void PlaceGroup(uint32_t number) {
    Group& group = index_.groups[number];
    const Members& members = members_[number];
    group.dimension = members.dimension;
    group.first_bucket = static_cast<uint32_t>(index_.buckets.size());
    group.all.begin = static_cast<uint32_t>(index_.row_of.size());
    if (group.dimension == kNoDimension) {
      index_.row_of.insert(index_.row_of.end(), members.rows.begin(), members.rows.end());
      index_.buckets.push_back({group.all.begin, static_cast<uint32_t>(index_.row_of.size())});
    } else {
      PlaceBuckets(group, members);
    }
    group.all.end = static_cast<uint32_t>(index_.row_of.size());
    group_of_.resize(index_.row_of.size(), number);
    ListSearched(group, members);
  }

  template <typename Use>
  void ForEachClass(uint32_t row, uint32_t dimension, Use use) const {
    const uint32_t classes = domains_.dimensions[dimension].classes;
    for (const Interval& interval : boxes_.intervals(*SideOf(row, dimension)))
      for (uint32_t one = interval.begin; one < std::min(interval.end, classes); ++one) use(one);
  }

  void PlaceBuckets(Group& group, const Members& members) {
    group.bucket_count = domains_.dimensions[group.dimension].classes;
    std::vector<uint32_t> ends(group.bucket_count + 1);
    for (const uint32_t row : members.rows)
      ForEachClass(row, group.dimension, [&](uint32_t one) { ++ends[one + 1]; });
    ends[0] = group.all.begin;
    std::partial_sum(ends.begin(), ends.end(), ends.begin());
    for (uint32_t one = 0; one < group.bucket_count; ++one)
      index_.buckets.push_back({ends[one], ends[one + 1]});
    index_.row_of.resize(ends.back());
    for (const uint32_t row : members.rows)
      ForEachClass(row, group.dimension, [&](uint32_t one) { index_.row_of[ends[one]++] = row; });
  }

  // The dimensions that the group's rules are about, but its own.
  void ListSearched(Group& group, const Members& members) {
    std::vector<double> open(domains_.dimensions.size());  // rules less those that the dimension excludes
    std::vector<uint8_t> used(domains_.dimensions.size());
    for (const uint32_t row : members.rows) {
      for (const Side& side : boxes_.sides(rows_[row])) {
        used[side.dimension] = 1;
        open[side.dimension] -= 1 - Share(side);
      }
    }
    if (group.dimension != kNoDimension) used[group.dimension] = 0;
    std::vector<uint32_t> order;
    for (uint32_t d = 0; d < used.size(); ++d) {
      const Dimension& dimension = domains_.dimensions[d];
      // Cells that several elements share would forbid too much.
      const bool blunt = dimension.kind == DimensionKind::kBlocked && dimension.shift != 0;
      if (used[d] != 0 && !blunt) order.push_back(d);
    }
    std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return open[a] < open[b]; });
    std::vector<uint8_t> searched(domains_.dimensions.size());
    const auto list = [&](auto wanted) {
      ir::Range range{static_cast<uint32_t>(index_.searched.size()), 0};
      for (const uint32_t d : order) {
        if (!wanted(domains_.dimensions[d]) || range.count >= kMaxSearched / 2) continue;
        index_.searched.push_back(d);
        searched[d] = 1;
        ++range.count;
      }
      return range;
    };
    group.on_values = list([](const Dimension& d) { return IsOneClass(d.kind) && !d.on_label; });
    group.on_label = list([](const Dimension& d) { return IsOneClass(d.kind) && d.on_label; });
    group.alternatives = list([](const Dimension& d) { return !IsOneClass(d.kind); });
    MarkInexact(group, members, searched);
  }

  // Bits say less than the box where a dimension is not searched, or classes share cells.
  void MarkInexact(const Group& group, const Members& members, const std::vector<uint8_t>& searched) {
    for (const uint32_t row : members.rows) {
      for (const Side& side : boxes_.sides(rows_[row])) {
        if (side.dimension == group.dimension) continue;
        if (searched[side.dimension] == 0 || !Aligned(side)) index_.exact[row] = 0;
      }
    }
  }

  bool Aligned(const Side& side) const {
    const Dimension& dimension = domains_.dimensions[side.dimension];
    if (dimension.shift == 0) return true;
    if (!IsOneClass(dimension.kind)) return false;
    const uint32_t mask = (1u << dimension.shift) - 1;
    for (const Interval& interval : boxes_.intervals(side)) {
      const bool begins = (interval.begin & mask) == 0 || interval.begin >= dimension.classes;
      const bool ends = (interval.end & mask) == 0 || interval.end >= dimension.classes;
      if (!begins || !ends) return false;
    }
    return true;
  }

  // ---- bits ----

  uint64_t* Row(uint32_t cell) { return index_.bits.data()->words.data() + size_t{cell} * index_.stride; }
  void Flip(uint32_t cell, uint32_t position) { Row(cell)[position >> 6] ^= uint64_t{1} << (position & 63); }

  // Classes of a dimension are flipped where an interval begins and where it ends; adding the rows up from
  // the first cell to the last then fills them. So a wide interval costs no more than a narrow one.
  void FillBits() {
    const size_t words = size_t{domains_.cell_count} * index_.stride + kBlockMargin;
    index_.bits.resize((words + 7) / 8);
    std::fill_n(Row(0), index_.stride, ~uint64_t{0});
    std::vector<uint8_t> used(domains_.dimensions.size());
    for (const uint32_t d : index_.searched) used[d] = 1;
    for (uint32_t d = 0; d < used.size(); ++d) {
      const Dimension& dimension = domains_.dimensions[d];
      if (used[d] == 0 || dimension.kind == DimensionKind::kBlocked) continue;
      const uint32_t cell = IsOneClass(dimension.kind) ? dimension.first_cell : dimension.last_cell();
      std::fill_n(Row(cell), index_.stride, ~uint64_t{0});
    }
    for (uint32_t position = 0; position < index_.positions; ++position) {
      const uint32_t own = index_.groups[group_of_[position]].dimension;
      for (const Side& side : boxes_.sides(rows_[index_.row_of[position]]))
        if (used[side.dimension] != 0 && side.dimension != own) FillSide(side, position);
    }
    for (uint32_t d = 0; d < used.size(); ++d) {
      const Dimension& dimension = domains_.dimensions[d];
      if (used[d] == 0 || !IsOneClass(dimension.kind)) continue;
      for (uint32_t cell = dimension.first_cell + 1; cell <= dimension.last_cell(); ++cell)
        for (uint32_t word = 0; word < index_.stride; ++word) Row(cell)[word] ^= Row(cell - 1)[word];
    }
  }

  void FillSide(const Side& side, uint32_t position) {
    const Dimension& dimension = domains_.dimensions[side.dimension];
    if (!IsOneClass(dimension.kind)) {
      const uint64_t bit = uint64_t{1} << (position & 63);
      if (dimension.kind != DimensionKind::kBlocked) Row(dimension.last_cell())[position >> 6] &= ~bit;
      for (const Interval& interval : boxes_.intervals(side))
        for (uint32_t one = interval.begin; one < interval.end; ++one)
          Row(dimension.CellOf(one))[position >> 6] |= bit;
      return;
    }
    Flip(dimension.first_cell, position);  // not all of them
    uint32_t filled = 0;                   // cells before this one are decided: intervals may share one
    for (const Interval& interval : boxes_.intervals(side)) {
      const uint32_t begin = std::max(filled, dimension.CellOf(interval.begin));
      const uint32_t end = dimension.CellOf(interval.end - 1) + 1;
      if (begin >= end) continue;
      Flip(begin, position);
      if (end <= dimension.last_cell()) Flip(end, position);
      filled = end;
    }
  }

  static constexpr size_t kBlockMargin = 8;  // words that a search may read behind the last row

  const Domains& domains_;
  Combine combine_;
  BoxMaker boxes_;
  std::vector<Box> rows_;
  std::vector<Members> members_;
  std::vector<uint32_t> group_of_;  // by position
  TableIndex index_;
};

uint32_t Depth(const ir::Tables& tables, ir::Range condition) {
  uint32_t depth = 0;
  uint32_t most = 1;
  for (uint32_t i = 0; i < condition.count; ++i) {
    const ir::Node& node = tables.nodes[condition.begin + i];
    const bool joins = node.kind == ir::NodeKind::kAnd || node.kind == ir::NodeKind::kOr;
    depth = joins ? depth - node.value + 1 : depth + 1;
    most = std::max(most, depth);
  }
  return most;
}

template <typename Row>
std::vector<ir::Range> ConditionsOf(const std::vector<Row>& rows) {
  std::vector<ir::Range> conditions;
  conditions.reserve(rows.size());
  for (const Row& row : rows) conditions.push_back(row.condition);
  return conditions;
}

// Which facts a finding may make true.
void ListEvidence(const ir::Tables& tables, Index& index) {
  index.evidence_begin.assign(tables.detectors.size() + 1, 0);
  const auto each = [&](auto use) {
    for (uint32_t number = 0; number < index.domains.evidence.size(); ++number) {
      const ir::Fact& fact = tables.facts[index.domains.evidence[number]];
      for (uint32_t i = 0; i < fact.detectors.count; ++i)
        use(tables.indices[fact.detectors.begin + i], number);
      index.counts_texts = index.counts_texts || fact.kind == ir::FactKind::kDistinct;
    }
  };
  each([&](uint32_t detector, uint32_t) { ++index.evidence_begin[detector + 1]; });
  std::partial_sum(index.evidence_begin.begin(), index.evidence_begin.end(), index.evidence_begin.begin());
  index.facts_of_detector.resize(index.evidence_begin.back());
  std::vector<uint32_t> next(index.evidence_begin.begin(), index.evidence_begin.end() - 1);
  each([&](uint32_t detector, uint32_t number) { index.facts_of_detector[next[detector]++] = number; });
}

FewRoutes MakeFewRoutes(const Index& index) {
  const TableIndex& table = index.route;
  FewRoutes few;
  if (!index.constant_label || table.stride != 1) return few;
  for (const Group& group : table.groups) {
    if (group.dimension == index.domains.evidence_dimension && group.dimension != kNoDimension) continue;
    if (group.dimension != kNoDimension || few.usable) return {};
    few.usable = true;
    if (group.all.begin == group.all.end) continue;
    few.open = (~uint64_t{0} << group.all.begin) & (~uint64_t{0} >> (64 - group.all.end));
    const auto searched = [&](ir::Range range, uint32_t i) { return table.searched[range.begin + i]; };
    for (uint32_t i = 0; i < group.on_label.count; ++i)
      few.open &= *table.Row(index.constant_label_cells[searched(group.on_label, i)]);
    for (uint32_t i = 0; i < group.on_values.count; ++i)
      few.dimensions.push_back(searched(group.on_values, i));
    for (uint32_t i = 0; i < group.alternatives.count; ++i) {
      const uint32_t d = searched(group.alternatives, i);
      const Dimension& dimension = index.domains.dimensions[d];
      few.alternatives.push_back({dimension.subject, d, dimension.kind == DimensionKind::kBlocked});
    }
  }
  return few;
}

uint64_t Clearance(const ir::Tables& tables, const ir::RouteRow& row) {
  uint64_t clearance = ~uint64_t{0};
  for (uint32_t i = 0; i < row.candidates.count; ++i) {
    const ir::Candidate& candidate = tables.candidates[tables.indices[row.candidates.begin + i]];
    const ir::Target& target = tables.targets[candidate.target];
    clearance &= target.clearance & tables.zones[target.zone].clearance;
  }
  return clearance;
}

}  // namespace

TableIndex MakeTableIndex(const ir::Tables& tables, const Domains& domains,
                          const std::vector<ir::Range>& conditions, Combine combine) {
  return TableIndexMaker(tables, domains, conditions, combine).Run();
}

Index Index::Make(const ir::Tables& tables) {
  Index index;
  index.domains = Domains::Make(tables);
  const std::vector<ir::Range> classify = ConditionsOf(tables.classify);
  const std::vector<ir::Range> route = ConditionsOf(tables.route);
  index.classify = MakeTableIndex(tables, index.domains, classify, Combine::kJoin);
  index.route = MakeTableIndex(tables, index.domains, route, Combine::kFirst);
  const std::vector<ir::Range> require = ConditionsOf(tables.require);
  for (const auto* conditions : {&classify, &route, &require})
    for (const ir::Range condition : *conditions)
      index.depth = std::max(index.depth, Depth(tables, condition));
  ListEvidence(tables, index);
  for (const uint32_t row : index.classify.always) index.always_label |= tables.classify[row].word;
  for (const ir::RouteRow& row : tables.route) index.route_clearance.push_back(Clearance(tables, row));
  index.constant_label = tables.require.empty();
  for (const Group& group : index.classify.groups)
    index.constant_label = index.constant_label && group.dimension == index.domains.evidence_dimension;
  index.constant_label_cells.resize(index.domains.dimensions.size());
  index.domains.PlaceLabel({index.always_label}, index.constant_label_cells);
  index.few_routes = MakeFewRoutes(index);
  index.next_survivors = NextSurvivorsFor(filter::BestVariant());
  return index;
}

}  // namespace hpol::decide
