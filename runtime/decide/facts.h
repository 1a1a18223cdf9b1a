// What is known about one request, in three values: its attributes, what was found in its text, its label.
// Nothing is worked out before a rule asks for it; only what findings make true is kept. Door: Facts.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "hpol/engine.h"
#include "runtime/abi/tables.h"
#include "runtime/decide/domains.h"
#include "runtime/decide/index.h"
#include "runtime/decide/searcher.h"
#include "runtime/detect/scan.h"
#include "runtime/text/views.h"

namespace hpol::decide {

// Findings as facts see them. `off` (one a match) leaves matches out.
struct Evidence {
  const detect::Matches& matches;
  const text::Views& views;
  std::span<const uint8_t> off;
  bool unscanned = false;    // there may be more than was found
  bool shape_fires = false;  // every finding counts, whatever its tier (THREATS rule M)
  bool texts_known = true;   // else each counts as another text: `views` is not looked at
};

class Facts {
 public:
  // The attributes, and no text at all. All three must outlive the facts.
  void Begin(const ir::Tables& tables, const Index& index, const Values& values);
  void SetFindings(const Evidence& evidence);
  // The text has not been looked at: every fact on findings is unknown.
  void SetNotScanned();
  void SetLabel(Label label);

  Truth Of(uint32_t fact) const;
  Truth Of(ir::Range condition, std::vector<Truth>& stack) const;

  // Whether any fact that a rule may ask about is unknown. False only when none is.
  bool any_unknown() const { return values_->missing != 0 || more_findings_; }

  // For searches.
  Known known() const { return {index_, values_, label_cells_.data(), label_, more_findings_, true_}; }
  const ir::Tables& tables() const { return *tables_; }
  const Index& index() const { return *index_; }

 private:
  // What the findings of one detector come to.
  struct Summary {
    bool found = false;
    Tier best = Tier::kShape;
    int64_t count = 0;     // at the firing tier
    int64_t distinct = 0;  // different texts among them
  };
  void ClearFindings();
  void Summarize(const Evidence& evidence);
  void CountDistinct(const Evidence& evidence);
  bool Fires(const Evidence& evidence, uint32_t match) const;
  bool Holds(const ir::Fact& fact) const;
  bool IsTrue(uint32_t evidence) const { return (bits_[evidence >> 6] >> (evidence & 63)) & 1; }

  const ir::Tables* tables_ = nullptr;
  const Index* index_ = nullptr;
  const Values* values_ = nullptr;
  Label label_;
  bool more_findings_ = false;
  std::vector<uint32_t> label_cells_;
  std::vector<uint64_t> bits_;      // by number of the evidence
  std::vector<uint32_t> true_;      // numbers of the facts on findings that are, each once
  std::vector<Summary> summaries_;  // by detector; zero but for those in found_
  std::vector<uint32_t> found_;     // detectors with a finding that counts
  std::vector<uint32_t> order_;     // matches, to count different texts
};

// The first required attribute that is missing.
std::optional<AttributeId> FirstBadInput(const ir::Tables& tables, const Values& values);

}  // namespace hpol::decide
