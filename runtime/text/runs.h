// Runs that stand for other text as a whole: base64, base32, hexadecimal (in one run, in
// lines, as lists), gzip and zlib inside. And runs that look so and cannot be read: opaque.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/text/codecs.h"
#include "runtime/text/draft.h"
#include "runtime/text/steps.h"

namespace hpol::text {

inline constexpr uint32_t kMinBase64 = 12;    // nine bytes: the shortest identifier without separators
inline constexpr uint32_t kMinHex = 16;       // eight bytes
inline constexpr uint32_t kMinBase32 = 15;    // nine bytes
inline constexpr uint32_t kMinLine = 8;       // of base64 in lines
inline constexpr uint32_t kMinList = 6;       // of `0x35` items; without the prefix two more
inline constexpr uint32_t kOpaqueRun = 256;   // one run that cannot be read
inline constexpr uint32_t kOpaquePart = 64;   // shorter ones are not even counted,
inline constexpr uint32_t kOpaqueSum = 4096;  // and these are opaque together
inline constexpr uint32_t kRunGrowth = 8;  // what a run decodes to, in lengths of the run; inside another: 1
// The longest run, list, or base64 in lines. A longer one is opaque: whoever reads a stream need not wait
// for its end.
inline constexpr uint32_t kMaxRun = 256 * 1024;

// A run that looks encoded, cannot be read, and is too short to be opaque by itself.
struct UnreadRun {
  RawRange raw;
  uint32_t size = 0;
};

// What may stand between two items of a list, at most two of it.
bool IsListSeparator(char c);

// The alphabet run that begins at `at`.
uint32_t RunEnd(std::string_view text, uint32_t at);

// Whether a run, in one or more parts, may stand for text at all: it has a digit, or an upper-case letter
// somewhere behind a lower-case one, or is upper-case throughout. Words are not so; encoded identifiers
// always are.
class EncodedLook {
 public:
  void Add(std::string_view part);
  bool MayBe() const { return mixed_ || (upper_ && !lower_); }

 private:
  bool mixed_ = false;
  bool lower_ = false;
  bool upper_ = false;
};
bool MayBeEncoded(std::string_view run);

// Keeps its memory from one text to the next.
class RunDecoder {
 public:
  // Writes `source` with its runs decoded in place and returns how many there were. Each decoded byte maps
  // to its whole run. `starts`: where Look saw a run that may be encoded, ascending; nothing else can be.
  // `nested`: only runs that a decoder wrote a byte of, for both. The text grows to `limit` bytes at most.
  // Appends what is opaque, and to `unread` what counts towards kOpaqueSum. The draft stays empty when there
  // is none.
  uint32_t Run(Source source, std::span<const uint32_t> starts, Steps steps, bool nested, size_t limit,
               Draft& draft, std::vector<RawRange>& opaque, std::vector<UnreadRun>& unread);

  void Wipe();

 private:
  enum class Reading : uint8_t { kNothing, kBlob, kText };  // blob: a container that cannot be read

  uint32_t At(uint32_t at);
  bool Try(void (*decode)(std::string_view, std::string&), std::string_view run, Reading& best);
  uint32_t List(uint32_t at);
  uint32_t Lines(uint32_t at, uint32_t end);
  void Single(uint32_t at, uint32_t end);
  Reading Decode(std::string_view run);
  Reading Judge(size_t run_size);
  bool Write(uint32_t begin, uint32_t end);
  uint32_t WithPadding(uint32_t end) const;
  void JudgeOpaque(uint32_t begin, uint32_t end, std::string_view run, Reading reading, bool lines);
  void ReportOpaque(uint32_t begin, uint32_t end);

  std::string_view text_;
  Steps steps_;
  bool nested_ = false;
  Draft* draft_ = nullptr;
  std::vector<RawRange>* opaque_ = nullptr;
  std::vector<UnreadRun>* unread_ = nullptr;
  uint32_t copied_ = 0;     // source bytes before this are written
  uint32_t count_ = 0;      // runs decoded
  uint32_t lines_end_ = 0;  // runs before this were tried as lines
  uint32_t list_end_ = 0;   // items before this were tried as a list
  uint32_t text_end_ = 0;   // of the last run that was decoded
  bool partial_ = false;    // the last text is not all: cut off, over the limit, or in a container
  std::string compact_;     // lines without their ends
  std::string bytes_;       // decoded
  std::string other_;       // decoded in another way, or inflated
  Inflater inflater_;
};

}  // namespace hpol::text
