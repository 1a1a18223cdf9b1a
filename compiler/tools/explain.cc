// `hpol explain`: what the compiler made of a policy, in words for its author.
#include "compiler/driver/explain.h"

#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "compiler/tools/build_policy.h"
#include "compiler/tools/commands.h"

namespace hpol::tools {
namespace {

struct ExplainOptions {
  std::string policy;
  bool patterns = false;
  bool json = false;
};

int Run(const ExplainOptions& options) {
  driver::Options stages;
  stages.stop_after = driver::Stage::kPattern;
  std::optional<driver::Build> build =
      BuildPolicy(options.policy, stages, /*json=*/false, Wanted::kDetectors);
  if (!build) return kExitUsage;
  if (!build->ok()) return kExitFound;
  const driver::Explained explained = driver::Explain(*build, Cache().get());
  std::cout << (options.json ? driver::ExplainJson(build->policy, explained) + "\n"
                             : driver::ExplainText(build->policy, explained));
  return kExitOk;
}

}  // namespace

void AddExplain(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<ExplainOptions>();
  CLI::App* command = app.add_subcommand("explain", "say what the compiler made of a policy");
  command->add_option("POLICY", options->policy, "the .hpol file")->required();
  command
      ->add_flag("--patterns", options->patterns,
                 "for each detector: where it looks, how often that fires on ordinary text, what it costs")
      ->required();
  command->add_flag("--json", options->json, "as one JSON object");
  command->footer("Example: hpol explain policies/examples/acme.hpol --patterns");
  command->callback([options, &exit_code] { exit_code = Run(*options); });
}

}  // namespace hpol::tools
