// Line tables and column arithmetic. Lines end in LF; a CR before it belongs to
// the line end. Columns count code points, so a byte that continues one has none.
#include "dsl/source/source.h"

#include <algorithm>

namespace hpol::dsl {
namespace {

constexpr size_t kMaxOffset = UINT32_MAX - 1;

bool ContinuesCodePoint(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

}  // namespace

SourceFile::SourceFile(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {
  // Offsets are 32 bits wide. Nothing that long is ever parsed (limits.h); cutting
  // here only keeps every offset of what is left exact.
  if (text_.size() > kMaxOffset) text_.resize(kMaxOffset);
  line_starts_.push_back(0);
  for (size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') line_starts_.push_back(static_cast<uint32_t>(i + 1));
  }
}

Position SourceFile::Locate(uint32_t offset) const {
  const uint32_t at = std::min(offset, static_cast<uint32_t>(text_.size()));
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), at);
  const auto line = static_cast<uint32_t>(after - line_starts_.begin());
  // Every byte up to and with this one that starts a code point is one column; the
  // end of the text starts one too.
  uint32_t column = at == text_.size() ? 1 : 0;
  for (uint32_t i = line_starts_[line - 1]; i <= at && i < text_.size(); ++i) {
    if (!ContinuesCodePoint(text_[i])) ++column;
  }
  return {line, std::max(column, 1u)};
}

std::string_view SourceFile::Line(uint32_t line) const {
  if (line == 0 || line > line_count()) return {};
  const uint32_t begin = line_starts_[line - 1];
  const auto end = line < line_count() ? line_starts_[line] : static_cast<uint32_t>(text_.size());
  std::string_view bytes = std::string_view(text_).substr(begin, end - begin);
  if (bytes.ends_with('\n')) bytes.remove_suffix(1);
  if (bytes.ends_with('\r')) bytes.remove_suffix(1);
  return bytes;
}

uint32_t SourceFile::LineStart(uint32_t line) const {
  if (line == 0) return 0;
  return line > line_count() ? static_cast<uint32_t>(text_.size()) : line_starts_[line - 1];
}

FileId SourceMap::Add(std::string name, std::string text) {
  files_.emplace_back(std::move(name), std::move(text));
  return {static_cast<uint32_t>(files_.size() - 1)};
}

std::string_view SourceMap::Text(Span span) const {
  if (span.file.value >= files_.size()) return {};
  const std::string_view text = Get(span.file).text();
  const size_t begin = std::min<size_t>(span.begin, text.size());
  const size_t end = std::clamp<size_t>(span.end, begin, text.size());
  return text.substr(begin, end - begin);
}

}  // namespace hpol::dsl
