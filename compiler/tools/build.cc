// `hpol build`: a policy → one file that gateways load without a compiler; or the same as C, or as an object,
// for programs that need no file at all.
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/driver/bundle.h"
#include "compiler/tools/build_policy.h"
#include "compiler/tools/bundle_files.h"
#include "compiler/tools/commands.h"

namespace hpol::tools {
namespace {

namespace fs = std::filesystem;

struct BuildOptions {
  std::string policy;
  std::string output;
  std::string emit = "bundle";
  std::string key;
  std::string expires;
  std::vector<std::string> machines = {"x86-64"};
  driver::BundleWish wish;
};

std::string OutputOf(const BuildOptions& options) {
  if (!options.output.empty()) return options.output;
  const char* extension = options.emit == "object" ? ".o" : options.emit == "header" ? ".h" : ".c";
  return fs::path(options.policy).replace_extension(options.emit == "bundle" ? ".hpolb" : extension).string();
}

// Places in reasons and the bytes of a bundle name files without their folders, so that they are the same
// wherever they were made.
std::optional<std::string> Compile(const BuildOptions& options, int& exit_code) {
  driver::Options stages;
  stages.jit = false;
  Result<driver::Input> input = driver::ReadInput(options.policy);
  if (!input) {
    exit_code = Fail(input.error().message);
    return std::nullopt;
  }
  input->name = fs::path(options.policy).filename().string();
  const std::optional<driver::Build> build = BuildInput(*std::move(input), stages, /*json=*/false);
  if (!build || !build->ok()) {
    exit_code = build ? kExitFound : kExitUsage;
    return std::nullopt;
  }
  Result<std::string> bytes = driver::MakeBundle(*build, options.wish);
  if (!bytes) {
    exit_code = Fail(bytes.error().message);
    return std::nullopt;
  }
  return *std::move(bytes);
}

Result<std::string> As(const std::string& form, const std::string& bundle, const std::string& name) {
  if (form == "bundle") return bundle;
  if (form == "header") return EmbeddedHeader(name);
  if (form == "c") return EmbeddedSource(bundle, name);
  return EmbeddedObject(bundle, name);
}

int Run(BuildOptions& options) {
  for (const std::string& machine : options.machines) {
    const bool arm = machine == "aarch64";
    options.wish.machines.push_back(arm ? bundle::Machine::kAArch64 : bundle::Machine::kX86_64);
  }
  int exit_code = kExitOk;
  std::optional<std::string> bytes = Compile(options, exit_code);
  if (!bytes) return exit_code;
  if (!options.key.empty()) {
    Result<std::string> sealed = SignBundle(*bytes, options.key, options.expires);
    if (!sealed) return Fail(sealed.error().message);
    bytes = *std::move(sealed);
  }
  const std::string output = OutputOf(options);
  const Result<std::string> text = As(options.emit, *bytes, SymbolOf(output));
  if (!text) return Fail(text.error().message);
  if (!WriteOutput(output, *text)) return Fail("cannot write `" + output + "`");
  std::cout << output << ": " << text->size() << " bytes, "
            << (options.key.empty() ? "not signed: a gateway will not load it" : "signed") << "\n";
  return kExitOk;
}

}  // namespace

void AddBuild(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<BuildOptions>();
  options->wish.machines.clear();
  CLI::App* command = app.add_subcommand("build", "compile a policy into a bundle: one file for gateways");
  command->add_option("POLICY", options->policy, "the .hpol file")->required();
  command->add_option("-o,--output", options->output, "the file to write (else beside the policy)");
  command
      ->add_option("--emit", options->emit, "bundle, or the bundle as a C source, an object, or their header")
      ->check(CLI::IsMember({"bundle", "object", "header", "c"}))
      ->capture_default_str();
  command->add_option("--sign", options->key,
                      "the Ed25519 private key: a PEM file, or pkcs11:module-path=…;token=…;object=…");
  command->add_option("--expires", options->expires, "the signature's last day in UTC: 2027-01-31");
  command->add_option("--minimum-version", options->wish.minimum_version,
                      "the oldest version that may be loaded after this one (else this one)");
  command->add_flag("--revokes", options->wish.revokes,
                    "where it is loaded, requests in flight under older policies end");
  command->add_flag("--with-source", options->wish.source, "carry the policy's text, for people");
  command->add_option("--machines", options->machines, "x86-64, aarch64")
      ->delimiter(',')
      ->check(CLI::IsMember({"x86-64", "aarch64"}))
      ->capture_default_str();
  command->footer("Example: hpol build acme.hpol -o acme.hpolb --sign release.pem --expires 2027-01-31");
  command->callback([options, &exit_code] { exit_code = Run(*options); });
}

}  // namespace hpol::tools
