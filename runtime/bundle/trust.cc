// Trust stores, and the record of versions that were loaded.
#include <algorithm>

#include "hpol/bundle.h"
#include "runtime/bundle/files.h"
#include "runtime/bundle/json_fields.h"
#include "runtime/bundle/keys.h"
#include "runtime/bundle/pins.h"

namespace hpol {
namespace {

constexpr uint64_t kMaxTrustBytes = uint64_t{1} << 20;

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

// A key as the JSON form describes it.
struct Entry {
  std::string file, name, not_after;
  bool revoked = false;
};

bool ReadTrust(std::string_view text, std::vector<Entry>& entries,
               std::vector<std::pair<std::string, std::string>>& pins) {
  bundle::JsonFields json(text);
  const auto entry = [&](const std::string& key) {
    if (key == "file") return json.String(entries.back().file);
    if (key == "name") return json.String(entries.back().name);
    if (key == "not_after") return json.String(entries.back().not_after);
    return key == "revoked" && json.Bool(entries.back().revoked);
  };
  return json.Document([&](const std::string& key) {
    if (key == "keys") return json.ArrayOfObjects([&] { return entries.emplace_back(), true; }, entry);
    return key == "minimum_versions" && json.ObjectValue([&](const std::string& policy) {
      return json.String(pins.emplace_back(policy, "").second) && IsVersion(pins.back().second);
    });
  });
}

Result<bool> AddEntry(const Entry& entry, const std::string& folder, TrustStore& store) {
  const std::string path = entry.file.starts_with('/') ? entry.file : folder + entry.file;
  const std::optional<std::string> pem = bundle::ReadWholeFile(path, kMaxTrustBytes);
  if (!pem) return Error{"cannot read the key `" + path + "`"};
  const Result<TrustStore> keys = TrustStore::FromPem(*pem, entry.name.empty() ? entry.file : entry.name);
  if (!keys) return Error{"`" + path + "`: " + keys.error().message};
  std::optional<int64_t> not_after = 0;
  if (!entry.not_after.empty()) not_after = bundle::ParseTime(entry.not_after);
  if (!not_after) return Error{"`" + entry.not_after + "` is no date such as 2027-01-31"};
  for (TrustStore::Key key : keys->keys()) {
    key.not_after = *not_after;
    key.revoked = entry.revoked;
    store.Add(std::move(key));
  }
  return true;
}

}  // namespace

Result<TrustStore> TrustStore::FromPem(std::string_view pem, std::string name) {
  Result<std::vector<bundle::Ed25519Key>> keys = bundle::PublicKeysFromPem(pem);
  if (!keys) return keys.error();
  TrustStore store;
  for (const bundle::Ed25519Key& key : *keys) store.Add({name, bundle::IdOf(key), key, 0, false});
  return store;
}

Result<TrustStore> TrustStore::Load(const std::string& path) {
  const std::optional<std::string> text = bundle::ReadWholeFile(path, kMaxTrustBytes);
  if (!text) return Error{"cannot read `" + path + "`: no such file, or not readable"};
  if (!text->starts_with('{')) {
    Result<TrustStore> store = FromPem(*text, path);
    if (!store) return Error{"`" + path + "`: " + store.error().message};
    return store;
  }
  std::vector<Entry> entries;
  TrustStore store;
  if (!ReadTrust(*text, entries, store.pins_))
    return Error{"`" + path + "` is no trust store: see runtime/bundle/README.md"};
  for (const Entry& entry : entries) {
    const Result<bool> added = AddEntry(entry, FolderOf(path), store);
    if (!added) return Error{"`" + path + "`: " + added.error().message};
  }
  return store;
}

const TrustStore::Key* TrustStore::Find(const std::array<uint8_t, 32>& id) const {
  // A key that is listed twice is as revoked as its strictest entry.
  const Key* found = nullptr;
  for (const Key& key : keys_) {
    if (key.id != id) continue;
    const bool stricter = found == nullptr || key.revoked ||
                          (!found->revoked && key.not_after != 0 &&
                           (found->not_after == 0 || key.not_after < found->not_after));
    if (stricter) found = &key;
  }
  return found;
}

std::string_view TrustStore::MinimumVersion(std::string_view policy) const {
  std::string_view highest;
  for (const auto& [name, version] : pins_) {
    if (name == policy && (highest.empty() || CompareVersions(version, highest) > 0)) highest = version;
  }
  return highest;
}

void TrustStore::Pin(std::string policy, std::string minimum_version) {
  pins_.emplace_back(std::move(policy), std::move(minimum_version));
}

namespace bundle {

bool Pins::Load(const std::string& path) {
  const std::optional<std::string> text = ReadWholeFile(path, kMaxTrustBytes);
  if (!text) return !FileExists(path);
  JsonFields json(*text);
  return json.Document([&](const std::string& policy) {
    std::string& version = versions_[policy];
    return json.String(version) && IsVersion(version);
  });
}

std::string_view Pins::MinimumVersion(std::string_view policy) const {
  const auto found = versions_.find(policy);
  return found == versions_.end() ? std::string_view() : std::string_view(found->second);
}

bool Pins::Raise(std::string_view policy, std::string_view version, const std::string& path) {
  const std::string_view now = MinimumVersion(policy);
  if (!now.empty() && CompareVersions(version, now) <= 0) return true;
  versions_[std::string(policy)] = version;
  std::string text = "{";
  for (const auto& [name, minimum] : versions_)
    text += (text.size() > 1 ? ",\n \"" : "\"") + name + "\": \"" + minimum + "\"";
  return ReplaceFile(path, text + "}\n");
}

}  // namespace bundle
}  // namespace hpol
