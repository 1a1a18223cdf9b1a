// TLS on both sides: what is spoken, who is let in, what a certificate says, and whom the gateway refuses to
// talk to.
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "adapters/demo/certificates.h"
#include "adapters/demo/model_server.h"
#include "tests/gateway/dialect_world.h"
#include "tests/gateway/raw_client.h"

namespace hpol::gateway_tests {
namespace {

using nlohmann::json;

// A blocking TLS client. `version` is the only one it speaks; a certificate only when one is given.
class TlsClient {
 public:
  TlsClient(uint16_t port, const std::string& ca, int version, const demo::Certificates* own = nullptr)
      : context_(SSL_CTX_new(TLS_client_method())), ssl_(nullptr), raw_(port) {
    SSL_CTX_set_min_proto_version(context_, version);
    SSL_CTX_set_max_proto_version(context_, version);
    SSL_CTX_load_verify_locations(context_, ca.c_str(), nullptr);
    SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
    if (own != nullptr) {
      SSL_CTX_use_certificate_chain_file(context_, own->cert_file.c_str());
      SSL_CTX_use_PrivateKey_file(context_, own->key_file.c_str(), SSL_FILETYPE_PEM);
    }
    ssl_ = SSL_new(context_);
    SSL_set_fd(ssl_, raw_.native());
    open_ = SSL_connect(ssl_) == 1;
  }
  ~TlsClient() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
  }
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  bool open() const { return open_; }
  // What comes back until `end` is part of it, or nothing more comes.
  std::string Ask(const std::string& bytes, const std::string& end) {
    std::string all;
    if (SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())) <= 0) return all;
    char buffer[4096];
    while (all.find(end) == std::string::npos) {
      const int size = SSL_read(ssl_, buffer, sizeof buffer);
      if (size <= 0) break;
      all.append(buffer, static_cast<size_t>(size));
    }
    return all;
  }
  void Goodbye() { SSL_shutdown(ssl_); }

 private:
  SSL_CTX* context_;
  SSL* ssl_;
  RawClient raw_;
  bool open_ = false;
};

std::string ChatBodyFor(const char* prompt) { return ChatBody(prompt); }

class Transport : public testing::Test {
 protected:
  Transport()
      : folder_(*demo::TempFolder::Make()),
        stranger_folder_(*demo::TempFolder::Make()),
        ours_(*demo::MakeSelfSigned(folder_.path())),
        stranger_(*demo::MakeSelfSigned(stranger_folder_.path())) {}

  json Tls(const char* clients) const {
    return {{"certificate", ours_.cert_file},
            {"key", ours_.key_file},
            {"client_ca", ours_.ca_file},
            {"clients", clients}};
  }
  // The pin of a certificate in a file.
  static std::string PinOf(const std::string& file) {
    FILE* const stream = std::fopen(file.c_str(), "r");
    X509* const certificate = PEM_read_X509(stream, nullptr, nullptr, nullptr);
    std::fclose(stream);
    unsigned char* der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    unsigned char digest[32];
    EVP_Digest(der, static_cast<size_t>(size), digest, nullptr, EVP_sha256(), nullptr);
    unsigned char text[64];
    EVP_EncodeBlock(text, digest, sizeof digest);
    OPENSSL_free(der);
    X509_free(certificate);
    return "sha256/" + std::string(reinterpret_cast<const char*>(text));
  }

  demo::TempFolder folder_, stranger_folder_;
  demo::Certificates ours_, stranger_;
};

TEST_F(Transport, ClientsSpeakTls13AndNothingOlder) {
  DialectWorld world([&](json& config) { config["listen"]["tls"] = Tls("may"); });
  TlsClient old(world.port(), ours_.ca_file, TLS1_2_VERSION);
  EXPECT_FALSE(old.open());
  TlsClient client(world.port(), ours_.ca_file, TLS1_3_VERSION);
  ASSERT_TRUE(client.open());
  const std::string request = ChatRequest("sk-openai", ChatBodyFor("hi"));
  EXPECT_NE(client.Ask(request, "Hello there.").find("200 OK"), std::string::npos);
  EXPECT_NE(client.Ask(request, "Hello there.").find("200 OK"), std::string::npos) << "the connection stays";
  EXPECT_EQ(Ask(world.port(), request).status, 0) << "plain HTTP is not spoken there";
}

TEST_F(Transport, CertificatesOfClientsAreDemandedAndVerified) {
  DialectWorld world([&](json& config) { config["listen"]["tls"] = Tls("must"); });
  const std::string request = ChatRequest("sk-openai", ChatBodyFor("hi"));
  TlsClient known(world.port(), ours_.ca_file, TLS1_3_VERSION, &ours_);
  EXPECT_NE(known.Ask(request, "Hello there.").find("200 OK"), std::string::npos);
  TlsClient none(world.port(), ours_.ca_file, TLS1_3_VERSION);
  EXPECT_EQ(none.Ask(request, "Hello there.").find("200 OK"), std::string::npos);
  TlsClient other(world.port(), ours_.ca_file, TLS1_3_VERSION, &stranger_);
  EXPECT_EQ(other.Ask(request, "Hello there.").find("200 OK"), std::string::npos);
}

TEST_F(Transport, AGoodbyeUnderTlsTakesTheRequestAlong) {
  DialectWorld world([&](json& config) {
    config["listen"]["tls"] = Tls("may");
    config["limits"]["first_byte_ms"] = 8000;
  });
  world.server("openai").SetScript([&](const std::string&) {
    ReplayAnswer answer{.bytes = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n", .close = true};
    for (int i = 0; i < 400; ++i) answer.bytes += "data: {\"choices\":[]}\n\n";
    answer.step = 60;
    answer.pause_ms = 20;
    return answer;
  });
  TlsClient client(world.port(), ours_.ca_file, TLS1_3_VERSION);
  client.Ask(ChatRequest("sk-openai", ChatBody("hi", true)), "choices");
  client.Goodbye();
  for (int i = 0; i < 300 && world.server("openai").aborted() == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(world.server("openai").aborted(), 1u);
}

// THREATS rule E: the right address with the wrong key or the wrong name is somebody else.
TEST_F(Transport, TargetsAreTheirKeyAndTheirName) {
  demo::ModelServerOptions options;
  options.name = "gpu";
  options.tls = true;
  options.cert_file = ours_.cert_file;
  options.key_file = ours_.key_file;
  const auto server = *demo::ModelServer::Start(options);
  const auto status = [&](const std::string& host, const json& pins) {
    DialectWorld world([&](json& config) {
      json& target = config["targets"]["openai"];
      target["url"] = "https://" + host + ":" + std::to_string(server->port()) + "/v1";
      target["ca_file"] = ours_.ca_file;
      if (!pins.is_null()) target["pins"] = pins;
    });
    return Ask(world.port(), ChatRequest("sk-openai", ChatBodyFor("hi"))).status;
  };
  EXPECT_EQ(status("localhost", nullptr), 200);
  EXPECT_EQ(status("localhost", {PinOf(ours_.cert_file)}), 200);
  EXPECT_EQ(status("127.0.0.1", {PinOf(stranger_.cert_file), PinOf(ours_.cert_file)}), 200);
  server->ClearReceived();
  EXPECT_EQ(status("localhost", {PinOf(stranger_.cert_file)}), 503) << "another key";
  EXPECT_EQ(status("127.0.0.2", {PinOf(ours_.cert_file)}), 503) << "the certificate does not name this";
  EXPECT_EQ(server->received(), "") << "nothing is sent to somebody else";
}

}  // namespace
}  // namespace hpol::gateway_tests
