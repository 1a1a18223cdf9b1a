#include "compiler/filter/background.h"

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
  for (const char c : text_) ++bytes_[static_cast<uint8_t>(c)];
}

const Background& Background::Get() {
  static const Background background;
  return background;
}

Background::Bits Background::BitsOf(const ByteSet& set) const {
  Bits bits((text_.size() + 63) / 64, 0);
  for (size_t i = 0; i < text_.size(); ++i) {
    if (set[static_cast<uint8_t>(text_[i])]) bits[i >> 6] |= uint64_t{1} << (i & 63);
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
  for (int64_t i = 0; i < size; ++i) {
    const auto at = [&](int64_t k) { return k >= 0 && k < size ? bits[static_cast<size_t>(k)] : 0; };
    const uint64_t low = at(i - words) << shift;
    const uint64_t high = shift == 0 ? 0 : at(i - words - 1) >> (64 - shift);
    moved[static_cast<size_t>(i)] = low | high;
  }
  return moved;
}

uint64_t Background::Count(const Bits& bits) {
  uint64_t count = 0;
  for (const uint64_t word : bits) count += static_cast<uint64_t>(__builtin_popcountll(word));
  return count;
}

}  // namespace hpol::filter
