// One request to one target; the door is upstream.h.
#include "adapters/gateway/upstream.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <boost/beast/core/error.hpp>

#include "adapters/gateway/answer.h"

namespace hpol::gateway {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kReadSize = 16 * 1024;
constexpr size_t kMaxIdlePerTarget = 32;
// Shorter than servers usually keep a connection, so that few are found dead.
constexpr std::chrono::seconds kMaxIdleTime{4};

Failure FromConnect(http::ConnectFailure failure) {
  switch (failure) {
    case http::ConnectFailure::kNone:
      return Failure::kNone;
    case http::ConnectFailure::kResolve:
      return Failure::kResolve;
    case http::ConnectFailure::kForbidden:
      return Failure::kForbidden;
    case http::ConnectFailure::kConnect:
      return Failure::kConnect;
    case http::ConnectFailure::kTls:
      return Failure::kTls;
    case http::ConnectFailure::kTimeout:
      return Failure::kTimeout;
    case http::ConnectFailure::kCancelled:
      return Failure::kCancelled;
  }
  return Failure::kConnect;
}

// What a status means for failing over. 401, 403 and 407 speak of the gateway's own
// credential and 408 of the connection, so another target may do better.
Failure FromStatus(int status) {
  if (status == 200) return Failure::kNone;
  if (status >= 300 && status < 400) return Failure::kRedirect;
  if (status == 429 || status == 401 || status == 403 || status == 407 || status == 408)
    return Failure::kStatus;
  if (status >= 400 && status < 500) return Failure::kRefused;
  return status >= 500 ? Failure::kStatus : Failure::kGarbage;
}

// Built anew, of nothing but the target's own settings.
std::string RequestHead(const TargetSettings& target, size_t body_size, bool stream) {
  std::string head = "POST " + target.path + "/chat/completions HTTP/1.1\r\nhost: " + target.authority;
  head += "\r\nuser-agent: hpol-gateway\r\ncontent-type: application/json\r\naccept: ";
  head += stream ? "text/event-stream" : "application/json";
  head += "\r\naccept-encoding: identity\r\n";
  if (!target.credentials.empty()) head += "authorization: Bearer " + target.credentials[0].secret + "\r\n";
  return head + "content-length: " + std::to_string(body_size) + "\r\n\r\n";
}

}  // namespace

const char* FailureName(Failure failure) {
  switch (failure) {
    case Failure::kNone:
      return "ok";
    case Failure::kResolve:
      return "resolve";
    case Failure::kForbidden:
      return "forbidden_address";
    case Failure::kConnect:
      return "connect";
    case Failure::kTls:
      return "tls";
    case Failure::kTimeout:
      return "timeout";
    case Failure::kLost:
      return "lost";
    case Failure::kStale:
      return "stale";
    case Failure::kRedirect:
      return "redirect";
    case Failure::kStatus:
      return "status";
    case Failure::kRefused:
      return "refused";
    case Failure::kGarbage:
      return "garbage";
    case Failure::kTooLarge:
      return "too_large";
    case Failure::kCancelled:
      return "cancelled";
  }
  return "unknown";
}

std::unique_ptr<http::Wire> UpstreamPool::Take(uint32_t target) {
  std::vector<Idle>& idle = idle_[target];
  while (!idle.empty()) {
    Idle last = std::move(idle.back());
    idle.pop_back();
    if (Clock::now() - last.since < kMaxIdleTime && last.wire->IsQuiet()) return std::move(last.wire);
  }
  return nullptr;
}

void UpstreamPool::Put(uint32_t target, std::unique_ptr<http::Wire> wire) {
  std::vector<Idle>& idle = idle_[target];
  const Clock::time_point now = Clock::now();
  std::erase_if(idle, [&](const Idle& old) { return now - old.since >= kMaxIdleTime; });
  if (idle.size() < kMaxIdlePerTarget) idle.push_back({std::move(wire), now});
}

void UpstreamPool::Clear() {
  for (std::vector<Idle>& idle : idle_) idle.clear();
}

Exchange::Exchange(const Upstream& upstream)
    : upstream_(upstream), events_(static_cast<size_t>(upstream.limits->answer_bytes)) {}

Exchange::~Exchange() { OPENSSL_cleanse(buffer_.data(), buffer_.size()); }

awaitable<Failure> Exchange::Ask(std::string_view body, bool stream, bool fresh) {
  Failure failure = co_await Open(fresh);
  if (failure == Failure::kNone) {
    canceller_.Set([this] { wire_->Close(); });
    failure = co_await Write(body, stream);
    if (failure == Failure::kNone) failure = co_await ReadHead(stream);
    if (failure == Failure::kNone && !stream) failure = co_await ReadWhole();
    if (failure == Failure::kNone && stream) {
      bool ended = false;
      failure = co_await NextEvents(first_, ended);
      // A stream that ends before it says anything is no answer.
      if (failure == Failure::kNone && ended &&
          std::ranges::all_of(first_, [](const http::Event& event) { return event.data == "[DONE]"; })) {
        failure = Failure::kGarbage;
      }
      stream_ended_ = ended;
    }
  }
  if (failure != Failure::kNone) {
    canceller_.Clear();
    wire_ = nullptr;
  }
  co_return canceller_.cancelled() ? Failure::kCancelled : failure;
}

awaitable<Failure> Exchange::Open(bool fresh) {
  const TargetSettings& target = *upstream_.settings;
  if (!fresh) wire_ = upstream_.pool->Take(upstream_.target);
  reused_ = wire_ != nullptr;
  if (reused_) co_return Failure::kNone;
  const http::Endpoint endpoint{target.host, target.port, upstream_.tls, &target.hosts};
  http::ConnectFailure failure = http::ConnectFailure::kNone;
  wire_ = co_await http::Connect(endpoint, upstream_.limits->connect, canceller_, failure);
  co_return FromConnect(failure);
}

