// `hpol serve`: compiles a policy and serves it, in one step.
#include <memory>
#include <optional>
#include <string>

#include "compiler/tools/build_policy.h"
#include "compiler/tools/commands.h"
#include "hpol/serving.h"

namespace hpol::tools {
namespace {

struct ServeOptions {
  std::string policy;
  std::string config;
  int port = -1;
  int grace_seconds = 30;
  bool check_only = false;
};

// A policy that does not compile any more changes nothing: what is wrong is said on stderr.
Result<gateway::ServedPolicy> Load(const ServeOptions& options, bool& has_errors) {
  const std::optional<driver::Build> build = BuildPolicy(options.policy, {}, /*json=*/false);
  has_errors = build && !build->ok();
  if (!build || has_errors) return Error{"`" + options.policy + "` does not compile"};
  Result<std::shared_ptr<const Engine>> engine = Engine::Make(build->program);
  if (!engine) return engine.error();
  Result<GatewayConfig> config = gateway::ReadGatewayConfig(options.config, (*engine)->tables());
  if (!config) return config.error();
  return gateway::ServedPolicy{*std::move(engine), *std::move(config), false, options.policy};
}

int Run(const ServeOptions& options) {
  gateway::Serving serving;
  bool has_errors = false;
  serving.load = [&] { return Load(options, has_errors); };
  serving.watched = {options.policy, options.config};
  if (options.port >= 0) serving.port = static_cast<uint16_t>(options.port);
  serving.grace_seconds = options.grace_seconds;
  serving.check_only = options.check_only;
  const Result<bool> served = gateway::Serve(serving);
  if (served) return kExitOk;
  const int code = Fail(served.error().message);
  return has_errors ? kExitFound : code;
}

}  // namespace

void AddServe(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<ServeOptions>();
  CLI::App* command =
      app.add_subcommand("serve", "compile a policy and serve it: the OpenAI-speaking gateway");
  command->add_option("POLICY", options->policy, "the .hpol file")->required();
  command->add_option("--config", options->config, "gateway.json: addresses, keys, where inputs come from")
      ->required();
  command
      ->add_option("--port", options->port, "listen here instead of where the file says; 0 takes a free port")
      ->check(CLI::Range(0, 65535));
  command->add_option("--grace", options->grace_seconds, "seconds that requests in flight get when ending")
      ->check(CLI::Range(0, 3600))
      ->capture_default_str();
  command->add_flag("--check", options->check_only,
                    "read policy and configuration, say whether they agree, and end");
  command->footer(
      "The policy is compiled anew on SIGHUP, when it or the configuration changes, and on POST "
      "/admin/reload; one\n"
      "with errors changes nothing. The configuration is described in adapters/gateway/README.md.");
  command->callback([options, &exit_code] { exit_code = Run(*options); });
}

}  // namespace hpol::tools
