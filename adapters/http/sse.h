// Server-sent events as they arrive: bytes in, whole events out. Only `data` leaves this
// reader; comments, ids, event names and retry hints of a model server are dropped
// (THREATS rule O), and anything that is no event stream is refused.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hpol::http {

class SseReader {
 public:
  // No event may be longer than `limit` bytes.
  explicit SseReader(size_t limit) : limit_(limit) {}

  enum class Item : uint8_t {
    kNone,     // needs further bytes
    kEvent,    // `data` holds the event's data, lines joined by LF
    kComment,  // a comment line: a sign of life
    kBad,      // not an event stream, or an event above the limit; stays so
  };

  void Append(std::string_view bytes);
  // The stream ended: an event without its empty line counts as complete.
  void AppendEnd();
  Item Next(std::string& data);

 private:
  Item TakeLine(std::string_view line, std::string& data);

  size_t limit_;
  std::string buffer_;
  size_t at_ = 0;       // of the first unread byte in buffer_
  size_t scanned_ = 0;  // how far a line end was looked for
  bool after_cr_ = false;
  bool has_data_ = false;
  bool bad_ = false;
  std::string data_;
};

// The bytes of one event with this data.
void AppendEvent(std::string_view data, std::string& out);

}  // namespace hpol::http
