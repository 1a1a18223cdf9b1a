// Bytes → a program that may run. The order matters: what is cheap and proves who speaks comes first, and
// nothing is mapped before everything else holds.
#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "runtime/bundle/container.h"
#include "runtime/bundle/files.h"
#include "runtime/bundle/image.h"
#include "runtime/bundle/keys.h"
#include "runtime/bundle/manifest.h"
#include "runtime/bundle/pins.h"
#include "runtime/tables/filter_pack.h"
#include "runtime/tables/pack.h"
#include "runtime/tables/verify.h"

namespace hpol {
namespace {

using bundle::SectionKind;

int64_t Clock() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

template <typename T>
bool Unpack(std::string_view bytes, T& into) {
  pack::Unpacker unpacker(bytes);
  unpacker(into);
  return unpacker.Done();
}

#if defined(__x86_64__)
constexpr bundle::Machine kThisMachine = bundle::Machine::kX86_64;
#else
constexpr bundle::Machine kThisMachine = bundle::Machine::kAArch64;
#endif

struct Refused {
  BundleRefusal reason = BundleRefusal::kNone;
  std::string message;
};

}  // namespace

class BundleReader {
 public:
  BundleReader(std::string_view bytes, const BundleOptions& options) : bytes_(bytes), options_(options) {}

  Result<Bundle> Read(BundleRefusal& refusal) {
    const bool good = Head() && Trust() && Content() && Pins() && Tables() && Code() && Record();
    refusal = refused_.reason;
    if (!good) return Error{std::move(refused_.message)};
    return std::move(result_);
  }

 private:
  bool Refuse(BundleRefusal reason, std::string message) {
    refused_ = {reason, std::move(message)};
    return false;
  }

  bool Head() {
    switch (const BundleRefusal refusal = bundle::Open(bytes_, container_)) {
      case BundleRefusal::kNone:
        return true;
      case BundleRefusal::kNotABundle:
        return Refuse(refusal, "this is no bundle");
      case BundleRefusal::kFormat:
        return Refuse(refusal, "the bundle has a form that this hpol does not know");
      case BundleRefusal::kTruncated:
        return Refuse(refusal, "the bundle is not as long as it says: it was cut, or something was added");
      default:
        return Refuse(BundleRefusal::kMalformed, "the bundle's head contradicts itself");
    }
  }

  int64_t Now() const { return options_.now != 0 ? options_.now : Clock(); }

  bool Trust() {
    const bundle::Seal& seal = container_.seal;
    result_.info_.not_after = seal.not_after;
    result_.info_.digest = bundle::DigestOf(container_.head);
    if (seal.algorithm == bundle::Algorithm::kNone) {
      const auto* digest = reinterpret_cast<const char*>(result_.info_.digest.data());
      if (container_.signature != std::string_view(digest, result_.info_.digest.size()))
        return Refuse(BundleRefusal::kDigest, "the bundle is damaged: its head is not what was written");
      if (!options_.allow_unsigned) return Refuse(BundleRefusal::kUnsigned, "the bundle is not signed");
      return true;
    }
    if (seal.algorithm != bundle::Algorithm::kEd25519 || seal.reserved != 0)
      return Refuse(BundleRefusal::kAlgorithm, "the bundle is signed in a way that this hpol does not know");
    result_.info_.key_id = seal.key_id;
    const TrustStore::Key* key = options_.trust == nullptr ? nullptr : options_.trust->Find(seal.key_id);
    if (key == nullptr) {
      return Refuse(BundleRefusal::kUnknownKey,
                    "the bundle is signed by key " + KeyText(seal.key_id) + ", which is not trusted");
    }
    if (key->revoked || (key->not_after != 0 && Now() > key->not_after)) {
      return Refuse(BundleRefusal::kRetiredKey, "the bundle is signed by `" + key->name + "`, which is " +
                                                    (key->revoked ? "revoked" : "no longer valid"));
    }
    if (!bundle::VerifyEd25519(key->ed25519, container_.head, container_.signature))
      return Refuse(BundleRefusal::kSignature, "the signature is not of this bundle: it was changed");
    result_.info_.signed_by = key->name;
    return true;
  }

  static std::string KeyText(const std::array<uint8_t, 32>& id) { return bundle::Hex(id.data(), 8); }

