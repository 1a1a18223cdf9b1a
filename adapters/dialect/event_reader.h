// The events of a target's stream, however they are framed: one place for the bytes of all dialects.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "adapters/dialect/aws_events.h"
#include "adapters/dialect/dialect.h"
#include "adapters/http/sse.h"

namespace hpol::dialect {

// Lines of JSON. Empty lines are passed over.
class LineReader {
 public:
  explicit LineReader(size_t limit) : limit_(limit) {}
  void Append(std::string_view bytes);
  http::SseReader::Item Next(http::Event& event);

 private:
  size_t limit_;
  std::string buffer_;
  size_t at_ = 0;
  size_t scanned_ = 0;
};

class EventReader {
 public:
  using Item = http::SseReader::Item;

  // No event may be longer than `limit` bytes. `framing` is one of streams.
  EventReader(Framing framing, size_t limit);
  void Append(std::string_view bytes);
  // The connection ended: what lacks only its end is complete, where the framing allows that.
  void AppendEnd();
  Item Next(http::Event& event);

 private:
  std::variant<http::SseReader, LineReader, AwsEventReader> reader_;
};

}  // namespace hpol::dialect
