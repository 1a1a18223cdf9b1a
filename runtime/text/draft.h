// Text with the bytes of the body behind each of its bytes, and the pen that derives
// one such text from another. Every step of the fold writes through Draft, so offsets are
// composed in one place.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hpol::text {

// Bytes [begin, end) of the body.
struct RawRange {
  uint32_t begin = 0;
  uint32_t end = 0;
  friend bool operator==(const RawRange&, const RawRange&) = default;
};

// A run of text bytes. Plain: byte i is raw byte i. Whole: each byte came from all of the raw
// bytes (an escape, a full-width form, a base64 run). Segments of a text follow each other without holes
// in the text; raw ranges never go back.
struct Segment {
  uint32_t text_begin = 0;
  uint32_t text_end = 0;
  uint32_t raw_begin = 0;
  uint32_t raw_end = 0;
  bool whole = false;
  bool decoded = false;  // a decoder wrote it, or it was folded from what a decoder wrote
};

struct Source {
  std::string_view text;
  std::span<const Segment> segments;
};

// The raw bytes behind text bytes [begin, end), begin < end.
RawRange RawOf(std::span<const Segment> segments, uint32_t begin, uint32_t end);

// Keeps its memory from one text to the next. The source must stay where it is until Finish.
class Draft {
 public:
  // Starts a text derived from `source`, to grow to at most `limit` bytes.
  void Begin(Source source, size_t limit);

  // The source bytes [begin, end) as they are. Calls name source bytes in order.
  void Copy(uint32_t begin, uint32_t end);

  // `text` in place of the source bytes [begin, end), begin < end; empty drops them.
  void Put(uint32_t begin, uint32_t end, std::string_view text, bool decoded);

  // Whether a decoder wrote some of the source bytes [begin, end), and the raw bytes behind them.
  // Questions name source bytes in order too, but may run ahead of what is written.
  bool Touches(uint32_t begin, uint32_t end) { return TouchesFrom(asked_, begin, end); }
  RawRange Raw(uint32_t begin, uint32_t end) { return RawFrom(asked_, begin, end); }

  bool changed() const { return changed_; }
  // The raw bytes behind what decoders wrote, each put by itself, in order.
  const std::vector<RawRange>& decoded() const { return decoded_; }
  // The text would have grown past its limit; what was to be put then is missing.
  bool overflowed() const { return overflowed_; }
  size_t room() const { return limit_ - text_.size(); }

  const std::string& text() const { return text_; }
  const std::vector<Segment>& segments() const { return segments_; }
  Source AsSource() const { return {text_, segments_}; }

  void Wipe();

 private:
  void Seek(size_t& cursor, uint32_t at) const;
  RawRange RawFrom(size_t& cursor, uint32_t begin, uint32_t end) const;
  bool TouchesFrom(size_t& cursor, uint32_t begin, uint32_t end) const;
  void Add(std::string_view text, RawRange raw, bool whole, bool decoded);

  Source source_;
  // Source segments reached by writing and by questions: each goes forward only.
  size_t written_ = 0;
  size_t asked_ = 0;
  size_t limit_ = 0;
  bool changed_ = false;
  bool overflowed_ = false;
  std::string text_;
  std::vector<Segment> segments_;
  std::vector<RawRange> decoded_;
};

}  // namespace hpol::text
