// Connections and connecting; the door is wire.h.
#include "adapters/http/wire.h"

#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/beast/core/error.hpp>
#include <cstring>
#include <vector>

namespace hpol::http {
namespace {

using Clock = std::chrono::steady_clock;

Address FromAsio(const asio::ip::address& address) {
  Address result;
  result.v6 = address.is_v6();
  if (address.is_v6()) {
    const auto bytes = address.to_v6().to_bytes();
    std::copy(bytes.begin(), bytes.end(), result.bytes.begin());
  } else {
    const auto bytes = address.to_v4().to_bytes();
    std::copy(bytes.begin(), bytes.end(), result.bytes.begin());
  }
  return result;
}

asio::ip::address ToAsio(const Address& address) {
  if (address.v6) return asio::ip::address_v6(address.bytes);
  asio::ip::address_v4::bytes_type bytes{};
  std::copy_n(address.bytes.begin(), bytes.size(), bytes.begin());
  return asio::ip::address_v4(bytes);
}

// A look-up that can be given up: getaddrinfo itself cannot be interrupted, so the
// answer goes to a place that both sides share, and the one who waits sleeps on a timer.
struct Lookup {
  explicit Lookup(const asio::any_io_executor& executor) : resolver(executor), timer(executor) {}
  tcp::resolver resolver;
  asio::steady_timer timer;
  bool done = false;
  std::vector<Address> addresses;
};

awaitable<std::vector<Address>> Resolve(const std::string& host, Clock::time_point deadline,
                                        Canceller& canceller) {
  if (const std::optional<Address> address = Address::Parse(host)) {
    std::vector<Address> one = {*address};
    co_return one;
  }
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const auto lookup = std::make_shared<Lookup>(executor);
  lookup->timer.expires_at(deadline);
  lookup->resolver.async_resolve(host, "",
                                 [lookup](error_code error, const tcp::resolver::results_type& results) {
                                   lookup->done = true;
                                   if (!error) {
                                     for (const auto& entry : results)
                                       lookup->addresses.push_back(FromAsio(entry.endpoint().address()));
                                   }
                                   lookup->timer.cancel();
                                 });
  canceller.Set([lookup] { lookup->timer.cancel(); });
  if (!lookup->done) {
    error_code woken;
    co_await lookup->timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
  canceller.Clear();
  if (!lookup->done) lookup->resolver.cancel();
  co_return lookup->addresses;
}

Milliseconds Remaining(Clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<Milliseconds>(deadline - Clock::now());
  return std::max(left, Milliseconds(1));
}

bool IsTimeout(error_code error) { return error == boost::beast::error::timeout; }

}  // namespace

awaitable<size_t> Wire::Read(asio::mutable_buffer into, error_code& error) {
  size_t size = 0;
  if (tls_) {
    size = co_await tls_->async_read_some(into, asio::redirect_error(asio::use_awaitable, error));
  } else {
    size = co_await plain_->async_read_some(into, asio::redirect_error(asio::use_awaitable, error));
  }
  co_return size;
}

awaitable<void> Wire::Write(std::string_view first, std::string_view second, error_code& error) {
  const std::array<asio::const_buffer, 2> bytes = {asio::buffer(first), asio::buffer(second)};
  if (tls_) {
    co_await asio::async_write(*tls_, bytes, asio::redirect_error(asio::use_awaitable, error));
  } else {
    co_await asio::async_write(*plain_, bytes, asio::redirect_error(asio::use_awaitable, error));
  }
}

awaitable<void> Wire::Handshake(const std::string& host, error_code& error) {
  tls_->set_verify_mode(asio::ssl::verify_peer, error);
  if (!error) tls_->set_verify_callback(asio::ssl::host_name_verification(host), error);
  if (!error && !Address::Parse(host) && SSL_set_tlsext_host_name(tls_->native_handle(), host.c_str()) != 1) {
    error = asio::error::invalid_argument;
  }
  if (error) co_return;
  co_await tls_->async_handshake(asio::ssl::stream_base::client,
                                 asio::redirect_error(asio::use_awaitable, error));
}

void Wire::Close() { tcp().close(); }

bool Wire::IsQuiet() {
  char byte = 0;
  const ssize_t size = ::recv(tcp().socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

// Connects to one address within the time that is left, TLS included.
static awaitable<std::unique_ptr<Wire>> ConnectTo(const Endpoint& endpoint, const Address& address,
                                                  Clock::time_point deadline, Canceller& canceller,
                                                  ConnectFailure& failure) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  boost::beast::tcp_stream stream(executor);
  auto wire = endpoint.tls != nullptr ? std::make_unique<Wire>(std::move(stream), *endpoint.tls)
                                      : std::make_unique<Wire>(std::move(stream));
  canceller.Set([raw = wire.get()] { raw->Close(); });
  const tcp::endpoint peer(ToAsio(address), endpoint.port);
  error_code error;
  wire->ExpiresAfter(Remaining(deadline));
  co_await wire->tcp().async_connect(peer, asio::redirect_error(asio::use_awaitable, error));
  failure = ConnectFailure::kConnect;
  if (!error && wire->tcp().socket().remote_endpoint(error) != peer) {
    // Somebody between us and the kernel redirects connections.
    failure = ConnectFailure::kForbidden;
    error = asio::error::connection_refused;
  }
  if (!error) {
    error_code ignored;
    wire->tcp().socket().set_option(tcp::no_delay(true), ignored);
    if (endpoint.tls != nullptr) {
      failure = ConnectFailure::kTls;
      co_await wire->Handshake(endpoint.host, error);
    }
  }
  canceller.Clear();
  if (!error) {
    failure = ConnectFailure::kNone;
  } else {
    if (IsTimeout(error)) failure = ConnectFailure::kTimeout;
    wire = nullptr;
  }
  co_return wire;
}

awaitable<std::unique_ptr<Wire>> Connect(const Endpoint& endpoint, Milliseconds limit, Canceller& canceller,
                                         ConnectFailure& failure) {
  const Clock::time_point deadline = Clock::now() + limit;
  std::unique_ptr<Wire> wire;
  std::vector<Address> addresses = co_await Resolve(endpoint.host, deadline, canceller);
  failure = Clock::now() < deadline ? ConnectFailure::kResolve : ConnectFailure::kTimeout;
  if (!addresses.empty()) {
    failure = ConnectFailure::kForbidden;
    std::erase_if(addresses,
                  [&](const Address& a) { return !endpoint.rule->AddressAllowed(endpoint.host, a); });
  }
  for (const Address& address : addresses) {
    if (canceller.cancelled() || Clock::now() >= deadline) break;
    wire = co_await ConnectTo(endpoint, address, deadline, canceller, failure);
    if (wire) break;
  }
  if (canceller.cancelled()) {
    failure = ConnectFailure::kCancelled;
    wire = nullptr;
  }
  co_return wire;
}

Result<std::unique_ptr<asio::ssl::context>> MakeClientTls(const std::string& ca_file) {
  auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_client);
  error_code error;
  context->set_verify_mode(asio::ssl::verify_peer, error);
  if (!error) {
    if (ca_file.empty()) {
      context->set_default_verify_paths(error);
    } else {
      context->load_verify_file(ca_file, error);
    }
  }
  if (error) {
    return Error{"cannot read the certificate authorities" +
                 (ca_file.empty() ? "" : " in `" + ca_file + "`") + ": " + error.message()};
  }
  SSL_CTX* const native = context->native_handle();
  static constexpr unsigned char kHttp11[] = "\x08http/1.1";
  const bool limited = SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) == 1 &&
                       SSL_CTX_set_alpn_protos(native, kHttp11, sizeof kHttp11 - 1) == 0;
  if (!limited) return Error{"OpenSSL does not accept TLS 1.2 as the lowest version"};
  return context;
}

}  // namespace hpol::http
