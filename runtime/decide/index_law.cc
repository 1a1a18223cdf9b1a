// The law, by brute force: a rule that may be true in a place is in the bitmaps and buckets of that place.
#include <algorithm>
#include <vector>

#include "runtime/decide/index.h"

namespace hpol::decide {
namespace {

// A request about which one thing is known: everything else may be anything. But a label always is one label,
// and an attribute there or not: what is never unknown is tried both ways.
struct Place {
  uint32_t attribute = kNoDimension;
  const Values* values = nullptr;      // of that attribute
  int level = -1;                      // of the label
  uint32_t truth_fact = kNoDimension;  // a fact that is a dimension of its own, and its truth
  Truth truth = Truth::kUnknown;
  bool evidence = false;  // findings are known: just the fact of this number is true
  uint32_t evidence_number = kNoDimension;
};

class LawChecker {
 public:
  LawChecker(const ir::Tables& tables, const Index& index) : t_(tables), index_(index), d_(index.domains) {}

  std::string Run() {
    for (uint32_t row = 0; row < t_.classify.size(); ++row)
      CheckRow(index_.classify, row, t_.classify[row].condition, "classify");
    for (uint32_t row = 0; row < t_.route.size(); ++row)
      CheckRow(index_.route, row, t_.route[row].condition, "route");
    return error_;
  }

 private:
  void CheckRow(const TableIndex& table, uint32_t row, ir::Range condition, const char* name) {
    if (!error_.empty() || std::find(table.always.begin(), table.always.end(), row) != table.always.end())
      return;
    row_ = row;
    condition_ = condition;
    bool found = false;
    for (const Group& group : table.groups) {
      positions_.clear();
      for (uint32_t p = group.all.begin; p < group.all.end; ++p)
        if (table.row_of[p] == row) positions_.push_back(p);
      if (positions_.empty()) continue;
      if (found) Fail(name, "stands in two groups");
      found = true;
      CheckGroup(table, group, name);
    }
    if (!found && !HoldsNowhere()) Fail(name, "stands nowhere");
  }

  // Some dimension leaves it no place at all.
  bool HoldsNowhere() {
    if (!MayHold({})) return true;
    for (const Dimension& dimension : d_.dimensions) {
      bool somewhere = false;
      for (uint32_t one = 0; one <= dimension.classes && !somewhere; ++one)
        somewhere = MayHoldIn(dimension, one);
      if (!somewhere) return true;
    }
    return false;
  }

  void CheckGroup(const TableIndex& table, const Group& group, const char* name) {
    for (uint32_t dimension = 0; dimension < d_.dimensions.size() && error_.empty(); ++dimension) {
      const auto begin = table.searched.begin();
      const auto searched = [&](ir::Range range) {
        return std::find(begin + range.begin, begin + range.begin + range.count, dimension) !=
               begin + range.begin + range.count;
      };
      const bool is_searched =
          searched(group.on_values) || searched(group.on_label) || searched(group.alternatives);
      if (group.dimension != dimension && !is_searched) continue;
      const Dimension& row = d_.dimensions[dimension];
      // "Missing", "unknown", and for elements nothing at all, are places like others.
      for (uint32_t one = 0; one <= row.classes && error_.empty(); ++one) {
        if (!MayHoldIn(row, one)) continue;
        const bool in =
            group.dimension == dimension ? InBucket(table, group, row, one) : InBits(table, row, one);
        if (!in) Fail(name, "is not where it may hold");
      }
    }
  }

  static bool NeverUnknown(ir::FactKind kind) {
    return kind == ir::FactKind::kPresent || kind == ir::FactKind::kLevel;
  }

