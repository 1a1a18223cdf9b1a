// Sets of bytes.
#pragma once

#include <bitset>
#include <cstdint>
#include <string>

namespace hpol::filter {

using ByteSet = std::bitset<256>;

inline bool IsAscii(const ByteSet& set) { return (set >> 128).none(); }
inline bool Contains(const ByteSet& outer, const ByteSet& inner) { return (inner & ~outer).none(); }

// `[0-9a-f]`, for people.
std::string Text(const ByteSet& set);

}  // namespace hpol::filter
