// Matches of each view made findings, and the merging of what several views show.
#include "runtime/detect/scan.h"

#include <algorithm>
#include <optional>
#include <tuple>

namespace hpol::detect {
namespace {

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
    const uint32_t first = view < from.size() ? from[view] : 0;
    if (!matches.walking.Run(tables, artifact, filter, text, first)) return false;
    const std::vector<Walked>& found = matches.walking.found;
    for (size_t i = 0; i < found.size(); ++i) {
      if (i == 0 || found[i - 1].detector != found[i].detector) matches.near.Start();
      Add(matches, tables, views, view, found[i].detector, found[i].begin, found[i].end, found[i].tier);
    }
  }
  Merge(matches);
  return true;
}

std::string_view TextOf(const Match& match, const text::Views& views) {
  return views[match.view].text.substr(match.text_begin, match.text_end - match.text_begin);
}

}  // namespace hpol::detect
