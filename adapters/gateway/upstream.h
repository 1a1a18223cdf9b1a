// Towards targets: one Exchange is one request to one target on one connection. It knows of the client
// only which dialect it understands; what the target says beside its answer stays here (THREATS rule O).
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/dialect/event_reader.h"
#include "adapters/dialect/translate.h"
#include "adapters/gateway/failure.h"
#include "adapters/gateway/key_ring.h"
#include "adapters/gateway/settings.h"
#include "adapters/gateway/upstream_pool.h"
#include "adapters/http/asio.h"
#include "adapters/http/message.h"
#include "adapters/http/wire.h"

namespace hpol::gateway {

// How to reach one target.
struct Upstream {
  uint32_t target = 0;
  const TargetSettings* settings = nullptr;
  asio::ssl::context* tls = nullptr;  // null: plain
  const Limits* limits = nullptr;
  UpstreamPool* pool = nullptr;
  size_t key = KeyRing::kNoKey;  // which of its credentials
};
dialect::Site SiteOf(const TargetSettings& target);

// What is asked in one attempt.
struct Question {
  Surface asked = Surface::kOpenAiChat;   // the kind of body that the target gets
  Surface client = Surface::kOpenAiChat;  // the kind that the client wrote: answers are in its dialect
  std::string_view body;                  // must live until Ask returns
  bool stream = false;
  bool usage_wanted = false;  // at the end of a stream, in dialects where that is a choice
  bool fresh = false;         // on a new connection
  std::string_view id;        // how an answer is called that has no name of its own
  size_t body_size = 0;       // of `body`, which is gone later
};

class Exchange {
 public:
  explicit Exchange(const Upstream& upstream);
  ~Exchange();

  // Sends the request and reads the answer: all of it, or for a stream up to its first
  // event, which is valid. Anything but kNone means that nothing may be passed on.
  awaitable<Failure> Ask(const Question& question);

  int status() const { return status_; }
  // After Ask for no stream: one JSON object in the client's dialect.
  std::string& answer() { return translation_ ? answer_ : reader_->body(); }
  // After a failure with a status: how long the target asked to be left alone; zero when it did not say.
  Milliseconds retry_after() const { return retry_after_; }
  // Header lines about limits, for a client that knows the target's; each with its CRLF.
  const std::string& limit_fields() const { return limit_fields_; }
  // Tokens as the target counted them, as far as it has said so yet.
  const dialect::Usage& usage() const { return translation_ ? translation_->usage() : usage_; }
  // Events of the answer so far.
  uint64_t events() const { return events_passed_; }

  // After Ask for a stream: appends whole events (at least one, unless the stream ended)
  // in the client's dialect. `ended` is set with the last of them. A failure comes only
  // when all events before it were handed out.
  awaitable<Failure> NextEvents(std::vector<http::Event>& events, bool& ended);

  // Makes whatever runs end with kCancelled.
  void Cancel() { canceller_.Cancel(); }

 private:
  awaitable<Failure> Open(bool fresh);
  awaitable<Failure> Write();
  awaitable<Failure> ReadHead();
  awaitable<Failure> ReadRefusal();
  awaitable<Failure> ReadWhole();
  awaitable<Failure> ReadMore();
  Milliseconds TimeForMore() const;
  void TakeEvent(http::Event event, std::vector<http::Event>& events);
  bool EndInOrder(std::vector<http::Event>& events);
  void TellUsage(std::vector<http::Event>& events) const;
  Failure FromError(error_code error) const;
  void TakeEvents(std::vector<http::Event>& events);
  void Keep();

  const Upstream upstream_;
  Question question_;
  std::optional<dialect::Translation> translation_;  // none: both speak the same dialect
  http::Canceller canceller_;
  std::unique_ptr<http::Wire> wire_;
  bool reused_ = false;
  bool heard_ = false;  // a byte came back
  std::unique_ptr<http::ResponseReader> reader_;
  bool message_ended_ = false;
  std::string buffer_;  // received and not yet taken
  int status_ = 0;

  Milliseconds retry_after_{0};
  std::string limit_fields_;
  std::string answer_;  // translated
  dialect::Usage usage_;

  std::optional<dialect::EventReader> events_;
  uint64_t events_passed_ = 0;
  std::chrono::steady_clock::time_point asked_, last_event_;
  std::vector<http::Event> first_;  // events that Ask read
  bool stream_ended_ = false;
  bool end_appended_ = false;
  Failure stream_failure_ = Failure::kNone;
};

}  // namespace hpol::gateway
