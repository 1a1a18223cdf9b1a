// Towards targets: one Exchange is one request to one target on one connection. It knows
// nothing of clients; what the target says beside its answer stays here (THREATS rule O).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/gateway/settings.h"
#include "adapters/http/asio.h"
#include "adapters/http/message.h"
#include "adapters/http/sse.h"
#include "adapters/http/wire.h"

namespace hpol::gateway {

enum class Failure : uint8_t {
  kNone,
  kResolve,
  kForbidden,  // the address is not one that the zone allows
  kConnect,
  kTls,
  kTimeout,
  kLost,   // closed in the middle
  kStale,  // a kept connection was dead: nothing came back, try a new one
  kRedirect,
  kStatus,   // 5xx, 429, and statuses that say the gateway's credential is wrong
  kRefused,  // another 4xx: the request itself was not liked
  kGarbage,  // no HTTP, no JSON, no event stream, or an error inside of them
  kTooLarge,
  kCancelled,
};
const char* FailureName(Failure failure);

// Connections of one worker that wait for another request, by target. Each target has
// one credential, so the target is the whole key.
class UpstreamPool {
 public:
  explicit UpstreamPool(size_t targets) : idle_(targets) {}
  // One that still looks alive, or null.
  std::unique_ptr<http::Wire> Take(uint32_t target);
  void Put(uint32_t target, std::unique_ptr<http::Wire> wire);
  void Clear();

 private:
  struct Idle {
    std::unique_ptr<http::Wire> wire;
    std::chrono::steady_clock::time_point since;
  };
  std::vector<std::vector<Idle>> idle_;
};

// How to reach one target.
struct Upstream {
  uint32_t target = 0;
  const TargetSettings* settings = nullptr;
  asio::ssl::context* tls = nullptr;  // null: plain
  const Limits* limits = nullptr;
  UpstreamPool* pool = nullptr;
};

class Exchange {
 public:
  explicit Exchange(const Upstream& upstream);
  ~Exchange();

  // Sends the request and reads the answer: all of it, or for a stream up to its first
  // event, which is valid. `body` must live until this returns. With `fresh`, on a new
  // connection. Anything but kNone means that nothing may be passed on.
  awaitable<Failure> Ask(std::string_view body, bool stream, bool fresh);

  int status() const { return status_; }
  // After Ask for no stream: one JSON object.
  std::string& answer() { return reader_->body(); }

  // After Ask for a stream: appends whole events (at least one, unless the stream ended)
  // in the client's dialect. `ended` is set with the last of them. A failure comes only
  // when all events before it were handed out.
  awaitable<Failure> NextEvents(std::vector<http::Event>& events, bool& ended);

  // Makes whatever runs end with kCancelled.
  void Cancel() { canceller_.Cancel(); }

 private:
  awaitable<Failure> Open(bool fresh);
  awaitable<Failure> Write(std::string_view body, bool stream);
  awaitable<Failure> ReadHead(bool stream);
  awaitable<Failure> ReadWhole();
  awaitable<Failure> ReadMore();
  Failure FromError(error_code error) const;
  void TakeEvents(std::vector<http::Event>& events);
  void Keep();

  const Upstream upstream_;
  http::Canceller canceller_;
  std::unique_ptr<http::Wire> wire_;
  bool reused_ = false;
  bool heard_ = false;  // a byte came back
  std::unique_ptr<http::ResponseReader> reader_;
  bool message_ended_ = false;
  std::string buffer_;  // received and not yet taken
  int status_ = 0;

  http::SseReader events_;
  std::vector<http::Event> first_;  // events that Ask read
  bool stream_ended_ = false;
  bool end_appended_ = false;
  Failure stream_failure_ = Failure::kNone;
};

}  // namespace hpol::gateway
