#include "runtime/decide/search.h"

#include <algorithm>
#include <array>

namespace hpol::decide {
namespace {

constexpr uint32_t kPadding = 4;  // RowsOfSearch::all comes in fours

// One search of one table. Visits positions of rows whose boxes the request is in.
class Searcher {
 public:
  Searcher(WhichTable which, const Facts& facts, SearchMemory& memory)
      : table_(which == WhichTable::kClassify ? facts.index().classify : facts.index().route),
        facts_(facts),
        memory_(memory),
        all_known_(!facts.any_unknown()),
        classify_(which == WhichTable::kClassify) {}

  // `visit(row)` is called for the rows of each bucket in their order; it returns false to leave the bucket.
  template <typename Visit>
  void Run(Visit visit) {
    for (const Group& group : table_.groups) RunGroup(group, visit);
  }

  // What a row that was visited comes to.
  Truth Check(uint32_t row) {
    if (all_known_ && table_.exact[row] != 0) return Truth::kTrue;
    const ir::Tables& tables = facts_.tables();
    const ir::Range condition = classify_ ? tables.classify[row].condition : tables.route[row].condition;
    if (memory_.stack.size() < facts_.index().depth) memory_.stack.resize(facts_.index().depth);
    return facts_.Of(condition, memory_.stack);
  }

  // Whether a row may have been visited twice.
  bool repeats() const { return buckets_ > 1; }
  // Whether the rows of the bucket at hand ascend. Not where a whole group is one bucket.
  bool ascends() const { return ascends_; }

 private:
  template <typename Visit>
  void RunGroup(const Group& group, Visit& visit) {
    const Bucket* buckets = table_.buckets.data() + group.first_bucket;
    if (group.dimension == kNoDimension) return RunBucket(group, *buckets, visit);
    const Domains& domains = facts_.index().domains;
    const Dimension& dimension = domains.dimensions[group.dimension];
    if (dimension.kind == DimensionKind::kEvidence) {
      if (facts_.more_findings()) return RunWhole(group, visit);
      return RunEach(group, facts_.evidence(), visit);
    }
    if (dimension.kind == DimensionKind::kLevel)
      return RunBucket(group, buckets[facts_.label().level()], visit);
    const Values& values = facts_.values();
    const Values::One& value = values.attributes[dimension.subject];
    if (value.missing()) return RunWhole(group, visit);
    if (dimension.kind == DimensionKind::kElements)
      return RunEach(group, {values.elements.data() + value.one, value.count}, visit);
    RunBucket(group, buckets[value.one], visit);
  }

  // What the group is divided by is unknown: any of its rows may apply.
  template <typename Visit>
  void RunWhole(const Group& group, Visit& visit) {
    ascends_ = false;
    RunBucket(group, group.all, visit);
    ascends_ = true;
    ++buckets_;
  }

  template <typename Visit>
  void RunEach(const Group& group, std::span<const uint32_t> elements, Visit& visit) {
    for (const uint32_t element : elements)
      RunBucket(group, table_.buckets[group.first_bucket + element], visit);
  }

  template <typename Visit>
  void RunBucket(const Group& group, Bucket bucket, Visit& visit) {
    if (bucket.begin == bucket.end) return;
    ++buckets_;
    if (table_.stride == 1) return RunOneWord(group, bucket, visit);
    Collect(group);
    RunBlocks(bucket, visit);
  }

  // Tables of at most 63 positions: one word a row.
  template <typename Visit>
  void RunOneWord(const Group& group, Bucket bucket, Visit& visit) {
    const uint32_t* searched = table_.searched.data();
    const uint32_t* cells = facts_.values().cells.data();
    const uint64_t* bits = table_.Row(0);
    uint64_t left = (~uint64_t{0} << bucket.begin) & (~uint64_t{0} >> (64 - bucket.end));
    for (uint32_t i = 0; i < group.on_values.count; ++i)
      left &= bits[cells[searched[group.on_values.begin + i]]];
    for (uint32_t i = 0; i < group.on_label.count; ++i)
      left &= bits[facts_.label_cells()[searched[group.on_label.begin + i]]];
    for (uint32_t i = 0; i < group.alternatives.count; ++i) {
      const Dimension& dimension = DimensionAt(group.alternatives.begin + i);
      const Values::One& value = facts_.values().attributes[dimension.subject];
      if (value.missing()) continue;
      const bool blocked = dimension.kind == DimensionKind::kBlocked;
      uint64_t some = blocked ? 0 : bits[dimension.last_cell()];
      for (uint32_t k = 0; k < value.count; ++k)
        some |= bits[dimension.CellOf(facts_.values().elements[value.one + k])];
      left &= blocked ? ~some : some;
    }
    VisitWord(left, 0, visit);
  }

  template <typename Visit>
  bool VisitWord(uint64_t left, uint32_t first, Visit& visit) {
    for (; left != 0; left &= left - 1) {
      const uint32_t position = first + static_cast<uint32_t>(__builtin_ctzll(left));
      if (!visit(table_.row_of[position])) return false;
    }
    return true;
  }

  const Dimension& DimensionAt(uint32_t at) const {
    return facts_.index().domains.dimensions[table_.searched[at]];
  }

  // The bitmap rows of the request's cells.
  void Collect(const Group& group) {
    const uint32_t* cells = facts_.values().cells.data();
    uint32_t count = 0;
    for (uint32_t i = 0; i < group.on_values.count; ++i)
      all_[count++] = table_.Row(cells[table_.searched[group.on_values.begin + i]]);
    for (uint32_t i = 0; i < group.on_label.count; ++i)
      all_[count++] = table_.Row(facts_.label_cells()[table_.searched[group.on_label.begin + i]]);
    const uint64_t* ones = table_.Row(0);
    while (count == 0 || count % kPadding != 0) all_[count++] = ones;
    rows_.all = all_.data();
    rows_.all_count = count;
    CollectAlternatives(group);
  }

