// Classes of 64 bytes as bit masks, then questions as shifts and ANDs. Blocks overlap by 16
// bytes, so that no question has to look across a border.
#include "runtime/text/survey.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "runtime/text/runs.h"
#include "runtime/text/widen.h"

namespace hpol::text {
namespace {

constexpr size_t kBlock = 64;
constexpr size_t kStep = 48;

// 64 bytes; Match gives one bit a byte.
class Block {
 public:
#if defined(__SSE2__)
  explicit Block(const char* bytes) {
    for (int i = 0; i < 4; ++i) lanes_[i] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + 16 * i));
  }
  uint64_t High() const {
    return Gather([](__m128i lane) { return lane; });
  }
  uint64_t Is(char c) const {
    const __m128i wanted = _mm_set1_epi8(c);
    return Gather([wanted](__m128i lane) { return _mm_cmpeq_epi8(lane, wanted); });
  }
  // first <= byte <= last, both ASCII.
  uint64_t In(char first, char last) const {
    const __m128i below = _mm_set1_epi8(static_cast<char>(first - 1));
    const __m128i above = _mm_set1_epi8(static_cast<char>(last + 1));
    return Gather([=](__m128i lane) {
      return _mm_and_si128(_mm_cmpgt_epi8(lane, below), _mm_cmplt_epi8(lane, above));
    });
  }

 private:
  template <typename Test>
  uint64_t Gather(Test test) const {
    uint64_t mask = 0;
    for (int i = 0; i < 4; ++i) {
      mask |= uint64_t{static_cast<uint16_t>(_mm_movemask_epi8(test(lanes_[i])))} << (16 * i);
    }
    return mask;
  }
  __m128i lanes_[4];
#else
  explicit Block(const char* bytes) : bytes_(bytes) {}
  uint64_t High() const {
    return Gather([](char c) { return (static_cast<uint8_t>(c) & 0x80) != 0; });
  }
  uint64_t Is(char wanted) const {
    return Gather([wanted](char c) { return c == wanted; });
  }
  uint64_t In(char first, char last) const {
    return Gather([=](char c) { return c >= first && c <= last; });
  }

 private:
  template <typename Test>
  uint64_t Gather(Test test) const {
    uint64_t mask = 0;
    for (size_t i = 0; i < kBlock; ++i) mask |= uint64_t{test(bytes_[i])} << i;
    return mask;
  }
  const char* bytes_;
#endif
};

class Looker {
 public:
  explicit Looker(std::string_view text) : text_(text) {}

  Survey Run() {
    for (size_t at = 0; at < text_.size(); at += kStep) {
      if (text_.size() - at >= kBlock) {
        One(Block(text_.data() + at), at);
        continue;
      }
      char rest[kBlock] = {};  // NUL is in no class
      std::memcpy(rest, text_.data() + at, text_.size() - at);
      One(Block(rest), at);
    }
    return survey_;
  }

 private:
  void One(const Block& block, size_t at) {
    survey_.high = survey_.high || block.High() != 0;
    survey_.backslash = survey_.backslash || block.Is('\\') != 0;
    survey_.escapes = survey_.escapes || (block.Is('%') | block.Is('&')) != 0;
    survey_.equals = survey_.equals || block.Is('=') != 0;
    const uint64_t digits = block.In('0', '9');
    if (!survey_.gaps && digits != 0) Gaps(block, digits, at);
    if (!survey_.runs) Runs(block, digits, at);
  }

  // A digit, then a character of a gap that is not a single dash or space between digits. Only the
  // first 48 bytes begin anything; what follows is there to be looked at.
  void Gaps(const Block& block, uint64_t digits, size_t at) {
    const uint64_t simple = block.Is(' ') | block.Is('-');
    const uint64_t markup = block.In('\t', '\r') | block.Is('*') | block.Is('_') | block.Is('~') |
                            block.Is('`') | block.Is('<') | block.Is('$') | block.Is('\\');
    const uint64_t gap = digits & ((markup >> 1) | ((simple >> 1) & ((simple | markup) >> 2)));
    ForEach(gap, [&](size_t i) {
      survey_.gaps = ReadGap(text_, static_cast<uint32_t>(at + i + 1), true).end != 0;
      return survey_.gaps;
    });
  }

