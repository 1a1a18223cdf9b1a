#include "tests/gateway/world.h"

#include <stdlib.h>

#include <fstream>
#include <sstream>

#include "hpol/compile.h"

namespace hpol::gateway_tests {
namespace {

using nlohmann::json;

json Key(const char* key, const json& attributes) {
  return KeyOf(std::string(key).substr(3), key, attributes);
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
  static const std::shared_ptr<const Engine> engine = EngineOf(CompileFile("policies/examples/acme.hpol"));
  return engine;
}

std::shared_ptr<const Engine> ExampleEngineWith(const std::string& more) {
  std::ostringstream text;
  text << std::ifstream("policies/examples/acme.hpol").rdbuf() << more;
  return EngineOf(CompileText("acme.hpol", std::move(text).str()));
}

World::World(WorldOptions options) {
  const demo::Certificates certificates = OrDie(demo::MakeSelfSigned(folder()), "certificates");
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
  Start(options.engine != nullptr ? options.engine : ExampleEngine(), config, Keys(), options.reload);
}

World::~World() { Stop(); }

bool World::AnyoneReceived(const std::string& text) const {
  for (const demo::ModelServer* server : {qwen_.get(), deepseek_.get(), cloud_.get()}) {
    if (server->received().find(text) != std::string::npos) return true;
  }
  return false;
}

}  // namespace hpol::gateway_tests
