// The shared scanning work: patterns, words and prompts beside the project, the same for every
// engine. Nothing of it is in the project; where it is not there, the bench says so.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hpol::bench {

struct SharedWork {
  struct Pattern {
    std::string name;
    std::string regex;
  };
  std::vector<Pattern> patterns;
  std::vector<std::string> words;  // whole words, without regard to ASCII case
};

// False when `folder` holds no patterns.tsv and words.txt.
bool ReadWork(const std::string& folder, SharedWork* work);

// Adds `count` words of 6 to 12 random small letters, always the same.
void AddRandomWords(size_t count, SharedWork* work);

// Prompts of one unpacked corpus file: a little-endian length, then so many bytes, and so on.
std::vector<std::string> ReadPrompts(const std::string& path);

// One match; `detector` counts patterns, then the words as one.
struct WorkSpan {
  uint32_t detector = 0;
  uint32_t begin = 0;
  uint32_t end = 0;
  friend auto operator<=>(const WorkSpan&, const WorkSpan&) = default;
};

// An engine that does the work. Not thread-safe.
class WorkEngine {
 public:
  virtual ~WorkEngine() = default;
  // Leftmost-longest spans, not overlapping within a detector, sorted.
  virtual void Spans(std::string_view text, std::vector<WorkSpan>* spans) = 0;
  // The same without making a list: how many there are (an engine may count overlapping ones).
  virtual size_t Count(std::string_view text) = 0;
};

// Keeps, of each detector, the leftmost, then longest spans that do not overlap.
void Normalize(std::vector<WorkSpan>* spans);

}  // namespace hpol::bench
