// The PROXY protocol, versions 1 and 2: who a load balancer says the client is. Read only from peers that
// are listed for it, who must send it.
// Source: "The PROXY protocol" (haproxy.org, doc/proxy-protocol.txt), sections 2.1 and 2.2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "adapters/http/address.h"

namespace hpol::http {

struct ProxyHeader {
  enum class State : uint8_t { kMore, kDone, kBad };
  State state = State::kMore;
  size_t size = 0;                  // of the header, when done
  std::optional<Address> source{};  // none: the balancer speaks for itself (LOCAL, UNKNOWN)
};

// Total on any bytes. kMore asks for at most kMaxProxyHeader bytes altogether.
ProxyHeader ReadProxyHeader(std::string_view bytes);
inline constexpr size_t kMaxProxyHeader = 536;

}  // namespace hpol::http