  bool MayHoldIn(const Dimension& dimension, uint32_t one) {
    const bool last = one == dimension.classes;
    Place place;
    Values values;
    switch (dimension.kind) {
      case DimensionKind::kScalar:
      case DimensionKind::kElements:
      case DimensionKind::kBlocked: {
        d_.Clear(values);
        const bool scalar = dimension.kind == DimensionKind::kScalar;
        if (scalar && !last) values.attributes[dimension.subject].one = one;
        if (!scalar) {
          values.elements = {one};
          values.attributes[dimension.subject] = {0, last ? 0u : 1u, 0};
        }
        place.attribute = dimension.subject;
        place.values = &values;
        return MayHold(place);
      }
      case DimensionKind::kLevel:
        if (last) return false;
        place.level = static_cast<int>(one);
        return MayHold(place);
      case DimensionKind::kTruth:
        if (last && NeverUnknown(t_.facts[dimension.subject].kind)) return false;
        place.truth_fact = dimension.subject;
        place.truth = one == kClassFalse ? Truth::kFalse : one == kClassTrue ? Truth::kTrue : Truth::kUnknown;
        return MayHold(place);
      case DimensionKind::kEvidence:
        place.evidence = true;
        place.evidence_number = last ? kNoDimension : one;
        return MayHold(place);
    }
    return true;
  }

  bool InBucket(const TableIndex& table, const Group& group, const Dimension& dimension, uint32_t one) {
    // A missing value searches all of the group; no element, none of it.
    if (one == dimension.classes) return dimension.kind == DimensionKind::kScalar;
    const Bucket bucket = table.buckets[group.first_bucket + one];
    return std::any_of(positions_.begin(), positions_.end(),
                       [&](uint32_t p) { return p >= bucket.begin && p < bucket.end; });
  }

  bool InBits(const TableIndex& table, const Dimension& dimension, uint32_t one) {
    const auto bit = [&](uint32_t cell, uint32_t p) { return (table.Row(cell)[p >> 6] >> (p & 63)) & 1; };
    return std::all_of(positions_.begin(), positions_.end(), [&](uint32_t p) {
      if (dimension.kind == DimensionKind::kElements && bit(dimension.last_cell(), p) != 0) return true;
      if (dimension.kind == DimensionKind::kBlocked)
        return one == dimension.classes || bit(dimension.CellOf(one), p) == 0;
      return bit(dimension.CellOf(one), p) != 0;
    });
  }

  Truth Of(uint32_t fact, const Place& place) const {
    const ir::Fact& row = t_.facts[fact];
    switch (row.kind) {
      case ir::FactKind::kTier:
      case ir::FactKind::kCount:
      case ir::FactKind::kDistinct:
        if (!place.evidence) return Truth::kUnknown;
        return d_.facts[fact].begin == place.evidence_number ? Truth::kTrue : Truth::kFalse;
      case ir::FactKind::kLevel:
        if (place.truth_fact == fact) return place.truth;
        if (place.level < 0 || (row.word & ~Label::kLevelMask) != 0) return Truth::kUnknown;
        return Label{row.word}.level() <= place.level ? Truth::kTrue : Truth::kFalse;
      default:
        if (place.truth_fact == fact) return place.truth;
        return place.attribute == row.attribute ? d_.OnAttribute(row, d_.facts[fact], *place.values)
                                                : Truth::kUnknown;
    }
  }

  // What is never unknown and not said by the place: presences by attribute, label tests by word.
  struct Tried {
    ir::FactKind kind;
    uint64_t subject;
    bool operator==(const Tried&) const = default;
  };

  void ListTried(const Place& place) {
    tried_.clear();
    for (uint32_t i = 0; i < condition_.count; ++i) {
      const ir::Node& node = t_.nodes[condition_.begin + i];
      if (node.kind != ir::NodeKind::kFact && node.kind != ir::NodeKind::kNotFact) continue;
      const ir::Fact& fact = t_.facts[node.value];
      if (!NeverUnknown(fact.kind) || Of(node.value, place) != Truth::kUnknown) continue;
      const Tried one = TriedOf(fact);
      if (std::find(tried_.begin(), tried_.end(), one) == tried_.end()) tried_.push_back(one);
    }
  }

