#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "adapters/gateway/config_sections.h"
#include "adapters/gateway/tables_for_test.h"
#include "hpol/gateway.h"

namespace hpol::gateway {
namespace {

constexpr const char* kDigest = "7949c817e88f8c463888a4ff094a2d651b7a28b26a595a244f3c8ad55a8c734a";

// A folder with a key file, and gateway.json text with parts to replace.
class ConfigTest : public testing::Test {
 protected:
  ConfigTest() : folder_(testing::TempDir() + "hpol_config_" + std::to_string(::getpid()) + "/") {
    std::filesystem::create_directories(folder_);
    WriteKeys(R"([{"name": "team-a", "sha256": ")" + std::string(kDigest) +
              R"(", "attributes": {"department": "marketing", "roles": ["admin"]}}])");
    ::setenv("HPOL_TEST_KEY", "secret", 1);
  }
  ~ConfigTest() override { std::filesystem::remove_all(folder_); }

  void WriteKeys(const std::string& text) { std::ofstream(folder_ + "keys.json") << text; }

  std::string Text() const {
    return "{" + listen_ + R"("trusted_peers": [)" + peers_ + "], " + access_ + R"("attributes": {)" +
           attributes_ + R"(}, "targets": {"qwen72b": )" + qwen_ + R"(, "gpt4o": )" + gpt_ + "}, " + more_ +
           R"("receipts": {"file": "receipts.jsonl"}})";
  }

  Result<GatewayConfig> Parse() {
    return ParseGatewayConfig(Text(), folder_ + "gateway.json", policy_.tables);
  }

  // The message of the one mistake, without file and place.
  std::string Mistake() {
    const Result<GatewayConfig> config = Parse();
    if (config) return "";
    const std::string& message = config.error().message;
    EXPECT_TRUE(message.starts_with(folder_)) << message;
    return message.substr(message.find(": ") + 2);
  }

  std::vector<std::string> Warnings() {
    const Result<GatewayConfig> config = Parse();
    EXPECT_TRUE(config.ok()) << (config ? "" : config.error().message);
    return config ? config->warnings() : std::vector<std::string>();
  }

  const TablesForTest policy_;
  const std::string folder_;
  std::string listen_ = R"("listen": {"port": 0, "threads": 2}, )";
  std::string peers_ = R"("127.0.0.1/32")";
  std::string access_ = R"("keys_file": "keys.json", )";
  std::string attributes_ =
      R"("env": {"value": "prod"}, "region": {"header": "x-acme-region", "source": "identity"},
         "purpose": {"header": "x-purpose", "source": "caller"})";
  std::string qwen_ = R"({"url": "http://127.0.0.1:9001/v1", "model": "qwen2.5-72b-instruct"})";
  std::string gpt_ =
      R"({"url": "https://api.example.com/v1/", "model": "gpt-4o", "api_key_env": "HPOL_TEST_KEY"})";
  std::string more_;
};

TEST_F(ConfigTest, ReadsEverything) {
  more_ = R"("limits": {"body_bytes": 1000, "idle_ms": 5},)";
  const Result<GatewayConfig> config = Parse();
  ASSERT_TRUE(config.ok()) << config.error().message;
  const Settings& settings = config->settings();
  EXPECT_EQ(settings.host, "127.0.0.1");
  EXPECT_EQ(settings.threads, 2u);
  EXPECT_EQ(settings.limits.body_bytes, 1000u);
  EXPECT_EQ(settings.limits.idle.count(), 5);
  EXPECT_EQ(settings.receipts_file, folder_ + "receipts.jsonl");
  ASSERT_EQ(settings.targets.size(), 2u);
  EXPECT_FALSE(settings.targets[0].tls);
  EXPECT_EQ(settings.targets[0].host, "127.0.0.1");
  EXPECT_EQ(settings.targets[0].port, 9001);
  EXPECT_EQ(settings.targets[0].path, "/v1");
  EXPECT_EQ(settings.targets[0].capacity, 64u);
  EXPECT_TRUE(settings.targets[1].tls);
  EXPECT_EQ(settings.targets[1].port, 443);
  EXPECT_EQ(settings.targets[1].authority, "api.example.com");
  EXPECT_EQ(settings.targets[1].path, "/v1");
  ASSERT_EQ(settings.targets[1].credentials.size(), 1u);
  EXPECT_EQ(settings.targets[1].credentials[0].secret, "secret");
  ASSERT_EQ(settings.keys.size(), 1u);
  EXPECT_EQ(settings.keys[0].digest[0], 0x79);
  EXPECT_EQ(settings.keys[0].attributes.size(), 2u);
  EXPECT_EQ(settings.single_headers, (std::vector<std::string>{"x-purpose", "x-acme-region"}));
  EXPECT_TRUE(config->warnings().empty()) << config->warnings()[0];
}

