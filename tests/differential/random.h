// One seeded source of choices, so that a seed names a whole run.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace hpol::differential {

class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}

  uint64_t Next() { return engine_(); }
  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(engine_() % n); }
  uint32_t Between(uint32_t least, uint32_t most) { return least + Below(most - least + 1); }
  // True in `percent` of 100 cases.
  bool Chance(uint32_t percent) { return Below(100) < percent; }

  template <typename T>
  const T& Pick(const std::vector<T>& from) {
    return from[Below(static_cast<uint32_t>(from.size()))];
  }

  // Up to `most` letters of `alphabet`.
  std::string Text(std::string_view alphabet, uint32_t most) {
    std::string text(Below(most + 1), '\0');
    for (char& c : text) c = alphabet[Below(static_cast<uint32_t>(alphabet.size()))];
    return text;
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace hpol::differential
