// Folds, decodes and joins the pieces of a body. Door: Views. A plain ASCII piece is looked at
// once and never copied; survey.h says which steps the others need.
#include "runtime/text/views.h"

#include <algorithm>
#include <cassert>
#include <span>

#include "runtime/text/escapes.h"
#include "runtime/text/widen.h"
#include "runtime/text/wipe.h"

namespace hpol::text {
namespace {

// So many escapes below the last level within so many bytes of the body are opaque. Fewer are a URL in a URL
// in a URL.
constexpr uint32_t kDeepEscapes = 8;
constexpr uint32_t kDeepEscapesWithin = 1024;

}  // namespace

std::string_view Views::TextOf(const Text& text) const {
  return (text.in_body ? body_ : std::string_view(derived_)).substr(text.begin, text.size);
}

Source Views::SourceOf(uint32_t text) const {
  const Text& at = texts_[text];
  return {TextOf(at), {segments_.data() + at.first_segment, at.segment_count}};
}

uint32_t Views::Commit(const Draft& draft, uint32_t piece, uint8_t level) {
  const auto first_segment = static_cast<uint32_t>(segments_.size());
  const auto begin = static_cast<uint32_t>(derived_.size());
  const auto size = static_cast<uint32_t>(draft.text().size());
  const auto count = static_cast<uint32_t>(draft.segments().size());
  derived_.append(draft.text());
  texts_.push_back({piece, level, false, begin, size, first_segment, count});
  segments_.insert(segments_.end(), draft.segments().begin(), draft.segments().end());
  return static_cast<uint32_t>(texts_.size() - 1);
}

// The raw bytes of a piece as they are.
uint32_t Views::AddUnchanged(uint32_t index) {
  const surface::Piece& piece = pieces_[index];
  const uint32_t size = piece.end - piece.begin;
  texts_.push_back({index, 0, true, piece.begin, size, static_cast<uint32_t>(segments_.size()), 1});
  segments_.push_back({0, size, piece.begin, piece.end, false, false});
  return static_cast<uint32_t>(texts_.size() - 1);
}

void Views::AddPiece(uint32_t index) {
  const surface::Piece& piece = pieces_[index];
  const auto size = piece.end - piece.begin;
  const auto first = static_cast<uint32_t>(texts_.size());
  const size_t unread_begin = unread_.size();
  first_text_.push_back(first);
  const Survey survey = Look(body_.substr(piece.begin, size), starts_[0]);
  if (survey.high || survey.backslash) {
    AddFolded(index);
  } else {
    AddUnchanged(index);
    if (!survey.Quiet()) Expand(first, survey);
  }
  if (piece.joins && texts_[first].size > 0) joining_.push_back(first);
  if (SizeOf(unread_begin) > kOpaqueSum && steps_.Has(Step::kOpaque)) {
    opaque_.push_back({piece.begin, piece.end});
  }
}

// Of the unread runs from `first` on, together.
uint64_t Views::SizeOf(size_t first) const {
  uint64_t size = 0;
  for (size_t i = first; i < unread_.size(); ++i) size += unread_[i].size;
  return size;
}

void Views::AddFolded(uint32_t index) {
  const surface::Piece& piece = pieces_[index];
  const Segment all = {0, piece.end - piece.begin, piece.begin, piece.end, false, false};
  const Source raw = {body_.substr(piece.begin, piece.end - piece.begin), {&all, 1}};
  const auto run = [&](bool spelled, bool tags) {
    fold_ = {.json = piece.json, .spelled = spelled, .tags = tags, .steps = steps_};
    fold_.Run(raw, draft_);
    if (draft_.changed()) return Commit(draft_, index, 0);
    return AddUnchanged(index);
  };
  const uint32_t first = run(true, false);
  const bool spelled = fold_.found_spelled;
  const bool tags = fold_.found_tags && steps_.Has(Step::kTagCharacters);
  if (spelled) run(false, false);
  if (tags) {
    const size_t unread = unread_.size();
    Expand(run(true, true));
    unread_.resize(unread);  // the same runs as in the text without them
  }
  Expand(first);
}

void Views::Expand(uint32_t text) { Expand(text, Look(TextOf(texts_[text]), starts_[texts_[text].level])); }

// Adds what the wider fold and the decoders make of a text.
void Views::Expand(uint32_t text, const Survey& survey) {
  const uint32_t piece = texts_[text].piece;
  if (survey.high || survey.gaps) {
    Widen(SourceOf(text), steps_, draft_);
    if (draft_.changed()) Commit(draft_, piece, texts_[text].level);
  }
  if (survey.escapes || survey.backslash) Decode(text, Decoder::kEscapes);
  if (survey.equals && steps_.Has(Step::kQuotedPrintable)) Decode(text, Decoder::kQuotedPrintable);
  if (survey.runs) Decode(text, Decoder::kRuns);
}

// How much was decoded into draft_.
uint32_t Views::RunDecoderOn(uint32_t text, Decoder decoder) {
  const bool nested = texts_[text].level > 0;
  switch (decoder) {
    case Decoder::kEscapes:
      return ResolveEscapes(SourceOf(text), steps_, nested, draft_);
    case Decoder::kQuotedPrintable:
      return ResolveQuotedPrintable(SourceOf(text), nested, draft_);
    case Decoder::kRuns:
      return runs_.Run(SourceOf(text), starts_[texts_[text].level], steps_, nested, body_room_, draft_,
                       opaque_, unread_);
  }
  return 0;
}

void Views::Decode(uint32_t text, Decoder decoder) {
  const uint32_t count = RunDecoderOn(text, decoder);
  if (count == 0) return;
  const Text& source = texts_[text];
  const uint32_t piece = source.piece;
  const auto level = static_cast<uint8_t>(source.level + 1);
  if (level > kLevels) return TooDeep(decoder);
  const size_t size = draft_.text().size();
  if (draft_.overflowed() || size > body_room_) {
    overflowed_ = true;
    if (steps_.Has(Step::kOpaque)) opaque_.push_back({pieces_[piece].begin, pieces_[piece].end});
    return;
  }
  body_room_ -= size;
  // What was decoded is folded too: it may hold full-width digits, or `\u0035`.
  fold_ = {.json = false, .spelled = true, .tags = false, .steps = steps_};
  fold_.Run(draft_.AsSource(), folded_);
  Expand(Commit(folded_.changed() ? folded_ : draft_, piece, level));
}

// draft_ holds what nobody reads any more: each run of it is opaque, and escapes that stand together.
void Views::TooDeep(Decoder decoder) {
  if (!steps_.Has(Step::kOpaque)) return;
  const std::vector<RawRange>& decoded = draft_.decoded();
  if (decoder == Decoder::kRuns) {
    opaque_.insert(opaque_.end(), decoded.begin(), decoded.end());
    return;
  }
  for (size_t i = kDeepEscapes - 1; i < decoded.size(); ++i) {
    const RawRange together = {decoded[i + 1 - kDeepEscapes].begin, decoded[i].end};
    if (together.end - together.begin <= kDeepEscapesWithin) opaque_.push_back(together);
  }
}

void Views::AddJoined(std::string_view separator) {
  const auto start = static_cast<uint32_t>(joined_.size());
  joined_begins_.push_back(start);
  for (size_t i = 0; i < joining_.size(); ++i) {
    if (i > 0) joined_.append(separator);
    const auto begin = static_cast<uint32_t>(joined_.size()) - start;
    joined_.append(TextOf(texts_[joining_[i]]));
    parts_.push_back({begin, static_cast<uint32_t>(joined_.size()) - start, joining_[i]});
  }
}

void Views::Build(std::string_view body, const surface::Content& content, Steps steps) {
  body_ = body;
  steps_ = steps;
  views_.clear();
  texts_.clear();
  segments_.clear();
  parts_.clear();
  first_text_.clear();
  joining_.clear();
  joined_begins_.clear();
  derived_.clear();
  joined_.clear();
  opaque_.clear();
  unread_.clear();
  overflowed_ = false;
  body_room_ = kMaxDecoded;
  pieces_.assign(content.pieces.begin(), content.pieces.end());
  for (uint32_t i = 0; i < pieces_.size(); ++i) AddPiece(i);
  parts_each_ = static_cast<uint32_t>(joining_.size());
  if (parts_each_ >= 2) {
    for (const char* separator : {"", " ", "\n"}) AddJoined(separator);
  }
  // Only now do the buffers stay where they are.
  for (const Text& text : texts_) views_.push_back({TextOf(text), false, text.level});
  joined_begins_.push_back(static_cast<uint32_t>(joined_.size()));
  for (size_t i = 0; i + 1 < joined_begins_.size(); ++i) {
    const uint32_t size = joined_begins_[i + 1] - joined_begins_[i];
    views_.push_back({std::string_view(joined_).substr(joined_begins_[i], size), true, 0});
  }
  body_ = {};
}

void Views::Locate(size_t index, uint32_t begin, uint32_t end, std::vector<RawRange>& ranges,
                   std::vector<surface::Piece::Kind>* kinds) const {
  assert(index < views_.size() && begin < end && end <= views_[index].text.size());
  ranges.clear();
  if (kinds != nullptr) kinds->clear();
  const auto add = [&](const Text& text, uint32_t from, uint32_t to) {
    const std::span segments(segments_.data() + text.first_segment, text.segment_count);
    ranges.push_back(RawOf(segments, from, to));
    if (kinds != nullptr) kinds->push_back(pieces_[text.piece].kind);
  };
  if (index < texts_.size()) {
    add(texts_[index], begin, end);
    return;
  }
  const std::span<const Part> parts = PartsOf(index);
  auto part = std::upper_bound(parts.begin(), parts.end(), begin,
                               [](uint32_t at, const Part& p) { return at < p.text_end; });
  for (; part != parts.end() && part->text_begin < end; ++part) {
    const uint32_t from = std::max(begin, part->text_begin);
    const uint32_t to = std::min(end, part->text_end);
    add(texts_[part->text], from - part->text_begin, to - part->text_begin);
  }
  if (ranges.size() < 2) {
    ranges.clear();
    if (kinds != nullptr) kinds->clear();
  }
}

std::span<const Views::Part> Views::PartsOf(size_t joined_view) const {
  return std::span(parts_).subspan((joined_view - texts_.size()) * parts_each_, parts_each_);
}

Views::Surroundings Views::Around(size_t index) const {
  const Surroundings alone = {views_[index].text, 0};
  if (index >= texts_.size() || parts_each_ < 2) return alone;
  const auto found = std::lower_bound(joining_.begin(), joining_.end(), index);
  if (found == joining_.end() || *found != index) return alone;
  const size_t by_line_ends = views_.size() - 1;  // Build joins by line ends last
  const auto part = static_cast<size_t>(found - joining_.begin());
  return {views_[by_line_ends].text, PartsOf(by_line_ends)[part].text_begin};
}

void Views::AddKeyOf(const Text& text, std::vector<std::string_view>& keys) const {
  const uint32_t key = pieces_[text.piece].key;
  if (key >= first_text_.size()) return;
  const std::string_view name = views_[first_text_[key]].text;
  if (keys.empty() || keys.back().data() != name.data()) keys.push_back(name);
}

void Views::KeysOf(size_t index, uint32_t begin, uint32_t end, std::vector<std::string_view>& keys) const {
  keys.clear();
  if (index < texts_.size()) return AddKeyOf(texts_[index], keys);
  const std::span<const Part> parts = PartsOf(index);
  auto part = std::upper_bound(parts.begin(), parts.end(), begin,
                               [](uint32_t at, const Part& p) { return at < p.text_end; });
  for (; part != parts.end() && part->text_begin < end; ++part) AddKeyOf(texts_[part->text], keys);
}

void Views::Wipe() {
  views_.clear();
  text::Wipe(derived_);
  text::Wipe(joined_);
  draft_.Wipe();
  folded_.Wipe();
  runs_.Wipe();
}

}  // namespace hpol::text
