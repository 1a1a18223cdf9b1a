// Streams as sequences of events, whatever carries them, and server-sent events as they arrive:
// bytes in, whole events out. Only name and data leave the reader; the text of comments, ids and
// retry hints of a model server are dropped (THREATS rule O), and anything that is no event stream
// is refused.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hpol::http {

// One piece of an answer in the client's dialect: a server-sent event, a line of NDJSON, or a whole
// body. Text of the client: whoever drops one wipes it.
struct Event {
  std::string name{};    // of a server-sent event; mostly empty
  std::string data{};    // without framing
  bool comment = false;  // a sign of life without data
  friend bool operator==(const Event&, const Event&) = default;
};

// How a stream of events is written.
enum class StreamForm : uint8_t {
  kSse,     // server-sent events
  kNdjson,  // one JSON value a line; has no way to write comments
};
std::string_view MediaTypeOf(StreamForm form);
// Appends the bytes of one event.
void AppendEvent(StreamForm form, const Event& event, std::string& out);

class SseReader {
 public:
  // No event may be longer than `limit` bytes.
  explicit SseReader(size_t limit) : limit_(limit) {}

  enum class Item : uint8_t {
    kNone,     // needs further bytes
    kEvent,    // its name, and its data, lines joined by LF
    kComment,  // a comment line: a sign of life
    kBad,      // not an event stream, or an event above the limit; stays so
  };

  void Append(std::string_view bytes);
  // The stream ended: an event without its empty line counts as complete.
  void AppendEnd();
  Item Next(Event& event);

 private:
  Item TakeLine(std::string_view line, Event& event);

  size_t limit_;
  std::string buffer_;
  size_t at_ = 0;       // of the first unread byte in buffer_
  size_t scanned_ = 0;  // how far a line end was looked for
  bool after_cr_ = false;
  bool has_data_ = false;
  bool bad_ = false;
  Event event_;
};

}  // namespace hpol::http
