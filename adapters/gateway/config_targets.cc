// "targets" of gateway.json: what each target of the policy is called on the wire, and
// whether that address is one its zone allows.
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

#include "adapters/gateway/config_sections.h"

namespace hpol::gateway {
namespace {

using nlohmann::json;

struct Url {
  bool tls = false;
  std::string host;
  std::string authority;
  uint16_t port = 0;
  std::string path;
};

bool IsPathChar(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("-._~/").find(c) != std::string_view::npos;
}

bool ParsePort(std::string_view text, uint16_t& port) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port != 0;
}

// `http[s]://host[:port][/path]`, and nothing else that a URL may have.
bool ParseUrl(std::string_view text, Url& url) {
  url.tls = text.starts_with("https://");
  if (!url.tls && !text.starts_with("http://")) return false;
  text.remove_prefix(url.tls ? 8 : 7);
  const size_t slash = text.find('/');
  const std::string_view authority = text.substr(0, slash);
  url.authority = authority;
  url.path = slash == std::string_view::npos ? "" : text.substr(slash);
  while (url.path.ends_with('/')) url.path.pop_back();
  if (!std::ranges::all_of(url.path, IsPathChar) || url.path.find("..") != std::string::npos) return false;

  const bool bracketed = authority.starts_with('[');
  const size_t host_end = bracketed ? authority.find(']') : authority.find(':');
  if (bracketed && host_end == std::string_view::npos) return false;
  url.host = bracketed ? authority.substr(1, host_end - 1) : authority.substr(0, host_end);
  const size_t rest = bracketed ? host_end + 1 : std::min(host_end, authority.size());
  const std::string_view port = authority.substr(rest);
  url.port = url.tls ? 443 : 80;
  if (!port.empty() && (port.front() != ':' || !ParsePort(port.substr(1), url.port))) return false;
  if (http::Address::Parse(url.host)) return bracketed == (url.host.find(':') != std::string::npos);
  const std::string_view name = url.host;
  const std::vector<std::string_view> one = {name};
  return !bracketed && !name.starts_with('*') && http::HostRule::Parse(one).ok();
}

bool IsThisMachine(const std::string& host) {
  const auto address = http::Address::Parse(host);
  return host == "localhost" || (address && http::IsLoopback(*address));
}

void CheckTls(Section& section, const ir::Zone& zone, const std::string& pointer,
              const TargetSettings& target) {
  if (target.tls) return;
  const std::string name(section.tables.Text(zone.name));
  if (zone.tls_required) {
    section.mistakes.Add(
        section.document.At(pointer, "zone `" + name + "` says `tls required`, so this must be https"));
  } else if (!zone.trusted && !IsThisMachine(target.host)) {
    section.mistakes.Add(
        section.document.At(pointer, "zone `" + name + "` is untrusted, so this must be https"));
  } else if (!IsThisMachine(target.host)) {
    section.warnings.push_back(
        section.document.At(pointer, "requests travel unencrypted to `" + target.host + "`"));
  }
}

void ReadUrl(Section& section, const ir::Zone& zone, ObjectReader& reader, TargetSettings& target) {
  const std::string text = reader.RequiredString("url");
  if (text.empty()) return;
  Url url;
  if (!ParseUrl(text, url)) {
    reader.Mistake("url",
                   "a URL such as \"https://host:port/v1\" is needed here, without user, query or fragment");
    return;
  }
  target.tls = url.tls;
  target.host = url.host;
  target.port = url.port;
  target.authority = url.authority;
  target.path = url.path;
  CheckTls(section, zone, reader.Pointer("url"), target);

  std::vector<std::string_view> hosts;
  for (uint32_t i = 0; i < zone.hosts.count; ++i) {
    hosts.push_back(section.tables.Text(section.tables.lists[zone.hosts.begin + i]));
  }
  const std::string name(section.tables.Text(zone.name));
  Result<http::HostRule> rule = http::HostRule::Parse(hosts);
  if (!rule) {
    reader.Mistake("url", "the hosts of zone `" + name + "` cannot be checked: " + rule.error().message);
    return;
  }
  if (!rule->NameAllowed(url.host)) {
    reader.Mistake("url", "`" + url.host + "` is not among the hosts of zone `" + name + "`");
  }
  if (zone.trusted && rule->empty()) {
    section.warnings.push_back(section.document.At(
        reader.Pointer("url"),
        "zone `" + name + "` is trusted and lists no hosts, so any address counts as inside"));
  }
  target.hosts = *std::move(rule);
}

// The value of the environment variable `variable`, named under `key`; empty after a mistake.
std::string Secret(ObjectReader& reader, std::string_view key, const std::string& variable) {
  const char* const value = std::getenv(variable.c_str());
  if (value == nullptr || *value == '\0') {
    reader.Mistake(key, "the environment variable `" + variable + "` is not set");
    return {};
  }
  const auto visible = [](char c) { return c > 0x20 && c < 0x7f; };
  if (!std::ranges::all_of(std::string_view(value), visible)) {
    reader.Mistake(key, "the environment variable `" + variable + "` holds something that is no key");
    return {};
  }
  return value;
}

void ReadAwsCredential(ObjectReader& reader, TargetSettings& target) {
  target.region = reader.RequiredString("region");
  dialect::Credential credential;
  const auto read = [&](std::string_view key, std::string& into) {
    const std::string variable = reader.RequiredString(key);
    if (!variable.empty()) into = Secret(reader, key, variable);
  };
  read("access_key_env", credential.id);
  read("secret_key_env", credential.secret);
  if (reader.Has("session_token_env")) read("session_token_env", credential.token);
  target.credentials.push_back(std::move(credential));
}

// One variable, or a list of them: the next is used when the one before is refused or used up.
void ReadCredentials(ObjectReader& reader, TargetSettings& target) {
  if (target.dialect == dialect::Dialect::kBedrock) return ReadAwsCredential(reader, target);
  const json* const variables = reader.Member("api_key_env");
  if (variables == nullptr) return;
  const json list = variables->is_array() ? *variables : json::array({*variables});
  for (const json& variable : list) {
    if (!variable.is_string() || variable.get_ref<const std::string&>().empty()) {
      reader.Mistake("api_key_env", "the name of an environment variable is needed here, or a list of names");
      return;
    }
    target.credentials.push_back({Secret(reader, "api_key_env", variable.get<std::string>())});
  }
}

void ReadDialect(ObjectReader& reader, TargetSettings& target) {
  const std::string name = reader.String("dialect", "openai");
  const std::optional<dialect::Dialect> dialect = dialect::DialectOf(name);
  if (!dialect) {
    reader.Mistake("dialect",
                   "one of openai, anthropic, azure, ollama, gemini, bedrock and dashscope is needed here");
    return;
  }
  target.dialect = *dialect;
  if (target.dialect == dialect::Dialect::kAzure) {
    target.api_version = reader.String("api_version", "2024-10-21");
    if (!std::ranges::all_of(target.api_version, IsPathChar)) {
      reader.Mistake("api_version", "a version such as \"2024-10-21\" is needed here");
    }
  }
  if (target.dialect == dialect::Dialect::kOpenAi) target.responses = reader.Bool("responses", true);
}

// `sha256/` and the base64 of the SHA-256 of a public key, as openssl and browsers write it.
bool ReadPin(std::string_view text, http::Pin& pin) {
  constexpr std::string_view kPrefix = "sha256/";
  if (!text.starts_with(kPrefix) || text.size() != kPrefix.size() + 44 || !text.ends_with('=')) return false;
  text.remove_prefix(kPrefix.size());
  std::array<unsigned char, 33> decoded{};  // the padding counts as a byte
  const int size = EVP_DecodeBlock(decoded.data(), reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  std::copy_n(decoded.begin(), pin.size(), pin.begin());
  return size == 33;
}

void ReadTls(Section& section, const ir::Zone& zone, ObjectReader& reader, TargetSettings& target) {
  const auto file = [&](std::string_view key) { return InFolder(section.folder, reader.String(key, "")); };
  target.tls_files = {file("client_certificate"), file("client_key"), file("ca_file")};
  const json* const pins = reader.Member("pins");
  for (const json& pin : pins != nullptr && pins->is_array() ? *pins : json::array()) {
    http::Pin& read = target.pins.emplace_back();
    if (!pin.is_string() || !ReadPin(pin.get_ref<const std::string&>(), read)) {
      reader.Mistake("pins", "`sha256/` and the base64 of the SHA-256 of a public key is needed here");
    }
  }
  if (pins != nullptr && target.pins.empty()) reader.Mistake("pins", "a list of pins is needed here");
  if (target.tls_files.certificate.empty() != target.tls_files.key.empty()) {
    reader.Mistake("client_key", "`client_certificate` and `client_key` belong together");
  }
  if (!target.tls) {
    for (const char* const key : {"ca_file", "pins", "client_certificate"}) {
      if (reader.Has(key)) reader.Mistake(key, "has no meaning without https");
    }
  }
  const bool mutual = !target.tls_files.certificate.empty() && !target.tls_files.authorities.empty();
  const bool authenticated = target.tls && (!target.pins.empty() || mutual);
  // An address says where a server stands, not what it is (THREATS rule E).
  if (zone.trusted && !authenticated && !target.host.empty() && !IsThisMachine(target.host) &&
      target.unix_path.empty()) {
    reader.Mistake("url", "zone `" + std::string(section.tables.Text(zone.name)) +
                              "` is trusted, so its targets must show who they are: https with `pins`, or "
                              "with `client_certificate` and `ca_file`");
  }
}

void ReadModel(Section& section, const ir::Target& declared, ObjectReader& reader, TargetSettings& target) {
  target.model = reader.RequiredString("model");
  if (target.model.empty() || declared.models.count == 0) return;
  std::string allowed;
  for (uint32_t i = 0; i < declared.models.count; ++i) {
    const std::string_view glob = section.tables.Text(section.tables.lists[declared.models.begin + i]);
    if (GlobMatches(glob, target.model)) return;
    allowed += (allowed.empty() ? "`" : ", `") + std::string(glob) + "`";
  }
  reader.Mistake("model", "the policy declares the models of `" + target.name + "` as " + allowed);
}

TargetSettings ReadTarget(Section& section, const ir::Target& declared, const json& entry) {
  TargetSettings target;
  target.name = section.tables.Text(declared.name);
  target.capacity = declared.capacity;
  ObjectReader reader(section.document, entry, Append("/targets", target.name), section.mistakes);
  if (!entry.is_object()) return target;
  ReadUrl(section, section.tables.zones[declared.zone], reader, target);
  ReadModel(section, declared, reader, target);
  ReadDialect(reader, target);
  ReadCredentials(reader, target);
  target.unix_path = InFolder(section.folder, reader.String("unix", ""));
  if (target.unix_path.size() > 107) reader.Mistake("unix", "this path is too long for a socket");
  if (!target.unix_path.empty() && !IsThisMachine(target.host)) {
    reader.Mistake("unix", "a socket is on this machine, so the URL must be one of `localhost`");
  }
  ReadTls(section, section.tables.zones[declared.zone], reader, target);
  reader.RefuseOthers();
  return target;
}

}  // namespace

void ReadTargets(Section& section, const json* targets) {
  const json none = json::object();
  if (targets == nullptr) section.mistakes.Add(section.document.At("", "`targets` is missing"));
  const json& entries = targets == nullptr ? none : *targets;
  ObjectReader reader(section.document, entries, "/targets", section.mistakes);
  for (const ir::Target& declared : section.tables.targets) {
    const std::string name(section.tables.Text(declared.name));
    const json* const entry = reader.Member(name);
    if (entry != nullptr) {
      section.settings.targets.push_back(ReadTarget(section, declared, *entry));
    } else if (targets != nullptr && targets->is_object()) {
      section.mistakes.Add(
          section.document.At("/targets", "the policy's target `" + name + "` has no entry here"));
    }
  }
  reader.RefuseOthers();
}

}  // namespace hpol::gateway
