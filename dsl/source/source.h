// Source text: bytes, line table, file ids. SourceMap owns the text; everyone
// else holds spans. Knows nothing of tokens, types or requests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace hpol::dsl {

// Names a file inside one SourceMap.
struct FileId {
  uint32_t value = 0;
  friend bool operator==(FileId, FileId) = default;
};

// Bytes [begin, end) of one file. A span never owns text.
struct Span {
  FileId file{};
  uint32_t begin = 0;
  uint32_t end = 0;
  friend bool operator==(Span, Span) = default;
};

// Both 1-based. `column` counts code points, as an editor shows them.
struct Position {
  uint32_t line = 1;
  uint32_t column = 1;
};

class SourceFile {
 public:
  SourceFile(std::string name, std::string text);

  const std::string& name() const { return name_; }
  std::string_view text() const { return text_; }
  uint32_t line_count() const { return static_cast<uint32_t>(line_starts_.size()); }

  // Any offset is accepted; one past the end gives the end.
  Position Locate(uint32_t offset) const;
  // The line's bytes without its line end; empty when there is no such line.
  std::string_view Line(uint32_t line) const;
  // Offset of the first byte of a line.
  uint32_t LineStart(uint32_t line) const;

 private:
  std::string name_;
  std::string text_;
  std::vector<uint32_t> line_starts_;
};

// Owns every file of a compilation. References stay valid for its lifetime.
class SourceMap {
 public:
  FileId Add(std::string name, std::string text);
  const SourceFile& Get(FileId id) const { return files_[id.value]; }
  size_t size() const { return files_.size(); }
  // The bytes of a span; a span outside its file is cut to what exists.
  std::string_view Text(Span span) const;

 private:
  std::deque<SourceFile> files_;
};

}  // namespace hpol::dsl
