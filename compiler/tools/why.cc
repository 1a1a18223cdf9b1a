// `hpol why`: which rules and facts decided a request, and which single change would decide it otherwise.
#include "compiler/prove/why.h"

#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>

#include "compiler/driver/report.h"
#include "compiler/driver/request.h"
#include "compiler/tools/build_policy.h"
#include "compiler/tools/commands.h"

namespace hpol::tools {
namespace {

struct WhyOptions {
  std::string policy;
  std::string request;
};

std::string Decision(const hir::Policy& policy, const reference::Outcome& outcome) {
  std::string text = hir::LabelText(outcome.label, policy.levels, policy.categories) + ", ";
  if (outcome.verdict == Verdict::kDeny)
    return text + "denied (" + std::string(CauseName(outcome.cause)) + ")";
  text += "may go to ";
  for (size_t i = 0; i < outcome.candidates.size(); ++i) {
    text += (i == 0 ? "" : ", ") + policy.targets[outcome.candidates[i].target.value].name;
    const RedactionId redaction = outcome.candidates[i].redaction;
    if (redaction != kNoRedaction) text += " redacted by " + policy.redactions[redaction.value].name;
  }
  return text;
}

// Changes in a row that are decided alike are told by the first few: a pack has hundreds of detectors.
void PrintFlips(const hir::Policy& policy, const std::vector<prove::Flip>& flips) {
  constexpr size_t kShown = 3;
  for (size_t i = 0; i < flips.size();) {
    const std::string decision = Decision(policy, flips[i].outcome);
    size_t end = i;
    while (end < flips.size() && Decision(policy, flips[end].outcome) == decision) ++end;
    const size_t shown = end - i > kShown + 1 ? i + kShown : end;
    for (size_t k = i; k < shown; ++k) std::cout << "  " << flips[k].change << ": " << decision << "\n";
    if (shown < end) std::cout << "  and " << end - shown << " more changes like these: " << decision << "\n";
    i = end;
  }
}

int Run(const WhyOptions& options) {
  driver::Options stages;
  stages.stop_after = driver::Stage::kIr;
  const std::optional<driver::Build> build = BuildPolicy(options.policy, stages, /*json=*/false);
  if (!build) return kExitUsage;
  if (!build->ok()) return kExitFound;
  std::ifstream file(options.request, std::ios::binary);
  if (options.request != "-" && !file) return Fail("cannot read `" + options.request + "`");
  std::istream& in = options.request == "-" ? std::cin : file;
  const std::string json(std::istreambuf_iterator<char>(in), {});
  const Result<driver::OwnedRequest> request = driver::OwnedRequest::FromJson(json, build->policy);
  if (!request) return Fail(options.request + ": " + request.error().message);

  const reference::Outcome outcome = reference::Decide(build->policy, request->view());
  std::cout << driver::DecisionText(outcome, build->policy, *build->sources);
  reference::Outcome read;
  const std::optional<reference::Facts> facts = reference::FactsOf(build->policy, request->view(), read);
  if (!facts) return kExitOk;  // turned away before any rule
  const std::vector<prove::Flip> flips = prove::FlipsOf(build->policy, *facts);
  std::cout << (flips.empty() ? "no single change would decide it otherwise\n"
                              : "one change would decide it otherwise:\n");
  PrintFlips(build->policy, flips);
  return kExitOk;
}

}  // namespace

void AddWhy(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<WhyOptions>();
  CLI::App* command = app.add_subcommand(
      "why", "which rules and facts decided a request, and what single change would flip it");
  command->add_option("POLICY", options->policy, "the .hpol file")->required();
  command->add_option("--request", options->request, "a JSON file as for `hpol eval`, or -")->required();
  command->callback([options, &exit_code] { exit_code = Run(*options); });
}

}  // namespace hpol::tools