  static Tried TriedOf(const ir::Fact& fact) {
    return {fact.kind, fact.kind == ir::FactKind::kLevel ? fact.word : fact.attribute};
  }

  bool MayHold(const Place& place) {
    ListTried(place);
    for (uint32_t assignment = 0; assignment < 1u << tried_.size(); ++assignment)
      if (OneLabel(place, assignment) && MayHold(place, assignment)) return true;
    return false;
  }

  // Whether some label passes just the tests that are said to be passed.
  bool OneLabel(const Place& place, uint32_t assignment) const {
    uint64_t label = place.level >= 0 ? Label::Level(place.level).word : 0;
    uint64_t failed_truth = 0;
    if (place.truth_fact != kNoDimension && t_.facts[place.truth_fact].kind == ir::FactKind::kLevel)
      (place.truth == Truth::kTrue ? label : failed_truth) |= t_.facts[place.truth_fact].word;
    for (size_t i = 0; i < tried_.size(); ++i)
      if (tried_[i].kind == ir::FactKind::kLevel && ((assignment >> i) & 1) != 0) label |= tried_[i].subject;
    for (size_t i = 0; i < tried_.size(); ++i) {
      if (tried_[i].kind != ir::FactKind::kLevel || ((assignment >> i) & 1) != 0) continue;
      if (Label{tried_[i].subject}.FlowsTo({label})) return false;
    }
    const bool above = place.level >= 0 && Label{label}.level() > place.level;
    return !above && (failed_truth == 0 || !Label{failed_truth}.FlowsTo({label}));
  }

  Truth Of(uint32_t fact, const Place& place, uint32_t assignment) const {
    const Truth truth = Of(fact, place);
    if (truth != Truth::kUnknown || !NeverUnknown(t_.facts[fact].kind)) return truth;
    const auto at = std::find(tried_.begin(), tried_.end(), TriedOf(t_.facts[fact])) - tried_.begin();
    return (assignment >> at) & 1 ? Truth::kTrue : Truth::kFalse;
  }

  bool MayHold(const Place& place, uint32_t assignment) const {
    std::vector<Truth> stack;
    for (uint32_t i = 0; i < condition_.count; ++i) {
      const ir::Node& node = t_.nodes[condition_.begin + i];
      const bool all = node.kind == ir::NodeKind::kAnd;
      switch (node.kind) {
        case ir::NodeKind::kFact:
          stack.push_back(Of(node.value, place, assignment));
          break;
        case ir::NodeKind::kNotFact:
          stack.push_back(static_cast<Truth>(2 - static_cast<int>(Of(node.value, place, assignment))));
          break;
        case ir::NodeKind::kTrue:
        case ir::NodeKind::kFalse:
          stack.push_back(node.kind == ir::NodeKind::kTrue ? Truth::kTrue : Truth::kFalse);
          break;
        case ir::NodeKind::kAnd:
        case ir::NodeKind::kOr: {
          const auto first = stack.end() - node.value;
          const Truth joined =
              all ? *std::min_element(first, stack.end()) : *std::max_element(first, stack.end());
          stack.erase(first, stack.end());
          stack.push_back(joined);
          break;
        }
      }
    }
    return stack.empty() || stack.back() != Truth::kFalse;
  }

  void Fail(const char* table, const char* what) {
    if (error_.empty()) error_ = std::string(table) + " row " + std::to_string(row_) + " " + what;
  }

  const ir::Tables& t_;
  const Index& index_;
  const Domains& d_;
  uint32_t row_ = 0;
  ir::Range condition_;
  std::vector<uint32_t> positions_;
  std::vector<Tried> tried_;
  std::string error_;
};

}  // namespace

std::string CheckLaw(const ir::Tables& tables, const Index& index) { return LawChecker(tables, index).Run(); }

}  // namespace hpol::decide
