// The door for whoever serves a policy over HTTP: an OpenAI-speaking gateway that lets an
// Engine decide where each request may go, and sends it there.
//
//   auto config = hpol::ParseGatewayConfig(text, "gateway.json", engine->tables());
//   if (!config) return Fatal(config.error());
//   auto gateway = hpol::Gateway::Start(engine, *std::move(config));
//   if (!gateway) return Fatal(gateway.error());
//   … until told to stop …
//   (*gateway)->Stop(std::chrono::seconds(10));
//
// gateway.json holds the facts of a deployment (addresses, keys, where attributes come
// from), never policy; adapters/gateway/README.md is its reference. Nothing here throws.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hpol/engine.h"
#include "hpol/result.h"

namespace hpol {

namespace gateway {
struct Settings;
}

// A gateway.json that was read and agrees with a policy. Copies share it; immutable but
// for the port.
class GatewayConfig {
 public:
  // What a careful operator should know, one line each, pointing into the file.
  const std::vector<std::string>& warnings() const { return warnings_; }

  const std::string& host() const;
  uint16_t port() const { return port_; }
  // Listens elsewhere than the file says; 0 takes a free port.
  void set_port(uint16_t port) { port_ = port; }

  const gateway::Settings& settings() const { return *settings_; }

 private:
  friend Result<GatewayConfig> ParseGatewayConfig(std::string_view, const std::string&, const ir::Tables&);
  friend class Gateway;
  GatewayConfig() = default;
  std::shared_ptr<const gateway::Settings> settings_;
  std::vector<std::string> warnings_;
  uint16_t port_ = 0;
};

// Reads `text`, the contents of the file at path `file`. Relative paths inside are looked
// up in that file's folder; the key file is read, and the environment variables that hold
// the targets' credentials. Errors have one line per mistake: `file:line:column: /pointer:
// what is wrong`. Unknown keys are mistakes, and so is anything that would make the
// policy's `tables` mean something else than their author thinks: a target without an
// address, an address outside its zone's `hosts`, plain HTTP where TLS is required, an
// attribute that can never have its declared source.
Result<GatewayConfig> ParseGatewayConfig(std::string_view text, const std::string& file,
                                         const ir::Tables& tables);

// Serves until stopped. One io_context and one thread per listener, all on one port.
class Gateway {
 public:
  // Accepts connections when it returns. Fails when the port cannot be had, when the
  // receipt file cannot be opened, or when `config` was parsed for another policy.
  // `reload` is what `POST /admin/reload` calls, on a thread of its own, never twice at a time: it should
  // end in Replace or Refused. Without it that path does nothing.
  static Result<std::unique_ptr<Gateway>> Start(std::shared_ptr<const Engine> engine, GatewayConfig config,
                                                std::function<Result<bool>()> reload = nullptr);

  // Puts another policy in force for every request from now on. Those in flight end under the one that they
  // began with; with `revokes` they end at once: nothing more is sent to a target, and streams break off.
  // Fails, and changes nothing, when the two do not belong together. Where to listen and where receipts go
  // stay as they were. From any thread, one at a time.
  Result<bool> Replace(std::shared_ptr<const Engine> engine, GatewayConfig config, bool revokes = false);
  // Says in log and metrics that another policy was to come and is not fit to: the old one stays.
  void Refused(const std::string& why);

  // Stops at once if Stop was not called.
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  uint16_t port() const;

  // Stops accepting, lets requests in flight finish for up to `grace`, cuts what is left,
  // and writes the last receipts. Returns when all threads have ended. Safe to call
  // again; not from several threads at once.
  void Stop(std::chrono::milliseconds grace);

 private:
  struct Impl;
  explicit Gateway(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// No core dumps and no reading of this process' memory by others of the same user
// (PR_SET_DUMPABLE 0). To be called by the serving program before it reads a request;
// false when the system refuses.
bool ForbidMemoryDumps();

}  // namespace hpol
