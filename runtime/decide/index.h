// The tables' rules as bitmaps: for every cell of every dimension the rules whose boxes it is in, and large
// tables in groups by the dimensions that tell most rules apart, so that a request reads only its own
// buckets. Derived from the tables by one function, in time near linear in them; plain data, made at load.
// Doors: Index::Make and CheckLaw.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "runtime/abi/tables.h"
#include "runtime/decide/boxes.h"
#include "runtime/decide/domains.h"
#include "runtime/decide/survivors.h"

namespace hpol::decide {

// Words that begin where a cache line does.
struct alignas(64) BitmapLine {
  std::array<uint64_t, 8> words{};
};

// Positions of rules that are found together.
struct Bucket {
  uint32_t begin = 0;
  uint32_t end = 0;
};

// Rules that share a dimension by which they are found, or, with none, all the others. A rule stands in the
// bucket of each class that it allows there, so that the dimension is checked by having looked.
struct Group {
  uint32_t dimension = kNoDimension;
  uint32_t first_bucket = 0;  // one for each class or element; none: one
  uint32_t bucket_count = 1;
  Bucket all{};
  // In TableIndex::searched, the most selective first: dimensions of one class that are on attributes, those
  // on the label, and those of elements.
  ir::Range on_values{};
  ir::Range on_label{};
  ir::Range alternatives{};
};

// More rows of one class in a search would be slower than checking what they leave.
inline constexpr uint32_t kMaxSearched = 60;

struct TableIndex {
  uint32_t row_count = 0;
  uint32_t stride = 1;  // words of a bitmap row
  uint32_t positions = 0;
  std::vector<BitmapLine> bits;  // by cell; a block of memory more than the last row needs
  std::vector<uint32_t> row_of;  // by position; ascending inside a bucket
  std::vector<uint8_t> exact;    // by row: its bits are its condition
  std::vector<uint32_t> always;  // kJoin: rows without a condition; they stand nowhere else
  std::vector<Group> groups;
  std::vector<Bucket> buckets;
  std::vector<uint32_t> searched;  // pool of dimensions

  const uint64_t* Row(uint32_t cell) const { return bits.data()->words.data() + size_t{cell} * stride; }
};

// Routes of at most 63 rules under a constant label: one word a cell, and straight through. What the label
// and the size of the table leave is known beforehand.
struct FewRoutes {
  struct Alternative {
    uint32_t attribute = 0;
    uint32_t dimension = 0;
    bool blocked = false;
  };
  bool usable = false;
  uint64_t open = 0;                 // positions that are left
  std::vector<uint32_t> dimensions;  // of one class, on attributes
  std::vector<Alternative> alternatives;
};

// What a table does with its rows decides how it is best laid out.
enum class Combine : uint8_t { kJoin, kFirst };

struct Index {
  Domains domains;
  TableIndex classify;
  TableIndex route;
  std::vector<uint32_t> facts_of_detector;  // by detector, evidence numbers: see evidence_begin
  std::vector<uint32_t> evidence_begin;     // detectors + 1
  std::vector<uint64_t> route_clearance;    // by route row: what each of its candidates is cleared for
  uint64_t always_label = 0;                // of the classify rows without a condition
  // Without findings the label is always_label, whatever the attributes are, and nothing is required: its
  // cells, by dimension.
  bool constant_label = false;
  std::vector<uint32_t> constant_label_cells;
  FewRoutes few_routes;
  NextSurvivorsFn next_survivors = NextSurvivorsScalar;
  bool counts_texts = false;  // some fact counts different texts
  uint32_t depth = 1;         // operands at once in any condition

  static Index Make(const ir::Tables& tables);
};

TableIndex MakeTableIndex(const ir::Tables& tables, const Domains& domains,
                          const std::vector<ir::Range>& conditions, Combine combine);

// Every rule that may be true with a class is in that class's bitmap row and buckets. Looks at each rule,
// dimension and class with everything else unknown, without boxes. Empty, or what is wrong. (A rule that
// asks for two things which one attribute cannot be, and whether it is there, may be reported though
// nothing is wrong.)
std::string CheckLaw(const ir::Tables& tables, const Index& index);

}  // namespace hpol::decide
