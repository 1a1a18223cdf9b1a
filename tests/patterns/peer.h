// RE2 as a second opinion, where it is installed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hpol::patterns {

using Spans = std::vector<std::pair<uint64_t, uint64_t>>;

// The character was assigned in the Unicode of our tables. RE2 may be built with a later one, so that the two
// differ in what they make of others.
bool IsAssigned(uint32_t code_point);

class Peer {
 public:
  // Nothing when RE2 is not installed or refuses the pattern.
  static std::unique_ptr<Peer> Make(std::string_view pattern, bool ignoring_case);
  static bool Installed();

  // UTF-8 of assigned characters: texts that both must read alike.
  static bool Understands(std::string_view text);

  virtual ~Peer() = default;
  // Leftmost, then longest, not overlapping, not empty.
  virtual Spans Find(std::string_view text) const = 0;
  virtual bool IsWhole(std::string_view text) const = 0;
};

}  // namespace hpol::patterns
