// Sets the demo up; see stage.h.
#include "adapters/demo/stage.h"

#include <openssl/sha.h>
#include <stdlib.h>

#include <algorithm>
#include <cassert>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>
#include <thread>

#include "hpol/compile.h"
#include "hpol/engine.h"

namespace hpol::demo {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kCloudKeyVariable[] = "HPOL_DEMO_CLOUD_KEY";
constexpr char kCloudKey[] = "key-of-the-cloud-account";

// Which server stands for which target of acme.hpol, and by which model name.
struct TargetFact {
  const char* target;
  const char* server;
  const char* model;
};
constexpr TargetFact kTargets[] = {
    {"qwen72b", "qwen72b", "qwen2.5-72b-instruct"},
    {"deepseek", "deepseek", "deepseek-v3"},
    {"gpt4o", "cloud", "gpt-4o-2024-08-06"},
    {"gpt4o_mini", "cloud", "gpt-4o-mini-2024-07-18"},
};

std::string Sha256Hex(const std::string& text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  constexpr char kHex[] = "0123456789abcdef";
  std::string hex;
  for (const unsigned char byte : digest) {
    hex += kHex[byte >> 4];
    hex += kHex[byte & 15];
  }
  return hex;
}

std::string KeysJson() {
  Json keys = Json::array();
  for (const Person& person : People()) {
    Json attributes = Json::object();
    if (!person.department.empty()) attributes["department"] = person.department;
    if (!person.application.empty()) attributes["application"] = person.application;
    if (!person.region.empty()) attributes["region"] = person.region;
    keys.push_back({{"name", person.name}, {"sha256", Sha256Hex(person.key)}, {"attributes", attributes}});
  }
  return keys.dump(2);
}

Result<std::shared_ptr<const Engine>> CompileEngine(const StageOptions& options) {
  Compilation compilation = CompileFile(options.policy, {.color = options.color});
  if (!compilation.ok) return Error{compilation.report};
  return Engine::Make(std::move(compilation.program));
}

}  // namespace

const std::vector<Person>& People() {
  static const std::vector<Person> people = {
      {"marketing-us", "demo-marketing-us", "marketing", "copywriting", "us"},
      {"marketing-eu", "demo-marketing-eu", "marketing", "copywriting", "eu"},
      {"assistant-us", "demo-assistant-us", "marketing", "assistant", "us"},
      {"engineering", "demo-engineering", "engineering", "assistant", "us"},
      {"legal", "demo-legal", "legal", "website_chat", "us"},
      {"newcomer", "demo-newcomer", "", "", ""},
  };
  return people;
}

const Person& PersonNamed(const std::string& name) {
  const auto found =
      std::find_if(People().begin(), People().end(), [&](const Person& p) { return p.name == name; });
  assert(found != People().end());
  return *found;
}

Result<std::unique_ptr<Stage>> Stage::Set(const StageOptions& options) {
  Result<TempFolder> folder = TempFolder::Make();
  if (!folder) return folder.error();
  std::unique_ptr<Stage> stage(new Stage(*std::move(folder)));
  Result<uint16_t> started = stage->StartServers(options.delay_ms);
  if (started) started = stage->StartGateway(options);
  if (!started) return started.error();
  return stage;
}

Stage::~Stage() { Strike(); }

void Stage::Strike() {
  if (gateway_) gateway_->Stop(std::chrono::milliseconds(500));
  for (const auto& [name, server] : servers_) server->Stop();
}

Result<uint16_t> Stage::StartServers(int delay_ms) {
  const Result<Certificates> certificates = MakeSelfSigned(folder_.path());
  if (!certificates) return certificates.error();
  certificates_ = *certificates;
  for (const char* name : {"qwen72b", "deepseek", "cloud"}) {
    ModelServerOptions options;
    options.name = name;
    options.delay_ms = delay_ms;
    for (const TargetFact& fact : kTargets)
      if (fact.server == options.name) options.models.emplace_back(fact.model);
    if (options.name == "cloud") {
      options.tls = true;
      options.cert_file = certificates_.cert_file;
      options.key_file = certificates_.key_file;
      options.api_key = kCloudKey;
    }
    Result<std::unique_ptr<ModelServer>> server = ModelServer::Start(std::move(options));
    if (!server) return server.error();
    servers_[name] = *std::move(server);
  }
  return uint16_t{0};
}

