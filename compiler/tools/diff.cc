// `hpol diff OLD NEW`: what a new policy does differently, one request of each kind.
#include "compiler/prove/diff.h"

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "compiler/driver/proofs.h"
#include "compiler/driver/report.h"
#include "compiler/tools/build_policy.h"
#include "compiler/tools/commands.h"

namespace hpol::tools {
namespace {

struct DiffOptions {
  std::string before;
  std::string after;
  std::string fail_on;
  bool json = false;
};

// The decision in a few words, under the names of its own policy.
std::string OutcomeWords(const hir::Policy& policy, const reference::Outcome& outcome) {
  std::string text = "`" + hir::LabelText(outcome.label, policy.levels, policy.categories) + "`, ";
  if (outcome.verdict == Verdict::kDeny)
    return text + "denied (" + std::string(CauseName(outcome.cause)) + ")";
  text += "may go to ";
  bool first = true;
  for (const reference::Outcome::Sent& sent : outcome.candidates) {
    text += (first ? "" : ", ") + policy.targets[sent.target.value].name;
    if (sent.redaction != kNoRedaction)
      text += " redacted by " + policy.redactions[sent.redaction.value].name;
    first = false;
  }
  return text;
}

void PrintText(const prove::Difference& difference, const hir::Policy& before, const hir::Policy& after) {
  if (difference.changes.empty()) {
    std::cout << "no change in behaviour: proved for every request\n";
    return;
  }
  for (const prove::Change& change : difference.changes) {
    std::cout << (change.loosens ? "looser    " : "          ") << "a request " << change.what << "\n";
    if (!change.known) {
      std::cout << "          not known whether it happens: the solver gave up\n";
      continue;
    }
    std::cout << "          example: " << prove::RequestText(before, change.example) << " ("
              << driver::Confirmed(change.example) << ")\n"
              << "            before: " << OutcomeWords(before, change.before) << "\n"
              << "            after:  " << OutcomeWords(after, change.after) << "\n";
  }
  std::cout << difference.changes.size() << (difference.changes.size() == 1 ? " kind" : " kinds")
            << " of change; nothing else changes for any request\n";
}

void PrintJson(const prove::Difference& difference, const hir::Policy& before, const hir::Policy& after) {
  nlohmann::ordered_json changes = nlohmann::ordered_json::array();
  for (const prove::Change& change : difference.changes) {
    nlohmann::ordered_json one{{"what", change.what}, {"loosens", change.loosens}, {"known", change.known}};
    if (change.known) {
      one["example"] = prove::RequestText(before, change.example);
      one["confirmed"] = driver::Confirmed(change.example);
      one["before"] = OutcomeWords(before, change.before);
      one["after"] = OutcomeWords(after, change.after);
    }
    changes.push_back(std::move(one));
  }
  std::cout
      << nlohmann::ordered_json{{"loosens", difference.loosens()}, {"changes", std::move(changes)}}.dump(2)
      << "\n";
}

int Run(const DiffOptions& options) {
  // Neither policy must be proved to be compared: an edit that breaks a guarantee is worth seeing.
  driver::Options stages;
  stages.filter = false;  // nothing is scanned but examples
  stages.prove = false;
  const std::optional<driver::Build> before = BuildPolicy(options.before, stages, /*json=*/false);
  if (!before) return kExitUsage;
  const std::optional<driver::Build> after = BuildPolicy(options.after, stages, /*json=*/false);
  if (!after) return kExitUsage;
  if (!before->ok() || !after->ok()) return kExitFound;
  const prove::Difference difference =
      prove::Compare({before->policy, driver::RunnerOf(*before)}, {after->policy, driver::RunnerOf(*after)});
  if (!difference.fault.empty()) return Fail("internal error: " + difference.fault);
  (options.json ? PrintJson : PrintText)(difference, before->policy, after->policy);
  if (options.fail_on == "change" && !difference.changes.empty()) return kExitFound;
  if (options.fail_on == "loosening" && difference.loosens()) return kExitFound;
  return kExitOk;
}

}  // namespace

void AddDiff(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<DiffOptions>();
  CLI::App* command = app.add_subcommand(
      "diff", "what a new policy does differently: every kind of change, with one request of each");
  command->add_option("OLD", options->before, "the policy in force")->required();
  command->add_option("NEW", options->after, "the policy to come")->required();
  command
      ->add_option("--fail-on", options->fail_on,
                   "exit 1 on `loosening` (more data may go to more places) or any `change`")
      ->check(CLI::IsMember({"loosening", "change"}));
  command->add_flag("--json", options->json, "the changes as JSON");
  command->footer(
      "Detectors are compared by what they look for, not by name: one that was edited may find more and "
      "less,\n"
      "so it counts as looser. Example: hpol diff old.hpol new.hpol --fail-on loosening");
  command->callback([options, &exit_code] { exit_code = Run(*options); });
}

}  // namespace hpol::tools
