// Folds and joins the pieces of a body. Door: Views. A plain ASCII piece without a
// backslash is never copied; everything else goes through Folder, one character a step.
#include "runtime/text/views.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "runtime/text/fold.h"
#include "runtime/text/wipe.h"

namespace hpol::text {
namespace {

constexpr uint32_t kMaxBackslashes = 8;  // before a `u`: JSON in JSON in JSON doubles them each time

// ASCII without a backslash folds to itself.
bool IsPlain(std::string_view text) {
  constexpr uint64_t kHighs = 0x8080808080808080u;
  constexpr uint64_t kOnes = 0x0101010101010101u;
  size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    uint64_t word;
    std::memcpy(&word, text.data() + i, 8);
    const uint64_t slash = word ^ (kOnes * '\\');
    if (((word | ((slash - kOnes) & ~slash)) & kHighs) != 0) return false;
  }
  for (; i < text.size(); ++i) {
    if ((static_cast<uint8_t>(text[i]) & 0x80) != 0 || text[i] == '\\') return false;
  }
  return true;
}

// One character of the decoded text and the raw bytes that stand for it.
struct Unit {
  char32_t code = 0;
  uint32_t raw_end = 0;
  bool escaped = false;  // written as an escape: its bytes are not the raw ones
  bool valid = true;     // false: one byte that is no UTF-8, kept as it is
};

bool IsHighSurrogate(char32_t code) { return code >= 0xd800 && code <= 0xdbff; }
bool IsLowSurrogate(char32_t code) { return code >= 0xdc00 && code <= 0xdfff; }
char32_t Combine(char32_t high, char32_t low) { return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00); }

