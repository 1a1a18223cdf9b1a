// `hpol eval`: one request through one engine, the whole decision printed.
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include "compiler/driver/driver.h"
#include "compiler/driver/report.h"
#include "compiler/driver/request.h"
#include "compiler/reference/reference.h"
#include "compiler/tools/build_policy.h"
#include "compiler/tools/commands.h"

namespace hpol::tools {
namespace {

struct EvalOptions {
  std::string policy;
  std::string request;
  std::string engine = "jit";
  bool json = false;
  bool no_optimize = false;
};

std::optional<std::string> ReadRequest(const std::string& path) {
  if (path == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

int Run(const EvalOptions& options) {
  const bool reference = options.engine == "reference";
  driver::Options stages;
  stages.optimize = options.no_optimize ? jit::Optimize::kNone : jit::Optimize::kFull;
  stages.filter = false;  // one request does not earn back what the filter costs to derive
  if (reference) stages.stop_after = driver::Stage::kIr;  // still every check, but no native code
  const std::optional<driver::Build> build = BuildPolicy(options.policy, stages, /*json=*/false);
  if (!build) return kExitUsage;
  if (!build->ok()) return kExitFound;

  const std::optional<std::string> text = ReadRequest(options.request);
  if (!text) return Fail("cannot read `" + options.request + "`");
  const Result<driver::OwnedRequest> request = driver::OwnedRequest::FromJson(*text, build->policy);
  if (!request) return Fail(options.request + ": " + request.error().message);

  reference::Outcome outcome;
  if (reference) {
    outcome = reference::Decide(build->policy, request->view());
  } else {
    const Result<std::shared_ptr<const Engine>> engine = Engine::Make(build->program);
    if (!engine) return Fail(engine.error().message);
    Scratch scratch;
    outcome = driver::OutcomeOf((*engine)->Decide(request->view(), scratch));
  }
  if (options.json) {
    std::cout << driver::DecisionJson(outcome, build->policy, *build->sources) << "\n";
  } else {
    std::cout << driver::DecisionText(outcome, build->policy, *build->sources);
  }
  return kExitOk;
}

}  // namespace

void AddEval(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<EvalOptions>();
  CLI::App* command =
      app.add_subcommand("eval", "decide one request and print label, verdict, candidates and why");
  command->add_option("POLICY", options->policy, "the .hpol file")->required();
  command->add_option("--request", options->request, "a JSON file, or - for standard input")->required();
  command->add_option("--engine", options->engine, "jit (native code) or reference (the written meaning)")
      ->check(CLI::IsMember({"jit", "reference"}))
      ->capture_default_str();
  command->add_flag("--json", options->json, "the decision as JSON");
  command->add_flag("--no-optimize", options->no_optimize, "native code at O0");
  command->footer(
      "A request: {\"text\": \"my ssn is …\", \"attributes\": {\"department\": \"marketing\", \"env\": "
      "\"prod\"}}\n"
      "`body` instead of `text` holds a chat completions body. `sources` says where an input came from when "
      "it\n"
      "is not where the policy expects it; `unscanned`: true says that some content could not be read.");
  command->callback([options, &exit_code] { exit_code = Run(*options); });
}

}  // namespace hpol::tools
