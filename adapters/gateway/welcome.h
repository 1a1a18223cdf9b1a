// From an accepted socket to a client: who is on the other side (PROXY protocol, from listed peers only),
// TLS, and its certificate.
#pragma once

#include <memory>

#include "adapters/gateway/client.h"
#include "adapters/gateway/settings.h"
#include "adapters/http/asio.h"

namespace hpol::gateway {

// Null when the other side is not let in: a listed balancer that does not say for whom it connects, a
// handshake that fails or takes longer than a request's header may. `tls` is null for plain connections;
// `settings` must outlive the client.
awaitable<std::unique_ptr<Client>> Welcome(Socket socket, const Settings& settings, asio::ssl::context* tls);

}  // namespace hpol::gateway
