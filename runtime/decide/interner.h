// Texts that a policy names → small numbers: one probe, one comparison. Plain flat memory.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace hpol::decide {

class Interner {
 public:
  static constexpr uint32_t kNone = 0xffffffff;

  // The number of `text`: 0, 1, … in the order in which texts were first added.
  uint32_t Add(std::string_view text) {
    if (const uint32_t known = Find(text); known != kNone) return known;
    if ((count_ + 1) * 2 > slots_.size()) Grow();
    const Slot slot{Hash(text), static_cast<uint32_t>(bytes_.size()), static_cast<uint32_t>(text.size()),
                    count_};
    bytes_.append(text);
    Place(slot);
    return count_++;
  }

  // kNone for a text that was not added.
  uint32_t Find(std::string_view text) const {
    if (count_ == 0) return kNone;
    const uint32_t hash = Hash(text);
    for (uint32_t at = hash & mask_;; at = (at + 1) & mask_) {
      const Slot& slot = slots_[at];
      if (slot.number == kNone) return kNone;
      if (slot.hash == hash && slot.length == text.size() &&
          std::memcmp(bytes_.data() + slot.offset, text.data(), text.size()) == 0)
        return slot.number;
    }
  }

  uint32_t size() const { return count_; }

 private:
  struct Slot {
    uint32_t hash = 0;
    uint32_t offset = 0;
    uint32_t length = 0;
    uint32_t number = kNone;
  };

  static uint64_t Mix(uint64_t a, uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
  }
  static uint64_t Load(const char* at, size_t bytes) {
    uint64_t word = 0;
    std::memcpy(&word, at, bytes);
    return word;
  }

  // All bytes count, so that names that differ only in the middle do not collide. Keys are the policy's own:
  // a caller can choose what is looked up, not what is in the table.
  static uint32_t Hash(std::string_view text) {
    constexpr uint64_t kFirst = 0x9e3779b97f4a7c15, kSecond = 0xc2b2ae3d27d4eb4f;
    const char* at = text.data();
    size_t left = text.size();
    uint64_t hash = left * kFirst;
    for (; left > 16; left -= 8, at += 8) hash = Mix(hash ^ Load(at, 8), kSecond);
    uint64_t low = 0, high = 0;
    if (left >= 8) {
      low = Load(at, 8);
      high = Load(at + left - 8, 8);
    } else if (left >= 4) {
      low = Load(at, 4);
      high = Load(at + left - 4, 4);
    } else if (left > 0) {  // first, middle and last byte are all of them
      low = static_cast<uint8_t>(at[0]) | static_cast<uint64_t>(static_cast<uint8_t>(at[left / 2])) << 8 |
            static_cast<uint64_t>(static_cast<uint8_t>(at[left - 1])) << 16;
    }
    const uint64_t mixed = Mix(low ^ kFirst ^ hash, high ^ kSecond);
    return static_cast<uint32_t>(mixed ^ (mixed >> 32));
  }

  void Place(const Slot& slot) {
    uint32_t at = slot.hash & mask_;
    while (slots_[at].number != kNone) at = (at + 1) & mask_;
    slots_[at] = slot;
  }

  void Grow() {
    std::vector<Slot> old(slots_.empty() ? 8 : slots_.size() * 2);
    old.swap(slots_);
    mask_ = static_cast<uint32_t>(slots_.size() - 1);
    for (const Slot& slot : old)
      if (slot.number != kNone) Place(slot);
  }

  std::vector<Slot> slots_;  // a power of two, at most half full
  std::string bytes_;
  uint32_t mask_ = 0;
  uint32_t count_ = 0;
};

}  // namespace hpol::decide
