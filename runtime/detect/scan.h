// Views → findings: each detector's code walks every view; validators and exceptions
// judge what it cuts. Door: Scan.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "hpol/engine.h"
#include "runtime/abi/artifact.h"
#include "runtime/abi/filter.h"
#include "runtime/abi/tables.h"
#include "runtime/detect/near.h"
#include "runtime/detect/walk.h"
#include "runtime/surface/surface.h"
#include "runtime/text/views.h"

namespace hpol::detect {

// A match this long may have been cut off by the compiler's cap on one match, so more of the
// value may follow it: such a finding counts as not written over whole (DESIGN 2.2.6).
inline constexpr uint32_t kCappedBytes = 4096 - 64;

// One finding with everything that later steps ask about it.
struct Match {
  Finding finding;    // the hull of its ranges
  uint32_t view = 0;  // where it was first seen, and its bytes there
  uint32_t text_begin = 0;
  uint32_t text_end = 0;
  uint32_t first_range = 0;  // exact bytes of the body, in Matches::ranges
  uint32_t range_count = 0;
  bool replaceable = false;  // every byte stands in free text and may be written over
};

struct Matches {
  std::vector<Match> all;  // sorted by (begin, end, detector); no two with equal detector and ranges
  std::vector<text::RawRange> ranges;
  // Matches that are no findings for want of a word of `needs near`, in no order. No other match of their
  // detector overlaps them in the same view.
  std::vector<Finding> alone;

  std::span<const text::RawRange> RangesOf(const Match& match) const {
    return {ranges.data() + match.first_range, match.range_count};
  }
  void Clear();

  // Working memory of Scan.
  std::vector<text::RawRange> located;
  std::vector<surface::Piece::Kind> kinds;
  Walking walking;
  NearWords near;
  std::vector<std::string_view> keys;
};

// In each view and for each detector: leftmost, then longest match that validator and
// exceptions accept; not overlapping; joined views count only where two pieces are touched. The same
// bytes found in several views are one finding, at the best tier. False when the code breaks the
// contract of hpol_match_fn: then nothing is known, and the caller must deny.
// `filter` (may be null) says where matches can begin; it changes speed alone. `from`, by view: matches begin
// there or later (missing: at 0).
bool Scan(const ir::Tables& tables, const hpol_artifact& artifact, const filter::Program* filter,
          const text::Views& views, Matches& matches, std::span<const uint32_t> from = {});

// The text of a finding as the detector read it. Valid as long as `views`.
std::string_view TextOf(const Match& match, const text::Views& views);

}  // namespace hpol::detect
