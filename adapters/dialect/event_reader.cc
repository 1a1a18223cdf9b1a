// Events of streams; the door is event_reader.h.
#include "adapters/dialect/event_reader.h"

namespace hpol::dialect {

using Item = EventReader::Item;

void LineReader::Append(std::string_view bytes) {
  buffer_.erase(0, at_);
  scanned_ -= at_;
  at_ = 0;
  buffer_ += bytes;
}

Item LineReader::Next(http::Event& event) {
  for (;;) {
    const size_t end = buffer_.find('\n', scanned_);
    if ((end == std::string::npos ? buffer_.size() : end) - at_ > limit_) return Item::kBad;
    if (end == std::string::npos) {
      scanned_ = buffer_.size();
      return Item::kNone;
    }
    std::string_view line = std::string_view(buffer_).substr(at_, end - at_);
    at_ = scanned_ = end + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    event = {"", std::string(line)};
    return Item::kEvent;
  }
}

EventReader::EventReader(Framing framing, size_t limit) : reader_(http::SseReader(limit)) {
  if (framing == Framing::kNdjson) reader_ = LineReader(limit);
  if (framing == Framing::kAwsEvents) reader_ = AwsEventReader(limit);
}

void EventReader::Append(std::string_view bytes) {
  std::visit([&](auto& reader) { reader.Append(bytes); }, reader_);
}

void EventReader::AppendEnd() {
  if (auto* const sse = std::get_if<http::SseReader>(&reader_)) sse->AppendEnd();
  if (auto* const lines = std::get_if<LineReader>(&reader_)) lines->Append("\n");
}

Item EventReader::Next(http::Event& event) {
  if (auto* const sse = std::get_if<http::SseReader>(&reader_)) return sse->Next(event);
  if (auto* const lines = std::get_if<LineReader>(&reader_)) return lines->Next(event);
  switch (std::get<AwsEventReader>(reader_).Next(event)) {
    case AwsEventReader::Item::kNone:
      return Item::kNone;
    case AwsEventReader::Item::kEvent:
      return Item::kEvent;
    case AwsEventReader::Item::kBad:
      break;
  }
  return Item::kBad;
}

}  // namespace hpol::dialect
