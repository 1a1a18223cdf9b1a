#include "tests/gateway/dialect_world.h"

#include <stdlib.h>

#include "hpol/compile.h"

namespace hpol::gateway_tests {
namespace {

using nlohmann::json;

json TargetOf(const std::string& name, uint16_t port) {
  const std::string start = "http://127.0.0.1:" + std::to_string(port);
  if (name == "home") return {{"url", start + "/v1"}, {"model", "m-home"}};
  json target = {{"dialect", name}, {"model", "m-" + name}, {"api_key_env", "HPOL_TEST_KEY"}};
  const bool bare = name == "azure" || name == "bedrock" || name == "ollama";
  target["url"] = start + (bare ? "" : "/v1");
  if (name == "bedrock") {
    target.erase("api_key_env");
    target.update(
        {{"region", "us-east-1"}, {"access_key_env", "HPOL_TEST_KEY"}, {"secret_key_env", "HPOL_TEST_KEY"}});
  }
  return target;
}

}  // namespace

std::shared_ptr<const Engine> DialectEngine() {
  static const std::shared_ptr<const Engine> engine = EngineOf(CompileFile("tests/gateway/dialects.hpol"));
  return engine;
}

ReplayAnswer RecordedAnswer(const std::string& dialect, const std::string& request) {
  const bool asked = request.find("\"stream\":true") != std::string::npos ||
                     request.find("\"stream\": true") != std::string::npos ||
                     request.find("/converse-stream") != std::string::npos ||
                     request.find("x-dashscope-sse") != std::string::npos;
  return {Recording(dialect + (asked ? "_stream" : ""))};
}

DialectWorld::DialectWorld(const std::function<void(json&)>& change) {
  ::setenv("HPOL_TEST_KEY", "credential-of-ours", 1);
  json keys = json::array();
  json targets = json::object();
  std::vector<std::string> names = kDialects;
  names.push_back("home");
  for (const std::string& name : names) {
    const std::string recording = name == "home" ? "openai" : name;
    servers_[name] = std::make_unique<ReplayServer>(
        [recording](const std::string& request) { return RecordedAnswer(recording, request); });
    targets[name] = TargetOf(name, servers_[name]->port());
  }
  names.push_back("any");
  for (const std::string& name : names) {
    keys.push_back(KeyOf(name, "sk-" + name, {{"place", name}}));
  }
  json config = {{"listen", {{"port", 0}, {"threads", 2}}},
                 {"keys_file", "keys.json"},
                 {"targets", targets},
                 {"receipts", {{"file", "receipts.jsonl"}}},
                 {"limits", {{"first_byte_ms", 400}, {"idle_ms", 1500}, {"connect_ms", 500}}}};
  if (change) change(config);
  Start(DialectEngine(), config, keys);
}

DialectWorld::~DialectWorld() { Stop(); }

}  // namespace hpol::gateway_tests
