// A text that comes in chunks, found out piece by piece: what Scan finds in the whole text, wherever the
// chunks were cut. Door: Stream.
//
// It keeps the last part of the text and reads it again when enough has come. What it has read is final up to
// a place where the text may be cut (runtime/text/cuts.h), where no match can have begun that is still open,
// and where no match is crossed. Before that place it keeps what context words of later matches may stand in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hpol/engine.h"
#include "runtime/abi/openings.h"
#include "runtime/detect/scan.h"
#include "runtime/surface/surface.h"
#include "runtime/text/runs.h"
#include "runtime/text/views.h"

namespace hpol::detect {

// Text without a place to cut, or with a match or its context still open, of this length is given up on: what
// is in it counts as not scanned. The text kept is at most three times as long.
inline constexpr uint32_t kMaxOpen = text::kMaxRun + 16 * 1024;

// Not copyable: views point into its buffers. What is passed to the constructor must live as long.
class Stream {
 public:
  // `filter` and `openings` may be null: then reading is slower, or text becomes final later.
  Stream(const ir::Tables& tables, const hpol_artifact& artifact, const filter::Program* filter,
         const Openings* openings);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // Appends the findings that became final, in order over all calls, with offsets in the whole text. False:
  // the code broke its contract or the text is too long; nothing is known of the rest.
  bool Feed(std::string_view chunk, std::vector<Finding>& findings);

  // The text is complete: appends the rest.
  bool Finish(std::vector<Finding>& findings);

  // Findings that are yet to come begin here or later.
  uint64_t settled() const { return base_ + from_; }

  // Something was opaque or given up on. May become true late: what is settled then is no less unscanned.
  bool unscanned() const { return unscanned_; }

  // Forgets the text, for the next one. Keeps memory.
  void Reset();

 private:
  bool Read(bool complete, std::vector<Finding>& findings);
  void Begin(uint64_t base);
  uint32_t LastCut(uint32_t limit, uint32_t floor) const;
  bool MayCutViews(uint32_t at) const;
  uint32_t PlaceIn(uint32_t view, uint32_t raw) const;
  uint32_t FirstOpening(uint32_t stable);
  uint32_t FirstOpeningIn(std::string_view text, uint32_t from, uint32_t stop);
  void TakeMatches();
  uint32_t FirstWithoutContext(uint32_t stable) const;
  uint32_t Frontier(uint32_t stable);
  void NoteUnscanned(uint32_t stable, uint32_t frontier);
  void Forget(uint32_t frontier);
  bool KeepsContext(uint32_t cut, uint32_t frontier, uint32_t context, uint32_t& missing) const;

  const ir::Tables& tables_;
  const hpol_artifact& artifact_;
  const filter::Program* filter_;
  const Openings* openings_;
  uint32_t reach_ = 0;       // characters, of all detectors
  uint32_t max_length_ = 0;  // bytes

  std::string text_;     // the end of the text so far
  uint64_t base_ = 0;    // where it begins
  uint32_t from_ = 0;    // in text_: what is before is final
  uint32_t next_ = 0;    // read again when text_ is so long
  uint64_t unread_ = 0;  // bytes in runs before `from_` that nobody could read (text::kOpaqueSum)
  bool unscanned_ = false;
  bool broken_ = false;

  surface::Content content_;
  text::Views views_;
  Matches matches_;
  std::vector<uint32_t> begins_;     // by view: the place of from_
  std::vector<Finding> taken_;       // all matches by their begins, also those that are no findings
  std::vector<uint32_t> furthest_;   // by one of them: the last end up to it
  std::vector<uint64_t> following_;  // sets of Openings
  std::vector<uint64_t> beginning_;
};

}  // namespace hpol::detect
