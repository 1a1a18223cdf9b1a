// Keys and attributes of a request; the door is attributes.h.
#include "adapters/gateway/attributes.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>

namespace hpol::gateway {
namespace {

bool IsSet(AttributeType type) {
  return type == AttributeType::kStringSet || type == AttributeType::kEnumSet;
}

// A set in a header is a list with commas; anything else is the whole value.
std::vector<std::string_view> SplitHeader(std::string_view value, AttributeType type) {
  std::vector<std::string_view> values;
  if (!IsSet(type)) {
    values.push_back(value);
    return values;
  }
  for (;;) {
    const size_t comma = value.find(',');
    const std::string_view word = http::Trim(value.substr(0, comma));
    if (!word.empty()) values.push_back(word);
    if (comma == std::string_view::npos) return values;
    value.remove_prefix(comma + 1);
  }
}

std::vector<std::string_view> ValuesOf(const http::Certificate* certificate, CertificateField field) {
  if (certificate == nullptr) return {};
  const auto all = [](const std::vector<std::string>& list) {
    return std::vector<std::string_view>(list.begin(), list.end());
  };
  switch (field) {
    case CertificateField::kNone:
      break;
    case CertificateField::kCommonName:
      if (!certificate->common_name.empty()) return {certificate->common_name};
      break;
    case CertificateField::kUnit:
      return all(certificate->units);
    case CertificateField::kDnsName:
      return all(certificate->names);
    case CertificateField::kUri:
      return all(certificate->uris);
    case CertificateField::kFingerprint:
      return {certificate->fingerprint};
  }
  return {};
}

// Takes the same time whichever record it is.
const KeyRecord* RecordOf(const std::vector<KeyRecord>& keys, std::string_view key) {
  std::array<uint8_t, 32> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(key.data()), key.size(), digest.data());
  const KeyRecord* found = nullptr;
  for (const KeyRecord& record : keys) {
    if (CRYPTO_memcmp(record.digest.data(), digest.data(), digest.size()) == 0) found = &record;
  }
  return found;
}

}  // namespace

const KeyRecord* FindKey(const std::vector<KeyRecord>& keys, std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (authorization.size() <= kScheme.size()) return nullptr;
  if (!http::EqualsIgnoringCase(authorization.substr(0, kScheme.size()), kScheme)) return nullptr;
  return RecordOf(keys, http::Trim(authorization.substr(kScheme.size())));
}

const KeyRecord* FindCaller(const std::vector<KeyRecord>& keys, const http::RequestHead& head) {
  const auto authorization = head.Find("authorization");
  const auto api_key = head.Find("x-api-key");
  if (!api_key) return FindKey(keys, authorization.value_or(""));
  const KeyRecord* const record = RecordOf(keys, *api_key);
  // One of the two would be somebody else's.
  if (authorization && FindKey(keys, *authorization) != record) return nullptr;
  return record;
}

bool IsTrustedPeer(const Settings& settings, const http::Address& peer) {
  return std::ranges::any_of(settings.trusted_peers,
                             [&](const http::Cidr& cidr) { return cidr.Contains(peer); });
}

RequestAttributes::RequestAttributes(const Settings& settings, const ir::Tables& tables, const KeyRecord* key,
                                     bool trusted_peer, const http::RequestHead& head,
                                     const http::Certificate* certificate) {
  std::vector<bool> known(tables.attributes.size());
  const auto name = [&](uint32_t attribute) { return tables.Text(tables.attributes[attribute].name); };
  // Who presented a key is who the key says, whatever a header claims beside it.
  if (key != nullptr) {
    for (const AttributeValue& value : key->attributes) {
      values_.emplace_back(value.values.begin(), value.values.end());
      Add(name(value.attribute), Source::kIdentity);
      known[value.attribute] = true;
    }
  }
  for (const AttributeWay& way : settings.ways) {
    if (known[way.attribute]) continue;
    if (way.certificate != CertificateField::kNone) {
      std::vector<std::string_view> values = ValuesOf(certificate, way.certificate);
      // Several values are none where one is needed: nobody says which counts.
      if (values.empty() || (values.size() > 1 && !IsSet(tables.attributes[way.attribute].type))) continue;
      values_.push_back(std::move(values));
      Add(name(way.attribute), Source::kIdentity);
      continue;
    }
    if (way.header.empty()) {
      values_.emplace_back(way.fixed.begin(), way.fixed.end());
      Add(name(way.attribute), way.source);
    } else if (way.source == Source::kCaller || trusted_peer) {
      const auto header = head.Find(way.header);
      if (!header) continue;
      values_.push_back(SplitHeader(*header, tables.attributes[way.attribute].type));
      Add(name(way.attribute), way.source);
    }
  }
  // Only now do the vectors stay where they are.
  for (size_t i = 0; i < list_.size(); ++i) list_[i].values = values_[i];
}

void RequestAttributes::Add(std::string_view name, Source source) {
  Attribute attribute;
  attribute.name = name;
  attribute.source = source;
  list_.push_back(attribute);
}

}  // namespace hpol::gateway
