// Tables::facts → columns of bits: what is known true and what is known false about one
// request. A fact with neither bit is unknown. Doors: ReadAttributes and Columns.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "hpol/engine.h"
#include "runtime/abi/tables.h"
#include "runtime/detect/scan.h"
#include "runtime/text/views.h"

namespace hpol::decide {

// An attribute of the request, read as its declaration says. Missing when it was not given, given by another
// source, given more than once, or not spelled as its type.
struct Value {
  bool present = false;
  uint32_t index = 0;  // enum member; bool: 0 or 1
  int64_t number = 0;
  Label label;
  std::span<const std::string_view> texts;  // as given
};

void ReadAttributes(const ir::Tables& tables, std::span<const Attribute> given, std::vector<Value>& values);

// The first required attribute that is missing.
std::optional<AttributeId> FirstBadInput(const ir::Tables& tables, const std::vector<Value>& values);

// Findings as facts see them. `off` (one a match) leaves matches out.
struct Evidence {
  const detect::Matches& matches;
  const text::Views& views;
  std::span<const uint8_t> off;
  bool unscanned = false;    // there may be more than was found
  bool shape_fires = false;  // every finding counts, whatever its tier (THREATS rule M)
};

class Columns {
 public:
  // All facts unknown.
  void Reset(const ir::Tables& tables);

  void SetAttributes(const ir::Tables& tables, const std::vector<Value>& values);
  void SetFindings(const ir::Tables& tables, const Evidence& evidence);
  void SetLabel(const ir::Tables& tables, Label label);

  // Whether a fact that classify may ask about is unknown: those on the label do not count.
  bool any_unknown() const { return any_unknown_; }
  bool IsUnknown(uint32_t fact) const;
  Truth TruthOf(uint32_t fact) const;
  void FindUnknown(const ir::Tables& tables);

  // The two readings (see hpol_rows_fn). `may` costs a pass over the words.
  const uint64_t* known_true() const { return true_.data(); }
  const uint64_t* known_false() const { return false_.data(); }
  void FillMay();
  const uint64_t* may_true() const { return may_true_.data(); }
  const uint64_t* may_false() const { return may_false_.data(); }

 private:
  // What the findings of one detector come to.
  struct Summary {
    bool found = false;
    Tier best = Tier::kShape;
    int64_t count = 0;     // at the firing tier
    int64_t distinct = 0;  // different texts among them
  };
  void Set(uint32_t fact, Truth truth);
  void Summarize(const ir::Tables& tables, const Evidence& evidence);
  void CountDistinct(const ir::Tables& tables, const Evidence& evidence);
  bool Fires(const ir::Tables& tables, const Evidence& evidence, uint32_t match) const;
  bool Holds(const ir::Tables& tables, const ir::Fact& fact) const;

  std::vector<uint64_t> true_;
  std::vector<uint64_t> false_;
  std::vector<uint64_t> may_true_;
  std::vector<uint64_t> may_false_;
  std::vector<Summary> summaries_;  // by detector
  std::vector<uint32_t> order_;     // matches, to count different texts
  bool any_unknown_ = false;
};

}  // namespace hpol::decide
