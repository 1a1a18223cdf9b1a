// One reading: views of what is kept, the scan from where it was final, and how far it is final now.
#include "runtime/detect/stream.h"

#include <algorithm>

#include "runtime/text/cuts.h"
#include "runtime/text/wipe.h"

namespace hpol::detect {
namespace {

constexpr uint64_t kMaxTextBytes = uint64_t{1} << 30;  // as for a text in one: offsets are 32 bits
constexpr uint32_t kSlice = 64 * 1024;                 // of a long chunk
constexpr uint32_t kMinNew = 24;                       // bytes before it is read again, or
constexpr uint32_t kNewShare = 8;                      // this part of what is kept: work stays linear
constexpr uint32_t kMaxCuts = 128;  // that are tried in one reading: each costs a look back
constexpr uint32_t kMaxCharacterBytes = 4;
// What stands together in decoders beyond one unit (escapes.h, views.cc): kept before the context.
constexpr uint32_t kDecodersReach = 1280;

}  // namespace

Stream::Stream(const ir::Tables& tables, const hpol_artifact& artifact, const filter::Program* filter,
               const Openings* openings)
    : tables_(tables), artifact_(artifact), filter_(filter), openings_(openings) {
  for (const ir::Detector& detector : tables.detectors) {
    reach_ = std::max(reach_, detector.reach);
    max_length_ = std::max(max_length_, detector.max_length);
  }
  if (openings_ != nullptr) following_.resize(openings_->words), beginning_.resize(openings_->words);
  Reset();
}

Stream::~Stream() {
  text::Wipe(text_);
  views_.Wipe();
}

void Stream::Reset() {
  Begin(0);
  unread_ = 0;
  unscanned_ = broken_ = false;
}

bool Stream::Feed(std::string_view chunk, std::vector<Finding>& findings) {
  while (!chunk.empty() && !broken_) {
    const std::string_view slice = chunk.substr(0, kSlice);
    chunk.remove_prefix(slice.size());
    if (base_ + text_.size() + slice.size() > kMaxTextBytes) broken_ = true;
    if (broken_) break;
    text_.append(slice);
    if (text_.size() < next_) continue;
    if (!Read(false, findings)) broken_ = true;
    if (text_.size() - from_ <= kMaxOpen) continue;
    unscanned_ = true;  // whatever it is, it is too long
    if (!Read(true, findings)) broken_ = true;
  }
  unscanned_ = unscanned_ || broken_;
  return !broken_;
}

bool Stream::Finish(std::vector<Finding>& findings) {
  if (!broken_ && !Read(true, findings)) broken_ = true;
  unscanned_ = unscanned_ || broken_;
  return !broken_;
}

bool Stream::Read(bool complete, std::vector<Finding>& findings) {
  const auto size = static_cast<uint32_t>(text_.size());
  next_ = size + std::max(kMinNew, size / kNewShare);
  content_.Clear();
  content_.pieces.push_back({.end = size});
  views_.Build(text_, content_, text::Steps::AllBut(tables_.steps_off));
  const uint32_t stable = complete ? size : LastCut(size, from_);
  if (stable == from_ && !complete) return true;
  begins_.clear();
  for (uint32_t view = 0; view < views_.size(); ++view) begins_.push_back(PlaceIn(view, from_));
  if (!Scan(tables_, artifact_, filter_, views_, matches_, begins_)) return false;
  const uint32_t frontier = complete ? size : Frontier(stable);
  for (const Match& match : matches_.all) {
    if (match.finding.begin >= frontier) break;
    Finding finding = match.finding;
    finding.begin += static_cast<uint32_t>(base_);
    finding.end += static_cast<uint32_t>(base_);
    findings.push_back(finding);
  }
  NoteUnscanned(stable, frontier);
  if (complete) {
    Begin(base_ + size);
  } else {
    Forget(frontier);
  }
  return true;
}

// Nothing is kept, and the next byte is at `base`.
void Stream::Begin(uint64_t base) {
  base_ = base;
  text_.clear();
  from_ = 0;
  next_ = kMinNew;
}

// The last place at or before `limit` and behind `floor` where text and all views may be cut; else `floor`.
uint32_t Stream::LastCut(uint32_t limit, uint32_t floor) const {
  uint32_t tried = 0;
  for (uint32_t at = limit; at > floor && tried < kMaxCuts; --at) {
    if (!text::MayCutHere(text_, at)) continue;
    if (text::MayCutDerived(text_, at, false) && MayCutViews(at)) return at;
    ++tried;
  }
  return floor;
}

bool Stream::MayCutViews(uint32_t at) const {
  for (uint32_t view = 0; view < views_.size(); ++view) {
    const auto place = text::TextAt(views_.SegmentsOf(view), at);
    if (!place) return false;
    const text::View& derived = views_[view];
    if (derived.text.data() == text_.data()) continue;
    if (!text::MayCutDerived(derived.text, *place, derived.level > 0)) return false;
  }
  return true;
}

// Where a view goes on behind `raw`, a cut or the end of a match.
uint32_t Stream::PlaceIn(uint32_t view, uint32_t raw) const {
  const auto segments = views_.SegmentsOf(view);
  for (;; ++raw) {
    if (const auto place = text::TextAt(segments, raw)) return *place;
  }
}

// The first byte where a match may have begun that needs more than the text before `stable`; else `stable`.
uint32_t Stream::FirstOpening(uint32_t stable) {
  uint32_t first = stable;
  for (uint32_t view = 0; view < views_.size(); ++view) {
    const uint32_t stop = PlaceIn(view, stable);
    const uint32_t open = FirstOpeningIn(views_[view].text, begins_[view], stop);
    if (open >= stop) continue;
    first = std::min(first, text::RawOf(views_.SegmentsOf(view), open, open + 1).begin);
  }
  return first;
}

uint32_t Stream::FirstOpeningIn(std::string_view text, uint32_t from, uint32_t stop) {
  from = std::max(from, stop - std::min(stop, max_length_));
  if (openings_ == nullptr) return from;
  const auto meet = [&](std::vector<uint64_t>& set, uint32_t position, uint32_t at) {
    const uint64_t* with = openings_->At(position, static_cast<uint8_t>(text[at]));
    uint64_t any = 0;
    for (size_t i = 0; i < set.size(); ++i) any |= set[i] &= with[i];
    return any != 0;
  };
  std::fill(following_.begin(), following_.end(), ~uint64_t{0});  // may hold all from `at` + kOpeningBytes on
  uint32_t first = stop;
  for (uint32_t at = stop; at > from;) {
    --at;
    const uint32_t head = std::min(stop, at + kOpeningBytes);
    if (head < stop && !meet(following_, kOpeningBytes, head)) break;
    beginning_ = following_;
    bool open = true;
    for (uint32_t i = at; i < head && open; ++i) open = meet(beginning_, i - at, i);
    for (uint32_t i = 0; open && i < tables_.detectors.size(); ++i) {
      const bool in = ((beginning_[i / 64] >> (i % 64)) & 1) != 0;
      if (in && tables_.detectors[i].max_length >= stop - at) first = at;
    }
  }
  return first;
}

// A match that is no finding may become one by a word that is yet to come, and ends where others may begin.
void Stream::TakeMatches() {
  taken_.assign(matches_.alone.begin(), matches_.alone.end());
  for (const Match& match : matches_.all) taken_.push_back(match.finding);
  std::sort(taken_.begin(), taken_.end(),
            [](const Finding& a, const Finding& b) { return a.begin < b.begin; });
  furthest_.clear();
  uint32_t furthest = 0;
  for (const Finding& match : taken_) furthest_.push_back(furthest = std::max(furthest, match.end));
}

// The begin of the first match whose context words may yet come; else `stable`.
uint32_t Stream::FirstWithoutContext(uint32_t stable) const {
  for (const Finding& match : taken_) {
    if (match.begin >= stable) break;
    const ir::Detector& detector = tables_.detectors[match.detector.value];
    if (detector.near.count == 0) continue;
    for (uint32_t view = 0; view < views_.size(); ++view) {
      const uint32_t end = PlaceIn(view, match.end);
      const uint32_t stop = PlaceIn(view, stable);
      const std::string_view behind = views_[view].text.substr(end, stop > end ? stop - end : 0);
      if (behind.size() > size_t{kMaxCharacterBytes} * (detector.reach + 1)) continue;
      if (CountCharacters(behind) < detector.reach + 2) return match.begin;
    }
  }
  return stable;
}

// How far everything is final: a cut that no match crosses, before all that is open.
uint32_t Stream::Frontier(uint32_t stable) {
  TakeMatches();
  const uint32_t limit = std::min(FirstOpening(stable), FirstWithoutContext(stable));
  size_t before = taken_.size();  // matches that begin before the cut
  for (uint32_t cut = LastCut(limit, from_);;) {
    while (before > 0 && taken_[before - 1].begin >= cut) --before;
    if (before == 0 || furthest_[before - 1] <= cut) return cut;
    uint32_t begin = cut;
    for (; before > 0 && furthest_[before - 1] > cut; --before) begin = taken_[before - 1].begin;
    cut = LastCut(begin, from_);
  }
}

// What is opaque in text that cannot change any more, and runs before the frontier that nobody could read.
void Stream::NoteUnscanned(uint32_t stable, uint32_t frontier) {
  if (!text::Steps::AllBut(tables_.steps_off).Has(text::Step::kOpaque)) return;
  unscanned_ = unscanned_ || views_.overflowed();
  for (const text::RawRange& range : views_.opaque()) unscanned_ = unscanned_ || range.end <= stable;
  for (const text::UnreadRun& run : views_.unread()) {
    if (run.raw.begin >= from_ && run.raw.begin < frontier) unread_ += run.size;
  }
  unscanned_ = unscanned_ || unread_ > text::kOpaqueSum;
}

// Drops what no later match, context word or decoder asks for.
void Stream::Forget(uint32_t frontier) {
  const bool encoded = views_.size() > 1 || text_.find('=') != std::string::npos;
  const uint32_t context = kMaxCharacterBytes * (reach_ + 2) + (encoded ? kDecodersReach : 0);
  uint32_t keep = frontier;
  for (uint32_t missing = context; missing > 0;) {
    keep = keep > missing ? LastCut(keep - missing, 0) : 0;
    if (keep == 0 || KeepsContext(keep, frontier, context, missing)) break;
  }
  const uint32_t drop = keep > 0 ? LastCut(keep - 1, 0) : 0;  // the text behind one cut is read rightly
  from_ = frontier - drop;
  base_ += drop;
  text_.erase(0, drop);
  const auto size = static_cast<uint32_t>(text_.size());
  next_ = size + std::max(kMinNew, size / kNewShare);
}

// Whether each view has `context` bytes between the cut and the frontier; if not, how many it lacks.
bool Stream::KeepsContext(uint32_t cut, uint32_t frontier, uint32_t context, uint32_t& missing) const {
  missing = 0;
  for (uint32_t view = 0; view < views_.size(); ++view) {
    const uint32_t kept = PlaceIn(view, frontier) - PlaceIn(view, cut);
    if (kept < context) missing = std::max(missing, context - kept);
  }
  return missing == 0;
}

}  // namespace hpol::detect
