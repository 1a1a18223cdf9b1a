// Compressed bodies of requests: one layer of gzip, deflate or br, within limits. A body that grows
// beyond them is refused while it grows, so that a small request cannot make a large one here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hpol::http {

enum class ContentCoding : uint8_t { kIdentity, kGzip, kDeflate, kBrotli };

// The coding that a Content-Encoding value names; nothing for a list or any other.
std::optional<ContentCoding> ContentCodingOf(std::string_view value);

enum class Decoded : uint8_t {
  kOk,
  kTooLarge,  // above `limit`, or more than kMaxGrowth times what came
  kBad,       // broken, cut off, or something stands behind its end
};

// JSON seldom shrinks to a twentieth; a bomb shrinks to a thousandth.
inline constexpr size_t kMaxGrowth = 200;

// Replaces `out` by what `bytes` decode to. Thread-safe. Nothing is kept between calls, and what was
// decoded before a failure is wiped.
Decoded Decode(ContentCoding coding, std::string_view bytes, size_t limit, std::string& out);

}  // namespace hpol::http
