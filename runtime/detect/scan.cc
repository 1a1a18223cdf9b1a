// The walk of one detector over one view, and the merging of what several views show.
#include "runtime/detect/scan.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "runtime/detect/validators.h"

namespace hpol::detect {
namespace {

// How many starts are followed together, at least: a pass also reads up to one match behind them.
constexpr uint32_t kTrackedStarts = 1024;

// One detector over one view. Starts are tried one by one, by the detector's code. Where that reads far for
// nothing while other starts lie inside what was read, all starts of the next bytes are followed in one pass.
class Walk {
 public:
  // Matches begin at `from` or later.
  Walk(const ir::Tables& tables, uint32_t detector, const hpol_detector_code& code, std::string_view text,
       uint32_t from, TrackedWalk& tracked, std::vector<uint64_t>& starts)
      : tables_(tables),
        detector_(tables.detectors[detector]),
        check_(Validators()[detector_.validator].check),
        code_(code),
        text_(text),
        tracked_(tracked),
        starts_(starts),
        next_(from) {}

  // Calls found(begin, end, tier) for each accepted match that begins in a candidate, in order. `candidates`
  // are sorted by `first`. False when the code misbehaves.
  template <typename Found>
  bool Run(std::span<const filter::Candidate> candidates, Found found) {
    for (size_t i = 0; i < candidates.size(); ++i) {
      for (uint32_t at = std::max(candidates[i].first, next_); at <= candidates[i].last; at = next_) {
        next_ = at + 1;
        if (!CanBegin(at)) continue;
        uint32_t end = 0;
        Tier tier = Tier::kShape;
        if (!LongestAccepted(candidates.subspan(i), at, end, tier)) return false;
        if (end == 0) continue;
        found(at, end, tier);
        next_ = end;
      }
    }
    return true;
  }

 private:
  bool CanBegin(uint32_t at) const {
    const auto byte = static_cast<uint8_t>(text_[at]);
    return (code_.first_bytes[byte >> 6] >> (byte & 63) & 1) != 0;
  }

  // The longest match at `at` that is accepted; `end` stays 0 when there is none. `candidates`: from that of
  // `at` on.
  bool LongestAccepted(std::span<const filter::Candidate> candidates, uint32_t at, uint32_t& end,
                       Tier& tier) {
    if (at < tracked_end_) {
      LongestTracked(at, end, tier);
      return true;
    }
    const auto* bytes = reinterpret_cast<const uint8_t*>(text_.data());
    uint64_t stopped = at;
    int rejected = 0;
    for (uint64_t limit = text_.size(); limit > at;) {
      const hpol_match match = code_.match(code_.context, bytes, text_.size(), at, limit);
      stopped = std::max(stopped, match.stopped);
      if (match.end == 0) break;
      if (match.end <= at || match.end > limit) return false;
      if (Accept(text_.substr(at, match.end - at), tier)) {
        end = static_cast<uint32_t>(match.end);
        break;
      }
      if (code_.automaton != nullptr && ++rejected == 2) {
        // All its ends in one go; those are among them again, and are rejected again.
        FollowOne(at);
        LongestTracked(at, end, tier);
        break;
      }
      limit = match.end - 1;
    }
    const uint32_t next = end != 0 ? end : at + 1;
    if (code_.automaton != nullptr && stopped > next + kVainBytes) FollowMany(candidates, next, stopped);
    return true;
  }

  void LongestTracked(uint32_t at, uint32_t& end, Tier& tier) {
    tracked_.Choose(at);
    for (uint32_t each = tracked_.NextEnd(); each != 0; each = tracked_.NextEnd()) {
      if (!Accept(text_.substr(at, each - at), tier)) continue;
      end = each;
      return;
    }
  }

  void FollowOne(uint32_t at) {
    starts_.assign(1, 1);
    tracked_.Follow(*code_.automaton, text_, at, starts_);
  }

