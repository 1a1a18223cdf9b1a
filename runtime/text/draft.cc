// Composition of offsets. Cursors only move forward, so a text costs as much as it is long.
#include "runtime/text/draft.h"

#include <algorithm>

#include "runtime/text/wipe.h"

namespace hpol::text {

RawRange RawOf(std::span<const Segment> segments, uint32_t begin, uint32_t end) {
  const auto ends_after = [](uint32_t text, const Segment& segment) { return text < segment.text_end; };
  const Segment& head = *std::upper_bound(segments.begin(), segments.end(), begin, ends_after);
  const Segment& tail = *std::upper_bound(segments.begin(), segments.end(), end - 1, ends_after);
  return {head.whole ? head.raw_begin : head.raw_begin + (begin - head.text_begin),
          tail.whole ? tail.raw_end : tail.raw_begin + (end - tail.text_begin)};
}

void Draft::Begin(Source source, size_t limit) {
  source_ = source;
  limit_ = limit;
  written_ = asked_ = 0;
  changed_ = false;
  overflowed_ = false;
  text_.clear();
  segments_.clear();
  decoded_.clear();
}

void Draft::Seek(size_t& cursor, uint32_t at) const {
  while (source_.segments[cursor].text_end <= at) ++cursor;
}

RawRange Draft::RawFrom(size_t& cursor, uint32_t begin, uint32_t end) const {
  Seek(cursor, begin);
  size_t last = cursor;
  while (source_.segments[last].text_end < end) ++last;
  return RawOf(source_.segments.subspan(cursor, last - cursor + 1), begin, end);
}

bool Draft::TouchesFrom(size_t& cursor, uint32_t begin, uint32_t end) const {
  Seek(cursor, begin);
  for (size_t i = cursor; i < source_.segments.size() && source_.segments[i].text_begin < end; ++i) {
    if (source_.segments[i].decoded) return true;
  }
  return false;
}

void Draft::Add(std::string_view text, RawRange raw, bool whole, bool decoded) {
  if (text.size() > room()) {
    overflowed_ = true;
    return;
  }
  const auto begin = static_cast<uint32_t>(text_.size());
  text_.append(text);
  const auto end = static_cast<uint32_t>(text_.size());
  if (!segments_.empty() && segments_.back().whole == whole && segments_.back().decoded == decoded) {
    Segment& last = segments_.back();
    const bool follows = whole
                             ? last.raw_begin == raw.begin && last.raw_end == raw.end  // one unit, more bytes
                             : last.raw_end == raw.begin;
    if (follows) {
      last.text_end = end;
      last.raw_end = raw.end;
      return;
    }
  }
  segments_.push_back({begin, end, raw.begin, raw.end, whole, decoded});
}

void Draft::Copy(uint32_t begin, uint32_t end) {
  while (begin < end) {
    Seek(written_, begin);
    const Segment& segment = source_.segments[written_];
    const uint32_t upto = std::min(end, segment.text_end);
    const RawRange raw = segment.whole ? RawRange{segment.raw_begin, segment.raw_end}
                                       : RawRange{segment.raw_begin + (begin - segment.text_begin),
                                                  segment.raw_begin + (upto - segment.text_begin)};
    Add(source_.text.substr(begin, upto - begin), raw, segment.whole, segment.decoded);
    begin = upto;
  }
}

void Draft::Put(uint32_t begin, uint32_t end, std::string_view text, bool decoded) {
  changed_ = true;
  if (text.empty() && !decoded) return;
  const RawRange raw = RawFrom(written_, begin, end);
  if (decoded) decoded_.push_back(raw);
  if (text.empty()) return;
  Add(text, raw, true, decoded || TouchesFrom(written_, begin, end));
}

void Draft::Wipe() {
  text::Wipe(text_);
  segments_.clear();
  source_ = {};
}

}  // namespace hpol::text
