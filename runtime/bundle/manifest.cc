#include "runtime/bundle/manifest.h"

#include <algorithm>

#include "hpol/bundle.h"
#include "runtime/bundle/json_fields.h"

namespace hpol::bundle {
namespace {

// As the language writes names: they go into logs, and into the record of versions.
bool IsName(std::string_view text) {
  return !text.empty() && text.size() <= 256 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
  });
}

}  // namespace

bool ReadManifest(std::string_view text, ManifestFacts& facts) {
  JsonFields json(text);
  bool says_revokes = false;
  const bool read = json.Document([&](const std::string& key) {
    if (key == "policy") return json.String(facts.policy);
    if (key == "version") return json.String(facts.version);
    if (key == "minimum_version") return json.String(facts.minimum_version);
    if (key == "revokes") return says_revokes = json.Bool(facts.revokes);
    return json.Skip();
  });
  return read && says_revokes && IsName(facts.policy) && IsVersion(facts.version) &&
         IsVersion(facts.minimum_version) && CompareVersions(facts.minimum_version, facts.version) <= 0;
}

}  // namespace hpol::bundle