awaitable<Failure> Exchange::Write(std::string_view body, bool stream) {
  const std::string head = RequestHead(*upstream_.settings, body.size(), stream);
  error_code error;
  wire_->ExpiresAfter(upstream_.limits->first_byte);
  co_await wire_->Write(head, body, error);
  co_return FromError(error);
}

Failure Exchange::FromError(error_code error) const {
  if (!error) return Failure::kNone;
  if (error == boost::beast::error::timeout) return Failure::kTimeout;
  return reused_ && !heard_ ? Failure::kStale : Failure::kLost;
}

awaitable<Failure> Exchange::ReadMore() {
  const size_t before = buffer_.size();
  buffer_.resize(before + kReadSize);
  error_code error;
  const asio::mutable_buffer into(buffer_.data() + before, kReadSize);
  const size_t size = co_await wire_->Read(into, error);
  buffer_.resize(before + size);
  heard_ |= size > 0;
  http::Progress progress = http::Progress::kMore;
  if (error == asio::error::eof && heard_) {
    progress = reader_->PutEnd();
    if (progress != http::Progress::kDone) co_return Failure::kLost;
  } else if (error) {
    co_return FromError(error);
  } else {
    size_t taken = 0;
    progress = reader_->Put(buffer_, taken);
    buffer_.erase(0, taken);
  }
  if (progress == http::Progress::kBad) co_return Failure::kGarbage;
  if (progress == http::Progress::kTooLarge) co_return Failure::kTooLarge;
  message_ended_ = progress == http::Progress::kDone;
  co_return Failure::kNone;
}

awaitable<Failure> Exchange::ReadHead(bool stream) {
  std::optional<uint64_t> limit = upstream_.limits->answer_bytes;
  if (stream) limit.reset();
  reader_ = std::make_unique<http::ResponseReader>(limit);
  while (!reader_->has_head()) {
    const Failure failure = co_await ReadMore();
    if (failure != Failure::kNone) co_return failure;
    if (message_ended_ && !reader_->has_head()) co_return Failure::kGarbage;
  }
  status_ = reader_->status();
  const Failure failure = FromStatus(status_);
  if (failure != Failure::kNone) co_return failure;
  const char* const expected = stream ? "text/event-stream" : "application/json";
  const bool readable = !reader_->is_encoded() && IsMediaType(reader_->content_type(), expected);
  co_return readable ? Failure::kNone : Failure::kGarbage;
}

awaitable<Failure> Exchange::ReadWhole() {
  while (!message_ended_) {
    wire_->ExpiresAfter(upstream_.limits->idle);
    const Failure failure = co_await ReadMore();
    if (failure != Failure::kNone) co_return failure;
  }
  if (KindOfBody(reader_->body()) != AnswerKind::kChunk) co_return Failure::kGarbage;
  Keep();
  co_return Failure::kNone;
}

void Exchange::Keep() {
  canceller_.Clear();
  if (reader_->reusable() && buffer_.empty()) upstream_.pool->Put(upstream_.target, std::move(wire_));
  wire_ = nullptr;
}

awaitable<Failure> Exchange::NextEvents(std::vector<http::Event>& events, bool& ended) {
  if (&events != &first_) {
    std::ranges::move(first_, std::back_inserter(events));
    first_.clear();
  }
  ended = stream_ended_;
  while (events.empty() && !stream_ended_) {
    events_.Append(reader_->body());
    reader_->body().clear();
    TakeEvents(events);
    ended = stream_ended_;
    if (stream_ended_) Keep();
    if (!events.empty() || stream_ended_) break;
    if (stream_failure_ != Failure::kNone) co_return stream_failure_;
    if (message_ended_) {
      // Ended in order by its own framing: complete, with or without `[DONE]`. A stream
      // that lasts as long as its connection is complete only with it.
      if (!reader_->framed()) co_return Failure::kLost;
      if (end_appended_) {
        stream_ended_ = ended = true;
        events.push_back({"", "[DONE]"});
        Keep();
        break;
      }
      end_appended_ = true;
      events_.AppendEnd();
      continue;
    }
    // Before the first event the time to the first byte still runs.
    if (&events != &first_) wire_->ExpiresAfter(upstream_.limits->idle);
    const Failure failure = co_await ReadMore();
    if (canceller_.cancelled()) co_return Failure::kCancelled;
    if (failure != Failure::kNone) co_return failure;
  }
  co_return Failure::kNone;
}

void Exchange::TakeEvents(std::vector<http::Event>& events) {
  http::Event event;
  const bool first = &events == &first_;
  while (stream_failure_ == Failure::kNone && !stream_ended_) {
    switch (events_.Next(event)) {
      case http::SseReader::Item::kNone:
        return;
      case http::SseReader::Item::kComment:
        // A sign of life for the client too, but not before there is an answer.
        if (!first) events.push_back({.comment = true});
        break;
      case http::SseReader::Item::kBad:
        stream_failure_ = Failure::kGarbage;
        break;
      case http::SseReader::Item::kEvent: {
        const AnswerKind kind = KindOfEvent(event.data);
        if (kind == AnswerKind::kChunk || kind == AnswerKind::kDone) {
          events.push_back(std::move(event));
          stream_ended_ = kind == AnswerKind::kDone;
        } else {
          stream_failure_ = Failure::kGarbage;
        }
        break;
      }
    }
  }
}

}  // namespace hpol::gateway
