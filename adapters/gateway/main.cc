// `hpol-gateway`: serves a bundle. No compiler is in this program.
#include <CLI/CLI.hpp>
#include <array>
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "adapters/gateway/fields.h"
#include "hpol/bundle.h"
#include "hpol/prove.h"
#include "hpol/serving.h"

namespace hpol::gateway {
namespace {

struct Options {
  std::string bundle, config, trust, policy, minimum_version, pin_file;
  bool allow_unsigned = false;
  bool prove = false;
  bool check_only = false;
  bool json = false;
  std::vector<std::string> fields;  // `--fields` and perhaps a surface
  int port = -1;
  int grace_seconds = 30;
};

// What the bundle's signer says is proved is believed once it is proved here.
Result<bool> Reproved([[maybe_unused]] const Bundle& bundle) {
#ifdef HPOL_HAS_PROVER
  const ProvedAgain again = ProveAgain(*bundle.program().tables, bundle.info().manifest);
  if (!again.holds()) return Error{"proofs: proved again from its tables, " + again.failure};
  return true;
#else
  return Error{"proofs: this gateway was built without the prover"};
#endif
}

// The trust store is read anew too, so that a key can be revoked without a restart.
Result<ServedPolicy> Load(const Options& options) {
  BundleOptions wanted;
  TrustStore trust;
  if (!options.trust.empty()) {
    Result<TrustStore> store = TrustStore::Load(options.trust);
    if (!store) return store.error();
    trust = *std::move(store);
  }
  wanted.trust = &trust;
  wanted.allow_unsigned = options.allow_unsigned;
  wanted.policy = options.policy;
  wanted.minimum_version = options.minimum_version;
  const auto load = [&]() -> Result<Bundle> {
    BundleRefusal refusal = BundleRefusal::kNone;
    Result<Bundle> loaded = Bundle::Load(options.bundle, wanted, &refusal);
    if (!loaded) return Error{std::string(BundleRefusalName(refusal)) + ": " + loaded.error().message};
    return loaded;
  };
  std::array<uint8_t, 32> proved_digest{};
  if (options.prove) {
    const Result<Bundle> bundle = load();
    if (!bundle) return bundle.error();
    const Result<bool> proved = Reproved(*bundle);
    if (!proved) return proved.error();
    proved_digest = bundle->info().digest;
  }
  // Only what is served is recorded, so after everything else was said of it.
  if (!options.check_only) wanted.pin_file = options.pin_file;
  const Result<Bundle> bundle = load();
  if (!bundle) return bundle.error();
  if (options.prove && bundle->info().digest != proved_digest)
    return Error{"proofs: the bundle changed while it was proved"};
  Result<std::shared_ptr<const Engine>> engine = Engine::Make(bundle->program());
  if (!engine) return engine.error();
  Result<GatewayConfig> config = ReadGatewayConfig(options.config, (*engine)->tables());
  if (!config) return config.error();
  return ServedPolicy{*std::move(engine), *std::move(config), bundle->info().revokes,
                      bundle->info().policy + " " + bundle->info().version};
}

int Run(const Options& options) {
  Serving serving;
  serving.load = [&options] { return Load(options); };
  serving.watched = {options.bundle, options.config};
  if (!options.trust.empty()) serving.watched.push_back(options.trust);
  if (options.port >= 0) serving.port = static_cast<uint16_t>(options.port);
  serving.grace_seconds = options.grace_seconds;
  serving.check_only = options.check_only;
  const Result<bool> served = Serve(serving);
  if (served) return 0;
  std::cerr << "hpol-gateway: " << served.error().message << "\n";
  return 2;
}

int PrintFieldsOf(const Options& options) {
  const std::string surface = options.fields.empty() ? "" : options.fields.front();
  const Result<std::string> text = FieldsText(surface, options.json);
  if (text) {
    std::cout << *text;
    return 0;
  }
  std::cerr << "hpol-gateway: " << text.error().message << "\n";
  return 2;
}

}  // namespace
}  // namespace hpol::gateway

int main(int argc, char** argv) {
  hpol::gateway::Options options;
  CLI::App app{
      "hpol-gateway serves a compiled policy to clients of OpenAI, Anthropic and Ollama, without a "
      "compiler."};
  auto* const bundle = app.add_option("--bundle", options.bundle, "the .hpolb file");
  auto* const config =
      app.add_option("--config", options.config, "gateway.json: addresses, keys, where inputs come from");
  auto* const fields =
      app.add_option("--fields", options.fields,
                     "print what is done with each field of a request, of one surface or of all, and end")
          ->expected(0, 1)
          ->excludes(bundle)
          ->excludes(config);
  app.add_flag("--json", options.json, "with --fields: as JSON")->needs(fields);
  app.add_option("--trust", options.trust, "who may sign: public keys in PEM, or a trust store in JSON");
  app.add_flag("--allow-unsigned", options.allow_unsigned, "load bundles that nobody signed");
  app.add_option("--policy", options.policy, "load bundles of this policy alone");
  app.add_option("--minimum-version", options.minimum_version, "load nothing older");
  app.add_option("--pin-file", options.pin_file,
                 "where loaded versions are recorded: nothing older comes back");
  app.add_flag(
      "--prove", options.prove,
      "refuse a bundle unless all that its manifest says was proved is proved again, from its tables");
  app.add_option("--port", options.port, "listen here instead of where the file says; 0 takes a free port")
      ->check(CLI::Range(0, 65535));
  app.add_option("--grace", options.grace_seconds, "seconds that requests in flight get when ending")
      ->check(CLI::Range(0, 3600))
      ->capture_default_str();
  app.add_flag("--check", options.check_only, "read everything, say whether it agrees, and end");
  app.footer(
      "The bundle is loaded anew on SIGHUP, when one of the files changes, and on POST /admin/reload.\n"
      "A bundle that is refused changes nothing. adapters/gateway/README.md describes the configuration.");
  CLI11_PARSE(app, argc, argv);
  if (fields->count() > 0) return hpol::gateway::PrintFieldsOf(options);
  if (bundle->count() == 0 || config->count() == 0) {
    std::cerr << "hpol-gateway: --bundle and --config are needed; --help tells more\n";
    return 2;
  }
  return hpol::gateway::Run(options);
}
