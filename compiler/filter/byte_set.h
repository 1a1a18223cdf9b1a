// Sets of bytes.
#pragma once

#include <bitset>
#include <cstdint>
#include <string>

#include "runtime/abi/filter.h"

namespace hpol::filter {

using ByteSet = std::bitset<256>;

// Whether planes can hold the set.
inline bool IsClassed(const ByteSet& set) { return (set >> kUnclassed).none(); }
inline bool Contains(const ByteSet& outer, const ByteSet& inner) { return (inner & ~outer).none(); }

// `[0-9a-f]`, for people.
std::string Text(const ByteSet& set);

}  // namespace hpol::filter