// Four hexadecimal digits at `at`, or -1.
int32_t ReadHex4(std::string_view text, size_t at, size_t end) {
  if (end - at < 4) return -1;
  int32_t value = 0;
  for (size_t i = 0; i < 4; ++i) {
    const int digit = HexValue(static_cast<uint8_t>(text[at + i]));
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

// Reads the characters of one piece: JSON escapes and, if asked, `\uXXXX` that is left in the
// decoded text.
class Reader {
 public:
  Reader(std::string_view body, uint32_t end, bool json, bool literals)
      : text_(body.substr(0, end)), end_(end), json_(json), literals_(literals) {}

  // The character at `at` < end.
  Unit Read(uint32_t at) const {
    const Unit unit = ReadPlain(at);
    if (literals_ && unit.code == '\\') {
      Unit literal;
      if (ReadLiteral(unit, literal)) return literal;
    }
    return unit;
  }

  bool found_literal() const { return found_literal_; }

 private:
  // One level: UTF-8, and JSON escapes in a JSON string.
  Unit ReadPlain(uint32_t at) const {
    if (json_ && text_[at] == '\\') return ReadEscape(at);
    const Decoded decoded = DecodeUtf8(text_, at);
    return {decoded.code, at + decoded.size, false, decoded.valid};
  }

  Unit ReadEscape(uint32_t at) const {
    const Unit backslash = {U'\\', at + 1, false, true};  // not an escape after all
    if (end_ - at < 2) return backslash;
    switch (text_[at + 1]) {
      case '"':
      case '\\':
      case '/':
        return {static_cast<char32_t>(text_[at + 1]), at + 2, true, true};
      case 'b':
        return {U'\b', at + 2, true, true};
      case 'f':
        return {U'\f', at + 2, true, true};
      case 'n':
        return {U'\n', at + 2, true, true};
      case 'r':
        return {U'\r', at + 2, true, true};
      case 't':
        return {U'\t', at + 2, true, true};
      case 'u':
        break;
      default:
        return backslash;
    }
    const int32_t first = ReadHex4(text_, at + 2, end_);
    if (first < 0) return backslash;
    const auto code = static_cast<char32_t>(first);
    if (!IsHighSurrogate(code) && !IsLowSurrogate(code)) return {code, at + 6, true, true};
    if (IsLowSurrogate(code) || end_ - at < 12 || text_[at + 6] != '\\' || text_[at + 7] != 'u')
      return backslash;
    const int32_t second = ReadHex4(text_, at + 8, end_);
    if (second < 0 || !IsLowSurrogate(static_cast<char32_t>(second))) return backslash;
    return {Combine(code, static_cast<char32_t>(second)), at + 12, true, true};
  }

  // `\`…`\uXXXX` spelled out in the decoded text, after its first backslash.
  bool ReadLiteral(const Unit& backslash, Unit& out) const {
    char32_t high = 0;
    uint32_t at = backslash.raw_end;
    if (!ReadLiteralCode(at, high) || IsLowSurrogate(high)) return false;
    if (!IsHighSurrogate(high)) {
      out = {high, at, true, true};
      found_literal_ = true;
      return true;
    }
    char32_t low = 0;
    if (at >= end_) return false;
    const Unit next = ReadPlain(at);
    at = next.raw_end;
    if (next.code != '\\' || !ReadLiteralCode(at, low) || !IsLowSurrogate(low)) return false;
    out = {Combine(high, low), at, true, true};
    found_literal_ = true;
    return true;
  }

  // Further backslashes, `u`, four hexadecimal digits; moves `at` behind them.
  bool ReadLiteralCode(uint32_t& at, char32_t& code) const {
    uint32_t backslashes = 1;
    char32_t value = 0;
    int digits = -1;  // before the `u`
    while (digits < 4) {
      if (at >= end_) return false;
      const Unit unit = ReadPlain(at);
      at = unit.raw_end;
      if (digits < 0) {
        if (unit.code == 'u') {
          digits = 0;
        } else if (unit.code != '\\' || ++backslashes > kMaxBackslashes) {
          return false;
        }
        continue;
      }
      const int digit = HexValue(unit.code);
      if (digit < 0) return false;
      value = value * 16 + static_cast<char32_t>(digit);
      ++digits;
    }
    code = value;
    return true;
  }

  std::string_view text_;
  uint32_t end_;
  bool json_;
  bool literals_;
  mutable bool found_literal_ = false;
};

}  // namespace

// Writes one piece into folded_ and segments_.
class Views::Folder {
 public:
  Folder(Views& views, std::string_view body, uint32_t piece)
      : views_(views), body_(body), piece_(piece), text_start_(static_cast<uint32_t>(views.folded_.size())) {}

  // Returns whether a spelled-out `\u` was resolved.
  bool Run(bool literals) {
    const surface::Piece& piece = views_.pieces_[piece_];
    const auto first_segment = static_cast<uint32_t>(views_.segments_.size());
    const Reader reader(body_, piece.end, piece.json, literals);
    for (uint32_t at = piece.begin; at < piece.end;) {
      const Unit unit = reader.Read(at);
      Emit(at, unit);
      at = unit.raw_end;
    }
    Finish(piece, first_segment);
    return reader.found_literal();
  }

 private:
  void Emit(uint32_t at, const Unit& unit) {
    const int fold = unit.valid ? FoldCodePoint(unit.code) : kKeep;
    if (fold == kDrop) return;
    if (fold == kKeep && !unit.escaped) {
      views_.folded_.append(body_.substr(at, unit.raw_end - at));
      AddSegment(at, unit.raw_end, unit.raw_end - at);
      return;
    }
    char bytes[4] = {static_cast<char>(fold)};
    const uint32_t size = fold == kKeep ? EncodeUtf8(unit.code, bytes) : 1;
    views_.folded_.append(bytes, size);
    AddSegment(at, unit.raw_end, size);
  }

  // Plain runs that follow each other in the body grow into one segment. INVARIANT: an
  // escape or a folded form is longer in the body than in the text, so lengths tell them apart.
  void AddSegment(uint32_t raw_begin, uint32_t raw_end, uint32_t size) {
    const uint32_t text_end = static_cast<uint32_t>(views_.folded_.size()) - text_start_;
    const bool plain = raw_end - raw_begin == size;
    if (plain && last_plain_ && views_.segments_.back().raw_end == raw_begin) {
      views_.segments_.back().raw_end = raw_end;
      views_.segments_.back().text_end = text_end;
      return;
    }
    views_.segments_.push_back({text_end - size, text_end, raw_begin, raw_end});
    last_plain_ = plain;
  }

  void Finish(const surface::Piece& piece, uint32_t first_segment) {
    const auto count = static_cast<uint32_t>(views_.segments_.size()) - first_segment;
    const auto size = static_cast<uint32_t>(views_.folded_.size()) - text_start_;
    Folded folded = {piece_, false, text_start_, size, first_segment, count};
    if (count == 1 && size == piece.end - piece.begin) {  // nothing was folded after all
      views_.folded_.resize(text_start_);
      folded.in_body = true;
      folded.begin = piece.begin;
    }
    views_.folded_pieces_.push_back(folded);
  }

  Views& views_;
  std::string_view body_;
  uint32_t piece_;
  uint32_t text_start_;
  bool last_plain_ = false;
};

std::string_view Views::TextOf(const Folded& folded, std::string_view body) const {
  return (folded.in_body ? body : std::string_view(folded_)).substr(folded.begin, folded.size);
}

void Views::AddPiece(std::string_view body, uint32_t index) {
  const surface::Piece& piece = pieces_[index];
  const auto first = static_cast<uint32_t>(folded_pieces_.size());
  first_folded_.push_back(first);
  const std::string_view raw = body.substr(piece.begin, piece.end - piece.begin);
  if (IsPlain(raw)) {
    const auto size = static_cast<uint32_t>(raw.size());
    folded_pieces_.push_back({index, true, piece.begin, size, static_cast<uint32_t>(segments_.size()), 1});
    segments_.push_back({0, size, piece.begin, piece.end});
  } else if (Folder(*this, body, index).Run(true)) {
    Folder(*this, body, index).Run(false);
  }
  if (piece.joins && folded_pieces_[first].size > 0) joining_.push_back(first);
}

void Views::AddJoined(std::string_view body, std::string_view separator) {
  const auto start = static_cast<uint32_t>(joined_.size());
  joined_begins_.push_back(start);
  for (size_t i = 0; i < joining_.size(); ++i) {
    if (i > 0) joined_.append(separator);
    const auto begin = static_cast<uint32_t>(joined_.size()) - start;
    joined_.append(TextOf(folded_pieces_[joining_[i]], body));
    parts_.push_back({begin, static_cast<uint32_t>(joined_.size()) - start, joining_[i]});
  }
}

void Views::Build(std::string_view body, const surface::Content& content) {
  views_.clear();
  folded_pieces_.clear();
  segments_.clear();
  parts_.clear();
  first_folded_.clear();
  joining_.clear();
  joined_begins_.clear();
  folded_.clear();
  joined_.clear();
  pieces_.assign(content.pieces.begin(), content.pieces.end());
  for (uint32_t i = 0; i < pieces_.size(); ++i) AddPiece(body, i);
  parts_each_ = static_cast<uint32_t>(joining_.size());
  if (parts_each_ >= 2) {
    for (const char* separator : {"", " ", "\n"}) AddJoined(body, separator);
  }
  // Only now do the buffers stay where they are.
  for (const Folded& folded : folded_pieces_) views_.push_back({TextOf(folded, body), false});
  joined_begins_.push_back(static_cast<uint32_t>(joined_.size()));
  for (size_t i = 0; i + 1 < joined_begins_.size(); ++i) {
    const uint32_t size = joined_begins_[i + 1] - joined_begins_[i];
    views_.push_back({std::string_view(joined_).substr(joined_begins_[i], size), true});
  }
}

RawRange Views::LocateIn(const Folded& folded, uint32_t begin, uint32_t end) const {
  const auto first = segments_.begin() + folded.first_segment;
  const auto last = first + folded.segment_count;
  const auto ends_after = [](uint32_t text, const Segment& segment) { return text < segment.text_end; };
  const Segment& head = *std::upper_bound(first, last, begin, ends_after);
  const Segment& tail = *std::upper_bound(first, last, end - 1, ends_after);
  const auto plain = [](const Segment& s) { return s.text_end - s.text_begin == s.raw_end - s.raw_begin; };
  return {plain(head) ? head.raw_begin + (begin - head.text_begin) : head.raw_begin,
          plain(tail) ? tail.raw_begin + (end - tail.text_begin) : tail.raw_end};
}

void Views::Locate(size_t index, uint32_t begin, uint32_t end, std::vector<RawRange>& ranges,
                   std::vector<surface::Piece::Kind>* kinds) const {
  assert(index < views_.size() && begin < end && end <= views_[index].text.size());
  ranges.clear();
  if (kinds != nullptr) kinds->clear();
  const auto add = [&](const Folded& folded, uint32_t from, uint32_t to) {
    ranges.push_back(LocateIn(folded, from, to));
    if (kinds != nullptr) kinds->push_back(pieces_[folded.piece].kind);
  };
  if (index < folded_pieces_.size()) {
    add(folded_pieces_[index], begin, end);
    return;
  }
  const std::span<const Part> parts = PartsOf(index);
  auto part = std::upper_bound(parts.begin(), parts.end(), begin,
                               [](uint32_t at, const Part& p) { return at < p.text_end; });
  for (; part != parts.end() && part->text_begin < end; ++part) {
    const uint32_t from = std::max(begin, part->text_begin);
    const uint32_t to = std::min(end, part->text_end);
    add(folded_pieces_[part->folded], from - part->text_begin, to - part->text_begin);
  }
  if (ranges.size() < 2) {
    ranges.clear();
    if (kinds != nullptr) kinds->clear();
  }
}

std::span<const Views::Part> Views::PartsOf(size_t joined_view) const {
  return std::span(parts_).subspan((joined_view - folded_pieces_.size()) * parts_each_, parts_each_);
}

Views::Surroundings Views::Around(size_t index) const {
  const Surroundings alone = {views_[index].text, 0};
  if (index >= folded_pieces_.size() || parts_each_ < 2) return alone;
  const auto found = std::lower_bound(joining_.begin(), joining_.end(), index);
  if (found == joining_.end() || *found != index) return alone;
  const size_t by_line_ends = views_.size() - 1;  // Build joins by line ends last
  const auto part = static_cast<size_t>(found - joining_.begin());
  return {views_[by_line_ends].text, PartsOf(by_line_ends)[part].text_begin};
}

void Views::AddKeyOf(const Folded& folded, std::vector<std::string_view>& keys) const {
  const uint32_t key = pieces_[folded.piece].key;
  if (key >= first_folded_.size()) return;
  const std::string_view text = views_[first_folded_[key]].text;
  if (keys.empty() || keys.back().data() != text.data()) keys.push_back(text);
}

void Views::KeysOf(size_t index, uint32_t begin, uint32_t end, std::vector<std::string_view>& keys) const {
  keys.clear();
  if (index < folded_pieces_.size()) return AddKeyOf(folded_pieces_[index], keys);
  const std::span<const Part> parts = PartsOf(index);
  auto part = std::upper_bound(parts.begin(), parts.end(), begin,
                               [](uint32_t at, const Part& p) { return at < p.text_end; });
  for (; part != parts.end() && part->text_begin < end; ++part) AddKeyOf(folded_pieces_[part->folded], keys);
}

void Views::Wipe() {
  views_.clear();
  text::Wipe(folded_);
  text::Wipe(joined_);
}

}  // namespace hpol::text
