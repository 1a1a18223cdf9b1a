#include "runtime/surface/key_set.h"

#include <cstring>
#include <random>

namespace hpol::surface {
namespace {

constexpr size_t kFirstSlots = 256;
constexpr size_t kKeepSlots = size_t{1} << 16;

struct Seeds {
  uint64_t a, b, c;
};

const Seeds& ProcessSeeds() {
  static const Seeds seeds = [] {
    std::random_device device;
    const auto word = [&] { return (uint64_t{device()} << 32) | device(); };
    return Seeds{word(), word() | 1, word() | 1};
  }();
  return seeds;
}

// Both halves of the 128-bit product: each input bit reaches every output bit.
uint64_t Fold128(uint64_t a, uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

constexpr uint64_t Bytes(uint8_t b) { return 0x0101010101010101u * b; }

// Eight bytes at once: A–Z to a–z, all others as they are.
uint64_t LowerAscii(uint64_t word) {
  const uint64_t low = word & Bytes(0x7f);
  const uint64_t at_least_a = low + Bytes(0x80 - 'A');
  const uint64_t above_z = low + Bytes(0x7f - 'Z');
  const uint64_t upper = (at_least_a ^ above_z) & ~word & Bytes(0x80);
  return word | (upper >> 2);
}

uint64_t HashFolded(std::string_view key, uint64_t& high_bits) {
  const Seeds& seeds = ProcessSeeds();
  uint64_t hash = seeds.a ^ key.size();
  size_t at = 0;
  high_bits = 0;
  while (at < key.size()) {
    uint64_t word = 0;
    const size_t take = key.size() - at < 8 ? key.size() - at : 8;
    std::memcpy(&word, key.data() + at, take);
    high_bits |= word & Bytes(0x80);
    hash = Fold128(hash ^ LowerAscii(word), seeds.b);
    at += take;
  }
  return Fold128(hash ^ seeds.c, seeds.b);
}

}  // namespace

uint64_t HashKey(std::string_view key, std::string& buffer) {
  uint64_t high_bits = 0;
  const uint64_t hash = HashFolded(key, high_bits);
  if (high_bits == 0) return hash;
  buffer.clear();
  for (size_t at = 0; at < key.size(); ++at) {
    if (key.substr(at, 2) == "\xc5\xbf") {
      buffer += 's';
      at += 1;
    } else if (key.substr(at, 3) == "\xe2\x84\xaa") {
      buffer += 'k';
      at += 2;
    } else {
      buffer += key[at];
    }
  }
  return HashFolded(buffer, high_bits);
}

uint64_t MixKey(uint64_t hash, uint64_t with) {
  const Seeds& seeds = ProcessSeeds();
  return Fold128(hash ^ (with * seeds.c), seeds.b);
}

void KeySet::Clear() {
  if (slots_.size() > kKeepSlots) slots_ = {};
  if (slots_.empty()) slots_.resize(kFirstSlots);
  used_ = 0;
  ++walk_;
}

bool KeySet::Insert(uint64_t object, uint64_t key_hash) {
  if (2 * (used_ + 1) > slots_.size()) Grow();
  const uint64_t hash = MixKey(key_hash, object + 1);
  const size_t mask = slots_.size() - 1;
  for (size_t at = hash & mask;; at = (at + 1) & mask) {
    Slot& slot = slots_[at];
    if (slot.walk != walk_) {
      slot = {hash, walk_};
      ++used_;
      return true;
    }
    if (slot.hash == hash) return false;
  }
}

void KeySet::Grow() {
  std::vector<Slot> old(slots_.empty() ? kFirstSlots : slots_.size() * 2);
  old.swap(slots_);
  const size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.walk != walk_) continue;
    size_t at = slot.hash & mask;
    while (slots_[at].walk == walk_) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

}  // namespace hpol::surface
