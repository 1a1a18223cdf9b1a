// A gateway before one replaying server of every dialect: tests/gateway/dialects.hpol. A caller's key
// `sk-DIALECT` sends to that one, `sk-any` tries all, `sk-home` stays with the trusted one.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/gateway/replay_server.h"
#include "tests/gateway/test_gateway.h"

namespace hpol::gateway_tests {

inline const std::vector<std::string> kDialects = {"openai", "azure",   "gemini",   "anthropic",
                                                   "ollama", "bedrock", "dashscope"};

std::shared_ptr<const Engine> DialectEngine();

class DialectWorld : public TestGateway {
 public:
  // Answers of servers are their recordings until a test says otherwise. `change` may rewrite gateway.json.
  explicit DialectWorld(const std::function<void(nlohmann::json&)>& change = {});
  ~DialectWorld();

  // `home` or a dialect.
  ReplayServer& server(const std::string& name) { return *servers_.at(name); }

 private:
  std::map<std::string, std::unique_ptr<ReplayServer>> servers_;
};

// The recorded answer that a request asks for: `DIALECT` or `DIALECT_stream`.
ReplayAnswer RecordedAnswer(const std::string& dialect, const std::string& request);

}  // namespace hpol::gateway_tests