TEST_F(ConfigTest, PointsIntoTheFile) {
  listen_ = "\n  \"listen\": {\"prot\": 1},\n ";
  const Result<GatewayConfig> config = Parse();
  ASSERT_FALSE(config.ok());
  EXPECT_EQ(config.error().message,
            folder_ + "gateway.json:2:14: /listen/prot: no such key, did you mean `port`?");
}

TEST_F(ConfigTest, RefusesTargetsThatThePolicyDoesNotMean) {
  struct Case {
    const char* qwen;
    const char* mistake;
  };
  const Case cases[] = {
      {R"({"model": "qwen2.5-72b-x"})", "/targets/qwen72b: `url` is missing"},
      {R"({"url": "http://127.0.0.1:9001"})", "/targets/qwen72b: `model` is missing"},
      {R"({"url": "http://127.0.0.1:1", "model": "gpt-4o"})",
       "/targets/qwen72b/model: the policy declares the models of `qwen72b` as `qwen2.5-72b-*`"},
      {R"({"url": "http://10.0.0.1:1", "model": "qwen2.5-72b-x"})",
       "/targets/qwen72b/url: `10.0.0.1` is not among the hosts of zone `private`"},
      {R"({"url": "http://[::1]:1", "model": "qwen2.5-72b-x"})",
       "/targets/qwen72b/url: `::1` is not among the hosts of zone `private`"},
      {R"({"url": "http://[::ffff:127.0.0.1]:1", "model": "qwen2.5-72b-x"})",
       "/targets/qwen72b/url: `::ffff:127.0.0.1` is not among the hosts of zone `private`"},
      {R"({"url": "http://gpu.internal.evil.example", "model": "qwen2.5-72b-x"})",
       "/targets/qwen72b/url: `gpu.internal.evil.example` is not among the hosts of zone `private`"},
      {R"({"url": "http://127.0.0.1:1", "model": "qwen2.5-72b-x", "ca_file": "a.pem"})",
       "/targets/qwen72b/ca_file: has no meaning without https"},
      {R"({"url": "http://127.0.0.1:1", "model": "qwen2.5-72b-x", "api_key_env": "HPOL_NOT_SET"})",
       "/targets/qwen72b/api_key_env: the environment variable `HPOL_NOT_SET` is not set"},
      {R"({"url": "http://127.0.0.1:1", "modle": "qwen2.5-72b-x"})",
       "/targets/qwen72b: `model` is missing\n"},
  };
  for (const Case& c : cases) {
    qwen_ = c.qwen;
    const std::string mistake = Mistake();
    EXPECT_TRUE(mistake.starts_with(c.mistake)) << c.qwen << "\n" << mistake;
  }
}

TEST_F(ConfigTest, ReadsWhatATargetSpeaksAndHowItKnowsUs) {
  gpt_ = R"({"url": "https://api.example.com", "model": "m", "dialect": "bedrock", "region": "eu-central-1",
             "access_key_env": "HPOL_TEST_KEY", "secret_key_env": "HPOL_TEST_KEY"})";
  qwen_ = R"({"url": "http://127.0.0.1:1", "model": "qwen2.5-72b-x", "responses": false,
              "api_key_env": ["HPOL_TEST_KEY", "HPOL_TEST_KEY"]})";
  const Result<GatewayConfig> config = Parse();
  ASSERT_TRUE(config.ok()) << config.error().message;
  const TargetSettings& qwen = config->settings().targets[0];
  EXPECT_EQ(qwen.credentials.size(), 2u);
  EXPECT_FALSE(qwen.responses);
  const TargetSettings& bedrock = config->settings().targets[1];
  EXPECT_EQ(bedrock.dialect, dialect::Dialect::kBedrock);
  EXPECT_EQ(bedrock.region, "eu-central-1");
  ASSERT_EQ(bedrock.credentials.size(), 1u);
  EXPECT_EQ(bedrock.credentials[0].id, "secret");

  qwen_ = R"({"url": "http://127.0.0.1:1", "model": "qwen2.5-72b-x", "dialect": "openia"})";
  EXPECT_EQ(
      Mistake(),
      "/targets/qwen72b/dialect: one of openai, anthropic, azure, ollama, gemini, bedrock and dashscope is "
      "needed here");
  qwen_ = R"({"url": "http://127.0.0.1:1", "model": "qwen2.5-72b-x", "dialect": "bedrock", "region": "r",
              "access_key_env": "HPOL_TEST_KEY"})";
  EXPECT_EQ(Mistake(), "/targets/qwen72b: `secret_key_env` is missing");
}

