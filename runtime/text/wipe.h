// Overwriting request text before its memory goes back to the allocator.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace hpol::text {

// Zeroes the bytes. The stores are volatile, so the compiler may not drop them although nobody reads the
// bytes again.
inline void Wipe(std::span<uint8_t> buffer) {
  volatile uint8_t* bytes = buffer.data();
  for (size_t i = 0; i < buffer.size(); ++i) bytes[i] = 0;
}

// Zeroes the whole capacity of `buffer` and empties it; capacity stays.
inline void Wipe(std::string& buffer) {
  buffer.resize(buffer.capacity());
  Wipe(std::span(reinterpret_cast<uint8_t*>(buffer.data()), buffer.size()));
  buffer.clear();
}

}  // namespace hpol::text
