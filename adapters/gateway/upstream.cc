// One request to one target; the door is upstream.h.
#include "adapters/gateway/upstream.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <boost/beast/core/error.hpp>
#include <ctime>
#include <nlohmann/json.hpp>

#include "adapters/gateway/answer.h"
#include "adapters/http/head.h"

namespace hpol::gateway {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kReadSize = 16 * 1024;
constexpr size_t kRefusalBytes = 16 * 1024;

// Limits are numbers, times and durations; anything longer or stranger is not passed on.
bool IsLimitField(std::string_view name, std::string_view value) {
  const auto starts = [&](std::string_view prefix) {
    return name.size() > prefix.size() && http::EqualsIgnoringCase(name.substr(0, prefix.size()), prefix);
  };
  const auto plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '.' || c == ':' || c == '+';
  };
  return (starts("x-ratelimit-") || starts("anthropic-ratelimit-")) && name.size() <= 64 &&
         value.size() <= 40 && std::ranges::all_of(value, plain);
}

// Built anew, of nothing but the target's own settings. Empty: the request cannot be signed.
std::string RequestHead(const Upstream& upstream, const Question& question) {
  const TargetSettings& target = *upstream.settings;
  const dialect::Site site = SiteOf(target);
  const dialect::Call call{question.asked, question.stream, question.body, std::time(nullptr)};
  const dialect::Credential* const credential =
      upstream.key < target.credentials.size() ? &target.credentials[upstream.key] : nullptr;
  const std::optional<std::string> fields = dialect::FieldsOf(site, call, credential);
  if (!fields) return {};
  std::string head = "POST " + dialect::TargetOf(site, call) + " HTTP/1.1\r\nhost: " + target.authority;
  head += "\r\nuser-agent: hpol-gateway\r\ncontent-type: application/json\r\naccept: ";
  head += dialect::MediaTypeOf(dialect::FramingOf(question.asked, question.stream));
  head += "\r\naccept-encoding: identity\r\n";
  head += *fields;
  return head + "content-length: " + std::to_string(question.body.size()) + "\r\n\r\n";
}

}  // namespace

dialect::Site SiteOf(const TargetSettings& target) {
  return {.dialect = target.dialect,
          .authority = target.authority,
          .path = target.path,
          .model = target.model,
          .api_version = target.api_version,
          .region = target.region,
          .responses = target.responses};
}

Exchange::Exchange(const Upstream& upstream) : upstream_(upstream) {}

Exchange::~Exchange() { OPENSSL_cleanse(buffer_.data(), buffer_.size()); }

