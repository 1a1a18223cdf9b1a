// `hpol test`: the policy's own `test` blocks, on the compiled code.
#include <unistd.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "compiler/driver/policy_tests.h"
#include "compiler/tools/build_policy.h"
#include "compiler/tools/commands.h"

namespace hpol::tools {
namespace {

struct TestOptions {
  std::string policy;
  bool json = false;
};

void PrintText(const driver::Build& build, const std::vector<driver::TestResult>& results) {
  const bool color = UseColor(STDOUT_FILENO);
  for (const driver::TestResult& result : results) {
    const char* mark =
        result.passed ? (color ? "\033[32mpass\033[0m" : "pass") : (color ? "\033[31mFAIL\033[0m" : "FAIL");
    std::cout << mark << "  " << result.title << "\n";
    if (result.passed) continue;
    const dsl::SourceFile& file = build.sources->Get(result.span.file);
    std::cout << "      at " << file.name() << ":" << file.Locate(result.span.begin).line << "\n"
              << "      expected  " << result.expected << "\n"
              << "      happened  " << result.actual << "\n";
  }
}

void PrintJson(const driver::Build& build, const std::vector<driver::TestResult>& results) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const driver::TestResult& result : results) {
    const dsl::SourceFile& file = build.sources->Get(result.span.file);
    json.push_back({{"test", result.title},
                    {"passed", result.passed},
                    {"file", file.name()},
                    {"line", file.Locate(result.span.begin).line},
                    {"expected", result.expected},
                    {"actual", result.actual}});
  }
  std::cout << json.dump(2) << "\n";
}

int Run(const TestOptions& options) {
  const std::optional<driver::Build> build = BuildPolicy(options.policy, {}, /*json=*/false);
  if (!build) return kExitUsage;
  if (!build->ok()) return kExitFound;
  const std::vector<driver::TestResult> results = driver::RunPolicyTests(*build);
  size_t failed = 0;
  for (const driver::TestResult& result : results) failed += result.passed ? 0 : 1;
  if (options.json) {
    PrintJson(*build, results);
  } else {
    PrintText(*build, results);
    if (results.empty()) std::cout << "the policy has no `test` block\n";
    std::cout << results.size() - failed << " passed, " << failed << " failed\n";
  }
  return failed == 0 ? kExitOk : kExitFound;
}

}  // namespace

void AddTest(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<TestOptions>();
  CLI::App* command = app.add_subcommand("test", "run the policy's own `test` blocks on the compiled code");
  command->add_option("POLICY", options->policy, "the .hpol file")->required();
  command->add_flag("--json", options->json, "results as a JSON array");
  command->callback([options, &exit_code] { exit_code = Run(*options); });
}

}  // namespace hpol::tools
