// AWS event stream messages (application/vnd.amazon.eventstream): bytes in, whole messages out. Every
// length and checksum is held against the bytes; anything that does not fit is refused.
// Source: "Amazon event stream encoding" (smithy.io): total length, headers length, CRC of both, headers,
// payload, CRC of all before it; all numbers big-endian.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/http/sse.h"

namespace hpol::dialect {

class AwsEventReader {
 public:
  // No message may be longer than `limit` bytes.
  explicit AwsEventReader(size_t limit) : limit_(limit) {}

  enum class Item : uint8_t {
    kNone,   // needs further bytes
    kEvent,  // name: its `:event-type` (or `:exception-type`); data: its payload
    kBad,    // no such stream, or a message above the limit; stays so
  };

  void Append(std::string_view bytes);
  Item Next(http::Event& event);
  // Bytes of an unfinished message are left.
  bool midway() const { return at_ < buffer_.size(); }

 private:
  size_t limit_;
  std::string buffer_;
  size_t at_ = 0;
  bool bad_ = false;
};

// One message, for tests and for servers of tests.
std::string AwsEventBytes(std::string_view type, std::string_view payload);

}  // namespace hpol::dialect
