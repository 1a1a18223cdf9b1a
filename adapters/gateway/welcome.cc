// From a socket to a client; the door is welcome.h.
#include "adapters/gateway/welcome.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "adapters/http/proxy_header.h"

namespace hpol::gateway {
namespace {

// Nobody's address for a Unix socket: it is in no range that a person would list.
http::Address AddressOf(const Socket& socket) {
  error_code error;
  const Socket::endpoint_type endpoint = socket.remote_endpoint(error);
  http::Address address;
  if (error) return address;
  const sockaddr* const raw = endpoint.data();
  if (raw->sa_family == AF_INET) {
    std::memcpy(address.bytes.data(), &reinterpret_cast<const sockaddr_in*>(raw)->sin_addr, 4);
  } else if (raw->sa_family == AF_INET6) {
    address.v6 = true;
    std::memcpy(address.bytes.data(), &reinterpret_cast<const sockaddr_in6*>(raw)->sin6_addr, 16);
  }
  return address;
}

// Takes the header off the socket and nothing behind it: what follows may be TLS.
awaitable<bool> TakeProxyHeader(http::Wire& wire, http::Address& peer) {
  Socket& socket = wire.stream().socket();
  std::array<char, http::kMaxProxyHeader> bytes{};
  size_t seen = 0;
  for (;;) {
    error_code error;
    co_await socket.async_wait(Socket::wait_read, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return false;
    const ssize_t size = ::recv(socket.native_handle(), bytes.data(), bytes.size(), MSG_PEEK | MSG_DONTWAIT);
    // A wait that ends without more than before is the end of the connection, or somebody who sends a header
    // in pieces: balancers send it at once.
    if (size <= 0 || static_cast<size_t>(size) <= seen) co_return false;
    seen = static_cast<size_t>(size);
    const http::ProxyHeader header = http::ReadProxyHeader({bytes.data(), seen});
    if (header.state == http::ProxyHeader::State::kMore) continue;
    if (header.state == http::ProxyHeader::State::kBad) co_return false;
    if (header.source) peer = *header.source;
    const ssize_t taken = ::recv(socket.native_handle(), bytes.data(), header.size, MSG_DONTWAIT);
    co_return taken == static_cast<ssize_t>(header.size);
  }
}

}  // namespace

awaitable<std::unique_ptr<Client>> Welcome(Socket socket, const Settings& settings, asio::ssl::context* tls) {
  http::Address peer = AddressOf(socket);
  const bool balanced = std::ranges::any_of(settings.proxy_peers,
                                            [&](const http::Cidr& range) { return range.Contains(peer); });
  Stream stream(std::move(socket));
  auto wire = tls != nullptr ? std::make_unique<http::Wire>(std::move(stream), *tls)
                             : std::make_unique<http::Wire>(std::move(stream));
  bool fine = true;
  if (balanced) {
    // The wait below is on the socket itself, which has no time limit of its own.
    asio::steady_timer limit(wire->stream().get_executor(), settings.limits.request_header);
    limit.async_wait([raw = wire.get()](error_code error) {
      if (!error) raw->Close();
    });
    fine = co_await TakeProxyHeader(*wire, peer);
  }
  if (fine && tls != nullptr) {
    error_code error;
    wire->ExpiresAfter(settings.limits.request_header);
    co_await wire->Accept(error);
    fine = !error;
  }
  std::unique_ptr<Client> client;
  if (fine) client = std::make_unique<Client>(std::move(wire), peer, settings.limits);
  co_return client;
}

}  // namespace hpol::gateway
