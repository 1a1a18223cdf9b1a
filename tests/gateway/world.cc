#include "tests/gateway/world.h"

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

json Key(const char* key, const json& attributes) {
  return {{"name", std::string(key).substr(3)}, {"sha256", Sha256Hex(key)}, {"attributes", attributes}};
}

json Keys() {
  return {
      Key(kCopywriter, {{"department", "marketing"}, {"application", "copywriting"}, {"region", "us"}}),
      Key(kAssistant, {{"department", "marketing"}, {"application", "assistant"}, {"region", "us"}}),
      Key(kLegal, {{"department", "legal"}, {"application", "website_chat"}, {"region", "us"}}),
      Key(kBare, json::object()),
  };
}

std::unique_ptr<demo::ModelServer> Server(const char* name, const demo::Certificates* certificates) {
  demo::ModelServerOptions options;
  options.name = name;
  if (certificates != nullptr) {
    options.tls = true;
    options.cert_file = certificates->cert_file;
    options.key_file = certificates->key_file;
    options.api_key = "cloud-credential";
  }
  return OrDie(demo::ModelServer::Start(options), name);
}

}  // namespace

std::shared_ptr<const Engine> ExampleEngine() {
  static const std::shared_ptr<const Engine> engine = [] {
    Compilation compilation = CompileFile("policies/examples/acme.hpol");
    if (!compilation.ok) {
      std::fprintf(stderr, "%s\n", compilation.report.c_str());
      std::exit(1);
    }
    return OrDie(Engine::Make(std::move(compilation.program), "a key for tests"), "engine");
  }();
  return engine;
}

std::shared_ptr<const Engine> ExampleEngineWith(const std::string& more) {
  std::ostringstream text;
  text << std::ifstream("policies/examples/acme.hpol").rdbuf() << more;
  Compilation compilation = CompileText("acme.hpol", std::move(text).str());
  if (!compilation.ok) {
    std::fprintf(stderr, "%s\n", compilation.report.c_str());
    std::exit(1);
  }
  return OrDie(Engine::Make(std::move(compilation.program), "a key for tests"), "engine");
}

World::World(WorldOptions options)
    : folder_(std::make_unique<demo::TempFolder>(OrDie(demo::TempFolder::Make(), "folder"))) {
  const demo::Certificates certificates = OrDie(demo::MakeSelfSigned(folder_->path()), "certificates");
  qwen_ = Server("qwen72b", nullptr);
  deepseek_ = Server("deepseek", nullptr);
  cloud_ = Server("cloud", &certificates);
  ::setenv("HPOL_TEST_CLOUD_KEY", "cloud-credential", 1);
  const std::string local = "http://127.0.0.1:";
  const std::string cloud_url = options.cloud_url.empty()
                                    ? "https://localhost:" + std::to_string(cloud_->port()) + "/v1"
                                    : options.cloud_url;
  const auto cloud = [&](const char* model) {
    return json{{"url", cloud_url},
                {"model", model},
                {"api_key_env", "HPOL_TEST_CLOUD_KEY"},
                {"ca_file", certificates.ca_file}};
  };
  json config = {
      {"listen", {{"port", 0}, {"threads", options.threads}}},
      {"trusted_peers", json::parse(options.trusted_peers)},
      {"keys_file", "keys.json"},
      {"attributes",
       {{"env", {{"value", "prod"}}},
        {"department", {{"header", "x-department"}, {"source", "identity"}}},
        {"application", {{"header", "x-application"}, {"source", "identity"}}},
        {"region", {{"header", "x-region"}, {"source", "identity"}}},
        {"purpose", {{"header", "x-purpose"}, {"source", "caller"}}}}},
      {"targets",
       {{"qwen72b",
         {{"url", local + std::to_string(qwen_->port()) + "/v1"}, {"model", "qwen2.5-72b-instruct"}}},
        {"deepseek", {{"url", local + std::to_string(deepseek_->port()) + "/v1"}, {"model", "deepseek-v3"}}},
        {"gpt4o", cloud("gpt-4o")},
        {"gpt4o_mini", cloud("gpt-4o-mini")}}},
      {"receipts", {{"file", "receipts.jsonl"}}},
      {"admins", options.admins},
      {"limits", options.limits}};
  if (!options.conversations.is_null()) config["conversations"] = options.conversations;
  OrDie(demo::WritePrivateFile(folder_->File("keys.json"), Keys().dump()), "keys.json");
  config_ = config.dump(2);
  const std::shared_ptr<const Engine> engine = options.engine != nullptr ? options.engine : ExampleEngine();
  gateway_ = OrDie(Gateway::Start(engine, Config(engine->tables()), options.reload), "gateway");
}

GatewayConfig World::Config(const ir::Tables& tables) const {
  return OrDie(ParseGatewayConfig(config_, folder_->File("gateway.json"), tables), "gateway.json");
}

World::~World() { gateway_->Stop(std::chrono::milliseconds(200)); }

bool World::AnyoneReceived(const std::string& text) const {
  for (const demo::ModelServer* server : {qwen_.get(), deepseek_.get(), cloud_.get()}) {
    if (server->received().find(text) != std::string::npos) return true;
  }
  return false;
}

std::string World::Receipts() const {
  std::ostringstream text;
  text << std::ifstream(folder_->File("receipts.jsonl")).rdbuf();
  return std::move(text).str();
}

json World::ReceiptOf(const std::string& request_id) const {
  for (int i = 0; i < 400; ++i) {
    std::istringstream lines(Receipts());
    for (std::string line; std::getline(lines, line);) {
      const json receipt = json::parse(line, nullptr, false);
      if (receipt.is_object() && receipt["request_id"] == request_id) return receipt;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return nullptr;
}

}  // namespace hpol::gateway_tests