TEST_F(ConfigTest, RefusesUrlsWithAnythingElseInThem) {
  for (const char* url :
       {"ftp://127.0.0.1", "http://", "http://u:p@127.0.0.1", "http://127.0.0.1/?a", "http://127.0.0.1/#a",
        "127.0.0.1", "http://127.0.0.1:0", "http://127.0.0.1:99999", "http://127.0.0.1:1x", "http://127.1",
        "http://[::1", "http://::1", "http://127.0.0.1/a/../b", "http://127.0.0.1/%61", "HTTP://127.0.0.1",
        "http://a b", "http://*.gpu.internal"}) {
    qwen_ = std::string(R"({"model": "qwen2.5-72b-x", "url": ")") + url + "\"}";
    EXPECT_TRUE(Mistake().starts_with("/targets/qwen72b/url: a URL such as")) << url;
  }
}

TEST_F(ConfigTest, DemandsTlsWhereTheZoneDoes) {
  gpt_ = R"({"url": "http://api.example.com", "model": "gpt-4o"})";
  EXPECT_EQ(Mistake(), "/targets/gpt4o/url: zone `cloud` says `tls required`, so this must be https");
}

TEST_F(ConfigTest, WarnsOfUnencryptedTraffic) {
  // Behind a name of a trusted zone somebody else may answer: plain HTTP is a mistake there.
  qwen_ = R"({"url": "http://a.gpu.internal", "model": "qwen2.5-72b-x"})";
  EXPECT_TRUE(
      Mistake().starts_with("/targets/qwen72b/url: zone `private` is trusted, so its targets must show"));
}

TEST_F(ConfigTest, TargetsOfTrustedZonesShowWhoTheyAre) {
  const std::string start = R"({"url": "https://a.gpu.internal", "model": "qwen2.5-72b-x")";
  const char* const pin = R"(, "pins": ["sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="]})";
  qwen_ = start + pin;
  const Result<GatewayConfig> config = Parse();
  ASSERT_TRUE(config.ok()) << config.error().message;
  ASSERT_EQ(config->settings().targets[0].pins.size(), 1u);
  EXPECT_EQ(config->settings().targets[0].pins[0][0], 0xe3);  // of the empty text
  qwen_ = start + R"(, "client_certificate": "c.pem", "client_key": "k.pem", "ca_file": "ca.pem"})";
  EXPECT_TRUE(Parse().ok());
  for (const char* more :
       {"}", R"(, "ca_file": "ca.pem"})", R"(, "client_certificate": "c.pem", "client_key": "k.pem"})"}) {
    qwen_ = start + more;
    EXPECT_TRUE(Mistake().starts_with("/targets/qwen72b/url: zone `private` is trusted")) << more;
  }
  for (const char* wrong :
       {R"(, "pins": ["47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="]})", R"(, "pins": ["sha256/x"]})",
        R"(, "pins": "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="})"}) {
    qwen_ = start + wrong;
    EXPECT_TRUE(Mistake().starts_with("/targets/qwen72b/pins: ")) << wrong << Mistake();
  }
  qwen_ = R"({"url": "http://localhost", "model": "qwen2.5-72b-x", "unix": "vllm.sock"})";
  EXPECT_TRUE(Mistake().starts_with("/targets/qwen72b/url: `localhost` is not among the hosts")) << Mistake();
  qwen_ = R"({"url": "http://127.0.0.1", "model": "qwen2.5-72b-x", "unix": "vllm.sock"})";
  EXPECT_TRUE(Parse().ok());
}

