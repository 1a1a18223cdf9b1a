// "attributes" of gateway.json and the key file: by which way each attribute of the
// policy may come, so that it has the source that the policy declares (THREATS rule A).
#include <algorithm>
#include <array>
#include <charconv>

#include "adapters/gateway/config_sections.h"

namespace hpol::gateway {
namespace {

using nlohmann::json;

// Fields with a meaning in HTTP or here cannot carry an attribute.
constexpr std::array<std::string_view, 21> kReservedHeaders = {"host",
                                                               "connection",
                                                               "keep-alive",
                                                               "proxy-connection",
                                                               "transfer-encoding",
                                                               "content-length",
                                                               "content-type",
                                                               "content-encoding",
                                                               "te",
                                                               "trailer",
                                                               "upgrade",
                                                               "expect",
                                                               "authorization",
                                                               "cookie",
                                                               "x-api-key",
                                                               "api-key",
                                                               "x-request-id",
                                                               "accept",
                                                               "accept-encoding",
                                                               "forwarded",
                                                               "user-agent"};

bool IsSet(AttributeType type) {
  return type == AttributeType::kStringSet || type == AttributeType::kEnumSet;
}

std::vector<std::string> AttributeNames(const ir::Tables& tables) {
  std::vector<std::string> names;
  for (const ir::Attribute& attribute : tables.attributes) names.emplace_back(tables.Text(attribute.name));
  return names;
}

bool IsLabel(const ir::Tables& tables, std::string_view value) {
  const auto named = [&](const std::vector<ir::StringId>& list, std::string_view word) {
    return std::ranges::any_of(list, [&](ir::StringId id) { return tables.Text(id) == word; });
  };
  for (bool first = true;; first = false) {
    const size_t plus = value.find('+');
    if (!named(first ? tables.levels : tables.categories, value.substr(0, plus))) return false;
    if (plus == std::string_view::npos) return true;
    value.remove_prefix(plus + 1);
  }
}

const char* TypeName(AttributeType type) {
  switch (type) {
    case AttributeType::kBool:
      return "`true` or `false`";
    case AttributeType::kInt:
      return "a whole number";
    case AttributeType::kString:
      return "a string";
    case AttributeType::kEnum:
      return "one of the policy's members of this enum";
    case AttributeType::kStringSet:
      return "a list of strings";
    case AttributeType::kEnumSet:
      return "a list of the policy's members of this enum";
    case AttributeType::kLabel:
      return "a label such as \"internal\" or \"internal+pii\"";
  }
  return "another value";
}

bool SpellScalar(const json& value, std::string& text) {
  if (value.is_string()) {
    text = value.get<std::string>();
  } else if (value.is_boolean()) {
    text = value.get<bool>() ? "true" : "false";
  } else if (value.is_number_integer()) {
    text = value.dump();
  } else {
    return false;
  }
  return true;
}

// Which attribute a member name means; a mistake when none.
std::optional<uint32_t> FindAttribute(const JsonDocument& document, const ir::Tables& tables,
                                      const std::string& name, const std::string& pointer,
                                      Mistakes& mistakes) {
  const std::vector<std::string> names = AttributeNames(tables);
  const auto found = std::ranges::find(names, name);
  if (found != names.end()) return static_cast<uint32_t>(found - names.begin());
  mistakes.Add(document.AtKey(pointer, "the policy has no input `" + name + "`" + DidYouMean(name, names)));
  return std::nullopt;
}

std::string SourceMistake(const ir::Tables& tables, uint32_t attribute, std::string_view what) {
  const ir::Attribute& declared = tables.attributes[attribute];
  return "the policy takes `" + std::string(tables.Text(declared.name)) + "` from " +
         SourceName(declared.source) + ", and " + std::string(what);
}

void ReadHeader(Section& section, ObjectReader& reader, AttributeWay& way) {
  way.header = reader.RequiredString("header");
  const bool spelled = std::ranges::all_of(
      way.header, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
  if (!spelled) reader.Mistake("header", "a header name in lower case, digits and `-` is needed here");
  if (std::ranges::find(kReservedHeaders, way.header) != kReservedHeaders.end()) {
    reader.Mistake("header", "`" + way.header + "` has another meaning");
  }
  const std::string source = reader.RequiredString("source");
  if (source == "identity") {
    way.source = Source::kIdentity;
  } else if (source == "gateway") {
    way.source = Source::kGateway;
  } else if (source == "caller") {
    way.source = Source::kCaller;
  } else if (!source.empty()) {
    reader.Mistake("source", "`identity`, `gateway` or `caller` is needed here");
  }
  if (way.source == Source::kNone) return;
  if (section.tables.attributes[way.attribute].source != way.source) {
    reader.Mistake("source",
                   SourceMistake(section.tables, way.attribute, "a value from elsewhere counts as missing"));
  } else if (way.source != Source::kCaller && section.settings.trusted_peers.empty()) {
    reader.Mistake("header", "without `trusted_peers` nobody may state this, so it would always be missing");
  }
}

void ReadCertificate(Section& section, ObjectReader& reader, AttributeWay& way) {
  constexpr std::pair<std::string_view, CertificateField> kFields[] = {
      {"common_name", CertificateField::kCommonName},  {"unit", CertificateField::kUnit},
      {"dns_name", CertificateField::kDnsName},        {"uri", CertificateField::kUri},
      {"fingerprint", CertificateField::kFingerprint},
  };
  const std::string name = reader.RequiredString("certificate");
  for (const auto& [known, field] : kFields) {
    if (name == known) way.certificate = field;
  }
  way.source = Source::kIdentity;
  if (way.certificate == CertificateField::kNone) {
    reader.Mistake("certificate", "one of common_name, unit, dns_name, uri and fingerprint is needed here");
  }
  if (section.tables.attributes[way.attribute].source != Source::kIdentity) {
    reader.Mistake("certificate",
                   SourceMistake(section.tables, way.attribute, "a certificate states identity"));
  } else if (section.settings.tls_files.authorities.empty()) {
    reader.Mistake("certificate", "without `client_ca` under `listen` and `tls` no client can show one");
  }
}

void ReadWay(Section& section, const std::string& name, const json& entry) {
  const std::string pointer = Append("/attributes", name);
  const auto attribute = FindAttribute(section.document, section.tables, name, pointer, section.mistakes);
  ObjectReader reader(section.document, entry, pointer, section.mistakes);
  if (!attribute || !entry.is_object()) return;
  AttributeWay way;
  way.attribute = *attribute;
  const json* const value = reader.Member("value");
  if (value != nullptr && reader.Has("header")) {
    section.mistakes.Add(section.document.At(pointer, "`value` and `header` exclude each other"));
  } else if (value != nullptr) {
    way.source = Source::kGateway;
    const std::string wrong = ReadValues(section.tables, *attribute, *value, way.fixed);
    if (!wrong.empty()) reader.Mistake("value", wrong);
    if (section.tables.attributes[*attribute].source != Source::kGateway) {
      reader.Mistake("value", SourceMistake(section.tables, *attribute, "a fixed value is the gateway's"));
    }
  } else if (reader.Has("header")) {
    ReadHeader(section, reader, way);
  } else if (reader.Has("certificate")) {
    ReadCertificate(section, reader, way);
  } else {
    section.mistakes.Add(
        section.document.At(pointer, "`value`, or `certificate`, or `header` and `source`, is needed here"));
  }
  reader.RefuseOthers();
  if (!way.header.empty()) section.settings.single_headers.push_back(way.header);
  section.settings.ways.push_back(std::move(way));
}

bool HasWay(const Settings& settings, uint32_t attribute) {
  return std::ranges::any_of(settings.ways,
                             [&](const AttributeWay& way) { return way.attribute == attribute; });
}

size_t KeysWith(const Settings& settings, uint32_t attribute) {
  return static_cast<size_t>(std::ranges::count_if(settings.keys, [&](const KeyRecord& key) {
    return std::ranges::any_of(key.attributes,
                               [&](const AttributeValue& v) { return v.attribute == attribute; });
  }));
}

// Every attribute must be able to come from its source, or every request is denied.
void CheckAllHaveWays(Section& section) {
  for (uint32_t i = 0; i < section.tables.attributes.size(); ++i) {
    const ir::Attribute& attribute = section.tables.attributes[i];
    if (HasWay(section.settings, i)) continue;
    const size_t with = KeysWith(section.settings, i);
    if (with == section.settings.keys.size() && with > 0) continue;
    const std::string input = "the policy's input `" + std::string(section.tables.Text(attribute.name)) +
                              "` from " + SourceName(attribute.source);
    if (attribute.optional) {
      if (with == 0) section.warnings.push_back(section.document.At("", input + " is always missing"));
    } else if (with == 0) {
      section.mistakes.Add(
          section.document.At("", input + " has no way to come, so every request would be denied"));
    } else {
      const size_t without = section.settings.keys.size() - with;
      section.warnings.push_back(
          section.document.At("/keys_file", std::to_string(without) + " of the keys have no `" +
                                                std::string(section.tables.Text(attribute.name)) +
                                                "`: their requests are denied"));
    }
  }
}

bool ReadDigest(std::string_view hex, std::array<uint8_t, 32>& digest) {
  if (hex.size() != 64) return false;
  for (size_t i = 0; i < digest.size(); ++i) {
    const char* const at = hex.data() + 2 * i;
    const auto [end, error] = std::from_chars(at, at + 2, digest[i], 16);
    if (error != std::errc() || end != at + 2) return false;
  }
  return true;
}

void ReadKeyAttribute(const ir::Tables& tables, uint32_t attribute, const json& value,
                      const std::string& name, ObjectReader& reader, KeyRecord& key) {
  AttributeValue& into = key.attributes.emplace_back();
  into.attribute = attribute;
  const std::string wrong = ReadValues(tables, attribute, value, into.values);
  if (!wrong.empty()) reader.Mistake(name, wrong);
  if (tables.attributes[attribute].source != Source::kIdentity) {
    reader.Mistake(name, SourceMistake(tables, attribute, "a key states identity"));
  }
}

void ReadKey(const JsonDocument& document, const ir::Tables& tables, const json& entry,
             const std::string& pointer, Settings& settings, Mistakes& mistakes) {
  ObjectReader reader(document, entry, pointer, mistakes);
  if (!entry.is_object()) return;
  KeyRecord key;
  key.name = reader.RequiredString("name");
  const std::string digest = reader.RequiredString("sha256");
  if (!digest.empty() && !ReadDigest(digest, key.digest)) {
    reader.Mistake("sha256", "the SHA-256 of the key in 64 hexadecimal digits is needed here");
  }
  for (const KeyRecord& other : settings.keys) {
    if (other.name == key.name) reader.Mistake("name", "`" + key.name + "` stands here twice");
    if (other.digest == key.digest) reader.Mistake("sha256", "the same key as `" + other.name + "`");
  }
  if (const json* const attributes = reader.Member("attributes")) {
    const std::string below = reader.Pointer("attributes");
    ObjectReader values(document, *attributes, below, mistakes);
    if (attributes->is_object()) {
      for (const auto& [name, value] : attributes->items()) {
        const auto attribute = FindAttribute(document, tables, name, Append(below, name), mistakes);
        if (attribute) ReadKeyAttribute(tables, *attribute, value, name, values, key);
      }
    }
  }
  reader.RefuseOthers();
  settings.keys.push_back(std::move(key));
}

}  // namespace

const char* SourceName(Source source) {
  switch (source) {
    case Source::kIdentity:
      return "identity";
    case Source::kGateway:
      return "gateway";
    case Source::kCaller:
      return "caller";
    case Source::kNone:
      break;
  }
  return "nowhere";
}

bool IsValueOf(const ir::Tables& tables, const ir::Attribute& attribute, std::string_view value) {
  switch (attribute.type) {
    case AttributeType::kBool:
      return value == "true" || value == "false";
    case AttributeType::kInt: {
      int64_t number = 0;
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
      return error == std::errc() && end == value.data() + value.size();
    }
    case AttributeType::kString:
    case AttributeType::kStringSet:
      return true;
    case AttributeType::kEnum:
    case AttributeType::kEnumSet:
      for (uint32_t i = 0; i < attribute.members.count; ++i) {
        if (tables.Text(tables.lists[attribute.members.begin + i]) == value) return true;
      }
      return false;
    case AttributeType::kLabel:
      return IsLabel(tables, value);
  }
  return false;
}

std::string ReadValues(const ir::Tables& tables, uint32_t attribute, const json& value,
                       std::vector<std::string>& values) {
  const ir::Attribute& declared = tables.attributes[attribute];
  const std::string wrong = std::string(TypeName(declared.type)) + " is needed here";
  const bool list = IsSet(declared.type);
  if (value.is_array() != list) return wrong;
  for (const json& one : list ? value : json::array({value})) {
    std::string text;
    if (!SpellScalar(one, text) || !IsValueOf(tables, declared, text)) return wrong;
    values.push_back(std::move(text));
  }
  return {};
}

void ReadKeys(Section& section, const std::string& path, const std::string& pointer) {
  Result<std::string> text = ReadWholeFile(path);
  if (!text) {
    section.mistakes.Add(section.document.At(pointer, text.error().message));
    return;
  }
  Result<JsonDocument> document = JsonDocument::Parse(*text, path);
  if (!document) {
    section.mistakes.Add(document.error().message);
    return;
  }
  const json& root = document->root();
  if (!root.is_array() || root.empty()) {
    section.mistakes.Add(document->At("", "a list of keys is needed here"));
    return;
  }
  for (size_t i = 0; i < root.size(); ++i) {
    ReadKey(*document, section.tables, root[i], "/" + std::to_string(i), section.settings, section.mistakes);
  }
}

void ReadAttributes(Section& section, const json* attributes) {
  if (attributes != nullptr) {
    ObjectReader reader(section.document, *attributes, "/attributes", section.mistakes);
    if (attributes->is_object()) {
      for (const auto& [name, entry] : attributes->items()) ReadWay(section, name, entry);
    }
  }
  // With other mistakes about, what is missing here may only be misspelt there.
  if (section.mistakes.empty()) CheckAllHaveWays(section);
}

}  // namespace hpol::gateway
