// Reading server-sent events; the door is sse.h. Lines end in LF, CRLF or CR alone.
#include "adapters/http/sse.h"

#include <array>

namespace hpol::http {

void SseReader::Append(std::string_view bytes) {
  buffer_.erase(0, at_);
  scanned_ -= at_;
  at_ = 0;
  buffer_ += bytes;
}

void SseReader::AppendEnd() { Append("\n\n"); }

SseReader::Item SseReader::Next(std::string& data) {
  while (!bad_) {
    if (after_cr_ && at_ < buffer_.size()) {
      if (buffer_[at_] == '\n') ++at_;
      after_cr_ = false;
      scanned_ = at_;
    }
    const size_t end = buffer_.find_first_of("\r\n", scanned_);
    if (end == std::string::npos) {
      scanned_ = buffer_.size();
      if (scanned_ - at_ <= limit_) return Item::kNone;
      break;
    }
    const std::string_view line = std::string_view(buffer_).substr(at_, end - at_);
    after_cr_ = buffer_[end] == '\r';
    at_ = scanned_ = end + 1;
    const Item item = TakeLine(line, data);
    if (item == Item::kBad) break;
    if (item != Item::kNone) return item;
  }
  bad_ = true;
  return Item::kBad;
}

SseReader::Item SseReader::TakeLine(std::string_view line, std::string& data) {
  if (line.empty()) {
    if (!has_data_) return Item::kNone;
    data.swap(data_);
    data_.clear();
    has_data_ = false;
    return Item::kEvent;
  }
  if (line.front() == ':') return Item::kComment;
  const size_t colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (name == "data") {
    if (data_.size() + value.size() > limit_) return Item::kBad;
    if (has_data_) data_ += '\n';
    data_ += value;
    has_data_ = true;
    return Item::kNone;
  }
  // The standard passes over unknown names; a model server has no reason to send one.
  constexpr std::array<std::string_view, 3> kDropped = {"event", "id", "retry"};
  for (const std::string_view dropped : kDropped) {
    if (name == dropped) return Item::kNone;
  }
  return Item::kBad;
}

void AppendEvent(std::string_view data, std::string& out) {
  for (;;) {
    const size_t line_end = data.find('\n');
    out += "data: ";
    out += data.substr(0, line_end);
    out += '\n';
    if (line_end == std::string_view::npos) break;
    data.remove_prefix(line_end + 1);
  }
  out += '\n';
}

}  // namespace hpol::http
