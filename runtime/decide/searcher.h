// One search of one table: visits the rows whose boxes the request is in. Inside runtime/decide; in a header
// so that each kind of search is compiled as one piece.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/decide/index.h"
#include "runtime/decide/survivors.h"

namespace hpol::decide {

// Buffers of searches, reused.
struct SearchMemory {
  std::vector<const uint64_t*> rows;  // of alternatives
  std::vector<RowsOfSearch::Alternative> alternatives;
  std::vector<Truth> stack;
};

// Where a request stands in every dimension. Plain pointers: what they point to outlives the search.
struct Known {
  const Index* index = nullptr;
  const Values* values = nullptr;
  const uint32_t* label_cells = nullptr;  // by dimension
  Label label;
  bool more_findings = false;            // there may be findings that are not known
  std::span<const uint32_t> evidence{};  // numbers of the facts on findings that are true
};

inline constexpr uint32_t kPadding = 4;  // RowsOfSearch::all comes in fours

// One search of one table. Visits positions of rows whose boxes the request is in.
class Searcher {
 public:
  Searcher(const TableIndex& table, const Known& known, SearchMemory& memory)
      : table_(table), domains_(known.index->domains), known_(known), memory_(memory) {}

  // `visit(row)` is called for the rows of each bucket in their order; it returns false to leave the bucket.
  template <typename Visit>
  void Run(Visit visit) {
    for (const Group& group : table_.groups) RunGroup(group, visit);
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
    const Dimension& dimension = domains_.dimensions[group.dimension];
    if (dimension.kind == DimensionKind::kEvidence) {
      if (known_.more_findings) return RunWhole(group, visit);
      return RunEach(group, known_.evidence, visit);
    }
    if (dimension.kind == DimensionKind::kLevel)
      return RunBucket(group, buckets[known_.label.level()], visit);
    const Values& values = (*known_.values);
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
    const uint32_t* cells = (*known_.values).cells.data();
    const uint64_t* bits = table_.Row(0);
    uint64_t left = (~uint64_t{0} << bucket.begin) & (~uint64_t{0} >> (64 - bucket.end));
    for (uint32_t i = 0; i < group.on_values.count; ++i)
      left &= bits[cells[searched[group.on_values.begin + i]]];
    for (uint32_t i = 0; i < group.on_label.count; ++i)
      left &= bits[known_.label_cells[searched[group.on_label.begin + i]]];
    for (uint32_t i = 0; i < group.alternatives.count; ++i) {
      const Dimension& dimension = DimensionAt(group.alternatives.begin + i);
      const Values::One& value = (*known_.values).attributes[dimension.subject];
      if (value.missing()) continue;
      const bool blocked = dimension.kind == DimensionKind::kBlocked;
      uint64_t some = blocked ? 0 : bits[dimension.last_cell()];
      for (uint32_t k = 0; k < value.count; ++k)
        some |= bits[dimension.CellOf((*known_.values).elements[value.one + k])];
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

  const Dimension& DimensionAt(uint32_t at) const { return domains_.dimensions[table_.searched[at]]; }

  // The bitmap rows of the request's cells.
  void Collect(const Group& group) {
    const uint32_t* cells = (*known_.values).cells.data();
    uint32_t count = 0;
    for (uint32_t i = 0; i < group.on_values.count; ++i)
      all_[count++] = table_.Row(cells[table_.searched[group.on_values.begin + i]]);
    for (uint32_t i = 0; i < group.on_label.count; ++i)
      all_[count++] = table_.Row(known_.label_cells[table_.searched[group.on_label.begin + i]]);
    const uint64_t* ones = table_.Row(0);
    while (count == 0 || count % kPadding != 0) all_[count++] = ones;
    rows_.all = all_.data();
    rows_.all_count = count;
    CollectAlternatives(group);
  }

  void CollectAlternatives(const Group& group) {
    rows_.alternative_count = 0;
    if (group.alternatives.count == 0) return;
    const Values& values = *known_.values;
    const size_t most = values.elements.size() * 2 + group.alternatives.count;
    if (memory_.rows.size() < most) memory_.rows.resize(most);
    if (memory_.alternatives.size() < group.alternatives.count)
      memory_.alternatives.resize(group.alternatives.count);
    const uint64_t** next = memory_.rows.data();
    for (uint32_t i = 0; i < group.alternatives.count; ++i) {
      const Dimension& dimension = DimensionAt(group.alternatives.begin + i);
      const Values::One& value = values.attributes[dimension.subject];
      if (value.missing()) continue;
      const uint64_t** const first = next;
      const bool blocked = dimension.kind == DimensionKind::kBlocked;
      if (!blocked) *next++ = table_.Row(dimension.last_cell());
      for (uint32_t k = 0; k < value.count; ++k)
        *next++ = table_.Row(dimension.CellOf(values.elements[value.one + k]));
      memory_.alternatives[rows_.alternative_count++] = {first, static_cast<uint32_t>(next - first), blocked};
    }
    rows_.alternatives = memory_.alternatives.data();
  }

  template <typename Visit>
  void RunBlocks(Bucket bucket, Visit& visit) {
    const NextSurvivorsFn next = known_.index->next_survivors;
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
  const Domains& domains_;
  const Known& known_;
  SearchMemory& memory_;
  bool ascends_ = true;
  uint32_t buckets_ = 0;
  RowsOfSearch rows_;
  std::array<const uint64_t*, kMaxSearched + kPadding> all_;
};

}  // namespace hpol::decide
