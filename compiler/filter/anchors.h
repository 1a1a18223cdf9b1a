// Chooses where literals are anchored: for each of them four of its bytes, and one of two groups of tables of
// byte pairs, so that the tables let little ordinary text through (runtime/abi/filter.h, Literals::pairs).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "compiler/filter/background.h"

namespace hpol::filter {

inline constexpr size_t kGram = 4;
using Classes = std::array<uint8_t, kGram>;                  // of four folded bytes
inline constexpr std::array<size_t, 3> kOthers = {0, 2, 3};  // those that are looked up beside the second

Classes ClassesAt(std::string_view text, size_t offset);
// As Background::FourGrams wants it.
uint32_t Key(const Classes& classes);

struct AnchorChoice {
  size_t offset = 0;
  size_t group = 0;
};

// One for each text, which have four bytes or more. Linear in all their bytes.
std::vector<AnchorChoice> ChooseAnchors(const std::vector<std::string_view>& texts,
                                        const Background& background);

// Where one literal is anchored, and whose it is.
struct AnchorPlace {
  uint32_t folded = 0;  // its four bytes there
  uint16_t offset = 0;
  uint16_t detector = 0;
};

// Literals of one detector with the same four bytes at the same offset are compared one after the other
// wherever those stand. Of more than kMaxSharing, one speaks for all, by those bytes alone, so that no text
// costs more for being full of what a hundred thousand words have in common.
inline constexpr size_t kMaxSharing = 8;
enum class AnchorRole : uint8_t { kAlone, kForAll, kNone };
std::vector<AnchorRole> ShareAnchors(const std::vector<AnchorPlace>& places);

}  // namespace hpol::filter