  bool Content() {
    if (!bundle::DigestsHold(container_))
      return Refuse(BundleRefusal::kDigest, "the bundle is damaged: a section is not what was signed");
    if (container_.abi != HPOL_ABI_VERSION) {
      return Refuse(BundleRefusal::kAbi, "the bundle needs runtime ABI " + std::to_string(container_.abi) +
                                             ", this is " + std::to_string(HPOL_ABI_VERSION));
    }
    if (result_.info_.not_after != 0 && Now() > result_.info_.not_after) {
      return Refuse(BundleRefusal::kExpired,
                    "the bundle was valid until " + bundle::FormatTime(result_.info_.not_after));
    }
    const bundle::Section* section = container_.Find(SectionKind::kManifest);
    bundle::ManifestFacts facts;
    if (section == nullptr || !bundle::ReadManifest(section->bytes, facts))
      return Refuse(BundleRefusal::kManifest, "the bundle's manifest cannot be read");
    BundleInfo& info = result_.info_;
    info.policy = facts.policy;
    info.version = facts.version;
    info.minimum_version = facts.minimum_version;
    info.revokes = facts.revokes;
    info.manifest = section->bytes;
    if (!options_.policy.empty() && options_.policy != info.policy) {
      return Refuse(BundleRefusal::kPolicy,
                    "the bundle is of policy `" + info.policy + "`, expected `" + options_.policy + "`");
    }
    return true;
  }

  bool Pins() {
    if (!options_.minimum_version.empty() && !IsVersion(options_.minimum_version))
      return Refuse(BundleRefusal::kPins, "the minimum version asked for is no version");
    std::string_view minimum = options_.minimum_version;
    const auto raise = [&](std::string_view version) {
      if (!version.empty() && (minimum.empty() || CompareVersions(version, minimum) > 0)) minimum = version;
    };
    if (options_.trust != nullptr) raise(options_.trust->MinimumVersion(result_.info_.policy));
    if (!options_.pin_file.empty()) {
      if (!pins_.Load(options_.pin_file)) {
        return Refuse(BundleRefusal::kPins,
                      "the record of versions `" + options_.pin_file + "` cannot be understood");
      }
      raise(pins_.MinimumVersion(result_.info_.policy));
    }
    if (minimum.empty() || CompareVersions(result_.info_.version, minimum) >= 0) return true;
    return Refuse(BundleRefusal::kOlder, "the bundle is version " + result_.info_.version + " of `" +
                                             result_.info_.policy + "`; nothing older than " +
                                             std::string(minimum) + " may be loaded");
  }

  bool Tables() {
    const auto refuse = [this](const std::string& what) {
      return Refuse(BundleRefusal::kTables, "the bundle's tables may not be run: " + what);
    };
    auto tables = std::make_shared<ir::Tables>();
    const bundle::Section* section = container_.Find(SectionKind::kTables);
    if (section == nullptr || !Unpack(section->bytes, *tables)) return refuse("they cannot be read");
    const Result<bool> verified = ir::Verify(*tables);
    if (!verified) return refuse(verified.error().message);
    if (tables->Text(tables->policy) != result_.info_.policy ||
        tables->Text(tables->version) != result_.info_.version) {
      return Refuse(BundleRefusal::kManifest,
                    "the bundle's manifest speaks of another policy than its tables");
    }
    const size_t detectors = tables->detectors.size();
    auto filter = std::make_shared<filter::Program>();
    section = container_.Find(SectionKind::kFilter);
    if (section == nullptr || !Unpack(section->bytes, *filter) || !filter::IsSound(*filter, detectors))
      return refuse("the filter cannot be read");
    auto openings = std::make_shared<Openings>();
    section = container_.Find(SectionKind::kOpenings);
    if (section == nullptr || !Unpack(section->bytes, *openings) || !IsSound(*openings, detectors))
      return refuse("the openings cannot be read");
    result_.program_.tables = std::move(tables);
    result_.program_.filter = std::move(filter);
    result_.program_.openings = std::move(openings);
    return true;
  }

