// Compiled policies as files: what a gateway or an application loads where there is no compiler.
//
//   auto trust = hpol::TrustStore::Load("trust.pem");
//   if (!trust) return Fatal(trust.error());
//   auto bundle = hpol::Bundle::Load("clinic.hpolb", {.trust = &*trust});
//   if (!bundle) return Fatal(bundle.error());
//   auto engine = hpol::Engine::Make(bundle->program());
//
// Everything is verified before anything of it is mapped: signature, digests, ABI, expiry, versions, tables.
// Nothing here throws; errors hold no text of the policy but its name and version. All is immutable after
// loading, and may be used by several threads.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hpol/engine.h"
#include "hpol/result.h"

namespace hpol {

// Why a bundle was not loaded.
enum class BundleRefusal : uint8_t {
  kNone = 0,
  kUnreadable,  // no such file, or not to be read
  kNotABundle,  // it is something else
  kFormat,      // a form that this runtime does not know
  kTruncated,   // shorter or longer than it says
  kMalformed,   // its head contradicts itself
  kUnsigned,    // no signature, and none was asked to be enough
  kAlgorithm,   // a signature of a kind that this runtime does not know
  kUnknownKey,  // signed by a key that is not trusted
  kRetiredKey,  // signed by a key that is revoked or no longer valid
  kSignature,   // the signature is not of these bytes
  kDigest,      // a section is not what was signed
  kAbi,         // made for another runtime
  kExpired,     // valid no longer
  kManifest,    // its manifest cannot be read, or speaks of another policy than its tables
  kPolicy,      // another policy than was asked for
  kOlder,       // an older version than is allowed
  kPins,        // the record of versions cannot be read or written
  kTables,      // its tables may not be run
  kCode,        // its native part cannot be used
  kMachine,     // no code for this CPU
};
std::string_view BundleRefusalName(BundleRefusal refusal);

// Public keys that may sign bundles. Several at a time, so that keys can be changed: trust the new one, sign
// with it, then drop the old one.
class TrustStore {
 public:
  struct Key {
    std::string name;              // for people
    std::array<uint8_t, 32> id{};  // SHA-256 of the key's SubjectPublicKeyInfo
    std::array<uint8_t, 32> ed25519{};
    int64_t not_after = 0;  // seconds since 1970: nothing is believed it later; 0: no end
    bool revoked = false;
  };

  // A PEM file with one or more Ed25519 public keys, or a JSON file (runtime/bundle/README.md) that names
  // such files, retires keys and pins versions.
  static Result<TrustStore> Load(const std::string& path);
  // The same from PEM text.
  static Result<TrustStore> FromPem(std::string_view pem, std::string name = "key");

  // Null: not trusted.
  const Key* Find(const std::array<uint8_t, 32>& id) const;
  const std::vector<Key>& keys() const { return keys_; }
  // The oldest version of the policy that may be loaded; empty: any.
  std::string_view MinimumVersion(std::string_view policy) const;

  void Add(Key key) { keys_.push_back(std::move(key)); }
  void Pin(std::string policy, std::string minimum_version);

 private:
  std::vector<Key> keys_;
  std::vector<std::pair<std::string, std::string>> pins_;
};

struct BundleOptions {
  const TrustStore* trust = nullptr;  // read during the call alone
  bool allow_unsigned = false;        // for trying things out: anybody can write such a bundle
  std::string policy = {};            // the policy that is expected; empty: any
  std::string minimum_version = {};   // beside what the trust store says
  // Where the versions that were loaded are recorded, so that an older one cannot be slipped in later; empty:
  // nowhere. Made when it is not there.
  std::string pin_file = {};
  int64_t now = 0;         // seconds since 1970; 0: the clock
  uint32_t max_level = 0;  // of CPU, as BundleInfo::level; 0: the best there is
};

// What a bundle says of itself, as it was signed.
struct BundleInfo {
  std::string policy;
  std::string version;
  std::string minimum_version;  // once this one runs, nothing older than that may
  bool revokes = false;         // requests in flight under older policies end when this one comes
  std::string signed_by;        // the trusted key's name; empty: not signed
  std::array<uint8_t, 32> key_id{};
  int64_t not_after = 0;             // seconds since 1970; 0: no end
  std::array<uint8_t, 32> digest{};  // names all its content
  uint32_t level = 0;                // of CPU: x86-64-v2, -v3, -v4; 8: AArch64
  std::string manifest;              // JSON
};

class Bundle {
 public:
  // `refusal`, where given, says which kind of fault it was.
  static Result<Bundle> Load(const std::string& path, const BundleOptions& options,
                             BundleRefusal* refusal = nullptr) noexcept;
  static Result<Bundle> Read(std::string_view bytes, const BundleOptions& options,
                             BundleRefusal* refusal = nullptr) noexcept;

  // Runs as long as someone holds it, also after the bundle is gone.
  const Program& program() const { return program_; }
  const BundleInfo& info() const { return info_; }

 private:
  Bundle() = default;
  friend class BundleReader;
  Program program_;
  BundleInfo info_;
};

// Versions are numbers with points between: 2, 2.4, 2.4.1. A missing number is 0.
bool IsVersion(std::string_view text);
// Less than 0: `left` is older. Both must be versions.
int CompareVersions(std::string_view left, std::string_view right);

}  // namespace hpol
