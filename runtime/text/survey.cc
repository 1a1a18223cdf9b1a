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

bool IsAlnum(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

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
  // One of `\` `%` `&` `=`: asked of every block, so that the four need not be.
  bool HasEscape() const {
    __m128i any = _mm_setzero_si128();
    for (const __m128i lane : lanes_) {
      for (const char c : {'\\', '%', '&', '='})
        any = _mm_or_si128(any, _mm_cmpeq_epi8(lane, _mm_set1_epi8(c)));
    }
    return _mm_movemask_epi8(any) != 0;
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
  bool HasEscape() const { return (Is('\\') | Is('%') | Is('&') | Is('=')) != 0; }
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
  Looker(std::string_view text, std::vector<uint32_t>& starts) : text_(text), starts_(starts) {
    starts.clear();
  }

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
    if (starts_.empty()) return survey_;
    survey_.runs = true;
    std::sort(starts_.begin(), starts_.end());
    starts_.erase(std::unique(starts_.begin(), starts_.end()), starts_.end());
    return survey_;
  }

 private:
  void One(const Block& block, size_t at) {
    survey_.high = survey_.high || block.High() != 0;
    if (block.HasEscape()) {
      survey_.backslash = survey_.backslash || block.Is('\\') != 0;
      survey_.escapes = survey_.escapes || (block.Is('%') | block.Is('&')) != 0;
      survey_.equals = survey_.equals || block.Is('=') != 0;
    }
    const uint64_t digits = block.In('0', '9');
    if (!survey_.gaps && digits != 0) Gaps(block, digits, at);
    Runs(block, digits, at);
  }

  // A digit, then a character of a gap that is not a single dash or space between digits. Only the
  // first 48 bytes begin anything; what follows is there to be looked at.
  void Gaps(const Block& block, uint64_t digits, size_t at) {
    const uint64_t simple = block.Is(' ') | block.Is('-');
    const uint64_t markup = block.In('\t', '\r') | block.Is('*') | block.Is('_') | block.Is('~') |
                            block.Is('`') | block.Is('<') | block.Is('$') | block.Is('\\');
    const uint64_t gap = digits & ((markup >> 1) | ((simple >> 1) & ((simple | markup) >> 2)));
    ForEach(gap, [&](size_t i) {
      survey_.gaps = survey_.gaps || ReadGap(text_, static_cast<uint32_t>(at + i + 1), true).end != 0;
    });
  }

  void Runs(const Block& block, uint64_t digits, size_t at) {
    // Twelve bytes from `+` up: a superset of twelve of the alphabet. Words end before.
    const uint64_t solid = block.In('+', 'z');
    const uint64_t two = solid & (solid >> 1);
    const uint64_t four = two & (two >> 2);
    const uint64_t twelve = four & (four >> 4) & (four >> 8);
    ForEach(twelve & ~(twelve << 1), [&](size_t i) { Solid(at + i); });
    ForEach(block.Is('\n'), [&](size_t i) { BetweenLines(at + i); });
    if (digits == 0) return;  // six bytes of ASCII in hexadecimal have some
    const uint64_t letters = block.In('a', 'f') | block.In('A', 'F');
    const uint64_t hex = digits | letters;
    const uint64_t apart =
        block.Is(' ') | block.Is(',') | block.Is(':') | block.Is(';') | block.Is('-') | block.In('\t', '\r');
    const uint64_t pair = hex & (hex >> 1);
    const uint64_t close = pair & (apart >> 2) & (pair >> 3);
    const uint64_t wide = pair & (apart >> 2) & (apart >> 3) & (pair >> 4);
    const uint64_t prefixed = block.Is('0') & (block.Is('x') | block.Is('X')) >> 1;
    ForEach(close | wide | prefixed, [&](size_t i) { MayList(at + i); });
  }

  // Two digits apart from two digits at `at`, or `0x`. A list begins with items of two or three.
  void MayList(size_t at) {
    size_t begin = at;
    while (begin > 0 && at - begin < 2 && IsAlnum(text_[begin - 1])) --begin;
    if (begin > 0 && IsAlnum(text_[begin - 1])) return;
    if (!HasItems(begin)) return;  // a time, a date
    starts_.push_back(static_cast<uint32_t>(begin));
  }

  // As many items as a list needs at least, in a coarser form than RunDecoder reads.
  bool HasItems(size_t at) const {
    for (uint32_t items = 1;; ++items) {
      size_t end = at;
      while (end < text_.size() && end - at < 6 && IsAlnum(text_[end])) ++end;
      if (end - at < 2 || end - at > 5) return false;
      if (items == kMinList) return true;
      at = end;
      while (at < text_.size() && at - end < 2 && IsListSeparator(text_[at])) ++at;
      if (at == end) return false;
    }
  }

  // The solid bytes from `at` on hold runs of the alphabet; those that may be encoded are starts.
  void Solid(size_t at) {
    if (at < seen_) return;
    while (at < text_.size() && text_[at] >= '+' && text_[at] <= 'z') {
      const uint32_t end = std::max(RunEnd(text_, static_cast<uint32_t>(at)), static_cast<uint32_t>(at + 1));
      const bool long_enough = end - at >= kMinBase64;
      if (long_enough && (end - at > kMaxRun || MayBeEncoded(text_.substr(at, end - at)))) {
        starts_.push_back(static_cast<uint32_t>(at));
      }
      at = end;
    }
    seen_ = at;
  }

  // The line end at `at` may stand inside base64.
  void BetweenLines(size_t at) {
    const size_t line = at > 0 && text_[at - 1] == '\r' ? at - 1 : at;
    size_t begin = line;
    while (begin > 0 && IsBase64(text_[begin - 1])) --begin;
    if (line - begin < kMinLine) return;
    size_t next = at + 1;
    while (next < text_.size() && (text_[next] == ' ' || text_[next] == '\t')) ++next;
    const size_t end = RunEnd(text_, static_cast<uint32_t>(next));
    if (end == next || (line - begin) + (end - next) < kMinBase64) return;
    EncodedLook look;
    look.Add(text_.substr(begin, line - begin));
    look.Add(text_.substr(next, end - next));
    if (look.MayBe()) starts_.push_back(static_cast<uint32_t>(begin));
  }

  // Calls use(position) for the bits of the first 48 bytes.
  template <typename Use>
  void ForEach(uint64_t bits, Use use) {
    for (bits &= kFirst; bits != 0; bits &= bits - 1) use(static_cast<size_t>(std::countr_zero(bits)));
  }

  static constexpr uint64_t kFirst = (uint64_t{1} << kStep) - 1;
  std::string_view text_;
  std::vector<uint32_t>& starts_;
  size_t seen_ = 0;  // solid bytes before this were looked at
  Survey survey_;
};

}  // namespace

Survey Look(std::string_view text, std::vector<uint32_t>& starts) { return Looker(text, starts).Run(); }

}  // namespace hpol::text
