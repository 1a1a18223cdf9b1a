// Reading server-sent events; the door is sse.h. Lines end in LF, CRLF or CR alone.
#include "adapters/http/sse.h"

#include <algorithm>
#include <utility>

namespace hpol::http {
namespace {

constexpr size_t kMaxEventName = 64;

bool IsNameChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("._-:").find(c) != std::string_view::npos;
}

}  // namespace

void SseReader::Append(std::string_view bytes) {
  buffer_.erase(0, at_);
  scanned_ -= at_;
  at_ = 0;
  buffer_ += bytes;
}

void SseReader::AppendEnd() { Append("\n\n"); }

SseReader::Item SseReader::Next(Event& event) {
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
    const Item item = TakeLine(line, event);
    if (item == Item::kBad) break;
    if (item != Item::kNone) return item;
  }
  bad_ = true;
  return Item::kBad;
}

SseReader::Item SseReader::TakeLine(std::string_view line, Event& event) {
  if (line.empty()) {
    const bool whole = has_data_;
    if (whole) std::swap(event, event_);
    event_ = {};
    has_data_ = false;
    return whole ? Item::kEvent : Item::kNone;
  }
  if (line.front() == ':') return Item::kComment;
  const size_t colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (name == "data") {
    if (event_.data.size() + value.size() > limit_) return Item::kBad;
    if (has_data_) event_.data += '\n';
    event_.data += value;
    has_data_ = true;
    return Item::kNone;
  }
  if (name == "event") {
    // A name is one word of a protocol; anything else would be text beside the data.
    if (value.size() > kMaxEventName || !std::ranges::all_of(value, IsNameChar)) return Item::kBad;
    event_.name = value;
    return Item::kNone;
  }
  // The standard passes over unknown fields; a model server has no reason to send one.
  return name == "id" || name == "retry" ? Item::kNone : Item::kBad;
}

std::string_view MediaTypeOf(StreamForm form) {
  return form == StreamForm::kSse ? "text/event-stream" : "application/x-ndjson";
}

void AppendEvent(StreamForm form, const Event& event, std::string& out) {
  if (form == StreamForm::kNdjson) {
    if (!event.comment) out.append(event.data).push_back('\n');
    return;
  }
  if (event.comment) {
    out += ": \n\n";
    return;
  }
  if (!event.name.empty()) out.append("event: ").append(event.name).push_back('\n');
  std::string_view data = event.data;
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
