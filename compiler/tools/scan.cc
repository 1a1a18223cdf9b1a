// `hpol scan`: what a policy's detectors find in text. Prints places and names, never
// the text that was found.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "compiler/driver/driver.h"
#include "compiler/tools/build_policy.h"
#include "compiler/tools/commands.h"
#include "dsl/source/source.h"

namespace hpol::tools {
namespace {

using Json = nlohmann::ordered_json;

struct ScanOptions {
  std::string policy;
  std::vector<std::string> files;
  bool jsonl = false;
  bool fail_on_findings = false;
};

// One engine and its scratch, for any number of texts.
class Scanner {
 public:
  Scanner(std::shared_ptr<const Engine> engine)
      : engine_(std::move(engine)) {}  // NOLINT(google-explicit-constructor)

  // Nothing when the text could not be scanned: that is not the same as nothing found.
  const std::vector<Finding>* Scan(std::string_view text) {
    findings_.clear();
    if (!engine_->Scan(text, scratch_, findings_)) return nullptr;
    total_ += findings_.size();
    return &findings_;
  }
  std::string_view Name(const Finding& finding) const {
    const ir::Tables& tables = engine_->tables();
    return tables.Text(tables.detectors[finding.detector.value].name);
  }
  size_t total() const { return total_; }

 private:
  std::shared_ptr<const Engine> engine_;
  Scratch scratch_;
  std::vector<Finding> findings_;
  size_t total_ = 0;
};

// One line in, one line out; a line that is not {"text": …} gets an error line of its own.
int ScanJsonLines(std::istream& in, Scanner& scanner) {
  int exit_code = kExitOk;
  std::string line;
  while (std::getline(in, line)) {
    if (line.empty()) continue;
    const Json request = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!request.is_object() || !request.contains("text") || !request["text"].is_string()) {
      std::cout << R"({"error":"each line must be a JSON object with a string `text`"})" << "\n";
      exit_code = kExitUsage;
      continue;
    }
    const std::string text = request["text"].get<std::string>();
    const std::vector<Finding>* found = scanner.Scan(text);
    if (found == nullptr) {
      std::cout << R"({"error":"the text could not be scanned: it must be valid UTF-8"})" << "\n";
      exit_code = kExitUsage;
      continue;
    }
    Json findings = Json::array();
    for (const Finding& finding : *found) {
      findings.push_back({{"detector", scanner.Name(finding)},
                          {"start", finding.begin},
                          {"end", finding.end},
                          {"tier", TierName(finding.tier)}});
    }
    std::cout << Json{{"findings", std::move(findings)}}.dump() << "\n";
  }
  return exit_code;
}

int ScanText(const std::string& name, std::string text, Scanner& scanner) {
  const dsl::SourceFile file(name, std::move(text));
  const std::vector<Finding>* found = scanner.Scan(file.text());
  if (found == nullptr) return Fail("`" + name + "` could not be scanned: it must be valid UTF-8");
  for (const Finding& finding : *found) {
    const dsl::Position at = file.Locate(finding.begin);
    std::cout << name << ":" << at.line << ":" << at.column << "  " << scanner.Name(finding) << "  ("
              << TierName(finding.tier) << ", " << finding.end - finding.begin << " bytes)\n";
  }
  return kExitOk;
}

int ScanFiles(const ScanOptions& options, Scanner& scanner) {
  int exit_code = kExitOk;
  const std::vector<std::string> files =
      options.files.empty() ? std::vector<std::string>{"-"} : options.files;
  for (const std::string& path : files) {
    std::ifstream file;
    if (path != "-") file.open(path, std::ios::binary);
    std::istream& in = path == "-" ? std::cin : file;
    if (!in) {
      exit_code = Fail("cannot read `" + path + "`");
    } else if (options.jsonl) {
      exit_code = std::max(exit_code, ScanJsonLines(in, scanner));
    } else {
      const std::string name = path == "-" ? "standard input" : path;
      exit_code =
          std::max(exit_code, ScanText(name, std::string(std::istreambuf_iterator<char>(in), {}), scanner));
    }
  }
  return exit_code;
}

int Run(const ScanOptions& options) {
  driver::Options stages;
  stages.keep_imports = true;
  const std::optional<driver::Build> build = BuildPolicy(options.policy, stages, /*json=*/false);
  if (!build) return kExitUsage;
  if (!build->ok()) return kExitFound;
  Result<std::shared_ptr<const Engine>> engine = Engine::Make(build->program);
  if (!engine) return Fail(engine.error().message);
  Scanner scanner(*std::move(engine));
  const int exit_code = ScanFiles(options, scanner);
  if (exit_code == kExitOk && options.fail_on_findings && scanner.total() > 0) return kExitFound;
  return exit_code;
}

}  // namespace

void AddScan(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<ScanOptions>();
  CLI::App* command =
      app.add_subcommand("scan", "find what a policy's detectors find, in files or standard input");
  command
      ->add_option("--policy", options->policy, "the .hpol file whose detectors (own and imported) are used")
      ->required();
  command->add_option("FILES", options->files, "text files; none or -: standard input");
  command->add_flag("--jsonl", options->jsonl,
                    "read {\"text\": …} lines, write {\"findings\": […]} lines, offsets in bytes");
  command->add_flag("--fail-on-findings", options->fail_on_findings, "exit 1 when anything is found");
  command->footer("Example: echo 'my ssn is 536-22-8145' | hpol scan --policy policies/examples/acme.hpol");
  command->callback([options, &exit_code] { exit_code = Run(*options); });
}

}  // namespace hpol::tools
