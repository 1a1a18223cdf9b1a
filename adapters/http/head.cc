// The strict reading of a request head; the door is head.h.
#include "adapters/http/head.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace hpol::http {
namespace {

constexpr std::array<std::string_view, 12> kSingle = {
    "host",   "content-length", "transfer-encoding", "content-type", "content-encoding", "authorization",
    "expect", "upgrade",        "x-request-id",      "x-api-key",    "api-key",          "content-range"};

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool IsTokenChar(char c) {
  if ((c >= '0' && c <= '9') || (Lower(c) >= 'a' && Lower(c) <= 'z')) return true;
  return std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool IsToken(std::string_view text) { return !text.empty() && std::ranges::all_of(text, IsTokenChar); }

// A field value: visible characters, space, tab, and bytes beyond ASCII.
bool IsValueChar(char c) {
  const auto u = static_cast<unsigned char>(c);
  return u == '\t' || (u >= 0x20 && u != 0x7f);
}

bool IsHostChar(char c) {
  return (c >= '0' && c <= '9') || (Lower(c) >= 'a' && Lower(c) <= 'z') ||
         std::string_view("-._:[]").find(c) != std::string_view::npos;
}

HeadError Bad(std::string_view why) { return {400, why}; }

HeadError ParseRequestLine(std::string_view line, RequestHead& head) {
  const size_t first = line.find(' ');
  const size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return Bad("malformed request line");
  head.method = line.substr(0, first);
  head.target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (!IsToken(head.method)) return Bad("malformed method");
  const auto visible = [](char c) { return c > 0x20 && c < 0x7f; };
  if (head.target.empty() || !std::ranges::all_of(head.target, visible))
    return Bad("malformed request target");
  if (version == "HTTP/1.1") {
    head.minor_version = 1;
  } else if (version == "HTTP/1.0") {
    head.minor_version = 0;
  } else {
    return Bad("only HTTP/1.1 and HTTP/1.0 are spoken here");
  }
  return {};
}

HeadError ParseField(std::string_view line, RequestHead& head) {
  if (line.front() == ' ' || line.front() == '\t') return Bad("folded header line");
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos || !IsToken(line.substr(0, colon))) return Bad("malformed header name");
  const std::string_view value = line.substr(colon + 1);
  if (!std::ranges::all_of(value, IsValueChar)) return Bad("control character in a header value");
  if (head.fields.size() == kMaxFields) return {431, "too many header fields"};
  head.fields.push_back({line.substr(0, colon), Trim(value)});
  return {};
}

// No field that must have one value may occur twice, in any spelling of its case.
HeadError CheckSingle(std::span<const std::string> more, const RequestHead& head) {
  const auto count = [&](std::string_view name) {
    return std::ranges::count_if(
        head.fields, [&](const HeaderField& field) { return EqualsIgnoringCase(field.name, name); });
  };
  for (const std::string_view name : kSingle) {
    if (count(name) > 1) return Bad("repeated header field");
  }
  for (const std::string& name : more) {
    if (count(name) > 1) return Bad("repeated header field");
  }
  if (count("host") != 1) return Bad("missing Host");
  return {};
}

HeadError ReadFraming(RequestHead& head) {
  const auto coding = head.Find("transfer-encoding");
  const auto length = head.Find("content-length");
  if (coding) {
    if (head.minor_version == 0) return Bad("Transfer-Encoding in HTTP/1.0");
    if (length) return Bad("both Content-Length and Transfer-Encoding");
    if (!EqualsIgnoringCase(*coding, "chunked")) return Bad("Transfer-Encoding is not exactly `chunked`");
    head.chunked = true;
  }
  if (length) {
    uint64_t value = 0;
    const char* const end = length->data() + length->size();
    const auto [stop, error] = std::from_chars(length->data(), end, value);
    const bool leading_zero = length->size() > 1 && length->front() == '0';
    if (length->empty() || leading_zero || error != std::errc() || stop != end || length->front() == '-') {
      return Bad("malformed Content-Length");
    }
    head.content_length = value;
  }
  return {};
}

// The Connection field may be a list and may occur more than once.
void ReadConnection(RequestHead& head) {
  bool close = false;
  bool keep = false;
  for (const HeaderField& field : head.fields) {
    if (!EqualsIgnoringCase(field.name, "connection")) continue;
    std::string_view rest = field.value;
    while (!rest.empty()) {
      const size_t comma = rest.find(',');
      const std::string_view word = Trim(rest.substr(0, comma));
      close |= EqualsIgnoringCase(word, "close");
      keep |= EqualsIgnoringCase(word, "keep-alive");
      head.upgrade |= EqualsIgnoringCase(word, "upgrade");
      rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    }
  }
  head.keep_alive = !close && (head.minor_version == 1 || keep);
}

HeadError ReadMeaning(RequestHead& head) {
  const auto host = head.Find("host");
  if (host->empty() || !std::ranges::all_of(*host, IsHostChar)) return Bad("malformed Host");
  ReadConnection(head);
  head.upgrade |= head.method == "CONNECT" || head.Find("upgrade").has_value();
  if (const auto expect = head.Find("expect")) {
    if (!EqualsIgnoringCase(*expect, "100-continue")) return Bad("unknown expectation");
    head.expect_continue = head.minor_version == 1;
  }
  return ReadFraming(head);
}

}  // namespace

HeadEnd FindHeadEnd(std::string_view bytes, size_t from) {
  // A line end may have been cut before its LF.
  for (size_t at = from == 0 ? 0 : from - 1; at < bytes.size(); ++at) {
    const auto byte = static_cast<unsigned char>(bytes[at]);
    if (byte == '\r') {
      if (at + 1 == bytes.size()) return {};
      if (bytes[at + 1] != '\n') return {HeadScan::kBad, 0};
    } else if (byte == '\n') {
      if (at == 0 || bytes[at - 1] != '\r') return {HeadScan::kBad, 0};
      if (at == 1) return {HeadScan::kBad, 0};
      if (at >= 3 && bytes[at - 2] == '\n') return {HeadScan::kFound, at + 1};
    } else if ((byte < 0x20 && byte != '\t') || byte == 0x7f) {
      return {HeadScan::kBad, 0};
    }
  }
  return {};
}

std::optional<std::string_view> RequestHead::Find(std::string_view lower_name) const {
  for (const HeaderField& field : fields) {
    if (EqualsIgnoringCase(field.name, lower_name)) return field.value;
  }
  return std::nullopt;
}

HeadError ParseRequestHead(std::string_view block, std::span<const std::string> single, RequestHead& head) {
  head = RequestHead();
  const HeadEnd end = FindHeadEnd(block, 0);
  if (end.scan != HeadScan::kFound || end.size != block.size()) return Bad("malformed request head");
  block.remove_suffix(2);
  bool first = true;
  while (!block.empty()) {
    const size_t line_end = block.find("\r\n");
    const std::string_view line = block.substr(0, line_end);
    block.remove_prefix(line_end + 2);
    const HeadError error = first ? ParseRequestLine(line, head) : ParseField(line, head);
    if (error.status != 0) return error;
    first = false;
  }
  const HeadError error = CheckSingle(single, head);
  return error.status != 0 ? error : ReadMeaning(head);
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool EqualsIgnoringCase(std::string_view text, std::string_view lower) {
  return std::ranges::equal(text, lower, [](char a, char b) { return Lower(a) == b; });
}

}  // namespace hpol::http
