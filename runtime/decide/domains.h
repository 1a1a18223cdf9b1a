// Values → classes. Two values of an attribute are of one class when no fact of the policy tells them apart,
// so that a request is a handful of small numbers and every fact a set of them. Doors: Domains::Make and
// Domains::Read; derived from the tables, plain data.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "hpol/engine.h"
#include "runtime/abi/tables.h"
#include "runtime/decide/interner.h"

namespace hpol::decide {

// A dimension is what one part of a condition can be about. Rules constrain some dimensions; a request has a
// place in each.
enum class DimensionKind : uint8_t {
  kScalar,    // one class of an enum, bool, int or string attribute; the last class is "missing"
  kTruth,     // one fact that is its own dimension: false, true, unknown
  kLevel,     // the level of the request's label
  kElements,  // a set attribute: the elements that a rule asks for, any of which will do
  kBlocked,   // a set attribute: the elements that a rule forbids
  kEvidence,  // facts on findings that are true: any of which will do
};

constexpr bool IsOneClass(DimensionKind kind) {
  return kind == DimensionKind::kScalar || kind == DimensionKind::kTruth || kind == DimensionKind::kLevel;
}

// A bitmap row for every class would be too much where there are very many: neighbours share a cell.
inline constexpr uint32_t kMaxCells = 256;

struct Dimension {
  DimensionKind kind = DimensionKind::kScalar;
  bool on_label = false;    // known only when the label is
  uint32_t subject = 0;     // attribute, or fact (kTruth)
  uint32_t classes = 0;     // kScalar: without "missing", which is class `classes`; elements otherwise
  uint32_t shift = 0;       // classes that share a cell: 2^shift
  uint32_t first_cell = 0;  // of all cells of all dimensions
  uint32_t cells = 0;

  // kScalar: the last cell is "missing". kElements, kEvidence: the last cell is "asks for none".
  uint32_t CellOf(uint32_t one) const { return first_cell + (one >= classes ? cells - 1 : one >> shift); }
  uint32_t last_cell() const { return first_cell + cells - 1; }
};

inline constexpr uint32_t kNoDimension = 0xffffffff;

// kTruth: its classes.
inline constexpr uint32_t kClassFalse = 0, kClassTrue = 1, kClassUnknown = 2;

// A fact on classes instead of values.
struct FactForm {
  uint32_t dimension = kNoDimension;
  uint32_t begin =
      0;  // kMember, kText, kHas: its classes in Domains::members, ascending; kAtLeast: the least
  uint32_t count = 0;  // class that holds. Facts on findings: `begin` is their number among the evidence
};

// The attributes of one request.
struct Values {
  static constexpr uint32_t kMissing = 0xffffffff;
  struct One {
    uint32_t one = kMissing;  // class; sets: where its elements begin; labels: 0
    uint32_t count = 0;       // sets: how many elements
    uint64_t word = 0;        // labels
    bool missing() const { return one == kMissing; }
  };
  std::vector<One> attributes;
  std::vector<uint32_t> cells;     // by dimension: of those of one class that are on attributes
  std::vector<uint32_t> elements;  // of sets
  std::vector<uint8_t> given;      // by attribute: a request has said something about it
  uint32_t missing = 0;            // attributes with facts on them
  uint32_t missing_required = 0;
};

class Domains {
 public:
  static Domains Make(const ir::Tables& tables);

  // All attributes missing.
  void Clear(Values& values) const;
  // Values as an embedder spells them (see hpol::Attribute). What is not spelled as declared is missing.
  bool Set(Values& values, uint32_t attribute, std::span<const std::string_view> texts) const;
  bool SetInt(Values& values, uint32_t attribute, int64_t number) const;
  bool SetBool(Values& values, uint32_t attribute, bool value) const;
  bool SetMember(Values& values, uint32_t attribute, uint32_t member) const;  // of an enum
  void SetMissing(Values& values, uint32_t attribute) const;
  // A whole request: a value from another source than declared, or given twice, is missing.
  void Read(Values& values, std::span<const Attribute> given) const;

  uint32_t Find(std::string_view name) const { return names_.Find(name); }
  Source source(uint32_t attribute) const { return attributes_[attribute].source; }

  // The cells of the dimensions on the label, at their places in `cells`.
  void PlaceLabel(Label label, std::vector<uint32_t>& cells) const;

  // Three values of a fact on an attribute.
  Truth OnAttribute(const ir::Fact& fact, const FactForm& form, const Values& values) const;

  std::vector<Dimension> dimensions;
  std::vector<FactForm> facts;     // by fact of the tables
  std::vector<uint32_t> members;   // pool
  std::vector<uint32_t> evidence;  // facts on findings
  // kTruth dimensions by what makes them known: those on an attribute, and those on the label.
  std::vector<uint32_t> label_truths;
  uint32_t level_dimension = kNoDimension;
  uint32_t evidence_dimension = kNoDimension;
  uint32_t cell_count = 0;

 private:
  struct OneAttribute {
    AttributeType type = AttributeType::kString;
    Source source = Source::kNone;
    bool optional = false;
    bool asked = false;                 // some fact is on it
    uint32_t dimension = kNoDimension;  // kScalar or kElements
    uint32_t blocked = kNoDimension;
    std::vector<int64_t> bounds;   // kInt: where classes begin, ascending
    Interner texts;                // enum members, or the texts that facts name
    std::vector<uint32_t> truths;  // kTruth dimensions on it
  };
  friend class DomainsMaker;

  bool Read(Values& values, uint32_t attribute, std::string_view text) const;
  bool ReadLabel(std::string_view text, uint64_t& word) const;
  bool SetScalar(Values& values, uint32_t attribute, uint32_t one) const;
  void Present(Values& values, uint32_t attribute) const;
  void SetTruths(Values& values, uint32_t attribute) const;

  std::vector<OneAttribute> attributes_;
  std::vector<ir::Fact> truth_facts_;  // by dimension of kTruth: a copy, so that Set needs no tables
  Interner names_;
  Interner levels_;
  Interner categories_;
  Values none_;  // all missing
};

}  // namespace hpol::decide
