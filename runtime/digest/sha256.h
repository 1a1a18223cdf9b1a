// SHA-256, for names of content and for telling whether bytes are still what was written.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace hpol {

using Sha256Digest = std::array<uint8_t, 32>;

// One digest, fed piece by piece. Not thread-safe.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void Add(const void* bytes, size_t size);
  void Add(std::string_view text) { Add(text.data(), text.size()); }
  // Ends the digest; nothing may be added after it.
  Sha256Digest Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hpol
