// Inside runtime/surface: where the tokens of a JSON text begin, and whether the text is UTF-8, in one pass
// over blocks of 64 bytes. Bitmaps as in Langdale and Lemire, "Parsing Gigabytes of JSON per Second" (2019),
// UTF-8 as in Keiser and Lemire, "Validating UTF-8 In Less Than One Instruction Per Byte" (2020). One file a
// CPU level (json_stage_*.cc) brings its registers; all levels say the same (json_stage_test.cc).
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace hpol::surface {

enum class StageError : uint8_t { kNone, kUtf8, kControl, kUnclosed };

// What was found. `count` offsets were written.
struct Staged {
  StageError error = StageError::kNone;
  size_t count = 0;
};

// Writes where brackets, colons, commas, opening quotes and other scalars begin, in order. `offsets` has room
// for kStageRoom more than the body has bytes. Reads nothing outside `body`.
inline constexpr size_t kStageRoom = 64;
Staged Stage(std::string_view body, uint32_t* offsets);

bool IsUtf8(std::string_view text);

// One level of CPU; the best one is chosen once.
struct StageLevel {
  const char* name;
  Staged (*stage)(std::string_view, uint32_t*);
  bool (*is_utf8)(std::string_view);
  bool (*present)();  // this CPU has it
};
extern const StageLevel kScalarStage;
#if defined(__x86_64__)
extern const StageLevel kAvx2Stage;
extern const StageLevel kAvx512Stage;
#endif

// For tests: this level from now on; null: the best one again.
void UseStage(const StageLevel* level);

namespace stage {

// The masks of one block, one bit a byte.
struct Masks {
  uint64_t quote = 0;
  uint64_t backslash = 0;
  uint64_t space = 0;    // space, tab, line ends
  uint64_t bracket = 0;  // {}[]:,
  uint64_t control = 0;  // below 0x20
};

inline uint64_t PrefixXor(uint64_t bits) {
  for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

// What is carried from block to block.
class Tokens {
 public:
  explicit Tokens(uint32_t* offsets) : next_(offsets), begin_(offsets) {}

  // `prefix_xor`: of the level.
  template <typename PrefixXorFn>
  void Add(const Masks& masks, uint32_t offset, PrefixXorFn prefix_xor) {
    const uint64_t quote = masks.quote & ~Escaped(masks.backslash);
    const uint64_t in_string = prefix_xor(quote) ^ in_string_;  // with the opening quote, without the closing
    in_string_ = static_cast<uint64_t>(static_cast<int64_t>(in_string) >> 63);
    control_ |= masks.control & in_string;
    const uint64_t scalar = ~(masks.bracket | masks.space);
    const uint64_t plain = scalar & ~quote;
    const uint64_t follows = plain << 1 | after_plain_;
    after_plain_ = plain >> 63;
    Write((masks.bracket | (scalar & ~follows)) & ~(in_string ^ quote), offset);
  }

  Staged Finish(bool utf8) const {
    const StageError error = in_string_ != 0 ? StageError::kUnclosed
                             : control_ != 0 ? StageError::kControl
                             : !utf8         ? StageError::kUtf8
                                             : StageError::kNone;
    return {error, static_cast<size_t>(next_ - begin_)};
  }

 private:
  // Bytes behind an odd number of backslashes.
  uint64_t Escaped(uint64_t backslash) {
    if (backslash == 0) {
      const uint64_t escaped = after_escape_;
      after_escape_ = 0;
      return escaped;
    }
    constexpr uint64_t kEven = 0x5555555555555555;
    backslash &= ~after_escape_;
    const uint64_t follows = backslash << 1 | after_escape_;
    const uint64_t odd_starts = backslash & ~kEven & ~follows;
    uint64_t sequences = 0;
    after_escape_ = __builtin_add_overflow(odd_starts, backslash, &sequences) ? 1 : 0;
    return (kEven ^ (sequences << 1)) & follows;
  }

  // Eight at a time, some of them beyond the last: there is room, and branches cost more.
  void Write(uint64_t bits, uint32_t offset) {
    const int count = std::popcount(bits);
    uint32_t* to = next_;
    for (int written = 0; written < count; written += 8) {
      for (int i = 0; i < 8; ++i) {
        *to++ = offset + static_cast<uint32_t>(std::countr_zero(bits));
        bits &= bits - 1;
      }
    }
    next_ += count;
  }

  uint32_t* next_;
  uint32_t* const begin_;
  uint64_t in_string_ = 0;     // all ones inside of one
  uint64_t after_escape_ = 0;  // bit 0: the next byte is escaped
  uint64_t after_plain_ = 0;   // bit 0: the byte before was of a scalar
  uint64_t control_ = 0;
};

// Kernel: `Block(bytes)`, `masks()`, `Utf8` with `Add(block)` and `Finish()`, `PrefixXor`.
template <typename Kernel>
Staged Run(std::string_view body, uint32_t* offsets) {
  Tokens tokens(offsets);
  typename Kernel::Utf8 utf8;
  const auto add = [&](const char* bytes, size_t offset) {
    const typename Kernel::Block block(bytes);
    utf8.Add(block);
    tokens.Add(block.masks(), static_cast<uint32_t>(offset), Kernel::PrefixXor);
  };
  size_t at = 0;
  for (; at + 64 <= body.size(); at += 64) add(body.data() + at, at);
  if (at < body.size()) {
    char last[64];  // what is missing is white space
    std::memset(last, ' ', sizeof last);
    std::memcpy(last, body.data() + at, body.size() - at);
    add(last, at);
  }
  return tokens.Finish(utf8.Finish());
}

template <typename Kernel>
bool Validate(std::string_view text) {
  typename Kernel::Utf8 utf8;
  size_t at = 0;
  for (; at + 64 <= text.size(); at += 64) utf8.Add(typename Kernel::Block(text.data() + at));
  char last[64] = {};
  std::memcpy(last, text.data() + at, text.size() - at);
  utf8.Add(typename Kernel::Block(last));
  return utf8.Finish();
}

// What each half of two bytes says of them; a bit that is left in all three is a mistake.
inline constexpr uint8_t kTooShort = 1, kTooLong = 2, kOverlong3 = 4, kTooLarge = 8, kSurrogate = 16,
                         kOverlong2 = 32, kTooLarge1000 = 64, kOverlong4 = 64, kTwoContinuations = 128,
                         kCarry = kTooShort | kTooLong | kTwoContinuations;
alignas(64) inline constexpr uint8_t kFirstHigh[16] = {kTooLong,
                                                       kTooLong,
                                                       kTooLong,
                                                       kTooLong,
                                                       kTooLong,
                                                       kTooLong,
                                                       kTooLong,
                                                       kTooLong,
                                                       kTwoContinuations,
                                                       kTwoContinuations,
                                                       kTwoContinuations,
                                                       kTwoContinuations,
                                                       kTooShort | kOverlong2,
                                                       kTooShort,
                                                       kTooShort | kOverlong3 | kSurrogate,
                                                       kTooShort | kTooLarge | kTooLarge1000 | kOverlong4};
inline constexpr uint8_t kLarge = kCarry | kTooLarge | kTooLarge1000;
alignas(64) inline constexpr uint8_t kFirstLow[16] = {kCarry | kOverlong3 | kOverlong2 | kOverlong4,
                                                      kCarry | kOverlong2,
                                                      kCarry,
                                                      kCarry,
                                                      kCarry | kTooLarge,
                                                      kLarge,
                                                      kLarge,
                                                      kLarge,
                                                      kLarge,
                                                      kLarge,
                                                      kLarge,
                                                      kLarge,
                                                      kLarge,
                                                      kLarge | kSurrogate,
                                                      kLarge,
                                                      kLarge};
inline constexpr uint8_t kContinuation = kTooLong | kOverlong2 | kTwoContinuations;
alignas(64) inline constexpr uint8_t kSecondHigh[16] = {
    kTooShort,
    kTooShort,
    kTooShort,
    kTooShort,
    kTooShort,
    kTooShort,
    kTooShort,
    kTooShort,
    kContinuation | kOverlong3 | kTooLarge1000 | kOverlong4,
    kContinuation | kOverlong3 | kTooLarge,
    kContinuation | kSurrogate | kTooLarge,
    kContinuation | kSurrogate | kTooLarge,
    kTooShort,
    kTooShort,
    kTooShort,
    kTooShort};

}  // namespace stage
}  // namespace hpol::surface