awaitable<Failure> Exchange::Ask(const Question& question) {
  question_ = question;
  question_.body_size = question.body.size();
  asked_ = last_event_ = Clock::now();
  if (question.asked != question.client) {
    translation_.emplace(question.asked, question.client,
                         dialect::Asked{question.stream, question.usage_wanted}, question.id,
                         upstream_.settings->model, std::time(nullptr));
  }
  Failure failure = co_await Open(question.fresh);
  if (failure == Failure::kNone) {
    canceller_.Set([this] { wire_->Close(); });
    failure = co_await Write();
    if (failure == Failure::kNone) failure = co_await ReadHead();
    if (failure == Failure::kNone && !question.stream) failure = co_await ReadWhole();
    if (failure == Failure::kNone && question.stream) {
      bool ended = false;
      failure = co_await NextEvents(first_, ended);
      // A stream that ends before it says anything is no answer.
      if (failure == Failure::kNone && ended && events_passed_ == 0) failure = Failure::kGarbage;
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
  if (!fresh) wire_ = upstream_.pool->Take(upstream_.target, upstream_.key);
  reused_ = wire_ != nullptr;
  if (reused_) co_return Failure::kNone;
  const http::Endpoint endpoint{target.host,   target.port,      upstream_.tls,
                                &target.hosts, target.unix_path, &target.pins};
  http::ConnectFailure failure = http::ConnectFailure::kNone;
  wire_ = co_await http::Connect(endpoint, upstream_.limits->connect, canceller_, failure);
  co_return FailureOfConnect(failure);
}

awaitable<Failure> Exchange::Write() {
  const std::string head = RequestHead(upstream_, question_);
  if (head.empty()) co_return Failure::kKey;
  error_code error;
  wire_->ExpiresAfter(upstream_.limits->first_byte);
  co_await wire_->Write(head, question_.body, error);
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

awaitable<Failure> Exchange::ReadHead() {
  std::optional<uint64_t> limit = upstream_.limits->answer_bytes;
  if (question_.stream) limit.reset();
  reader_ = std::make_unique<http::ResponseReader>(limit);
  while (!reader_->has_head()) {
    const Failure failure = co_await ReadMore();
    if (failure != Failure::kNone) co_return failure;
    if (message_ended_ && !reader_->has_head()) co_return Failure::kGarbage;
  }
  status_ = reader_->status();
  const Failure failure = FailureOfStatus(status_);
  if (failure == Failure::kLimited) co_return co_await ReadRefusal();
  if (failure != Failure::kNone) {
    retry_after_ = PauseAsked(*reader_);
    co_return failure;
  }
  reader_->ForEachField([this](std::string_view name, std::string_view value) {
    if (IsLimitField(name, value)) limit_fields_.append(name).append(": ").append(value).append("\r\n");
  });
  const dialect::Framing framing = dialect::FramingOf(question_.asked, question_.stream);
  if (question_.stream) events_.emplace(framing, static_cast<size_t>(upstream_.limits->answer_bytes));
  const bool readable =
      !reader_->is_encoded() && IsMediaType(reader_->content_type(), dialect::MediaTypeOf(framing));
  co_return readable ? Failure::kNone : Failure::kGarbage;
}

// What a 429 means stands in its body. It is looked at for known words, and goes nowhere.
awaitable<Failure> Exchange::ReadRefusal() {
  retry_after_ = PauseAsked(*reader_);
  while (!message_ended_ && reader_->body().size() < kRefusalBytes) {
    wire_->ExpiresAfter(upstream_.limits->connect);
    const Failure failure = co_await ReadMore();
    if (failure != Failure::kNone) break;
  }
  co_return FailureOfLimit(reader_->body());
}

// Until the next byte: what is left of every limit. Comments keep a connection open, but are no progress.
Milliseconds Exchange::TimeForMore() const {
  const Limits& limits = *upstream_.limits;
  const auto left = [now = Clock::now()](Clock::time_point since, Milliseconds limit) {
    return limit - std::chrono::duration_cast<Milliseconds>(now - since);
  };
  return std::max(Milliseconds(1),
                  std::min({limits.idle, left(asked_, limits.answer),
                            question_.stream ? left(last_event_, limits.event) : limits.idle}));
}

awaitable<Failure> Exchange::ReadWhole() {
  while (!message_ended_) {
    wire_->ExpiresAfter(TimeForMore());
    const Failure failure = co_await ReadMore();
    if (failure != Failure::kNone) co_return failure;
  }
  const bool answered = translation_
                            ? translation_->Whole(reader_->body(), answer_)
                            : KindOfBody(question_.asked, reader_->body(), usage_) == AnswerKind::kChunk;
  if (translation_) OPENSSL_cleanse(reader_->body().data(), reader_->body().size());
  if (!answered) co_return Failure::kGarbage;
  Keep();
  co_return Failure::kNone;
}

void Exchange::Keep() {
  canceller_.Clear();
  if (reader_->reusable() && buffer_.empty()) {
    upstream_.pool->Put(upstream_.target, upstream_.key, std::move(wire_));
  }
  wire_ = nullptr;
}

// The bytes ended in order. False: the answer did not, although its framing did.
bool Exchange::EndInOrder(std::vector<http::Event>& events) {
  // A stream that lasts as long as its connection is complete only with its own end.
  if (!reader_->framed() || SaysItsEnd(question_.asked)) return false;
  stream_ended_ = true;
  if (translation_) {
    translation_->End(events);
  } else {
    TellUsage(events);
    events.push_back({"", "[DONE]"});
  }
  Keep();
  return true;
}

awaitable<Failure> Exchange::NextEvents(std::vector<http::Event>& events, bool& ended) {
  if (&events != &first_) {
    std::ranges::move(first_, std::back_inserter(events));
    first_.clear();
  }
  ended = stream_ended_;
  while (events.empty() && !stream_ended_) {
    events_->Append(reader_->body());
    reader_->body().clear();
    TakeEvents(events);
    ended = stream_ended_;
    if (stream_ended_) Keep();
    if (!events.empty() || stream_ended_) break;
    if (stream_failure_ != Failure::kNone) co_return stream_failure_;
    if (message_ended_) {
      if (end_appended_) {
        ended = EndInOrder(events);
        co_return ended ? Failure::kNone : Failure::kLost;
      }
      end_appended_ = true;
      events_->AppendEnd();
      continue;
    }
    // Before the first event the time to the first byte still runs.
    if (&events != &first_) wire_->ExpiresAfter(TimeForMore());
    const Failure failure = co_await ReadMore();
    if (canceller_.cancelled()) co_return Failure::kCancelled;
    if (failure != Failure::kNone) co_return failure;
  }
  co_return Failure::kNone;
}

// A client that asked for usage gets it from servers that tell none, too: what was sent, at four bytes a
// token, and the pieces that came, which most servers send a token each.
void Exchange::TellUsage(std::vector<http::Event>& events) const {
  if (!question_.usage_wanted || usage_.output >= 0) return;
  const uint64_t input = question_.body_size / 4;
  const nlohmann::ordered_json chunk = {
      {"id", "chatcmpl-" + std::string(question_.id)},
      {"object", question_.asked == Surface::kOpenAiChat ? "chat.completion.chunk" : "text_completion"},
      {"created", std::time(nullptr)},
      {"model", upstream_.settings->model},
      {"choices", nlohmann::ordered_json::array()},
      {"usage",
       {{"prompt_tokens", input},
        {"completion_tokens", events_passed_},
        {"total_tokens", input + events_passed_}}}};
  events.push_back({"", chunk.dump()});
}

void Exchange::TakeEvents(std::vector<http::Event>& events) {
  http::Event event;
  while (stream_failure_ == Failure::kNone && !stream_ended_) {
    switch (events_->Next(event)) {
      case dialect::EventReader::Item::kNone:
        return;
      case dialect::EventReader::Item::kComment:
        // A sign of life for the client too, but not before there is an answer.
        if (&events != &first_) events.push_back({.comment = true});
        break;
      case dialect::EventReader::Item::kBad:
        stream_failure_ = Failure::kGarbage;
        break;
      case dialect::EventReader::Item::kEvent:
        TakeEvent(std::move(event), events);
        break;
    }
  }
}

void Exchange::TakeEvent(http::Event event, std::vector<http::Event>& events) {
  last_event_ = Clock::now();
  if (translation_) {
    if (!translation_->Event(event, events)) {
      stream_failure_ = Failure::kGarbage;
      return;
    }
    ++events_passed_;
    if (!translation_->ended()) return;
    stream_ended_ = true;
    translation_->End(events);
    return;
  }
  const AnswerKind kind = KindOfEvent(question_.asked, event, usage_);
  if (kind == AnswerKind::kNone || kind == AnswerKind::kError) {
    stream_failure_ = Failure::kGarbage;
    return;
  }
  if (kind != AnswerKind::kDone) ++events_passed_;
  if (kind == AnswerKind::kDone) TellUsage(events);
  stream_ended_ = kind == AnswerKind::kDone || kind == AnswerKind::kLast;
  events.push_back(std::move(event));
}

}  // namespace hpol::gateway
