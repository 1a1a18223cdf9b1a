#include "tests/gateway/test_gateway.h"

#include <openssl/sha.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

namespace hpol::gateway_tests {
namespace {

using nlohmann::json;

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

}  // namespace

std::shared_ptr<const Engine> EngineOf(Compilation compilation) {
  if (!compilation.ok) {
    std::fprintf(stderr, "%s\n", compilation.report.c_str());
    std::exit(1);
  }
  return OrDie(Engine::Make(std::move(compilation.program), "a key for tests"), "engine");
}

json KeyOf(const std::string& name, const std::string& key, const json& attributes) {
  return {{"name", name}, {"sha256", Sha256Hex(key)}, {"attributes", attributes}};
}

void TestGateway::Start(const std::shared_ptr<const Engine>& engine, const json& config, const json& keys,
                        const std::function<Result<bool>()>& reload) {
  OrDie(demo::WritePrivateFile(File("keys.json"), keys.dump()), "keys.json");
  config_ = config.dump(2);
  gateway_ = OrDie(Gateway::Start(engine, Config(engine->tables()), reload), "gateway");
}

void TestGateway::Stop() {
  gateway_->Stop(std::chrono::milliseconds(200));
  gateway_ = nullptr;
}

GatewayConfig TestGateway::Config(const ir::Tables& tables) const {
  return OrDie(ParseGatewayConfig(config_, File("gateway.json"), tables), "gateway.json");
}

std::string TestGateway::Receipts() const {
  std::ostringstream text;
  text << std::ifstream(File("receipts.jsonl")).rdbuf();
  return std::move(text).str();
}

json TestGateway::WaitFor(const std::function<std::optional<json>(const Lines&)>& find) const {
  for (int i = 0; i < 400; ++i) {
    std::istringstream text(Receipts());
    Lines lines;
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    if (std::optional<json> found = find(lines)) return *std::move(found);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return nullptr;
}

json TestGateway::ReceiptOf(const std::string& request_id) const {
  return WaitFor([&](const Lines& lines) -> std::optional<json> {
    for (const std::string& line : lines) {
      json receipt = json::parse(line, nullptr, false);
      if (receipt.is_object() && receipt["request_id"] == request_id) return receipt;
    }
    return std::nullopt;
  });
}

json TestGateway::LastReceipt(size_t number) const {
  return WaitFor([&](const Lines& lines) -> std::optional<json> {
    if (lines.size() < number || lines.empty()) return std::nullopt;
    return json::parse(lines.back(), nullptr, false);
  });
}

}  // namespace hpol::gateway_tests
