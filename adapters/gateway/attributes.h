// Who is calling and what is known about the request: API keys and attributes with their
// sources (THREATS rule A). A certificate that the client showed states identity. A header counts only where
// gateway.json says so and, unless its source is the caller, only from a trusted peer; every other header is
// not read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/gateway/settings.h"
#include "adapters/http/head.h"
#include "hpol/engine.h"

namespace hpol::gateway {

// The record of the key that an `Authorization` value presents, or null. Takes the same
// time whichever record it is.
const KeyRecord* FindKey(const std::vector<KeyRecord>& keys, std::string_view authorization);

// The same for a request, which may present its key as `Authorization: Bearer …` or as `x-api-key`.
// Null when it presents two different ones.
const KeyRecord* FindCaller(const std::vector<KeyRecord>& keys, const http::RequestHead& head);

bool IsTrustedPeer(const Settings& settings, const http::Address& peer);

// The attributes of one request. Views into the settings, the tables and the head, which
// must outlive it. Not movable: Attribute values are spans into it.
class RequestAttributes {
 public:
  RequestAttributes(const Settings& settings, const ir::Tables& tables, const KeyRecord* key,
                    bool trusted_peer, const http::RequestHead& head,
                    const http::Certificate* certificate = nullptr);
  RequestAttributes(const RequestAttributes&) = delete;
  RequestAttributes& operator=(const RequestAttributes&) = delete;

  std::span<const Attribute> list() const { return list_; }

 private:
  void Add(std::string_view name, Source source);

  std::vector<std::vector<std::string_view>> values_;
  std::vector<Attribute> list_;
};

}  // namespace hpol::gateway
