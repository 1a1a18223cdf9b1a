// Addresses and host rules; the door is address.h.
#include "adapters/http/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace hpol::http {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return Lower(x) == Lower(y); });
}

bool IsHostName(std::string_view text) {
  if (text.empty() || text.size() > 253 || text.front() == '.' || text.back() == '.') return false;
  return std::ranges::all_of(text, [](char c) {
    c = Lower(c);
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  });
}

// An entry of `hosts` that means an address although it is none, such as 127.1: refused
// rather than read as a name that can never match.
bool LooksLikeAddress(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

const std::vector<Cidr>& SpecialRanges() {
  static const std::vector<Cidr> ranges = [] {
    std::vector<Cidr> list;
    for (const char* text :
         {"0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "100.100.100.200/32", "192.0.0.0/24", "224.0.0.0/4",
          "240.0.0.0/4", "::/128", "::1/128", "::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48",
          "2001::/32", "2002::/16", "fe80::/10", "fec0::/10", "fd00:ec2::254/128", "ff00::/8"}) {
      list.push_back(*Cidr::Parse(text));
    }
    return list;
  }();
  return ranges;
}

}  // namespace

std::optional<Address> Address::Parse(std::string_view text) {
  char buffer[64];
  if (text.empty() || text.size() >= sizeof buffer) return std::nullopt;
  std::memcpy(buffer, text.data(), text.size());
  buffer[text.size()] = '\0';
  if (std::strlen(buffer) != text.size()) return std::nullopt;
  Address address;
  address.v6 = text.find(':') != std::string_view::npos;
  if (inet_pton(address.v6 ? AF_INET6 : AF_INET, buffer, address.bytes.data()) != 1) return std::nullopt;
  return address;
}

std::optional<Cidr> Cidr::Parse(std::string_view text) {
  const size_t slash = text.find('/');
  const std::optional<Address> network = Address::Parse(text.substr(0, slash));
  if (!network) return std::nullopt;
  const int width = network->v6 ? 128 : 32;
  Cidr cidr{*network, width};
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), cidr.bits);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    if (cidr.bits < 0 || cidr.bits > width) return std::nullopt;
  }
  for (int bit = cidr.bits; bit < width; ++bit) {
    const auto byte = network->bytes[static_cast<size_t>(bit / 8)];
    if ((byte >> (7 - bit % 8)) & 1) return std::nullopt;
  }
  return cidr;
}

bool Cidr::Contains(const Address& address) const {
  if (address.v6 != network.v6) return false;
  const size_t whole = static_cast<size_t>(bits / 8);
  if (std::memcmp(address.bytes.data(), network.bytes.data(), whole) != 0) return false;
  if (bits % 8 == 0) return true;
  const int shift = 8 - bits % 8;
  return (address.bytes[whole] >> shift) == (network.bytes[whole] >> shift);
}

bool Cidr::Lists(const Address& address) const {
  if (!Contains(address)) return false;
  return std::ranges::all_of(SpecialRanges(), [&](const Cidr& special) {
    return !special.Contains(address) || (bits >= special.bits && special.Contains(network));
  });
}

bool IsSpecial(const Address& address) {
  return std::ranges::any_of(SpecialRanges(), [&](const Cidr& special) { return special.Contains(address); });
}

bool IsLoopback(const Address& address) {
  static const Cidr v4 = *Cidr::Parse("127.0.0.0/8");
  static const Cidr v6 = *Cidr::Parse("::1/128");
  return v4.Contains(address) || v6.Contains(address);
}

Result<HostRule> HostRule::Parse(std::span<const std::string_view> hosts) {
  HostRule rule;
  for (const std::string_view host : hosts) {
    if (const std::optional<Cidr> cidr = Cidr::Parse(host)) {
      rule.ranges_.push_back(*cidr);
      continue;
    }
    const std::string_view name = host.starts_with("*.") ? host.substr(2) : host;
    if (!IsHostName(name) || LooksLikeAddress(name)) {
      return Error{"`" + std::string(host) +
                   "` is neither an address range, a host name, nor `*.` and a host name"};
    }
    rule.names_.emplace_back(host);
  }
  return rule;
}

bool HostRule::NameAllowed(std::string_view host) const {
  if (const std::optional<Address> address = Address::Parse(host)) {
    // An address has no name to check; it must be listed as one when anything is listed.
    return empty() || std::ranges::any_of(ranges_, [&](const Cidr& range) { return range.Lists(*address); });
  }
  if (names_.empty()) return true;
  return std::ranges::any_of(names_, [&](std::string_view name) {
    if (!name.starts_with("*.")) return EqualsIgnoringCase(name, host);
    const std::string_view suffix = name.substr(1);
    return host.size() > suffix.size() &&
           EqualsIgnoringCase(host.substr(host.size() - suffix.size()), suffix);
  });
}

bool HostRule::AddressAllowed(std::string_view host, const Address& address) const {
  if (!ranges_.empty()) {
    return std::ranges::any_of(ranges_, [&](const Cidr& range) { return range.Lists(address); });
  }
  if (!IsSpecial(address)) return true;
  if (EqualsIgnoringCase(host, "localhost")) return IsLoopback(address);
  return Address::Parse(host) == address;
}

}  // namespace hpol::http
