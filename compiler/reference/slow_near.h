// The reference's own reading of `near` and `not near`: every word at every place, from the words
// of the language reference.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "compiler/hir/hir.h"
#include "runtime/abi/vocabulary.h"

namespace hpol::reference {

// Bytes [begin, end) of `text` are a match; `before` and `after` are what stands around `text`
// among its neighbours, `keys` what it is the value of.
struct Neighbourhood {
  std::string_view text;
  uint32_t begin = 0;
  uint32_t end = 0;
  std::string_view before;
  std::string_view after;
  std::vector<std::string_view> keys;
};

// The tier of a match that is `tier` by its validator; nothing when it is no finding for want of a word
// beside it.
std::optional<Tier> TierBeside(const hir::Detector& detector, const Neighbourhood& where, Tier tier);

}  // namespace hpol::reference
