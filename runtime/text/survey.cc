// Blocks of 64 bytes are asked what they hold (survey_masks.h); where something may begin is looked at
// closely.
#include "runtime/text/survey.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "runtime/kernels/filter.h"
#include "runtime/text/runs.h"
#include "runtime/text/survey_masks.h"
#include "runtime/text/widen.h"

namespace hpol::text {
namespace {

bool IsAlnum(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

// For any CPU.
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
    for (size_t i = 0; i < kSurveyBlock; ++i) mask |= uint64_t{test(bytes_[i])} << i;
    return mask;
  }
  const char* bytes_;
#endif
};

SurveyMasks MasksOfAny(const char* bytes) { return MasksOf(Block(bytes)); }

using MasksFunction = SurveyMasks (*)(const char* bytes);

MasksFunction BestMasks() {
#if defined(__x86_64__)
  switch (filter::BestVariant()) {
    case filter::Variant::kAvx512:
      return MasksOfAvx512;
    case filter::Variant::kAvx2:
      return MasksOfAvx2;
    case filter::Variant::kScalar:
      break;
  }
#endif
  return MasksOfAny;
}

class Looker {
 public:
  Looker(std::string_view text, std::vector<uint32_t>& starts) : text_(text), starts_(starts) {
    starts.clear();
  }

  Survey Run() {
    static const MasksFunction masks_of = BestMasks();
    for (size_t at = 0; at < text_.size(); at += kSurveyStep) {
      if (text_.size() - at >= kSurveyBlock) {
        One(masks_of(text_.data() + at), at);
        continue;
      }
      char rest[kSurveyBlock] = {};  // NUL is in no class
      std::memcpy(rest, text_.data() + at, text_.size() - at);
      One(masks_of(rest), at);
    }
    if (starts_.empty()) return survey_;
    survey_.runs = true;
    std::sort(starts_.begin(), starts_.end());
    starts_.erase(std::unique(starts_.begin(), starts_.end()), starts_.end());
    return survey_;
  }

 private:
  void One(const SurveyMasks& masks, size_t at) {
    survey_.high = survey_.high || masks.high != 0;
    survey_.backslash = survey_.backslash || masks.backslash != 0;
    survey_.escapes = survey_.escapes || masks.escapes != 0;
    survey_.equals = survey_.equals || masks.equals != 0;
    if (!survey_.gaps) {
      ForEach(masks.gaps, [&](size_t i) {
        survey_.gaps = survey_.gaps || ReadGap(text_, static_cast<uint32_t>(at + i + 1), true).end != 0;
      });
    }
    ForEach(masks.solid, [&](size_t i) { Solid(at + i); });
    ForEach(masks.newlines, [&](size_t i) { BetweenLines(at + i); });
    ForEach(masks.lists, [&](size_t i) { MayList(at + i); });
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

  static constexpr uint64_t kFirst = (uint64_t{1} << kSurveyStep) - 1;
  std::string_view text_;
  std::vector<uint32_t>& starts_;
  size_t seen_ = 0;  // solid bytes before this were looked at
  Survey survey_;
};

}  // namespace

Survey Look(std::string_view text, std::vector<uint32_t>& starts) { return Looker(text, starts).Run(); }

}  // namespace hpol::text
