// `hpol keygen`, `sign`, `verify` and `inspect`: bundles as files.
#include <sys/stat.h>

#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "compiler/ir/ir.h"
#include "compiler/tools/bundle_files.h"
#include "compiler/tools/commands.h"
#include "hpol/bundle.h"
#include "hpol/prove.h"
#include "runtime/bundle/container.h"
#include "runtime/bundle/files.h"
#include "runtime/bundle/image.h"
#include "runtime/tables/pack.h"

namespace hpol::tools {
namespace {

std::string KeyText(const bundle::KeyId& id) { return bundle::Hex(id.data(), id.size()); }

// ---- keygen ----

// The public half of a key that is there already, perhaps in a token.
int WritePublic(const std::string& key, const std::string& output) {
  const Result<std::unique_ptr<bundle::Signer>> signer = OpenSigner(key);
  if (!signer) return Fail(signer.error().message);
  const Result<std::string> pem = bundle::PublicKeyPem((*signer)->public_key());
  if (!pem) return Fail(pem.error().message);
  if (!WriteOutput(output, *pem)) return Fail("cannot write `" + output + "`");
  std::cout << output << ": the public key\nkey id " << KeyText(bundle::IdOf((*signer)->public_key()))
            << "\n";
  return kExitOk;
}

int Keygen(const std::string& output) {
  const Result<bundle::KeyPair> pair = bundle::MakeKeyPair();
  if (!pair) return Fail(pair.error().message);
  if (bundle::FileExists(output)) return Fail("`" + output + "` is there already: a key is not overwritten");
  const mode_t before = ::umask(077);
  const bool wrote = WriteOutput(output, pair->private_pem);
  ::umask(before);
  if (!wrote || !WriteOutput(output + ".pub", pair->public_pem)) return Fail("cannot write `" + output + "`");
  const Result<std::vector<bundle::Ed25519Key>> keys = bundle::PublicKeysFromPem(pair->public_pem);
  std::cout << output << ": keep it where bundles are signed\n"
            << output << ".pub: give it to whoever loads them\nkey id "
            << KeyText(bundle::IdOf(keys->front())) << "\n";
  return kExitOk;
}

// ---- sign ----

struct SignOptions {
  std::string bundle, key, expires, output;
};

int Sign(const SignOptions& options) {
  const std::optional<std::string> bytes = ReadInput(options.bundle);
  if (!bytes) return Fail("cannot read `" + options.bundle + "`");
  const Result<std::string> sealed = SignBundle(*bytes, options.key, options.expires);
  if (!sealed) return Fail(sealed.error().message);
  const std::string& output = options.output.empty() ? options.bundle : options.output;
  if (!WriteOutput(output, *sealed)) return Fail("cannot write `" + output + "`");
  std::cout << output << ": signed\n";
  return kExitOk;
}

// ---- verify ----

struct VerifyOptions {
  std::string bundle, trust, policy, minimum_version;
  bool allow_unsigned = false;
  bool prove = false;
  bool json = false;
};

std::string ProofLines(const ProvedAgain& again) {
  std::string text;
  for (const ProvedAgain::Claim& claim : again.claims) {
    char time[32];
    std::snprintf(time, sizeof time, "%.1f ms", claim.milliseconds);
    text += claim.status + "  " + claim.title + "  " + time + "\n";
    if (!claim.note.empty()) text += "        " + claim.note + "\n";
    if (!claim.example.empty()) text += "        example: " + claim.example + "\n";
  }
  return text;
}

nlohmann::ordered_json ProofJson(const ProvedAgain& again) {
  nlohmann::ordered_json claims = nlohmann::ordered_json::array();
  for (const ProvedAgain::Claim& claim : again.claims) {
    nlohmann::ordered_json& one = claims.emplace_back();
    one = {{"kind", claim.kind}, {"title", claim.title}, {"status", claim.status}};
    if (!claim.note.empty()) one["note"] = claim.note;
    if (!claim.example.empty()) one["example"] = claim.example;
    one["milliseconds"] = claim.milliseconds;
  }
  nlohmann::ordered_json json{{"holds", again.holds()}};
  if (!again.holds()) json["failure"] = again.failure;
  json["milliseconds"] = again.milliseconds;
  json["claims"] = std::move(claims);
  return json;
}

int Verify(const VerifyOptions& options) {
  TrustStore trust;
  if (!options.trust.empty()) {
    Result<TrustStore> store = TrustStore::Load(options.trust);
    if (!store) return Fail(store.error().message);
    trust = *std::move(store);
  }
  BundleOptions wanted;
  wanted.trust = &trust;
  wanted.allow_unsigned = options.allow_unsigned;
  wanted.policy = options.policy;
  wanted.minimum_version = options.minimum_version;
  BundleRefusal refusal = BundleRefusal::kNone;
  const Result<Bundle> bundle = Bundle::Load(options.bundle, wanted, &refusal);
  std::optional<ProvedAgain> again;
  if (bundle && options.prove) again = ProveAgain(*bundle->program().tables, bundle->info().manifest);
  const bool good = bundle.ok() && (!again || again->holds());
  if (options.json) {
    nlohmann::ordered_json json{{"good", good}, {"reason", BundleRefusalName(refusal)}};
    if (!bundle) json["message"] = bundle.error().message;
    if (bundle) json["policy"] = bundle->info().policy, json["version"] = bundle->info().version;
    if (again) json["proofs"] = ProofJson(*again);
    std::cout << json.dump() << "\n";
    return good ? kExitOk : kExitFound;
  }
  if (!bundle) {
    std::cerr << "hpol: refused (" << BundleRefusalName(refusal) << "): " << bundle.error().message << "\n";
    return kExitFound;
  }
  if (again) std::cout << ProofLines(*again);
  if (!good) {
    std::cerr << "hpol: refused: proved again from its tables, " << again->failure << "\n";
    return kExitFound;
  }
  const BundleInfo& info = bundle->info();
  std::cout << info.policy << " " << info.version << ": good, "
            << (info.signed_by.empty() ? "not signed" : "signed by `" + info.signed_by + "`")
            << (info.not_after == 0 ? "" : ", valid until " + bundle::FormatTime(info.not_after)) << "\n";
  return kExitOk;
}

// ---- inspect ----

constexpr const char* kSectionNames[] = {"?", "manifest", "tables", "filter", "openings", "code", "source"};

void PrintImage(const bundle::Section& section) {
  std::string_view contents;
  const Result<bundle::Image> image = bundle::ReadImage(section.bytes, contents);
  if (!image) return;
  std::cout << "  code for " << bundle::MachineName(image->machine) << ", levels";
  uint32_t last = 0;
  for (const bundle::Entry& entry : image->entries) {
    if (entry.level != last) std::cout << " " << entry.level;
    last = entry.level;
  }
  uint64_t size[3] = {};
  for (const bundle::Segment& segment : image->segments)
    size[static_cast<size_t>(segment.protection)] += segment.size;
  std::cout << ": " << size[1] << " bytes of code, " << size[0] << " of tables, " << size[2]
            << " with addresses, " << image->relocations.size() << " relocations\n";
}

// Says what stands in the file; whether it is to be believed is `verify`'s.
int Inspect(const std::string& path, const std::string& part) {
  const std::optional<std::string> bytes = ReadInput(path);
  if (!bytes) return Fail("cannot read `" + path + "`");
  bundle::Container container;
  if (bundle::Open(*bytes, container) != BundleRefusal::kNone)
    return Fail("`" + path + "` is no whole bundle");
  if (!bundle::DigestsHold(container)) return Fail("`" + path + "` is damaged");
  if (part == "manifest") {
    const bundle::Section* manifest = container.Find(bundle::SectionKind::kManifest);
    if (manifest == nullptr) return Fail("it has no manifest");
    std::cout << manifest->bytes << "\n";
    return kExitOk;
  }
  if (part == "tables") {
    const bundle::Section* section = container.Find(bundle::SectionKind::kTables);
    ir::Tables tables;
    pack::Unpacker unpacker(section == nullptr ? std::string_view() : section->bytes);
    unpacker(tables);
    if (!unpacker.Done()) return Fail("its tables cannot be read");
    std::cout << ir::Print(tables);
    return kExitOk;
  }
  if (part == "source") {
    for (const bundle::Section& section : container.sections) {
      if (section.kind != bundle::SectionKind::kSource) continue;
      std::string name, text;
      pack::Unpacker unpacker(section.bytes);
      unpacker(name), unpacker(text);
      if (unpacker.Done()) std::cout << "// " << name << "\n" << text << "\n";
    }
    return kExitOk;
  }
  const Sha256Digest digest = bundle::DigestOf(container.head);
  std::cout << path << ": " << bytes->size() << " bytes, digest " << bundle::Hex(digest.data(), digest.size())
            << "\nABI " << container.abi << ", ";
  if (container.seal.algorithm == bundle::Algorithm::kNone) {
    std::cout << "not signed\n";
  } else {
    std::cout << "signed with key " << KeyText(container.seal.key_id) << "\n";
  }
  if (container.seal.not_after != 0)
    std::cout << "valid until " << bundle::FormatTime(container.seal.not_after) << "\n";
  for (const bundle::Section& section : container.sections) {
    const auto kind = static_cast<size_t>(section.kind);
    std::cout << "  " << (kind < std::size(kSectionNames) ? kSectionNames[kind] : "?") << ": "
              << section.bytes.size() << " bytes\n";
    if (section.kind == bundle::SectionKind::kImage) PrintImage(section);
  }
  return kExitOk;
}

}  // namespace

void AddKeygen(CLI::App& app, int& exit_code) {
  auto output = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("keygen", "make a key pair that signs bundles (Ed25519, PEM)");
  command->add_option("FILE", *output, "the private key; the public one is written to FILE.pub")->required();
  auto existing = std::make_shared<std::string>();
  command->add_option("--public-of", *existing,
                      "make no key: write to FILE the public key of this one, a PEM file or a pkcs11: URI");
  command->callback([output, existing, &exit_code] {
    exit_code = existing->empty() ? Keygen(*output) : WritePublic(*existing, *output);
  });
}

void AddSign(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<SignOptions>();
  CLI::App* command = app.add_subcommand("sign", "sign a bundle, in place of any signature it has");
  command->add_option("BUNDLE", options->bundle, "the .hpolb file")->required();
  command
      ->add_option(
          "--key", options->key,
          "the Ed25519 private key: a PEM file, or pkcs11:module-path=…;token=…;object=…;pin-source=…")
      ->required();
  command->add_option("--expires", options->expires, "the signature's last day in UTC: 2027-01-31");
  command->add_option("-o,--output", options->output, "the file to write (else BUNDLE itself)");
  command->callback([options, &exit_code] { exit_code = Sign(*options); });
}

void AddVerify(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<VerifyOptions>();
  CLI::App* command =
      app.add_subcommand("verify", "say whether a gateway would load a bundle, and if not, why not");
  command->add_option("BUNDLE", options->bundle, "the .hpolb file")->required();
  command->add_option("--trust", options->trust, "public keys: PEM, or a trust store in JSON");
  command->add_option("--policy", options->policy, "the policy that is expected");
  command->add_option("--minimum-version", options->minimum_version, "refuse anything older");
  command->add_flag("--allow-unsigned", options->allow_unsigned, "a signature is not needed");
  command->add_flag("--prove", options->prove,
                    "prove again, from the tables alone, what the manifest says was proved");
  command->add_flag("--json", options->json, "the answer as one JSON object");
  command->footer("Exit code 1 when it would be refused.");
  command->callback([options, &exit_code] { exit_code = Verify(*options); });
}

void AddInspect(CLI::App& app, int& exit_code) {
  auto path = std::make_shared<std::string>();
  auto part = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("inspect", "print what stands in a bundle; nothing is verified but digests");
  command->add_option("BUNDLE", *path, "the .hpolb file")->required();
  command->add_option("--print", *part, "one part: manifest (JSON), tables, source")
      ->check(CLI::IsMember({"manifest", "tables", "source"}));
  command->callback([path, part, &exit_code] { exit_code = Inspect(*path, *part); });
}

}  // namespace hpol::tools
