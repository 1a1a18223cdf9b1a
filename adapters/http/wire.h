// One connection to somebody: plain or TLS, with a time limit on every operation, and
// the way to make one that ends up only where a host rule allows (THREATS rule E).
#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/http/address.h"
#include "adapters/http/asio.h"

namespace hpol::http {

using Milliseconds = std::chrono::milliseconds;

// Stops what runs now. The one who waits sets an action; another calls Cancel, on the
// same thread.
class Canceller {
 public:
  bool cancelled() const { return cancelled_; }
  void Cancel() {
    cancelled_ = true;
    if (action_) action_();
  }
  void Set(std::function<void()> action) { action_ = std::move(action); }
  void Clear() { action_ = nullptr; }

 private:
  bool cancelled_ = false;
  std::function<void()> action_;
};

// Not thread-safe: lives on one io_context with one thread. Destroying it closes it.
class Wire {
 public:
  explicit Wire(boost::beast::tcp_stream plain) : plain_(std::in_place, std::move(plain)) {}
  Wire(boost::beast::tcp_stream stream, asio::ssl::context& tls)
      : tls_(std::in_place, std::move(stream), tls) {}

  // Operations started from now on fail with boost::beast::error::timeout after `time`,
  // counted from now.
  void ExpiresAfter(Milliseconds time) { tcp().expires_after(time); }

  // Some bytes, at least one; `error` is asio::error::eof at an orderly end.
  awaitable<size_t> Read(asio::mutable_buffer into, error_code& error);
  // All bytes of both, in this order.
  awaitable<void> Write(std::string_view first, std::string_view second, error_code& error);

  // TLS towards `host`: SNI, and the certificate must name it.
  awaitable<void> Handshake(const std::string& host, error_code& error);

  void Close();
  // Nothing has arrived and the peer has not closed: fit for another request.
  bool IsQuiet();
  boost::beast::tcp_stream& tcp() { return tls_ ? tls_->next_layer() : *plain_; }

 private:
  std::optional<boost::beast::tcp_stream> plain_;
  std::optional<asio::ssl::stream<boost::beast::tcp_stream>> tls_;
};

// Where to connect to. All outlive the connecting.
struct Endpoint {
  std::string host;  // a name, or an address without brackets
  uint16_t port = 0;
  asio::ssl::context* tls = nullptr;  // null: plain
  const HostRule* rule = nullptr;
};

enum class ConnectFailure : uint8_t { kNone, kResolve, kForbidden, kConnect, kTls, kTimeout, kCancelled };

// Resolves once, drops the addresses that the rule forbids, connects to the first of the
// others that answers, and looks at who answered. Null with a reason when none did.
awaitable<std::unique_ptr<Wire>> Connect(const Endpoint& endpoint, Milliseconds limit, Canceller& canceller,
                                         ConnectFailure& failure);

// For clients: TLS 1.2 or later, the peer verified against `ca_file`, or the system's
// authorities when it is empty.
Result<std::unique_ptr<asio::ssl::context>> MakeClientTls(const std::string& ca_file);

}  // namespace hpol::http
