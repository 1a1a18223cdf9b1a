// Overwriting request text before its memory goes back to the allocator.
#pragma once

#include <cstddef>
#include <string>

namespace hpol::text {

// Zeroes the whole capacity of `buffer` and empties it; capacity stays. The stores are volatile,
// so the compiler may not drop them although nobody reads the bytes again.
inline void Wipe(std::string& buffer) {
  buffer.resize(buffer.capacity());
  volatile char* bytes = buffer.data();
  for (size_t i = 0; i < buffer.size(); ++i) bytes[i] = 0;
  buffer.clear();
}

}  // namespace hpol::text