TEST_F(ConfigTest, ReadsHowClientsConnect) {
  listen_ = R"("listen": {"unix": "hpol.sock", "proxy_protocol_from": ["10.0.0.0/8"],
                 "tls": {"certificate": "c.pem", "key": "k.pem", "client_ca": "ca.pem", "clients": "must"}},)";
  attributes_ =
      R"("env": {"value": "prod"}, "region": {"certificate": "unit"}, "purpose": {"header": "x-purpose", "source": "caller"})";
  const Result<GatewayConfig> config = Parse();
  ASSERT_TRUE(config.ok()) << config.error().message;
  const Settings& settings = config->settings();
  EXPECT_TRUE(settings.tls);
  EXPECT_TRUE(settings.clients_must);
  EXPECT_EQ(settings.unix_path, folder_ + "hpol.sock");
  EXPECT_EQ(settings.proxy_peers.size(), 1u);
  listen_ = R"("listen": {"tls": {"certificate": "c.pem", "key": "k.pem", "clients": "must"}},)";
  EXPECT_NE(Mistake().find("/listen/tls/clients: without `client_ca`"), std::string::npos) << Mistake();
  listen_ = "";
  EXPECT_NE(Mistake().find("/attributes/region/certificate: without `client_ca`"), std::string::npos)
      << Mistake();
}

TEST_F(ConfigTest, WantsExactlyThePolicysTargets) {
  more_ = R"("limits": {},)";
  std::string text = Text();
  const size_t at = text.find("\"gpt4o\"");
  text.replace(at, 7, "\"gpt4\"");
  const Result<GatewayConfig> config = ParseGatewayConfig(text, folder_ + "gateway.json", policy_.tables);
  ASSERT_FALSE(config.ok());
  EXPECT_NE(config.error().message.find("/targets: the policy's target `gpt4o` has no entry here"),
            std::string::npos);
  EXPECT_NE(config.error().message.find("/targets/gpt4: no such key, did you mean `gpt4o`?"),
            std::string::npos);
}

TEST_F(ConfigTest, ChecksWhereAttributesComeFrom) {
  struct Case {
    const char* attributes;
    const char* mistake;
  };
  const Case cases[] = {
      {R"("regio": {"value": "eu"})",
       "/attributes/regio: the policy has no input `regio`, did you mean `region`?"},
      {R"("region": {"value": "eu"})",
       "/attributes/region/value: the policy takes `region` from identity, and a fixed value is the "
       "gateway's"},
      {R"("region": {"header": "x-r", "source": "caller"})",
       "/attributes/region/source: the policy takes `region` from identity, and a value from elsewhere "
       "counts as missing"},
      {R"("env": {"value": "production"})",
       "/attributes/env/value: one of the policy's members of this enum is needed here"},
      {R"("env": {"value": ["prod"]})",
       "/attributes/env/value: one of the policy's members of this enum is needed here"},
      {R"("env": {})",
       "/attributes/env: `value`, or `certificate`, or `header` and `source`, is needed here"},
      {R"("env": {"value": "prod", "header": "x-env"})",
       "/attributes/env: `value` and `header` exclude each other"},
      {R"("region": {"header": "X-R", "source": "identity"})",
       "/attributes/region/header: a header name in lower case, digits and `-` is needed here"},
      {R"("region": {"header": "authorization", "source": "identity"})",
       "/attributes/region/header: `authorization` has another meaning"},
      {R"("region": {"header": "x-r", "source": "nobody"})",
       "/attributes/region/source: `identity`, `gateway` or `caller` is needed here"},
  };
  for (const Case& c : cases) {
    attributes_ = c.attributes;
    EXPECT_TRUE(Mistake().starts_with(c.mistake)) << Mistake();
  }
}

TEST_F(ConfigTest, IdentityHeadersNeedTrustedPeers) {
  peers_ = "";
  EXPECT_TRUE(
      Mistake().starts_with("/attributes/region/header: without `trusted_peers` nobody may state this"));
}