Result<std::string> Stage::WriteConfiguration(const StageOptions& options) {
  Json targets = Json::object();
  for (const TargetFact& fact : kTargets) {
    const std::string port = std::to_string(servers_[fact.server]->port());
    const bool cloud = std::string_view(fact.server) == "cloud";
    Json& target = targets[fact.target];
    const auto said = options.dialects.find(fact.server);
    const std::string dialect = said == options.dialects.end() ? "openai" : said->second;
    target["url"] =
        (cloud ? "https://localhost:" : "http://127.0.0.1:") + port + (dialect == "ollama" ? "" : "/v1");
    target["model"] = fact.model;
    target["dialect"] = dialect;
    if (!cloud) continue;
    target["ca_file"] = "ca.pem";
    target["api_key_env"] = kCloudKeyVariable;
  }
  const Json config = {
      {"listen", {{"host", "127.0.0.1"}, {"port", 0}}},
      {"keys_file", "keys.json"},
      {"attributes",
       {{"env", {{"value", "prod"}}}, {"purpose", {{"header", "x-purpose"}, {"source", "caller"}}}}},
      {"targets", targets},
      {"receipts", {{"file", "receipts.jsonl"}}},
      {"limits", {{"first_byte_ms", 5000}, {"idle_ms", 10000}}}};
  const Result<std::string> keys = WritePrivateFile(folder_.File("keys.json"), KeysJson());
  if (!keys) return keys.error();
  // The gateway reads its credential for the cloud from the environment, as in production.
  setenv(kCloudKeyVariable, kCloudKey, 1);
  const std::string text = config.dump(2);
  const Result<std::string> file = WritePrivateFile(folder_.File("gateway.json"), text);
  if (!file) return file.error();
  return text;
}

Result<uint16_t> Stage::StartGateway(const StageOptions& options) {
  const Result<std::shared_ptr<const Engine>> engine = CompileEngine(options);
  if (!engine) return engine.error();
  const Result<std::string> text = WriteConfiguration(options);
  if (!text) return text.error();
  Result<GatewayConfig> config = ParseGatewayConfig(*text, folder_.File("gateway.json"), (*engine)->tables());
  if (!config) return config.error();
  config->set_port(options.port);
  Result<std::unique_ptr<Gateway>> gateway = Gateway::Start(*engine, *std::move(config));
  if (!gateway) return gateway.error();
  gateway_ = *std::move(gateway);
  return gateway_->port();
}

ModelServer* Stage::server(const std::string& name) {
  const auto found = servers_.find(name);
  return found == servers_.end() ? nullptr : found->second.get();
}

ModelServer* Stage::server_of_target(const std::string& target) {
  for (const TargetFact& fact : kTargets)
    if (fact.target == target) return server(fact.server);
  return nullptr;
}

std::string Stage::ReceiptOf(const std::string& request_id) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  do {
    std::ifstream file(folder_.File("receipts.jsonl"), std::ios::binary);
    file.seekg(static_cast<std::streamoff>(receipts_read_));
    for (std::string line; std::getline(file, line) && !file.eof();) {
      receipts_read_ += line.size() + 1;
      const Json receipt = Json::parse(line, nullptr, /*allow_exceptions=*/false);
      if (receipt.is_object()) receipts_[receipt.value("request_id", "")] = line;
    }
    const auto found = receipts_.find(request_id);
    if (found != receipts_.end()) return found->second;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  } while (std::chrono::steady_clock::now() < deadline);
  return {};
}

std::string FindExamplePolicy() {
  constexpr char kExample[] = "policies/examples/acme.hpol";
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  for (const std::filesystem::path& root :
       {program.parent_path() / ".." / "..", std::filesystem::path(HPOL_SOURCE_DIR)}) {
    const std::filesystem::path file = root / kExample;
    if (std::filesystem::exists(file, error)) return file.lexically_normal().string();
  }
  return {};
}

}  // namespace hpol::demo
