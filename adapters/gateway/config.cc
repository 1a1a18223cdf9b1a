// gateway.json → Settings. The door is ParseGatewayConfig in hpol/gateway.h; targets and
// attributes have files of their own.
#include <algorithm>
#include <fstream>
#include <sstream>
#include <thread>

#include "adapters/gateway/config_sections.h"
#include "hpol/gateway.h"

namespace hpol {
namespace gateway {
namespace {

using nlohmann::json;

constexpr int64_t kHour = 60 * 60 * 1000;

void ReadRanges(Section& section, const json* ranges, const std::string& pointer,
                std::vector<http::Cidr>& into) {
  if (ranges == nullptr) return;
  if (!ranges->is_array()) {
    section.mistakes.Add(section.document.At(pointer, "a list of address ranges is needed here"));
    return;
  }
  for (size_t i = 0; i < ranges->size(); ++i) {
    const json& range = (*ranges)[i];
    const auto cidr =
        range.is_string() ? http::Cidr::Parse(range.get_ref<const std::string&>()) : std::nullopt;
    if (cidr) {
      into.push_back(*cidr);
    } else {
      section.mistakes.Add(section.document.At(pointer + "/" + std::to_string(i),
                                               "an address range such as \"10.0.0.0/8\" is needed here"));
    }
  }
}

void ReadListenTls(Section& section, const json& tls) {
  ObjectReader reader(section.document, tls, "/listen/tls", section.mistakes);
  Settings& into = section.settings;
  into.tls = true;
  into.tls_files.certificate = InFolder(section.folder, reader.RequiredString("certificate"));
  into.tls_files.key = InFolder(section.folder, reader.RequiredString("key"));
  into.tls_files.authorities = InFolder(section.folder, reader.String("client_ca", ""));
  const std::string clients = reader.String("clients", "may");
  if (clients != "may" && clients != "must") reader.Mistake("clients", "`may` or `must` is needed here");
  into.clients_must = clients == "must";
  if (into.clients_must && into.tls_files.authorities.empty()) {
    reader.Mistake("clients", "without `client_ca` no certificate of a client can be verified");
  }
  reader.RefuseOthers();
}

void ReadListen(Section& section, const json* listen) {
  section.settings.host = "127.0.0.1";
  section.settings.port = 8080;
  section.settings.threads = std::clamp(std::thread::hardware_concurrency(), 1u, 64u);
  if (listen == nullptr) return;
  ObjectReader reader(section.document, *listen, "/listen", section.mistakes);
  section.settings.host = reader.String("host", section.settings.host);
  if (!http::Address::Parse(section.settings.host)) reader.Mistake("host", "an IP address is needed here");
  section.settings.port = static_cast<uint16_t>(reader.Int("port", section.settings.port, 0, 65535));
  section.settings.threads = static_cast<uint32_t>(reader.Int("threads", section.settings.threads, 1, 256));
  section.settings.unix_path = InFolder(section.folder, reader.String("unix", ""));
  // The operating system's limit on the name of a socket.
  if (section.settings.unix_path.size() > 107) reader.Mistake("unix", "this path is too long for a socket");
  ReadRanges(section, reader.Member("proxy_protocol_from"), "/listen/proxy_protocol_from",
             section.settings.proxy_peers);
  if (const json* const tls = reader.Member("tls")) ReadListenTls(section, *tls);
  reader.RefuseOthers();
}

void ReadTrustedPeers(Section& section, const json* peers) {
  std::vector<http::Cidr>& ranges = section.settings.trusted_peers;
  ReadRanges(section, peers, "/trusted_peers", ranges);
  for (size_t i = 0; i < ranges.size(); ++i) {
    if (ranges[i].bits != 0) continue;
    section.warnings.push_back(section.document.At("/trusted_peers/" + std::to_string(i),
                                                   "every peer is trusted to state attributes"));
  }
}

void ReadLimits(Section& section, const json* limits) {
  if (limits == nullptr) return;
  ObjectReader reader(section.document, *limits, "/limits", section.mistakes);
  Limits& into = section.settings.limits;
  const auto bytes = [&](std::string_view key, uint64_t& value, int64_t low, int64_t high) {
    value = static_cast<uint64_t>(reader.Int(key, static_cast<int64_t>(value), low, high));
  };
  const auto time = [&](std::string_view key, Milliseconds& value) {
    value = Milliseconds(reader.Int(key, value.count(), 1, kHour));
  };
  bytes("header_bytes", into.header_bytes, 256, 1 << 20);
  bytes("body_bytes", into.body_bytes, 1, int64_t{1} << 30);
  bytes("answer_bytes", into.answer_bytes, 1, int64_t{1} << 30);
  time("connect_ms", into.connect);
  time("first_byte_ms", into.first_byte);
  time("idle_ms", into.idle);
  time("event_ms", into.event);
  time("answer_ms", into.answer);
  time("request_header_ms", into.request_header);
  time("request_body_ms", into.request_body);
  reader.RefuseOthers();
}

void ReadReceipts(Section& section, const json* receipts) {
  if (receipts == nullptr) {
    section.warnings.push_back(section.document.At("", "no `receipts`: decisions leave no record"));
    return;
  }
  ObjectReader reader(section.document, *receipts, "/receipts", section.mistakes);
  section.settings.receipts_file = InFolder(section.folder, reader.RequiredString("file"));
  reader.RefuseOthers();
  const bool declared = std::ranges::any_of(section.tables.sinks, [&](const ir::Sink& sink) {
    return section.tables.Text(sink.name) == "receipts";
  });
  if (!declared) {
    section.mistakes.Add(section.document.At(
        "/receipts",
        "the policy declares no sink `receipts`, and a sink that is not declared receives nothing"));
  }
}

void ReadConversations(Section& section, const json* conversations) {
  if (conversations == nullptr) return;
  ObjectReader reader(section.document, *conversations, "/conversations", section.mistakes);
  ConversationSettings& into = section.settings.conversations.emplace();
  into.file = InFolder(section.folder, reader.String("file", ""));
  into.ttl_seconds = 86'400 * reader.Int("days", 30, 1, 3650);
  const std::string secret_file = InFolder(section.folder, reader.String("secret_file", ""));
  reader.RefuseOthers();
  if (into.file.empty() && secret_file.empty()) return;
  constexpr size_t kLeast = 32;
  const Result<std::string> secret =
      secret_file.empty() ? Result<std::string>(std::string()) : ReadWholeFile(secret_file);
  if (!secret || secret->size() < kLeast) {
    section.mistakes.Add(section.document.At(
        "/conversations",
        "labels in a file need a `secret_file` of at least 32 bytes: another secret could not read them"));
    return;
  }
  into.secret = *secret;
}

// Names of key records that may call /admin.
void ReadAdmins(Section& section, const json* admins) {
  if (admins == nullptr) return;
  const auto wrong = [&](const std::string& what) {
    section.mistakes.Add(section.document.At("/admins", what));
  };
  if (!admins->is_array()) return wrong("must be a list of names in the key file");
  for (const json& name : *admins) {
    const bool known =
        name.is_string() && std::ranges::any_of(section.settings.keys, [&](const KeyRecord& key) {
          return key.name == name.get<std::string>();
        });
    if (!known) return wrong("names a key that the key file does not have");
    section.settings.admins.push_back(name.get<std::string>());
  }
}

void ReadAccess(Section& section, ObjectReader& root) {
  const std::string file = root.String("keys_file", "");
  section.settings.allow_anonymous = root.Bool("allow_anonymous", false);
  if (root.Has("keys_file") && section.settings.allow_anonymous) {
    root.Mistake("allow_anonymous", "callers either need a key or do not: `keys_file` is there too");
  } else if (!file.empty()) {
    ReadKeys(section, InFolder(section.folder, file), "/keys_file");
    ReadAdmins(section, root.Member("admins"));
  } else if (section.settings.clients_must) {
    section.settings.allow_anonymous = true;  // the certificate says who calls
  } else if (!section.settings.allow_anonymous) {
    section.mistakes.Add(
        section.document.At("", "neither `keys_file` nor `\"allow_anonymous\": true`: nobody could call"));
  }
}

std::string FolderOf(const std::string& file) {
  const size_t slash = file.rfind('/');
  return slash == std::string::npos ? "" : file.substr(0, slash + 1);
}

}  // namespace

Result<std::string> ReadWholeFile(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  if (!stream || !(text << stream.rdbuf()) || stream.bad()) return Error{"cannot read `" + path + "`"};
  return std::move(text).str();
}

std::string InFolder(const std::string& folder, const std::string& path) {
  return path.empty() || path.front() == '/' ? path : folder + path;
}

bool GlobMatches(std::string_view pattern, std::string_view text) {
  size_t star = std::string_view::npos;  // last `*` seen, and where its run would end
  size_t resume = 0;
  size_t p = 0;
  size_t t = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

}  // namespace gateway

const std::string& GatewayConfig::host() const { return settings_->host; }

Result<GatewayConfig> ParseGatewayConfig(std::string_view text, const std::string& file,
                                         const ir::Tables& tables) {
  using namespace gateway;  // NOLINT(google-build-using-namespace): the rest of this function
  Result<JsonDocument> document = JsonDocument::Parse(text, file);
  if (!document) return document.error();
  auto settings = std::make_shared<Settings>();
  GatewayConfig config;
  Mistakes mistakes;
  const std::string folder = FolderOf(file);
  Section section{*document, tables, folder, *settings, mistakes, config.warnings_};
  settings->policy = tables.Text(tables.policy);
  settings->version = tables.Text(tables.version);

  ObjectReader root(*document, document->root(), "", mistakes);
  if (!mistakes.empty()) return mistakes.AsError();
  ReadListen(section, root.Member("listen"));
  ReadTrustedPeers(section, root.Member("trusted_peers"));
  ReadLimits(section, root.Member("limits"));
  ReadReceipts(section, root.Member("receipts"));
  ReadConversations(section, root.Member("conversations"));
  ReadTargets(section, root.Member("targets"));
  ReadAccess(section, root);
  ReadAttributes(section, root.Member("attributes"));
  root.RefuseOthers();
  if (!mistakes.empty()) return mistakes.AsError();

  config.port_ = settings->port;
  config.settings_ = std::move(settings);
  return config;
}

}  // namespace hpol
