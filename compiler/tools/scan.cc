// `hpol scan`: what detectors find in files, folders and standard input. Prints places, names and masked
// excerpts, never the text that was found.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/driver/driver.h"
#include "compiler/tools/build_policy.h"
#include "compiler/tools/commands.h"
#include "compiler/tools/scan_inputs.h"
#include "compiler/tools/scan_report.h"
#include "dsl/source/source.h"
#include "hpol/stream.h"

namespace hpol::tools {
namespace {

using Json = nlohmann::ordered_json;

struct ScanOptions {
  std::string policy;
  std::vector<std::string> packs;
  std::vector<std::string> files;
  std::string tier;
  uint64_t max_bytes = uint64_t{256} << 20;
  bool jsonl = false;
  bool json = false;
  bool sarif = false;
  bool no_progress = false;
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

// The policy that packs make: they have no rules to compile, and nothing to run.
driver::Input PolicyOf(const std::vector<std::string>& packs) {
  std::string text = "policy hpol.scan version \"1.0.0\"\n";
  for (const std::string& pack : packs) text += "import " + pack + "\n";
  text += "levels public\nclassify { start at public }\nroute { otherwise deny \"only scanned\" }\n";
  return {"--pack", std::move(text), ""};
}

// How far it is, on a terminal, at most ten times a second.
class Progress {
 public:
  Progress(bool on, size_t files) : on_(on && files > 1), files_(files) {}
  ~Progress() {
    if (drawn_) std::cerr << "\r\x1b[K" << std::flush;
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void Advance(uint64_t bytes, size_t findings) {
    ++done_;
    bytes_ += bytes;
    findings_ += findings;
    const auto now = std::chrono::steady_clock::now();
    if (!on_ || now - last_ < std::chrono::milliseconds(100)) return;
    last_ = now;
    drawn_ = true;
    constexpr size_t kWidth = 24;
    const size_t full = done_ * kWidth / files_;
    std::cerr << "\r\x1b[K[" << std::string(full, '#') << std::string(kWidth - full, '.') << "] " << done_
              << "/" << files_ << " files, " << bytes_ / 1000000 << " MB, " << findings_
              << (findings_ == 1 ? " finding" : " findings") << std::flush;
  }

 private:
  bool on_;
  bool drawn_ = false;
  size_t files_, done_ = 0, findings_ = 0;
  uint64_t bytes_ = 0;
  std::chrono::steady_clock::time_point last_;
};

// Files one after another through one stream scanner, which says what it could not read.
class FileScanner {
 public:
  FileScanner(std::shared_ptr<const Engine> engine, const ScanReport& report, std::optional<Tier> tier)
      : stream_(std::move(engine)), report_(report), tier_(tier) {}

  ScannedFile Scan(ScanInput& input, uint64_t max_bytes) {
    ScannedFile file;
    file.path = input.path;
    size_t repaired = 0;
    std::string text = ReadInputText(input, max_bytes, &repaired);
    if (input.kind != ScanInput::Kind::kText) {
      file.skipped = WhySkipped(input.kind);
      file.failed = IsFailure(input.kind);
      return file;
    }
    std::vector<Finding> findings;
    stream_.Reset();
    constexpr size_t kChunk = size_t{1} << 20;
    bool fine = true;
    for (size_t at = 0; fine && at < text.size(); at += kChunk)
      fine = stream_.Feed(std::string_view(text).substr(at, kChunk), findings);
    if (!fine || !stream_.Finish(findings)) {
      file.skipped = "could not be scanned";
      file.failed = true;
      return file;
    }
    file.unscanned = stream_.unscanned();
    const dsl::SourceFile source(input.path, std::move(text));
    for (const Finding& finding : findings) {
      if (finding.tier >= tier_.value_or(report_.detectors[finding.detector.value].firing))
        file.findings.push_back(Place(source, finding));
    }
    return file;
  }

 private:
  static ScanFinding Place(const dsl::SourceFile& source, const Finding& finding) {
    const auto begin = static_cast<uint32_t>(finding.begin);
    const auto end = static_cast<uint32_t>(finding.end);
    const dsl::Position first = source.Locate(begin);
    const dsl::Position behind = source.Locate(end);
    return {finding.detector.value,
            finding.tier,
            first.line,
            first.column,
            behind.line,
            behind.column,
            finding.begin,
            finding.end,
            Mask(std::string_view(source.text()).substr(begin, end - begin))};
  }

