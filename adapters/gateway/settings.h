// What gateway.json became: checked against the policy's tables, indexed like them, and
// immutable. Only ParseGatewayConfig makes one.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "adapters/dialect/dialect.h"
#include "adapters/http/address.h"
#include "adapters/http/wire.h"
#include "runtime/abi/vocabulary.h"

namespace hpol::gateway {

using Milliseconds = std::chrono::milliseconds;

// Values of one attribute, as hpol::Attribute spells them.
struct AttributeValue {
  uint32_t attribute = 0;  // index into Tables::attributes
  std::vector<std::string> values;
};

// One API key. The key itself is nowhere, only its SHA-256.
struct KeyRecord {
  std::string name;
  std::array<uint8_t, 32> digest{};
  std::vector<AttributeValue> attributes;  // all of Source::kIdentity
};

// What of a client's certificate states an attribute.
enum class CertificateField : uint8_t { kNone, kCommonName, kUnit, kDnsName, kUri, kFingerprint };

// Where an attribute comes from when no key record gives it: the client's certificate, a fixed value, or a
// header.
struct AttributeWay {
  uint32_t attribute = 0;
  Source source = Source::kNone;
  std::string header;              // lower case; empty: fixed
  std::vector<std::string> fixed;  // Source::kGateway
  CertificateField certificate = CertificateField::kNone;
};

// One target of the policy on the wire.
struct TargetSettings {
  std::string name;
  bool tls = false;
  std::string host;  // without brackets
  uint16_t port = 0;
  std::string authority;  // the Host field
  dialect::Dialect dialect = dialect::Dialect::kOpenAi;
  std::string path;         // of the URL, without a slash at its end; the dialect adds the rest
  std::string model;        // what the target is asked for (THREATS rule P)
  std::string api_version;  // Azure's
  std::string region;       // AWS's, where the request is signed for
  bool responses = true;    // has OpenAI's /responses; else those requests become chat completions
  std::vector<dialect::Credential> credentials;  // best first; empty: nobody asks who we are
  http::TlsFiles tls_files;
  std::vector<http::Pin> pins;  // of its public key; empty: any key that the authorities vouch for
  std::string unix_path;        // of a socket on this machine, instead of connecting to `host`
  uint32_t capacity = 0;        // requests in flight; 0: not limited
  http::HostRule hosts;
};

struct Limits {
  uint64_t header_bytes = 16 * 1024;
  uint64_t body_bytes = 8 * 1024 * 1024;
  uint64_t answer_bytes = 32 * 1024 * 1024;
  Milliseconds connect{2'000};
  Milliseconds first_byte{120'000};     // from the request sent to the first byte of an answer
  Milliseconds idle{60'000};            // between two bytes, either side; and between two requests
  Milliseconds event{120'000};          // between two events of a stream: comments are no progress
  Milliseconds answer{1'800'000};       // for a whole answer, however steadily it comes
  Milliseconds request_header{10'000};  // from the first byte of a request to the end of its head
  Milliseconds request_body{60'000};    // for its body
};

// Labels of conversations and of what answers said (hpol/history.h).
struct ConversationSettings {
  std::string file;    // of SQLite; empty: in memory
  std::string secret;  // that keys are made with; empty: one for this process
  int64_t ttl_seconds = 30 * 86'400;
};

struct Settings {
  std::string policy, version;
  std::string host;
  uint16_t port = 0;
  uint32_t threads = 1;
  std::string unix_path;                // of a socket to listen on as well; empty: none
  std::vector<http::Cidr> proxy_peers;  // who must say for whom they connect (PROXY protocol)
  bool tls = false;                     // clients speak TLS 1.3
  http::TlsFiles tls_files;             // and with authorities may show a certificate of theirs
  bool clients_must = false;            // or must
  std::vector<http::Cidr> trusted_peers;
  bool allow_anonymous = false;
  std::vector<KeyRecord> keys;
  std::vector<std::string> admins;  // names of key records that may call /admin
  std::vector<AttributeWay> ways;
  std::vector<std::string> single_headers;            // attribute headers, lower case
  std::vector<TargetSettings> targets;                // by TargetId
  std::optional<ConversationSettings> conversations;  // none: nothing is kept from one request to the next
  std::string receipts_file;                          // empty: none
  Limits limits;
};

}  // namespace hpol::gateway