  // Follows the candidates from `begin` on, if the next one lies before `stopped`.
  void FollowMany(std::span<const filter::Candidate> candidates, uint32_t begin, uint64_t stopped) {
    bool worth = false;
    EachStart(candidates, begin, stopped, [&](uint32_t) {
      worth = true;
      return false;
    });
    if (!worth) return;
    const uint64_t most = uint64_t{begin} + std::max(kTrackedStarts, code_.automaton->max_length);
    const auto end = static_cast<uint32_t>(std::min<uint64_t>(text_.size(), most));
    starts_.assign((end - begin + 63) / 64, 0);
    EachStart(candidates, begin, end, [&](uint32_t at) {
      starts_[(at - begin) / 64] |= uint64_t{1} << ((at - begin) % 64);
      return true;
    });
    tracked_.Follow(*code_.automaton, text_, begin, starts_);
    tracked_end_ = end;
  }

  // Calls visit(at) for each start in [begin, end), in order, until it returns false.
  template <typename Visit>
  void EachStart(std::span<const filter::Candidate> candidates, uint32_t begin, uint64_t end,
                 const Visit& visit) const {
    for (const filter::Candidate& candidate : candidates) {
      if (candidate.first >= end) return;
      for (begin = std::max(candidate.first, begin); begin < end && begin <= candidate.last; ++begin) {
        if (CanBegin(begin) && !visit(begin)) return;
      }
    }
  }

  bool Accept(std::string_view match, Tier& tier) const {
    for (uint32_t i = 0; i < detector_.exceptions.count; ++i) {
      if (tables_.Text(tables_.lists[detector_.exceptions.begin + i]) == match) return false;
    }
    const Validity validity = check_(match);
    tier = validity == Validity::kAccept ? Tier::kChecksum : Tier::kShape;
    return validity != Validity::kReject;
  }