  void Runs(const Block& block, uint64_t digits, size_t at) {
    // Twelve bytes from `+` up: a superset of twelve of the alphabet. Words end before.
    const uint64_t solid = block.In('+', 'z');
    const uint64_t two = solid & (solid >> 1);
    const uint64_t four = two & (two >> 2);
    const uint64_t twelve = four & (four >> 4) & (four >> 8);
    const auto run = [&](size_t i) { return MayBegin(at + i); };
    if (ForEach(twelve & ~(twelve << 1), run)) return;
    ForEach(block.Is('\n'), [&](size_t i) { return BetweenLines(at + i); });
    if (survey_.runs) return;
    const uint64_t letters = block.In('a', 'f') | block.In('A', 'F');
    const uint64_t hex = digits | letters;
    const uint64_t apart =
        block.Is(' ') | block.Is(',') | block.Is(':') | block.Is(';') | block.Is('-') | block.In('\t', '\r');
    // Two digits apart from two digits, or three pairs in a row; with one or two characters between.
    const uint64_t pair = hex & (hex >> 1);
    const uint64_t number = digits & (digits >> 1);
    const uint64_t close = apart & ~(apart << 1);
    const uint64_t wide = apart & (apart >> 1);
    const uint64_t list = (pair & (close >> 2) & (pair >> 3) & (close >> 5) & (pair >> 6)) |
                          (pair & (wide >> 2) & (pair >> 4) & (wide >> 6) & (pair >> 8)) |
                          (number & (close >> 2) & (number >> 3)) | (number & (wide >> 2) & (number >> 4));
    const uint64_t prefixed = block.Is('0') & (block.Is('x') | block.Is('X')) >> 1;
    survey_.runs = survey_.runs || ((list | prefixed) & kFirst) != 0;
  }

  // The solid bytes at `at` hold a run of the alphabet that may be encoded.
  bool MayBegin(size_t at) {
    if (at < seen_) return false;
    while (at < text_.size() && text_[at] >= '+' && text_[at] <= 'z') {
      const uint32_t end = std::max(RunEnd(text_, static_cast<uint32_t>(at)), static_cast<uint32_t>(at + 1));
      if (end - at >= kMinBase64 && MayBeEncoded(text_.substr(at, end - at))) return survey_.runs = true;
      at = end;
    }
    seen_ = at;
    return false;
  }

  // The line end at `at` may stand inside base64.
  bool BetweenLines(size_t at) {
    const size_t line = at > 0 && text_[at - 1] == '\r' ? at - 1 : at;
    size_t begin = line;
    while (begin > 0 && IsBase64(text_[begin - 1])) --begin;
    if (line - begin < kMinLine) return false;
    size_t next = at + 1;
    while (next < text_.size() && (text_[next] == ' ' || text_[next] == '\t')) ++next;
    const size_t end = RunEnd(text_, static_cast<uint32_t>(next));
    if (end == next || (line - begin) + (end - next) < kMinBase64) return false;
    EncodedLook look;
    look.Add(text_.substr(begin, line - begin));
    look.Add(text_.substr(next, end - next));
    return survey_.runs = survey_.runs || look.MayBe();
  }

  // Calls use(position) for the bits of the first 48 bytes until it says true.
  template <typename Use>
  bool ForEach(uint64_t bits, Use use) {
    for (bits &= kFirst; bits != 0; bits &= bits - 1) {
      if (use(static_cast<size_t>(std::countr_zero(bits)))) return true;
    }
    return false;
  }

  static constexpr uint64_t kFirst = (uint64_t{1} << kStep) - 1;
  std::string_view text_;
  size_t seen_ = 0;  // solid bytes before this were looked at
  Survey survey_;
};

}  // namespace

Survey Look(std::string_view text) { return Looker(text).Run(); }

}  // namespace hpol::text
