// What every gateway under test is: one in a folder of its own, with its keys, its gateway.json and its
// receipts. World and DialectWorld say what stands behind it. What cannot be made ends the test program:
// nothing can be tested then.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "adapters/demo/certificates.h"
#include "hpol/compile.h"
#include "hpol/gateway.h"

namespace hpol::gateway_tests {

template <typename T>
T OrDie(Result<T> result, const char* what) {
  if (!result) {
    std::fprintf(stderr, "%s: %s\n", what, result.error().message.c_str());
    std::exit(1);
  }
  return *std::move(result);
}

std::shared_ptr<const Engine> EngineOf(Compilation compilation);

// A record of the key file.
nlohmann::json KeyOf(const std::string& name, const std::string& key, const nlohmann::json& attributes);

class TestGateway {
 public:
  TestGateway(const TestGateway&) = delete;
  TestGateway& operator=(const TestGateway&) = delete;

  uint16_t port() const { return gateway_->port(); }
  Gateway& gateway() { return *gateway_; }
  // The configuration, read anew for a policy.
  GatewayConfig Config(const ir::Tables& tables) const;
  // The path of a file in the folder.
  std::string File(const std::string& name) const { return folder_.File(name); }

  // All receipts so far, as text.
  std::string Receipts() const;
  // Both are waited for; null when none comes. Of the request with this id:
  nlohmann::json ReceiptOf(const std::string& request_id) const;
  // The last one, once there are so many.
  nlohmann::json LastReceipt(size_t number) const;

 protected:
  TestGateway() : folder_(OrDie(demo::TempFolder::Make(), "folder")) {}
  ~TestGateway() = default;

  const std::string& folder() const { return folder_.path(); }
  // `config` is gateway.json, with "keys.json" and "receipts.jsonl" in it.
  void Start(const std::shared_ptr<const Engine>& engine, const nlohmann::json& config,
             const nlohmann::json& keys, const std::function<Result<bool>()>& reload = nullptr);
  // Must be called while the servers behind it are still there.
  void Stop();

 private:
  using Lines = std::vector<std::string>;
  nlohmann::json WaitFor(const std::function<std::optional<nlohmann::json>(const Lines&)>& find) const;

  demo::TempFolder folder_;
  std::string config_;
  std::unique_ptr<Gateway> gateway_;
};

}  // namespace hpol::gateway_tests
