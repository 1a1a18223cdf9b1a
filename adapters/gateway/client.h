// The connection of one client: whole requests in, replies and streams out, a time limit
// on everything, and word when the client goes away.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/gateway/reply.h"
#include "adapters/gateway/settings.h"
#include "adapters/http/address.h"
#include "adapters/http/asio.h"
#include "adapters/http/message.h"
#include "adapters/http/wire.h"

namespace hpol::gateway {

// kClosed: the client left, or took longer than its limit and was closed upon.
enum class ReadOutcome : uint8_t { kOk, kClosed, kBad, kTooLarge };

// Not thread-safe: lives on one io_context with one thread.
class Client {
 public:
  // `peer` is who is on the other side: the one whom a trusted balancer named, where there is one.
  Client(std::unique_ptr<http::Wire> wire, const http::Address& peer, const Limits& limits);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  const http::Address& peer() const { return peer_; }
  // What the client showed when TLS began, verified; null: nothing.
  const http::Certificate* certificate() const { return certificate_ ? &*certificate_ : nullptr; }

  // The next request's head with its empty line.
  awaitable<ReadOutcome> ReadHead(std::string& head);
  // The body that follows.
  awaitable<ReadOutcome> ReadBody(http::RequestBody& body);
  awaitable<void> SendContinue();

  // All false when the client is gone or does not read.
  awaitable<bool> Send(const Reply& reply, const Framing& framing);
  awaitable<bool> BeginStream(const Framing& framing, bool chunked);
  awaitable<bool> WriteStream(std::string_view bytes);
  awaitable<bool> EndStream();

  // Calls `on_gone` once when the client closes its side, until Unwatch.
  void Watch(std::function<void()> on_gone);
  void Unwatch();

  // Between two requests.
  bool idle() const { return idle_; }
  void Close();
  // Closes so that the client can still read what was sent although it was not done
  // sending: a plain close would reset the connection under the last reply.
  awaitable<void> LingeringClose();

 private:
  struct Watcher;
  awaitable<void> ReadMore(error_code& error);
  awaitable<bool> Write(std::string_view first, std::string_view second);
  void WaitForEnd(const std::shared_ptr<Watcher>& watcher);

  const std::unique_ptr<http::Wire> wire_;
  const Limits& limits_;
  const http::Address peer_;
  const std::optional<http::Certificate> certificate_;
  std::string buffer_;  // received and not yet taken
  bool idle_ = false;
  bool chunked_ = false;
  std::shared_ptr<Watcher> watcher_;
};

}  // namespace hpol::gateway
