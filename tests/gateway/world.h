// The little world of the gateway's tests: the example policy, two private servers and a
// cloud one that record every byte, and a gateway before them.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "adapters/demo/model_server.h"
#include "tests/gateway/test_gateway.h"

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

class World : public TestGateway {
 public:
  // Ends the test program when it cannot be made: nothing here can be tested then.
  explicit World(WorldOptions options = {});
  ~World();

  demo::ModelServer& qwen() { return *qwen_; }
  demo::ModelServer& deepseek() { return *deepseek_; }
  demo::ModelServer& cloud() { return *cloud_; }
  // Whether any of the three has seen it.
  bool AnyoneReceived(const std::string& text) const;

 private:
  std::unique_ptr<demo::ModelServer> qwen_, deepseek_, cloud_;
};

// The example policy, compiled once for the whole program.
std::shared_ptr<const Engine> ExampleEngine();
// The same with more text behind it.
std::shared_ptr<const Engine> ExampleEngineWith(const std::string& more);

}  // namespace hpol::gateway_tests
