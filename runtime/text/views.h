// Content → views: the texts that detectors read, folded (THREATS rule N) and joined
// (rule X), with every byte mapped back to the bytes of the body it came from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/surface/surface.h"

namespace hpol::text {

// Bytes [begin, end) of the body.
struct RawRange {
  uint32_t begin = 0;
  uint32_t end = 0;
  friend bool operator==(const RawRange&, const RawRange&) = default;
};

// One text to scan. Folding: JSON and `\u` escapes resolved, full-width forms to ASCII,
// zero-width and format characters dropped. `text` is valid while body and Views live.
struct View {
  std::string_view text;
  bool joined = false;  // only findings that touch two or more pieces count here
};

class Views {
 public:
  // Every piece alone, then the joining pieces of the conversation joined by "", by a
  // space and by a newline. Reuses memory; call again for the next body.
  void Build(std::string_view body, const surface::Content& content);

  size_t size() const { return views_.size(); }
  const View& operator[](size_t index) const { return views_[index]; }

  // The body bytes behind text bytes [begin, end) of view `index`, one range a piece, in
  // order. In a joined view, empty when fewer than two pieces are touched.
  // `kinds` (if given) receives the kind of the piece of each range.
  void Locate(size_t index, uint32_t begin, uint32_t end, std::vector<RawRange>& ranges,
              std::vector<surface::Piece::Kind>* kinds = nullptr) const;

 private:
  // One folded byte run of a view: how its bytes map to the body.
  struct Segment {
    uint32_t text_begin = 0;
    uint32_t text_end = 0;
    uint32_t piece = 0;
    uint32_t raw_begin = 0;
    uint32_t map = 0;  // index into map_, or kIdentity: raw = raw_begin + (text - text_begin)
  };
  static constexpr uint32_t kIdentity = 0xffffffff;

  void AddPiece(std::string_view body, const surface::Piece& piece, uint32_t index);

  std::vector<View> views_;
  std::vector<std::pair<uint32_t, uint32_t>> segments_of_;  // per view: first segment, count
  std::vector<Segment> segments_;
  std::vector<RawRange> map_;             // per folded byte: the raw bytes it came from
  std::vector<std::string> buffers_;      // folded texts that are not the raw bytes
  std::vector<surface::Piece> pieces_;
};

}  // namespace hpol::text
