// The strict reading of a request head (THREATS rule H). It stands before Beast's parser,
// which accepts much of what two parties may read differently: a `Transfer-Encoding` that
// is not `chunked`, length lists, two Hosts, folded lines. Everything refused here is
// answered and the connection closed.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hpol::http {

// Looks for the end of the head in what has arrived. `kBad` comes as soon as no further
// byte could make it a head, so that a client that ends lines with a bare LF is not
// waited for.
enum class HeadScan : uint8_t { kMore, kFound, kBad };
struct HeadEnd {
  HeadScan scan = HeadScan::kMore;
  size_t size = 0;  // of the head with its empty line, when found
};
// `from` is how far an earlier call has looked: pass the size it was given.
HeadEnd FindHeadEnd(std::string_view bytes, size_t from);

struct HeaderField {
  std::string_view name;   // as sent
  std::string_view value;  // without the white space around it
};

// Views into the block it was parsed from.
struct RequestHead {
  std::string_view method;
  std::string_view target;
  int minor_version = 1;  // HTTP/1.x
  std::vector<HeaderField> fields;
  bool chunked = false;
  std::optional<uint64_t> content_length;
  bool keep_alive = false;
  bool upgrade = false;  // CONNECT, or an Upgrade field
  bool expect_continue = false;

  bool has_body() const { return chunked || content_length.value_or(0) > 0; }
  // The value of the first field of that name; `lower_name` in lower case.
  std::optional<std::string_view> Find(std::string_view lower_name) const;
};

struct HeadError {
  int status = 0;        // 0: no error; else 400 or 431
  std::string_view why;  // static text
};

// Reads a whole head, up to and with its empty line. `single` are further field names
// (lower case) that may occur only once, beside the ones this protocol knows.
HeadError ParseRequestHead(std::string_view block, std::span<const std::string> single, RequestHead& head);

// White space around a field value, and ASCII case.
std::string_view Trim(std::string_view text);
bool EqualsIgnoringCase(std::string_view text, std::string_view lower);

inline constexpr size_t kMaxFields = 100;

}  // namespace hpol::http
