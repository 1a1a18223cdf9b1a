// A gateway as a program: signals, files that are watched, and policies that come and go. What `hpol serve`
// and `hpol-gateway` share; they differ in where a policy comes from.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hpol/gateway.h"

namespace hpol::gateway {

// A policy that may be served, with the configuration that was read for it.
struct ServedPolicy {
  std::shared_ptr<const Engine> engine;
  GatewayConfig config;
  bool revokes = false;
  std::string name;  // what is served, for people
};

struct Serving {
  // Reads everything anew. Called at the start, and on SIGHUP, `POST /admin/reload` and changed files.
  std::function<Result<ServedPolicy>()> load;
  std::vector<std::string> watched;  // files; a change of one of them is a reload
  std::optional<uint16_t> port;      // instead of the configuration's
  int grace_seconds = 30;
  bool check_only = false;  // load once, and end
};

// Until SIGINT or SIGTERM. An error says why it could not begin.
Result<bool> Serve(const Serving& serving);

// The text of a gateway.json, parsed for `tables`; warnings go to stderr.
Result<GatewayConfig> ReadGatewayConfig(const std::string& path, const ir::Tables& tables);

}  // namespace hpol::gateway