  StreamScanner stream_;
  const ScanReport& report_;
  std::optional<Tier> tier_;
};

void SayWhatWasSkipped(const ScanReport& report) {
  size_t links = 0;
  size_t binaries = 0;
  for (const ScannedFile& file : report.files) {
    if (file.skipped.empty()) continue;
    if (file.failed) {
      std::cerr << "hpol: `" << file.path << "` " << file.skipped << "\n";
    } else {
      (file.skipped == WhySkipped(ScanInput::Kind::kBinary) ? binaries : links) += 1;
    }
  }
  if (binaries > 0)
    std::cerr << "skipped: " << binaries << (binaries == 1 ? " binary file\n" : " binary files\n");
  if (links > 0) std::cerr << "skipped: " << links << " links and special files\n";
}

void Write(const ScanOptions& options, const ScanReport& report) {
  if (options.sarif) {
    WriteSarif(report, HPOL_VERSION, std::cout);
  } else if (options.json) {
    WriteJson(report, std::cout);
  } else {
    WriteTable(report, UseColor(STDOUT_FILENO), std::cout);
    const size_t findings = report.CountFindings();
    std::cerr << findings << (findings == 1 ? " finding" : " findings") << " in " << report.files.size()
              << (report.files.size() == 1 ? " file\n" : " files\n");
  }
}

int ScanForPeople(const ScanOptions& options, std::shared_ptr<const Engine> engine, ScanReport report,
                  std::optional<Tier> tier) {
  const std::vector<std::string> all = options.files.empty() ? std::vector<std::string>{"-"} : options.files;
  std::vector<ScanInput> inputs = FindInputs(all);
  {
    FileScanner scanner(std::move(engine), report, tier);
    Progress progress(!options.no_progress && isatty(STDERR_FILENO) == 1, inputs.size());
    for (ScanInput& input : inputs) {
      report.files.push_back(scanner.Scan(input, options.max_bytes));
      progress.Advance(input.size, report.files.back().findings.size());
    }
  }
  Write(options, report);
  SayWhatWasSkipped(report);
  if (report.failed()) return kExitUsage;
  return report.CountFindings() > 0 ? kExitFound : kExitOk;
}

int ScanForMachines(const ScanOptions& options, std::shared_ptr<const Engine> engine) {
  Scanner scanner(std::move(engine));
  int exit_code = kExitOk;
  const std::vector<std::string> files =
      options.files.empty() ? std::vector<std::string>{"-"} : options.files;
  for (const std::string& path : files) {
    std::ifstream file;
    if (path != "-") file.open(path, std::ios::binary);
    std::istream& in = path == "-" ? std::cin : file;
    exit_code = std::max(exit_code, in ? ScanJsonLines(in, scanner) : Fail("cannot read `" + path + "`"));
  }
  if (exit_code == kExitOk && options.fail_on_findings && scanner.total() > 0) return kExitFound;
  return exit_code;
}

std::optional<driver::Build> Detectors(const ScanOptions& options) {
  driver::Options stages;
  stages.keep_imports = true;
  if (!options.policy.empty()) return BuildPolicy(options.policy, stages, /*json=*/false);
  const std::vector<std::string> packs =
      options.packs.empty() ? std::vector<std::string>{"std.all"} : options.packs;
  return BuildInput(PolicyOf(packs), stages, /*json=*/false);
}

int Run(const ScanOptions& options) {
  if (options.jsonl + options.json + options.sarif > 1)
    return Fail("write one of --jsonl, --json and --sarif");
  std::optional<Tier> tier;
  for (const Tier each : {Tier::kShape, Tier::kContext, Tier::kChecksum}) {
    if (TierName(each) == options.tier) tier = each;
  }
  if (!tier && !options.tier.empty()) return Fail("--tier is one of shape, context and checksum");
  std::optional<driver::Build> build = Detectors(options);
  if (!build || !build->ok()) return kExitUsage;
  Result<std::shared_ptr<const Engine>> engine = Engine::Make(build->program);
  if (!engine) return Fail(engine.error().message);
  if (options.jsonl) return ScanForMachines(options, *std::move(engine));
  return ScanForPeople(options, *std::move(engine), {std::move(build->policy.detectors), {}}, tier);
}

}  // namespace

void AddScan(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<ScanOptions>();
  CLI::App* command =
      app.add_subcommand("scan", "find what detectors find, in files, folders or standard input");
  auto* policy = command->add_option("--policy", options->policy,
                                     "the .hpol file whose detectors (own and imported) are used");
  command
      ->add_option("--pack", options->packs,
                   "a pack instead, as `std.pii`; may stand several times. Default: std.all")
      ->excludes(policy);
  command->add_option("FILES", options->files, "files and folders; none or -: standard input");
  command->add_option(
      "--tier", options->tier,
      "show findings of this tier and better (shape, context, checksum); default: those that count");
  command->add_option("--max-bytes", options->max_bytes, "larger files are not read (default 256 MiB)");
  command->add_flag("--json", options->json, "one JSON object: files and their findings");
  command->add_flag("--sarif", options->sarif, "SARIF 2.1.0, for code scanning");
  command->add_flag(
      "--jsonl", options->jsonl,
      "read {\"text\": …} lines, write {\"findings\": […]} lines of all tiers, offsets in bytes");
  command->add_flag("--no-progress", options->no_progress, "no progress bar");
  command->add_flag("--fail-on-findings", options->fail_on_findings,
                    "with --jsonl: exit 1 when anything is found");
  command->footer(
      "Exit codes: 0 nothing found; 1 findings (with --jsonl only when asked); 2 something was not scanned.\n"
      "Values are never printed whole. Nothing is sent anywhere.\n"
      "Example: hpol scan src notes.txt; echo 'my ssn is 536-22-8145' | hpol scan --pack std.pii");
  command->callback([options, &exit_code] { exit_code = Run(*options); });
}

}  // namespace hpol::tools
