// `hpol check`: compiles a policy and says what is wrong, or what was proved.
#include <unistd.h>

#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/driver/cost.h"
#include "compiler/driver/driver.h"
#include "compiler/tools/build_policy.h"
#include "compiler/tools/commands.h"
#include "dsl/diag/render.h"

namespace hpol::tools {
namespace {

struct CheckOptions {
  std::string policy;
  std::string dump;
  bool cost = false;
  bool json = false;
  bool warnings_fail = false;
  bool no_optimize = false;
};

std::string Count(size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

void PrintSummary(const driver::Build& build) {
  const hir::Policy& policy = build.policy;
  if (build.is_pack()) {
    std::cout << policy.name << (policy.version.empty() ? "" : " " + policy.version) << ": a pack of "
              << Count(policy.detectors.size(), "detector") << "\n";
    return;
  }
  std::cout << policy.name << (policy.version.empty() ? "" : " " + policy.version) << ": "
            << Count(policy.detectors.size(), "detector") << ", "
            << Count(policy.floors.size() + policy.raises.size(), "classify rule") << ", "
            << Count(policy.routes.size(), "route rule") << ", " << Count(policy.targets.size(), "target")
            << "\n";
  std::cout << "clearance: " << build.proofs.ways_proved << " of " << Count(build.proofs.ways, "way")
            << " to send proved safe for every request\n";
}

int RunDump(const CheckOptions& options, driver::Stage stage, jit::Optimize optimize) {
  driver::Options stages;
  stages.stop_after = stage;
  stages.optimize = optimize;
  const bool rules = stage == driver::Stage::kIr || stage == driver::Stage::kLlvm;
  std::optional<driver::Build> build =
      BuildPolicy(options.policy, stages, /*json=*/false, rules ? Wanted::kRules : Wanted::kDetectors);
  if (!build) return kExitUsage;
  if (!build->ok()) return kExitFound;
  std::cout << driver::Dump(*build, stage, optimize);
  return kExitOk;
}

// Diagnostics go to stderr as always; a policy with errors has no costs.
int RunCost(const CheckOptions& options) {
  driver::Options stages;
  stages.stop_after = driver::Stage::kPattern;
  std::optional<driver::Build> build =
      BuildPolicy(options.policy, stages, /*json=*/false, Wanted::kDetectors);
  if (!build) return kExitUsage;
  if (!build->ok()) return kExitFound;
  const std::vector<driver::DetectorCost> costs = driver::Costs(*build);
  std::cout << (options.json ? driver::CostJson(build->policy, costs) + "\n"
                             : driver::CostText(build->policy, costs));
  return options.warnings_fail && !build->diagnostics.all().empty() ? kExitFound : kExitOk;
}

int Run(const CheckOptions& options) {
  const jit::Optimize optimize = options.no_optimize ? jit::Optimize::kNone : jit::Optimize::kFull;
  if (!options.dump.empty()) return RunDump(options, *driver::StageFromName(options.dump), optimize);
  if (options.cost) return RunCost(options);
  driver::Options stages;
  stages.optimize = optimize;
  stages.filter = false;  // nothing is scanned
  std::optional<driver::Build> build = BuildPolicy(options.policy, stages, options.json, Wanted::kDetectors);
  if (!build) return kExitUsage;
  const bool failed = !build->ok() || (options.warnings_fail && !build->diagnostics.all().empty());
  if (build->ok() && !options.json) PrintSummary(*build);
  return failed ? kExitFound : kExitOk;
}

}  // namespace

void AddCheck(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* command =
      app.add_subcommand("check", "compile a policy: names, types, label flow, clearance, samples");
  command->add_option("POLICY", options->policy, "the .hpol file")->required();
  command
      ->add_option("--dump", options->dump, "print one stage and stop: tokens, ast, hir, ir, pattern, llvm")
      ->check(CLI::IsMember(driver::DumpNames()));
  command->add_flag("--cost", options->cost,
                    "print what each detector costs at worst: longest match, states, steps a byte, memory");
  command->add_flag("--json", options->json, "diagnostics as a JSON array; with --cost, the costs");
  command->add_flag("--warnings-fail", options->warnings_fail, "exit 1 on warnings too");
  command->add_flag("--no-optimize", options->no_optimize, "native code at O0");
  command->footer("Example: hpol check policies/examples/acme.hpol");
  command->callback([options, &exit_code] { exit_code = Run(*options); });
}

}  // namespace hpol::tools
