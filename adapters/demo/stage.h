// The demo's little world: three model servers, a gateway with the example policy before them, API
// keys of different people, and the gateway's receipts. The tour and the machine mode play on it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/demo/certificates.h"
#include "adapters/demo/model_server.h"
#include "hpol/gateway.h"
#include "hpol/result.h"

namespace hpol::demo {

// Someone who may call the gateway. In a real deployment only the key's hash is known to it.
struct Person {
  std::string name;  // also the name of the key record
  std::string key;
  std::string department, application, region;  // empty: the key record does not say
};
const std::vector<Person>& People();
const Person& PersonNamed(const std::string& name);  // must exist

struct StageOptions {
  std::string policy;  // path of acme.hpol
  uint16_t port = 0;   // of the gateway; 0 takes a free one
  bool color = false;  // in the compiler's report
  int delay_ms = 0;    // of the model servers
  // What a server speaks, by its name: openai (if not said), anthropic or ollama.
  std::map<std::string, std::string> dialects{};
};

class Stage {
 public:
  // Compiles the policy, starts servers and gateway. Errors are for a person to read.
  static Result<std::unique_ptr<Stage>> Set(const StageOptions& options);
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  uint16_t port() const { return gateway_->port(); }
  std::string base_url() const { return "http://127.0.0.1:" + std::to_string(port()) + "/v1"; }

  // Servers by name: qwen72b, deepseek (private) and cloud. Null for another name.
  ModelServer* server(const std::string& name);
  const std::map<std::string, std::unique_ptr<ModelServer>>& servers() const { return servers_; }
  // The server behind a target of the policy. Null for another name.
  ModelServer* server_of_target(const std::string& target);

  // The receipt of a request, as its JSON line; empty when none came within two seconds.
  std::string ReceiptOf(const std::string& request_id);
  // Takes what `hpol-demo` made down in the right order: gateway first.
  void Strike();

 private:
  explicit Stage(TempFolder folder) : folder_(std::move(folder)) {}
  Result<uint16_t> StartServers(int delay_ms);
  Result<uint16_t> StartGateway(const StageOptions& options);
  Result<std::string> WriteConfiguration(const StageOptions& options);

  TempFolder folder_;
  Certificates certificates_;
  std::map<std::string, std::unique_ptr<ModelServer>> servers_;
  std::unique_ptr<Gateway> gateway_;
  size_t receipts_read_ = 0;
  std::map<std::string, std::string> receipts_;
};

// acme.hpol beside the program (build/bin/../..) or in the source tree; empty when it is in neither.
std::string FindExamplePolicy();

}  // namespace hpol::demo
