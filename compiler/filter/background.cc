#include "compiler/filter/background.h"

#include <algorithm>

#include "compiler/filter/background_text.h"

namespace hpol::filter {

Background::Background() : text_(BackgroundText()), four_grams_(1u << 20, 0) {
  // Words are sought in language, windows in anything.
  uint32_t key = 0;
  for (size_t i = 0; i < text_.size(); ++i) {
    const uint8_t c = LowFive(static_cast<uint8_t>(text_[i]));
    key = ((key << 5) | c) & 0xfffff;
    if (i >= 3) ++four_grams_[key];
    ++low_five_[c];
  }
  text_ += EncodedText();
  for (size_t i = 0; i < text_.size(); ++i) {
    const auto byte = static_cast<uint8_t>(text_[i]);
    ++bytes_[byte];
    if (places_[byte].empty()) places_[byte].resize((text_.size() + 63) / 64, 0);
    places_[byte][i >> 6] |= uint64_t{1} << (i & 63);
  }
}

const Background& Background::Get() {
  static const Background background;
  return background;
}

Background::Bits Background::BitsOf(const ByteSet& set) const {
  Bits bits((text_.size() + 63) / 64, 0);
  for (size_t byte = 0; byte < 256; ++byte) {
    if (!set[byte]) continue;
    const Bits& places = places_[byte];
    for (size_t w = 0; w < places.size(); ++w) bits[w] |= places[w];
  }
  return bits;
}

double Background::CountOf(const ByteSet& set) const {
  double count = 1;
  for (size_t byte = 0; byte < 256; ++byte) count += set[byte] ? bytes_[byte] : 0;
  return count;
}

Background::Bits Background::Moved(const Bits& bits, int distance) {
  Bits moved(bits.size(), 0);
  const auto size = static_cast<int64_t>(bits.size());
  const int64_t words = distance >= 0 ? distance / 64 : -((-distance + 63) / 64);
  const int shift = static_cast<int>(distance - words * 64);
  const auto at = [&](int64_t k) { return k >= 0 && k < size ? bits[static_cast<size_t>(k)] : 0; };
  uint64_t before = at(-words - 1);
  for (int64_t i = 0; i < size; ++i) {
    const uint64_t word = at(i - words);
    moved[static_cast<size_t>(i)] = shift == 0 ? word : word << shift | before >> (64 - shift);
    before = word;
  }
  return moved;
}

uint64_t Background::Count(const Bits& bits) { return CountBoth(bits, bits); }

// Eight words at a time, each byte's sum kept in place: a call of the library's for each word, which is what
// the oldest CPUs need, was a tenth of deriving a filter.
uint64_t Background::CountBoth(const Bits& a, const Bits& b) {
  constexpr uint64_t kPairs = 0x5555555555555555;
  constexpr uint64_t kFours = 0x3333333333333333;
  constexpr uint64_t kBytes = 0x0f0f0f0f0f0f0f0f;
  uint64_t count = 0;
  for (size_t w = 0; w < a.size();) {
    uint64_t sums = 0;
    for (const size_t end = std::min(w + 8, a.size()); w < end; ++w) {
      uint64_t word = a[w] & b[w];
      word -= (word >> 1) & kPairs;
      word = (word & kFours) + ((word >> 2) & kFours);
      sums += (word + (word >> 4)) & kBytes;
    }
    // A byte holds 64 at most: two neighbours fit one.
    sums = (sums & 0x00ff00ff00ff00ff) + ((sums >> 8) & 0x00ff00ff00ff00ff);
    count += (sums * 0x0001000100010001) >> 48;
  }
  return count;
}

}  // namespace hpol::filter
