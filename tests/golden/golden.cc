// hpol-golden: runs policies whose expected diagnostics stand in the file itself, as
// comments under the words that they are about.
//
//   hpol-golden [--update | --coverage] [FILE or FOLDER …]      (default: tests/golden)
//
// --update writes what is reported now into the files; --coverage lists the kinds of
// diagnostic that no golden file reaches. Run in the root of the source tree.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>

#include "dsl/diag/diagnostic.h"
#include "tests/golden/expectations.h"
#include "tests/golden/stages.h"

namespace hpol::golden {
namespace {

namespace fs = std::filesystem;

struct Options {
  bool update = false;
  bool coverage = false;
  std::vector<std::string> paths;
};

std::vector<fs::path> FilesIn(const std::vector<std::string>& paths) {
  std::vector<fs::path> files;
  for (const std::string& path : paths) {
    if (!fs::is_directory(path)) {
      files.emplace_back(path);
      continue;
    }
    for (const auto& entry : fs::recursive_directory_iterator(path)) {
      if (entry.path().extension() == ".hpol") files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

// The stage of `// RUN: stage`, which must be the first line.
std::string StageOf(const std::string& text) {
  constexpr std::string_view kRun = "// RUN: ";
  if (!text.starts_with(kRun)) return {};
  return text.substr(kRun.size(), text.find('\n') - kRun.size());
}

class Runner {
 public:
  explicit Runner(const Options& options) : options_(options) {}

  void Run(const fs::path& path) {
    ++files_;
    const std::optional<std::string> text = ReadFile(path.string());
    if (!text) return Fail(path, "cannot be read");
    dsl::SourceMap sources;
    dsl::Diagnostics diagnostics;
    const dsl::FileId file = sources.Add(path.filename().string(), Strip(*text));
    const std::string stage = StageOf(*text);
    if (!RunStage(stage, path.parent_path().string(), sources, file, diagnostics)) {
      return Fail(path, "the first line must be `// RUN: parse` or `// RUN: check`");
    }
    for (const dsl::Diagnostic& diagnostic : diagnostics.all()) reached_.insert(diagnostic.kind);
    if (options_.coverage) return;
    const std::string expected = Annotate(diagnostics, sources, file);
    if (options_.update && expected != *text) {
      std::ofstream(path, std::ios::binary) << expected;
      std::cout << "updated " << path.string() << "\n";
    } else if (expected != *text) {
      Fail(path, "reported (+) is not what the file expects (-)\n" + Difference(*text, expected));
    }
    const bool must_fail = path.filename().string().starts_with("fail_");
    if (must_fail != diagnostics.has_errors()) {
      Fail(path, must_fail ? "is called fail_ but has no error"
                           : "has an error, so its name must begin with fail_");
    }
  }

  int Finish() const {
    if (options_.coverage) return FinishCoverage();
    std::cout << files_ << " golden files, " << failures_ << " failures\n";
    if (failures_ > 0)
      std::cout << "when the new words are right: hpol-golden --update, then review the change\n";
    return failures_ == 0 && files_ > 0 ? 0 : 1;
  }

 private:
  void Fail(const fs::path& path, const std::string& why) {
    ++failures_;
    std::cout << path.string() << ": " << why << "\n";
  }

  int FinishCoverage() const {
    size_t missing = 0;
    for (const dsl::DiagnosticKind kind : dsl::AllDiagnosticKinds()) {
      if (reached_.contains(kind)) continue;
      ++missing;
      std::cout << "no golden file reaches `" << dsl::KindName(kind) << "`\n";
    }
    std::cout << reached_.size() << " kinds reached, " << missing << " not\n";
    return missing == 0 && failures_ == 0 ? 0 : 1;
  }

  const Options& options_;
  size_t files_ = 0;
  size_t failures_ = 0;
  std::set<dsl::DiagnosticKind> reached_;
};

}  // namespace
}  // namespace hpol::golden

int main(int argc, char** argv) {
  hpol::golden::Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--update") {
      options.update = true;
    } else if (argument == "--coverage") {
      options.coverage = true;
    } else {
      options.paths.push_back(argument);
    }
  }
  if (options.paths.empty()) options.paths = {"tests/golden"};
  hpol::golden::Runner runner(options);
  for (const auto& path : hpol::golden::FilesIn(options.paths)) runner.Run(path);
  return runner.Finish();
}
