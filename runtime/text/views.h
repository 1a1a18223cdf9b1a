// Content → views: the texts that detectors read, folded and decoded (THREATS rule N) and joined
// (rule X), with every byte mapped back to the bytes of the body it came from.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/surface/surface.h"
#include "runtime/text/base_fold.h"
#include "runtime/text/draft.h"
#include "runtime/text/runs.h"
#include "runtime/text/steps.h"
#include "runtime/text/survey.h"

namespace hpol::text {

// One text to scan: a piece folded (fold.h), the same wider (widen.h), with its escapes or its
// encoded runs resolved (escapes.h, runs.h), or pieces joined. `text` is valid while body and Views
// live and until the next Build.
struct View {
  std::string_view text;
  bool joined = false;  // only findings that touch two or more pieces count here
  uint8_t level = 0;    // how many decoders it went through
};

inline constexpr uint32_t kLevels = 2;  // of encodings in encodings
// Decoded texts of a piece, in sizes of the piece, at most: three decoders (escapes, quoted-printable, runs
// that grow kRunGrowth times), and those three again on what each of them wrote.
inline constexpr uint32_t kGrowth = 4 * (2 + kRunGrowth);
inline constexpr size_t kMaxDecoded = size_t{16} << 20;  // of a body, in bytes

// Not copyable and not movable: views point into its buffers.
class Views {
 public:
  Views() = default;
  Views(const Views&) = delete;
  Views& operator=(const Views&) = delete;

  // Every piece folded; beside it the wider and the decoded texts where they differ, two levels deep; then
  // the joining pieces of the conversation, folded, joined by "", by a space and by a newline. A piece whose
  // text still holds `\uXXXX` (JSON inside a string) has those resolved, and stands a second time with
  // them as they are. Takes time linear in the body. Reuses memory; call again for the next body,
  // which must be smaller than 2 GiB.
  void Build(std::string_view body, const surface::Content& content, Steps steps = {});

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

  // Body bytes that are encoded and could not be read: content that was not scanned, so that the
  // label must be the top one (README.md has the rule). In no order; empty for nearly every body.
  const std::vector<RawRange>& opaque() const { return opaque_; }

  // What counted towards kOpaqueSum (runs.h), in no order.
  const std::vector<UnreadRun>& unread() const { return unread_; }

  // The decoded texts of the body would have been too long: it is opaque as a whole.
  bool overflowed() const { return overflowed_; }

  // The segments of view `index`, not a joined one: how its text maps to the body.
  std::span<const Segment> SegmentsOf(size_t index) const {
    return {segments_.data() + texts_[index].first_segment, texts_[index].segment_count};
  }

  // Overwrites every copy of request text, then forgets it. Keeps capacity.
  void Wipe();

 private:
  // A piece as one text: where it stands, and its segments in order.
  struct Text {
    uint32_t piece = 0;
    uint8_t level = 0;
    bool in_body = false;  // nothing was changed: the text is the raw bytes
    uint32_t begin = 0;    // in the body or in derived_
    uint32_t size = 0;
    uint32_t first_segment = 0;
    uint32_t segment_count = 0;
  };
  // Where a text stands in a joined view.
  struct Part {
    uint32_t text_begin = 0;
    uint32_t text_end = 0;
    uint32_t text = 0;
  };
  enum class Decoder : uint8_t { kEscapes, kQuotedPrintable, kRuns };

  std::string_view TextOf(const Text& text) const;
  Source SourceOf(uint32_t text) const;
  void AddPiece(uint32_t piece);
  void AddFolded(uint32_t piece);
  uint32_t AddUnchanged(uint32_t piece);
  void AddJoined(std::string_view separator);
  uint32_t Commit(const Draft& draft, uint32_t piece, uint8_t level);
  void Expand(uint32_t text);
  void Expand(uint32_t text, const Survey& survey);
  void Decode(uint32_t text, Decoder decoder);
  void TooDeep(Decoder decoder);
  uint64_t SizeOf(size_t first) const;
  uint32_t RunDecoderOn(uint32_t text, Decoder decoder);
  std::span<const Part> PartsOf(size_t joined_view) const;
  void AddKeyOf(const Text& text, std::vector<std::string_view>& keys) const;

  std::string_view body_;  // only during Build
  Steps steps_;
  std::vector<View> views_;  // texts_ one by one, then the joined ones
  std::vector<Text> texts_;
  std::vector<Segment> segments_;
  std::vector<Part> parts_;  // joined views one after another, parts_each_ in each
  uint32_t parts_each_ = 0;
  std::vector<uint32_t> first_text_;  // of each piece: index into texts_
  std::vector<uint32_t> joining_;     // indices into texts_, ascending
  std::vector<uint32_t> joined_begins_;
  std::string derived_;  // texts that are not the raw bytes
  std::string joined_;   // joined texts
  std::vector<surface::Piece> pieces_;
  std::vector<RawRange> opaque_;
  std::vector<UnreadRun> unread_;
  bool overflowed_ = false;
  size_t body_room_ = 0;  // bytes that decoders may yet write for the body
  Draft draft_;
  Draft folded_;  // what is folded after it was decoded
  BaseFold fold_;
  // Where runs begin in the text at hand, by its level.
  std::array<std::vector<uint32_t>, kLevels + 1> starts_;
  RunDecoder runs_;
};

}  // namespace hpol::text
