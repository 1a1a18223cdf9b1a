#include "tests/gateway/dialect_world.h"

#include <openssl/sha.h>
#include <stdlib.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <thread>

#include "hpol/compile.h"

namespace hpol::gateway_tests {
namespace {

using nlohmann::json;

template <typename T>
T OrDie(Result<T> result, const char* what) {
  if (!result) {
    std::fprintf(stderr, "%s: %s\n", what, result.error().message.c_str());
    std::exit(1);
  }
  return *std::move(result);
}

std::string Sha256Hex(const std::string& text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  std::string hex;
  for (const unsigned char byte : digest) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

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
  static const std::shared_ptr<const Engine> engine = [] {
    Compilation compilation = CompileFile("tests/gateway/dialects.hpol");
    if (!compilation.ok) {
      std::fprintf(stderr, "%s\n", compilation.report.c_str());
      std::exit(1);
    }
    return OrDie(Engine::Make(std::move(compilation.program), "a key for tests"), "engine");
  }();
  return engine;
}

ReplayAnswer RecordedAnswer(const std::string& dialect, const std::string& request) {
  const bool asked = request.find("\"stream\":true") != std::string::npos ||
                     request.find("\"stream\": true") != std::string::npos ||
                     request.find("/converse-stream") != std::string::npos ||
                     request.find("x-dashscope-sse") != std::string::npos;
  return {Recording(dialect + (asked ? "_stream" : ""))};
}

DialectWorld::DialectWorld(const std::function<void(json&)>& change)
    : folder_(std::make_unique<demo::TempFolder>(OrDie(demo::TempFolder::Make(), "folder"))) {
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
    keys.push_back({{"name", name}, {"sha256", Sha256Hex("sk-" + name)}, {"attributes", {{"place", name}}}});
  }
  json config = {{"listen", {{"port", 0}, {"threads", 2}}},
                 {"keys_file", "keys.json"},
                 {"targets", targets},
                 {"receipts", {{"file", "receipts.jsonl"}}},
                 {"limits", {{"first_byte_ms", 400}, {"idle_ms", 1500}, {"connect_ms", 500}}}};
  if (change) change(config);
  OrDie(demo::WritePrivateFile(folder_->File("keys.json"), keys.dump()), "keys.json");
  GatewayConfig read =
      OrDie(ParseGatewayConfig(config.dump(2), folder_->File("gateway.json"), DialectEngine()->tables()),
            "gateway.json");
  gateway_ = OrDie(Gateway::Start(DialectEngine(), std::move(read), nullptr), "gateway");
}

DialectWorld::~DialectWorld() { gateway_->Stop(std::chrono::milliseconds(200)); }

std::string DialectWorld::Receipts() const {
  std::ostringstream text;
  text << std::ifstream(folder_->File("receipts.jsonl")).rdbuf();
  return std::move(text).str();
}

json DialectWorld::LastReceipt(size_t number) const {
  for (int i = 0; i < 400; ++i) {
    std::istringstream lines(Receipts());
    std::string line, last;
    size_t count = 0;
    while (std::getline(lines, line)) {
      last = line;
      ++count;
    }
    if (count >= number) return json::parse(last, nullptr, false);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return nullptr;
}

}  // namespace hpol::gateway_tests