  const ir::Tables& tables_;
  const ir::Detector& detector_;
  Validity (*check_)(std::string_view match);
  const hpol_detector_code& code_;
  std::string_view text_;
  TrackedWalk& tracked_;
  std::vector<uint64_t>& starts_;
  uint32_t next_;             // where the next match may begin
  uint32_t tracked_end_ = 0;  // candidates before it are followed in `tracked_`
};

// The tier of an accepted match after a look at the words around it (README.md says where they stand), or
// nothing when it needs some.
std::optional<Tier> TierInContext(Matches& matches, const ir::Tables& tables, uint32_t detector,
                                  const text::Views& views, uint32_t view, uint32_t begin, uint32_t end,
                                  Tier tier) {
  views.KeysOf(view, begin, end, matches.keys);
  const text::Views::Surroundings around = views.Around(view);
  return matches.near.TierOf(tables, tables.detectors[detector],
                             {views[view].text, begin, end, around.text, around.offset, matches.keys}, tier);
}

void Add(Matches& matches, const ir::Tables& tables, const text::Views& views, uint32_t view,
         uint32_t detector, uint32_t begin, uint32_t end, Tier tier) {
  views.Locate(view, begin, end, matches.located, &matches.kinds);
  if (matches.located.empty()) return;  // one piece of a joined view: found there already
  if (tables.detectors[detector].near.count > 0) {
    const auto in_context = TierInContext(matches, tables, detector, views, view, begin, end, tier);
    if (!in_context) {
      matches.alone.push_back(
          {DetectorId{detector}, Tier::kShape, matches.located.front().begin, matches.located.back().end});
      return;
    }
    tier = *in_context;
  }
  Match match;
  match.finding = {DetectorId{detector}, tier, matches.located.front().begin, matches.located.back().end};
  match.view = view;
  match.text_begin = begin;
  match.text_end = end;
  match.first_range = static_cast<uint32_t>(matches.ranges.size());
  match.range_count = static_cast<uint32_t>(matches.located.size());
  const bool text_only = std::all_of(matches.kinds.begin(), matches.kinds.end(),
                                     [](auto kind) { return kind == surface::Piece::Kind::kText; });
  match.replaceable = text_only && end - begin < kCappedBytes;
  matches.ranges.insert(matches.ranges.end(), matches.located.begin(), matches.located.end());
  matches.all.push_back(match);
}

auto Place(const Match& match) {
  return std::tuple(match.finding.begin, match.finding.end, match.finding.detector);
}

// <0, 0 or >0 by the exact ranges.
int CompareRanges(const Matches& matches, const Match& a, const Match& b) {
  const auto left = matches.RangesOf(a);
  const auto right = matches.RangesOf(b);
  for (size_t i = 0; i < left.size() && i < right.size(); ++i) {
    if (left[i].begin != right[i].begin) return left[i].begin < right[i].begin ? -1 : 1;
    if (left[i].end != right[i].end) return left[i].end < right[i].end ? -1 : 1;
  }
  return left.size() == right.size() ? 0 : left.size() < right.size() ? -1 : 1;
}

hpol_filter_fn StepsFor(const hpol_artifact& artifact, filter::Variant variant) {
  switch (variant) {
    case filter::Variant::kScalar:
      return nullptr;
    case filter::Variant::kAvx2:
      return artifact.filter_avx2;
    case filter::Variant::kAvx512:
      return artifact.filter_avx512;
  }
  return nullptr;
}

// Where matches can begin, by detector and place: all bytes of the text for a detector without a filter.
void FindCandidates(const hpol_artifact& artifact, const filter::Program* filter, std::string_view text,
                    std::vector<filter::Candidate>& candidates) {
  candidates.clear();
  const auto last = static_cast<uint32_t>(text.size() - 1);
  if (filter == nullptr) {
    for (uint32_t i = 0; i < artifact.detector_count; ++i) candidates.push_back({i, 0, last});
    return;
  }
  const filter::Variant variant = filter::BestVariant();
  filter::FindCandidates(*filter, variant, StepsFor(artifact, variant), text, candidates);
  for (const uint16_t detector : filter->unfiltered) candidates.push_back({detector, 0, last});
  std::sort(candidates.begin(), candidates.end(), [](const filter::Candidate& a, const filter::Candidate& b) {
    return std::tuple(a.detector, a.first, a.last) < std::tuple(b.detector, b.first, b.last);
  });
}

// Sorts, and merges what several views show at the same bytes: first view, best tier.
void Merge(Matches& matches) {
  std::vector<Match>& all = matches.all;
  std::sort(all.begin(), all.end(), [&](const Match& a, const Match& b) {
    if (Place(a) != Place(b)) return Place(a) < Place(b);
    const int order = CompareRanges(matches, a, b);
    return order != 0 ? order < 0 : std::tuple(a.view, a.text_begin) < std::tuple(b.view, b.text_begin);
  });
  size_t kept = 0;
  for (size_t i = 0; i < all.size(); ++i) {
    const bool same = kept > 0 && Place(all[kept - 1]) == Place(all[i]) &&
                      CompareRanges(matches, all[kept - 1], all[i]) == 0;
    if (!same) {
      all[kept++] = all[i];
      continue;
    }
    Match& first = all[kept - 1];
    first.finding.tier = std::max(first.finding.tier, all[i].finding.tier);
    first.replaceable = first.replaceable && all[i].replaceable;
  }
  all.resize(kept);
}

}  // namespace

void Matches::Clear() {
  all.clear();
  alone.clear();
  ranges.clear();
}

bool Scan(const ir::Tables& tables, const hpol_artifact& artifact, const filter::Program* filter,
          const text::Views& views, Matches& matches, std::span<const uint32_t> from) {
  matches.Clear();
  for (uint32_t view = 0; view < views.size(); ++view) {
    const std::string_view text = views[view].text;
    if (text.empty()) continue;
    FindCandidates(artifact, filter, text, matches.candidates);
    const std::vector<filter::Candidate>& candidates = matches.candidates;
    for (size_t i = 0; i < candidates.size();) {
      const uint32_t detector = candidates[i].detector;
      if (detector >= artifact.detector_count) return false;
      size_t end = i;
      while (end < candidates.size() && candidates[end].detector == detector) ++end;
      Walk walk(tables, detector, artifact.detectors[detector], text, view < from.size() ? from[view] : 0,
                matches.tracked, matches.starts);
      matches.near.Start();
      const bool kept_contract =
          walk.Run({candidates.data() + i, end - i}, [&](uint32_t begin, uint32_t match_end, Tier tier) {
            Add(matches, tables, views, view, detector, begin, match_end, tier);
          });
      if (!kept_contract) return false;
      i = end;
    }
  }
  Merge(matches);
  return true;
}

std::string_view TextOf(const Match& match, const text::Views& views) {
  return views[match.view].text.substr(match.text_begin, match.text_end - match.text_begin);
}

}  // namespace hpol::detect
