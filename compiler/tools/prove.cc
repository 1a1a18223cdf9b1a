// `hpol prove`: what holds of every request that a policy can meet, as a table.
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "compiler/driver/proofs.h"
#include "compiler/tools/build_policy.h"
#include "compiler/tools/commands.h"

namespace hpol::tools {
namespace {

struct ProveOptions {
  std::string policy;
  std::string format = "text";
  bool json = false;
  std::string certificate;
};

int Run(const ProveOptions& options) {
  driver::Options stages;
  stages.filter = false;  // nothing is scanned but counterexamples
  stages.certificates = options.certificate;
  std::error_code error;
  if (!options.certificate.empty()) std::filesystem::create_directories(options.certificate, error);
  if (error) return Fail("cannot make the folder `" + options.certificate + "`");
  const std::optional<driver::Build> build = BuildPolicy(options.policy, stages, /*json=*/false);
  if (!build) return kExitUsage;
  if (!build->proofs.certificates_failed.empty())
    return Fail("cannot write `" + build->proofs.certificates_failed + "`");
  // With errors of another kind nothing was proved, and they are said already.
  if (build->proofs.proofs.empty()) return build->ok() ? kExitOk : kExitFound;
  const std::string format = options.json ? "json" : options.format;
  std::cout << (format == "json"    ? driver::ProofJson(*build)
                : format == "sarif" ? driver::ProofSarif(*build)
                : format == "junit" ? driver::ProofJunit(*build)
                                    : driver::ProofTable(*build));
  return build->ok() ? kExitOk : kExitFound;
}

}  // namespace

void AddProve(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<ProveOptions>();
  CLI::App* command = app.add_subcommand(
      "prove", "prove clearance and every guarantee for all requests, or show a request that breaks them");
  command->add_option("POLICY", options->policy, "the .hpol file")->required();
  command->add_option("--format", options->format, "text, json, sarif (code scanning) or junit")
      ->check(CLI::IsMember({"text", "json", "sarif", "junit"}))
      ->capture_default_str();
  command->add_flag("--json", options->json, "the same as --format json");
  command->add_option(
      "--certificate", options->certificate,
      "a folder for what each proof rests on: clauses (DIMACS, SMT-LIB) and the proof (DRAT)");
  command->footer(
      "Exit code 1 when something is broken or could not be decided; a policy that some request leaves\n"
      "undecided is warned about. Example: hpol prove policies/examples/acme.hpol");
  command->callback([options, &exit_code] { exit_code = Run(*options); });
}

}  // namespace hpol::tools
