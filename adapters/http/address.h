// Which host names and addresses a zone allows (THREATS rule E), and which peers are
// trusted. Addresses are plain bytes here; nothing resolves or connects.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hpol/result.h"

namespace hpol::http {

struct Address {
  bool v6 = false;
  std::array<uint8_t, 16> bytes{};  // network order; IPv4 uses the first four

  // Dotted quad or IPv6 text without brackets or zone id; nothing for anything else.
  static std::optional<Address> Parse(std::string_view text);
  friend bool operator==(const Address&, const Address&) = default;
};

struct Cidr {
  Address network;
  int bits = 0;

  // `10.0.0.0/8`, `::1/128`, or a bare address. Host bits must be zero.
  static std::optional<Cidr> Parse(std::string_view text);

  // Plain containment; families never mix.
  bool Contains(const Address& address) const;

  // Containment, except that special addresses (loopback, link-local and metadata,
  // IPv4-mapped, NAT64, 6to4, multicast, unspecified) belong only to a CIDR that was
  // written inside their special range.
  bool Lists(const Address& address) const;
};

// Loopback, link-local and the other ranges that are never what a public name should mean.
bool IsSpecial(const Address& address);
bool IsLoopback(const Address& address);

// What a zone's `hosts` allow. Where it lists names, the name must match one; where it
// lists address ranges, the address must lie in one; where it lists both, both must hold.
class HostRule {
 public:
  // Each entry is a CIDR, an address, a name, or `*.` and a name.
  static Result<HostRule> Parse(std::span<const std::string_view> hosts);

  // `host` is a name, or an address as text (without brackets).
  bool NameAllowed(std::string_view host) const;

  // `address` is where `host` would be connected to. With no ranges listed, a special
  // address is allowed only when the operator wrote it: as itself, or as `localhost`.
  bool AddressAllowed(std::string_view host, const Address& address) const;

  bool empty() const { return names_.empty() && ranges_.empty(); }

 private:
  std::vector<std::string> names_;
  std::vector<Cidr> ranges_;
};

}  // namespace hpol::http