  bool Code() {
    const bundle::Section* section =
        container_.Find(SectionKind::kImage, static_cast<uint32_t>(kThisMachine));
    if (section == nullptr)
      return Refuse(BundleRefusal::kMachine, "the bundle has no code for this kind of machine");
    const auto refuse = [this](const std::string& what) {
      return Refuse(BundleRefusal::kCode, "the bundle's code cannot be used: " + what);
    };
    std::string_view contents;
    const Result<bundle::Image> image = bundle::ReadImage(section->bytes, contents);
    if (!image) return refuse(image.error().message);
    const uint32_t level = bundle::BestLevel(*image, options_.max_level);
    if (level == 0) return Refuse(BundleRefusal::kMachine, "the bundle has no code for this CPU");
    const auto detectors = static_cast<uint32_t>(result_.program_.tables->detectors.size());
    Result<bundle::Mapped> mapped = bundle::MapImage(*image, contents, level, detectors);
    if (!mapped) return refuse(mapped.error().message);
    result_.info_.level = level;
    result_.program_.artifact = mapped->artifact.get();
    result_.program_.owner = std::move(mapped->artifact);
    return true;
  }

  // Last: what was refused raises no version.
  bool Record() {
    if (options_.pin_file.empty()) return true;
    if (pins_.Raise(result_.info_.policy, result_.info_.minimum_version, options_.pin_file)) return true;
    return Refuse(BundleRefusal::kPins,
                  "the record of versions `" + options_.pin_file + "` cannot be written");
  }

  const std::string_view bytes_;
  const BundleOptions& options_;
  bundle::Container container_;
  bundle::Pins pins_;
  Bundle result_;
  Refused refused_;
};

Result<Bundle> Bundle::Read(std::string_view bytes, const BundleOptions& options,
                            BundleRefusal* refusal) noexcept {
  BundleRefusal reason = BundleRefusal::kMalformed;
  try {
    Result<Bundle> bundle = BundleReader(bytes, options).Read(reason);
    if (refusal != nullptr) *refusal = reason;
    return bundle;
  } catch (...) {
    if (refusal != nullptr) *refusal = BundleRefusal::kMalformed;
    return Error{"out of memory"};
  }
}

Result<Bundle> Bundle::Load(const std::string& path, const BundleOptions& options,
                            BundleRefusal* refusal) noexcept {
  try {
    const std::optional<std::string> bytes = bundle::ReadWholeFile(path, bundle::kMaxBundleBytes);
    if (bytes) {
      Result<Bundle> bundle = Read(*bytes, options, refusal);
      if (!bundle) return Error{"`" + path + "`: " + bundle.error().message};
      return bundle;
    }
    if (refusal != nullptr) *refusal = BundleRefusal::kUnreadable;
    return Error{"cannot read `" + path + "`: no such file, or not readable"};
  } catch (...) {
    if (refusal != nullptr) *refusal = BundleRefusal::kUnreadable;
    return Error{"out of memory"};
  }
}

std::string_view BundleRefusalName(BundleRefusal refusal) {
  switch (refusal) {
    case BundleRefusal::kNone:
      return "none";
    case BundleRefusal::kUnreadable:
      return "unreadable";
    case BundleRefusal::kNotABundle:
      return "not_a_bundle";
    case BundleRefusal::kFormat:
      return "format";
    case BundleRefusal::kTruncated:
      return "truncated";
    case BundleRefusal::kMalformed:
      return "malformed";
    case BundleRefusal::kUnsigned:
      return "unsigned";
    case BundleRefusal::kAlgorithm:
      return "algorithm";
    case BundleRefusal::kUnknownKey:
      return "unknown_key";
    case BundleRefusal::kRetiredKey:
      return "retired_key";
    case BundleRefusal::kSignature:
      return "signature";
    case BundleRefusal::kDigest:
      return "digest";
    case BundleRefusal::kAbi:
      return "abi";
    case BundleRefusal::kExpired:
      return "expired";
    case BundleRefusal::kManifest:
      return "manifest";
    case BundleRefusal::kPolicy:
      return "policy";
    case BundleRefusal::kOlder:
      return "older";
    case BundleRefusal::kPins:
      return "pins";
    case BundleRefusal::kTables:
      return "tables";
    case BundleRefusal::kCode:
      return "code";
    case BundleRefusal::kMachine:
      return "machine";
  }
  return "malformed";
}

}  // namespace hpol
