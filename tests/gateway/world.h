// The little world of the gateway's tests: the example policy, two private servers and a
// cloud one that record every byte, and a gateway before them.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "adapters/demo/certificates.h"
#include "adapters/demo/model_server.h"
#include "hpol/gateway.h"

namespace hpol::gateway_tests {

// Keys of the world, by what their record says. `kBare` says nothing.
inline constexpr char kCopywriter[] = "sk-copywriter";  // public floor, may go to the cloud
inline constexpr char kAssistant[] = "sk-assistant";    // internal floor, stays home
inline constexpr char kLegal[] = "sk-legal";            // confidential, stays home
inline constexpr char kBare[] = "sk-bare";

struct WorldOptions {
  std::string trusted_peers = R"(["127.0.0.1/32"])";
  nlohmann::json limits = {{"first_byte_ms", 400}, {"idle_ms", 1500}, {"connect_ms", 500}};
  std::string cloud_url{};  // where the configuration says the cloud is; empty: where it is
  int threads = 2;
  nlohmann::json admins = nlohmann::json::array();  // names of key records
  nlohmann::json conversations = nullptr;           // null: no such section
  std::function<Result<bool>()> reload = nullptr;   // what POST /admin/reload does
  std::shared_ptr<const Engine> engine = nullptr;   // of another policy with the same targets and inputs
};

class World {
 public:
  // Ends the test program when it cannot be made: nothing here can be tested then.
  explicit World(WorldOptions options = {});
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  uint16_t port() const { return gateway_->port(); }
  Gateway& gateway() { return *gateway_; }
  // The configuration, read anew for a policy.
  GatewayConfig Config(const ir::Tables& tables) const;

  demo::ModelServer& qwen() { return *qwen_; }
  demo::ModelServer& deepseek() { return *deepseek_; }
  demo::ModelServer& cloud() { return *cloud_; }
  // Whether any of the three has seen it.
  bool AnyoneReceived(const std::string& text) const;

  // The receipt of a request, waited for; null when none comes.
  nlohmann::json ReceiptOf(const std::string& request_id) const;
  // All receipts so far, as text.
  std::string Receipts() const;

 private:
  std::unique_ptr<demo::TempFolder> folder_;
  std::unique_ptr<demo::ModelServer> qwen_, deepseek_, cloud_;
  std::string config_;
  std::unique_ptr<Gateway> gateway_;
};

// The example policy, compiled once for the whole program.
std::shared_ptr<const Engine> ExampleEngine();
// The same with more text behind it.
std::shared_ptr<const Engine> ExampleEngineWith(const std::string& more);

}  // namespace hpol::gateway_tests