  void CollectAlternatives(const Group& group) {
    memory_.rows.clear();
    memory_.alternatives.clear();
    const Values& values = facts_.values();
    for (uint32_t i = 0; i < group.alternatives.count; ++i) {
      const Dimension& dimension = DimensionAt(group.alternatives.begin + i);
      const Values::One& value = values.attributes[dimension.subject];
      if (value.missing()) continue;
      const size_t before = memory_.rows.size();
      const bool blocked = dimension.kind == DimensionKind::kBlocked;
      if (!blocked) memory_.rows.push_back(table_.Row(dimension.last_cell()));
      for (uint32_t k = 0; k < value.count; ++k)
        memory_.rows.push_back(table_.Row(dimension.CellOf(values.elements[value.one + k])));
      memory_.alternatives.push_back({nullptr, static_cast<uint32_t>(memory_.rows.size() - before), blocked});
    }
    const uint64_t* const* next = memory_.rows.data();
    for (RowsOfSearch::Alternative& alternative : memory_.alternatives) {
      alternative.rows = next;
      next += alternative.count;
    }
    rows_.alternatives = memory_.alternatives.data();
    rows_.alternative_count = static_cast<uint32_t>(memory_.alternatives.size());
  }

  template <typename Visit>
  void RunBlocks(Bucket bucket, Visit& visit) {
    const NextSurvivorsFn next = facts_.index().next_survivors;
    const uint32_t end = (bucket.end + 63) / 64;
    uint64_t survivors[kBlockWords];
    for (uint32_t word = bucket.begin / 64; word < end; word += kBlockWords) {
      word = next(rows_, word, end, survivors);
      if (word >= end) return;
      for (uint32_t i = 0; i < kBlockWords && word + i < end; ++i) {
        uint64_t left = survivors[i];
        if (left == 0) continue;
        const uint32_t first = (word + i) * 64;
        if (first < bucket.begin) left &= ~uint64_t{0} << (bucket.begin - first);
        if (first + 64 > bucket.end) left &= ~uint64_t{0} >> (first + 64 - bucket.end);
        if (!VisitWord(left, first, visit)) return;
      }
    }
  }

  const TableIndex& table_;
  const Facts& facts_;
  SearchMemory& memory_;
  bool all_known_;
  bool classify_;
  bool ascends_ = true;
  uint32_t buckets_ = 0;
  RowsOfSearch rows_;
  std::array<const uint64_t*, kMaxSearched + kPadding> all_;
};

}  // namespace

uint32_t FindFirst(WhichTable table, const Facts& facts, SearchMemory& memory, std::vector<Hit>& maybe) {
  maybe.clear();
  Searcher searcher(table, facts, memory);
  uint32_t first = kNoRow;
  searcher.Run([&](uint32_t row) {
    if (row >= first) return !searcher.ascends();
    const Truth truth = searcher.Check(row);
    if (truth == Truth::kTrue) first = row;
    if (truth == Truth::kUnknown) maybe.push_back({row, true});
    return truth != Truth::kTrue || !searcher.ascends();
  });
  if (!maybe.empty()) {
    std::erase_if(maybe, [&](const Hit& hit) { return hit.row > first; });
    std::sort(maybe.begin(), maybe.end(), [](const Hit& a, const Hit& b) { return a.row < b.row; });
    maybe.erase(std::unique(maybe.begin(), maybe.end()), maybe.end());
  }
  return first;
}

void FindAll(WhichTable table, const Facts& facts, SearchMemory& memory, std::vector<Hit>& hits) {
  hits.clear();
  Searcher searcher(table, facts, memory);
  const TableIndex& rows = table == WhichTable::kClassify ? facts.index().classify : facts.index().route;
  for (const uint32_t row : rows.always) hits.push_back({row, false});
  searcher.Run([&](uint32_t row) {
    const Truth truth = searcher.Check(row);
    if (truth != Truth::kFalse) hits.push_back({row, truth == Truth::kUnknown});
    return true;
  });
  if (!searcher.repeats() && rows.always.empty()) return;
  std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.row < b.row; });
  hits.erase(std::unique(hits.begin(), hits.end()), hits.end());
}

std::optional<Hit> FirstUnmet(const Facts& facts, SearchMemory& memory) {
  const std::vector<ir::RequireRow>& rows = facts.tables().require;
  if (rows.empty()) return std::nullopt;
  if (memory.stack.size() < facts.index().depth) memory.stack.resize(facts.index().depth);
  for (uint32_t row = 0; row < rows.size(); ++row) {
    const Truth met = facts.Of(rows[row].condition, memory.stack);
    if (met != Truth::kTrue) return Hit{row, met == Truth::kUnknown};
  }
  return std::nullopt;
}

Label FindLabel(const Facts& facts, SearchMemory& memory) {
  const std::vector<ir::ClassifyRow>& rows = facts.tables().classify;
  Label label{facts.index().always_label};
  Searcher searcher(WhichTable::kClassify, facts, memory);
  searcher.Run([&](uint32_t row) {
    if (!Label{rows[row].word}.FlowsTo(label) && searcher.Check(row) != Truth::kFalse)
      label = label.Join({rows[row].word});
    return true;
  });
  return label;
}

}  // namespace hpol::decide
