// Bodies as they arrive, by Beast's parsers, without sockets: bytes in, body out. Beast
// stays inside message.cc. Trailers are read to their end and discarded: nothing here
// gives access to any field that came after the head.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hpol::http {

enum class Progress : uint8_t {
  kMore,      // needs further bytes
  kDone,      // the message ended; what follows belongs to the next
  kTooLarge,  // longer than the limit
  kBad,       // not a message
};

// The body of a request whose head ParseRequestHead accepted.
class RequestBody {
 public:
  // `head` is the head block with its empty line; the body may have up to `limit` bytes.
  RequestBody(std::string_view head, uint64_t limit);
  ~RequestBody();

  // Takes bytes from the front of `bytes` and says how many. Bytes that were not taken
  // must be offered again, in front of those that arrive later.
  Progress Put(std::string_view bytes, size_t& taken);

  // Everything so far, without chunk sizes and extensions. Whole after kDone.
  std::string& body();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A response as it arrives from upstream.
class ResponseReader {
 public:
  // `limit` bounds the body; nothing means that it does not end by itself (a stream).
  explicit ResponseReader(std::optional<uint64_t> limit);
  ~ResponseReader();

  // As RequestBody::Put. Informational responses (1xx) are read over.
  Progress Put(std::string_view bytes, size_t& taken);
  // The connection was closed in order: kDone when that is how this message ends.
  Progress PutEnd();

  bool has_head() const;
  // The value of the first field of that name (any case); empty when there is none. After the head.
  std::string_view field(std::string_view name) const;
  // Calls `use(name, value)` for every field. After the head.
  void ForEachField(const std::function<void(std::string_view, std::string_view)>& use) const;
  int status() const;  // 0 before the head
  std::string_view content_type() const;
  // Some coding that was not asked for: the body must not be read.
  bool is_encoded() const;
  // After kDone: the connection may carry another request.
  bool reusable() const;
  // Ended by its own framing and not by the end of the connection.
  bool framed() const;
  // The body so far; the caller may take it away.
  std::string& body();

 private:
  void Reset();
  struct State;
  std::unique_ptr<State> state_;
  std::optional<uint64_t> limit_;
};

}  // namespace hpol::http
