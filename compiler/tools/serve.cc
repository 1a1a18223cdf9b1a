// `hpol serve`: compiles a policy and serves it, in one step.
#include <csignal>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>

#include "compiler/tools/build_policy.h"
#include "compiler/tools/commands.h"
#include "hpol/gateway.h"

namespace hpol::tools {
namespace {

struct ServeOptions {
  std::string policy;
  std::string config;
  int port = -1;
  int grace_seconds = 30;
  bool check_only = false;
};

// Blocks the signals that end us before any thread starts, so that only WaitForSignal sees them.
sigset_t BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

void WaitForSignal(const sigset_t& signals) {
  int signal = 0;
  sigwait(&signals, &signal);
}

Result<GatewayConfig> ReadConfig(const std::string& path, const ir::Tables& tables) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error{"cannot read `" + path + "`: no such file, or not readable"};
  return ParseGatewayConfig(std::string(std::istreambuf_iterator<char>(in), {}), path, tables);
}

int Serve(const ServeOptions& options, std::shared_ptr<const Engine> engine, GatewayConfig config) {
  const sigset_t signals = BlockSignals();
  if (!ForbidMemoryDumps()) return Fail("the system does not let this process forbid memory dumps");
  if (options.port >= 0) config.set_port(static_cast<uint16_t>(options.port));
  const std::string host = config.host();
  Result<std::unique_ptr<Gateway>> gateway = Gateway::Start(std::move(engine), std::move(config));
  if (!gateway) return Fail(gateway.error().message);
  std::cout << "serving " << options.policy << " on http://" << host << ":" << (*gateway)->port() << "/v1"
            << " (end with Ctrl-C)" << std::endl;
  WaitForSignal(signals);
  std::cout << "ending: no new requests, up to " << options.grace_seconds << " s for those in flight"
            << std::endl;
  (*gateway)->Stop(std::chrono::seconds(options.grace_seconds));
  return kExitOk;
}

int Run(const ServeOptions& options) {
  const std::optional<driver::Build> build = BuildPolicy(options.policy, {}, /*json=*/false);
  if (!build) return kExitUsage;
  if (!build->ok()) return kExitFound;
  Result<std::shared_ptr<const Engine>> engine = Engine::Make(build->program);
  if (!engine) return Fail(engine.error().message);
  Result<GatewayConfig> config = ReadConfig(options.config, (*engine)->tables());
  if (!config) return Fail(config.error().message);
  for (const std::string& warning : config->warnings()) std::cerr << "hpol: warning: " << warning << "\n";
  if (options.check_only) {
    std::cout << options.config << " agrees with " << options.policy << "\n";
    return kExitOk;
  }
  return Serve(options, *std::move(engine), *std::move(config));
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
  command->footer("The configuration is described in adapters/gateway/README.md.");
  command->callback([options, &exit_code] { exit_code = Run(*options); });
}

}  // namespace hpol::tools