TEST_F(ConfigTest, ChecksKeys) {
  struct Case {
    std::string keys;
    const char* mistake;
  };
  const std::string digest = kDigest;
  const Case cases[] = {
      {"[]", "a list of keys is needed here"},
      {"[{\"name\": \"a\", \"sha256\": \"12\"}]",
       "/0/sha256: the SHA-256 of the key in 64 hexadecimal digits"},
      {"[{\"name\": \"a\", \"sha256\": \"" + digest + "\", \"attributes\": {\"departmet\": \"legal\"}}]",
       "/0/attributes/departmet: the policy has no input `departmet`, did you mean `department`?"},
      {"[{\"name\": \"a\", \"sha256\": \"" + digest + "\", \"attributes\": {\"department\": \"sales\"}}]",
       "/0/attributes/department: one of the policy's members of this enum is needed here"},
      {"[{\"name\": \"a\", \"sha256\": \"" + digest + "\", \"attributes\": {\"env\": \"prod\"}}]",
       "/0/attributes/env: the policy takes `env` from gateway, and a key states identity"},
      {"[{\"name\": \"a\", \"sha256\": \"" + digest + "\"}, {\"name\": \"b\", \"sha256\": \"" + digest +
           "\"}]",
       "/1/sha256: the same key as `a`"},
  };
  for (const Case& c : cases) {
    WriteKeys(c.keys);
    const std::string mistake = Mistake();
    EXPECT_TRUE(mistake.starts_with(c.mistake)) << mistake;
    EXPECT_NE(ParseGatewayConfig(Text(), folder_ + "gateway.json", policy_.tables)
                  .error()
                  .message.find("keys.json:"),
              std::string::npos);
  }
}

TEST_F(ConfigTest, RefusesARequiredInputThatCannotCome) {
  WriteKeys("[{\"name\": \"a\", \"sha256\": \"" + std::string(kDigest) + "\"}]");
  EXPECT_EQ(
      Mistake(),
      "the policy's input `department` from identity has no way to come, so every request would be denied");
}

TEST_F(ConfigTest, WarnsOfKeysWithoutARequiredInput) {
  const std::string other(64, 'a');
  WriteKeys(
      "[{\"name\": \"a\", \"sha256\": \"" + std::string(kDigest) +
      "\", \"attributes\": {\"department\": \"legal\", \"roles\": []}}, {\"name\": \"b\", \"sha256\": \"" +
      other + "\"}]");
  const std::vector<std::string> warnings = Warnings();
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_NE(warnings[0].find("1 of the keys have no `department`"), std::string::npos) << warnings[0];
}

TEST_F(ConfigTest, SomebodyMustBeAbleToCall) {
  access_ = "";
  EXPECT_TRUE(Mistake().starts_with("neither `keys_file` nor")) << Mistake();
  access_ = R"("keys_file": "keys.json", "allow_anonymous": true, )";
  EXPECT_TRUE(Mistake().starts_with("/allow_anonymous: ")) << Mistake();
  access_ = R"("keys_file": "none.json", )";
  EXPECT_TRUE(Mistake().starts_with("/keys_file: cannot read")) << Mistake();
}

TEST_F(ConfigTest, ReceiptsNeedASink) {
  TablesForTest without;
  without.tables.sinks.clear();
  const Result<GatewayConfig> config = ParseGatewayConfig(Text(), folder_ + "gateway.json", without.tables);
  ASSERT_FALSE(config.ok());
  EXPECT_NE(config.error().message.find("declares no sink `receipts`"), std::string::npos);
}

TEST(GlobMatches, IsStarsOnly) {
  EXPECT_TRUE(GlobMatches("gpt-4o*", "gpt-4o"));
  EXPECT_TRUE(GlobMatches("*-72b-*", "qwen-72b-x"));
  EXPECT_TRUE(GlobMatches("*", ""));
  EXPECT_TRUE(GlobMatches("a*b*c", "aXbbYc"));
  EXPECT_FALSE(GlobMatches("gpt-4o*", "gpt-4"));
  EXPECT_FALSE(GlobMatches("a.c", "abc"));
  EXPECT_FALSE(GlobMatches("", "a"));
}

}  // namespace
}  // namespace hpol::gateway
