// One connection: plain or TLS, over TCP or a Unix socket, from either side, with a time limit on
// every operation; and the way to make one that ends up only where a host rule allows (THREATS rule E).
#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

// SHA-256 of a public key as a certificate carries it (its SubjectPublicKeyInfo in DER).
using Pin = std::array<uint8_t, 32>;

// What a verified certificate says about its owner.
struct Certificate {
  Pin pin{};
  std::string fingerprint;         // SHA-256 of the whole, lower-case hex
  std::string common_name;         // of its subject; empty when it has none or several
  std::vector<std::string> units;  // organizational units
  std::vector<std::string> names;  // subject alternative names: DNS
  std::vector<std::string> uris;   // and URIs (SPIFFE)
};

// Not thread-safe: lives on one io_context with one thread. Destroying it closes it.
class Wire {
 public:
  explicit Wire(Stream plain) : plain_(std::in_place, std::move(plain)) {}
  Wire(Stream stream, asio::ssl::context& tls) : tls_(std::in_place, std::move(stream), tls) {}

  // Operations started from now on fail with boost::beast::error::timeout after `time`,
  // counted from now.
  void ExpiresAfter(Milliseconds time) { stream().expires_after(time); }

  // Some bytes, at least one; `error` is asio::error::eof at an orderly end.
  awaitable<size_t> Read(asio::mutable_buffer into, error_code& error);
  // All bytes of both, in this order.
  awaitable<void> Write(std::string_view first, std::string_view second, error_code& error);

  // TLS towards `host`: SNI, the certificate must name it, and its key must be one of `pins` unless there
  // are none.
  awaitable<void> Handshake(const std::string& host, const std::vector<Pin>& pins, error_code& error);
  // TLS as the side that was called.
  awaitable<void> Accept(error_code& error);
  // After a handshake: the other side's certificate, which was verified; nothing when it showed none.
  std::optional<Certificate> PeerCertificate();
  // Says that nothing more will be sent.
  awaitable<void> EndSending();

  void Close();
  // Nothing has arrived and the peer has not closed: fit for another request.
  bool IsQuiet();
  // The peer, whose bytes wait (`peeked` are the first of them), only says good-bye: TLS has a message for
  // that, where TCP alone would show the end of the connection.
  bool IsGoodbye(std::string_view peeked) const;
  Stream& stream() { return tls_ ? tls_->next_layer() : *plain_; }

 private:
  std::optional<Stream> plain_;
  std::optional<asio::ssl::stream<Stream>> tls_;
};

// Where to connect to. All outlive the connecting.
struct Endpoint {
  std::string host;  // a name, or an address without brackets
  uint16_t port = 0;
  asio::ssl::context* tls = nullptr;  // null: plain
  const HostRule* rule = nullptr;
  std::string unix_path{};                 // instead of resolving `host`, which is then only a name
  const std::vector<Pin>* pins = nullptr;  // null: any key of a certificate that is verified
};

enum class ConnectFailure : uint8_t { kNone, kResolve, kForbidden, kConnect, kTls, kTimeout, kCancelled };

// Resolves once, drops the addresses that the rule forbids, connects to the first of the
// others that answers, and looks at who answered. Null with a reason when none did.
awaitable<std::unique_ptr<Wire>> Connect(const Endpoint& endpoint, Milliseconds limit, Canceller& canceller,
                                         ConnectFailure& failure);

// How one side of TLS knows itself and the other. Files are PEM.
struct TlsFiles {
  std::string certificate{}, key{};  // of this side; clients may have none
  std::string authorities{};         // who may vouch for the other; clients: empty means the system's
};

// For clients: TLS 1.2 or later, the peer verified.
Result<std::unique_ptr<asio::ssl::context>> MakeClientTls(const TlsFiles& files);

// For servers: TLS 1.3. With `authorities`, clients may show a certificate of theirs, or must.
Result<std::unique_ptr<asio::ssl::context>> MakeServerTls(const TlsFiles& files, bool client_must);

}  // namespace hpol::http
