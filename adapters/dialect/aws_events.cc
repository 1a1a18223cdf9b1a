// AWS event stream messages; the door is aws_events.h.
#include "adapters/dialect/aws_events.h"

#include <zlib.h>

#include <optional>

namespace hpol::dialect {
namespace {

constexpr size_t kPrelude = 12;  // two lengths and their checksum
constexpr size_t kTrailer = 4;
constexpr size_t kMaxHeaders = 128 * 1024;
constexpr size_t kMaxName = 64;

uint32_t ReadNumber(std::string_view bytes, size_t at, size_t width) {
  uint32_t value = 0;
  for (size_t i = 0; i < width; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

void AppendNumber(uint32_t value, size_t width, std::string& out) {
  for (size_t i = width; i-- > 0;) out += static_cast<char>(value >> (8 * i) & 0xff);
}

uint32_t Crc(std::string_view bytes) {
  return static_cast<uint32_t>(
      ::crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

// Bytes of a header's value by its type, without the length of those that carry one.
std::optional<size_t> FixedSize(uint32_t type) {
  constexpr size_t kSizes[] = {0, 0, 1, 2, 4, 8};
  if (type < std::size(kSizes)) return kSizes[type];
  if (type == 8) return 8;
  if (type == 9) return 16;
  return std::nullopt;
}

constexpr uint32_t kBytes = 6;
constexpr uint32_t kString = 7;

// False when they are malformed. Only the type of the message is kept.
bool ReadHeaders(std::string_view headers, std::string& type) {
  while (!headers.empty()) {
    const size_t name_size = ReadNumber(headers, 0, 1);
    if (headers.size() < 1 + name_size + 1) return false;
    const std::string_view name = headers.substr(1, name_size);
    const uint32_t kind = ReadNumber(headers, 1 + name_size, 1);
    headers.remove_prefix(1 + name_size + 1);
    size_t size = 0;
    if (kind == kBytes || kind == kString) {
      if (headers.size() < 2) return false;
      size = ReadNumber(headers, 0, 2);
      headers.remove_prefix(2);
    } else if (const std::optional<size_t> fixed = FixedSize(kind)) {
      size = *fixed;
    } else {
      return false;
    }
    if (headers.size() < size) return false;
    if (kind == kString && (name == ":event-type" || name == ":exception-type" || name == ":error-code")) {
      if (size > kMaxName) return false;
      type = headers.substr(0, size);
    }
    headers.remove_prefix(size);
  }
  return true;
}

}  // namespace

void AwsEventReader::Append(std::string_view bytes) {
  buffer_.erase(0, at_);
  at_ = 0;
  buffer_ += bytes;
}

AwsEventReader::Item AwsEventReader::Next(http::Event& event) {
  if (bad_) return Item::kBad;
  const std::string_view bytes = std::string_view(buffer_).substr(at_);
  if (bytes.size() < kPrelude) return Item::kNone;
  const size_t total = ReadNumber(bytes, 0, 4);
  const size_t headers = ReadNumber(bytes, 4, 4);
  bad_ = ReadNumber(bytes, 8, 4) != Crc(bytes.substr(0, 8)) || total > limit_ || headers > kMaxHeaders ||
         total < kPrelude + headers + kTrailer;
  if (bad_) return Item::kBad;
  if (bytes.size() < total) return Item::kNone;
  bad_ = ReadNumber(bytes, total - kTrailer, 4) != Crc(bytes.substr(0, total - kTrailer));
  event = {};
  bad_ = bad_ || !ReadHeaders(bytes.substr(kPrelude, headers), event.name);
  if (bad_) return Item::kBad;
  event.data = bytes.substr(kPrelude + headers, total - kPrelude - headers - kTrailer);
  at_ += total;
  return Item::kEvent;
}

std::string AwsEventBytes(std::string_view type, std::string_view payload) {
  std::string headers;
  const auto add = [&](std::string_view name, std::string_view value) {
    AppendNumber(static_cast<uint32_t>(name.size()), 1, headers);
    headers += name;
    AppendNumber(kString, 1, headers);
    AppendNumber(static_cast<uint32_t>(value.size()), 2, headers);
    headers += value;
  };
  add(":event-type", type);
  add(":content-type", "application/json");
  add(":message-type", "event");
  std::string message;
  AppendNumber(static_cast<uint32_t>(kPrelude + headers.size() + payload.size() + kTrailer), 4, message);
  AppendNumber(static_cast<uint32_t>(headers.size()), 4, message);
  AppendNumber(Crc(message), 4, message);
  message.append(headers).append(payload);
  AppendNumber(Crc(message), 4, message);
  return message;
}

}  // namespace hpol::dialect
