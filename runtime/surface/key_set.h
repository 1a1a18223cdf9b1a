// Object keys as hashes: equal for keys that some server may take for the same field.
// The hash is seeded once per process, so that a stranger cannot choose keys that collide.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hpol::surface {

// Hash of an unescaped key after folding: ASCII letters to lower case, and U+017F (long s) and
// U+212A (Kelvin sign) to `s` and `k`, as Go's encoding/json compares field names.
// `buffer` is scratch.
uint64_t HashKey(std::string_view key, std::string& buffer);

// Mixes a hash with a small number (an object, a registry node).
uint64_t MixKey(uint64_t hash, uint64_t with);

// The keys seen in the objects of one document, in time linear in their number.
class KeySet {
 public:
  // Forgets all keys. Keeps memory unless it is unusually large.
  void Clear();
  // False when `object` has a key of this hash already. (Two different keys with one 64-bit hash
  // would be refused as duplicates: the safe side, and never by an attacker's choice.)
  bool Insert(uint64_t object, uint64_t key_hash);

 private:
  struct Slot {
    uint64_t hash = 0;
    uint64_t walk = 0;  // free unless equal to walk_
  };
  void Grow();

  std::vector<Slot> slots_;
  size_t used_ = 0;
  uint64_t walk_ = 0;
};

}  // namespace hpol::surface
