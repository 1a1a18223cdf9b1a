// Content → views: the texts that detectors read, folded (THREATS rule N) and joined
// (rule X), with every byte mapped back to the bytes of the body it came from.
#pragma once

#include <cstdint>
#include <span>
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
// zero-width and format characters dropped (fold.h has the table). `text` is valid while
// body and Views live and until the next Build.
struct View {
  std::string_view text;
  bool joined = false;  // only findings that touch two or more pieces count here
};

// Not copyable and not movable: views point into its buffers.
class Views {
 public:
  Views() = default;
  Views(const Views&) = delete;
  Views& operator=(const Views&) = delete;

  // Every piece alone, then the joining pieces of the conversation joined by "", by a
  // space and by a newline. A piece whose decoded text still holds `\uXXXX` (JSON inside a
  // string) has those resolved, and stands a second time with them as they are. Reuses
  // memory; call again for the next body, which must be smaller than 2 GiB.
  void Build(std::string_view body, const surface::Content& content);

  size_t size() const { return views_.size(); }
  const View& operator[](size_t index) const { return views_[index]; }

  // The body bytes behind text bytes [begin, end) of view `index`, begin < end <= its size;
  // one range a piece, in order, from the first to the last character touched, whole
  // characters and whole escapes. In a joined view, empty when fewer than two pieces are
  // touched. `kinds` (if given) receives the kind of the piece of each range.
  void Locate(size_t index, uint32_t begin, uint32_t end, std::vector<RawRange>& ranges,
              std::vector<surface::Piece::Kind>* kinds = nullptr) const;

  // Where the text of a view stands among its neighbours: a piece of the conversation in all of
  // them joined by a line end, anything else alone. Byte i of the view is byte `offset` + i there.
  struct Surroundings {
    std::string_view text;
    uint32_t offset = 0;
  };
  Surroundings Around(size_t index) const;

  // The keys, folded, of the pieces that text bytes [begin, end) of view `index` touch, each once
  // for values that follow each other.
  void KeysOf(size_t index, uint32_t begin, uint32_t end, std::vector<std::string_view>& keys) const;

  // Overwrites every copy of request text, then forgets it. Keeps capacity.
  void Wipe();

 private:
  // A run of folded bytes. Equal lengths on both sides: byte i is raw byte i. Else all
  // of the text came from all of the raw bytes (an escape, a full-width form).
  struct Segment {
    uint32_t text_begin = 0;
    uint32_t text_end = 0;
    uint32_t raw_begin = 0;
    uint32_t raw_end = 0;
  };
  // A piece as one text: where it stands, and its segments in order.
  struct Folded {
    uint32_t piece = 0;
    bool in_body = false;  // nothing was folded: the text is the raw bytes
    uint32_t begin = 0;    // in the body or in folded_
    uint32_t size = 0;
    uint32_t first_segment = 0;
    uint32_t segment_count = 0;
  };
  // Where a folded piece stands in a joined view.
  struct Part {
    uint32_t text_begin = 0;
    uint32_t text_end = 0;
    uint32_t folded = 0;
  };

  class Folder;

  std::string_view TextOf(const Folded& folded, std::string_view body) const;
  void AddPiece(std::string_view body, uint32_t piece);
  void AddJoined(std::string_view body, std::string_view separator);
  RawRange LocateIn(const Folded& folded, uint32_t begin, uint32_t end) const;
  std::span<const Part> PartsOf(size_t joined_view) const;
  void AddKeyOf(const Folded& folded, std::vector<std::string_view>& keys) const;

  std::vector<View> views_;  // folded_pieces_ one by one, then the joined ones
  std::vector<Folded> folded_pieces_;
  std::vector<Segment> segments_;
  std::vector<Part> parts_;  // joined views one after another, parts_each_ in each
  uint32_t parts_each_ = 0;
  std::vector<uint32_t> first_folded_;  // of each piece: index into folded_pieces_
  std::vector<uint32_t> joining_;       // indices into folded_pieces_, ascending
  std::vector<uint32_t> joined_begins_;
  std::string folded_;  // folded texts that are not the raw bytes
  std::string joined_;  // joined texts
  std::vector<surface::Piece> pieces_;
};

}  // namespace hpol::text
