#include "tests/golden/stages.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "compiler/check/check.h"
#include "compiler/pattern/pattern.h"
#include "compiler/prove/prove.h"
#include "dsl/parse/parse.h"

namespace hpol::golden {
namespace {

constexpr const char* kPackFolder = "policies/std";

// `std.pii.us` is policies/std/pii/us.hpol, parsed when first asked for.
class Packs {
 public:
  Packs(dsl::SourceMap& sources, dsl::Diagnostics& diagnostics)
      : sources_(sources), diagnostics_(diagnostics) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(kPackFolder)) {
      if (entry.path().extension() != ".hpol") continue;
      std::string name = entry.path().lexically_relative("policies").replace_extension().generic_string();
      std::replace(name.begin(), name.end(), '/', '.');
      names_.push_back(std::move(name));
    }
    std::sort(names_.begin(), names_.end());
  }

  const std::vector<std::string>& names() const { return names_; }

  const dsl::ast::Policy* Load(std::string_view path) {
    const auto known = parsed_.find(path);
    if (known != parsed_.end()) return &known->second;
    if (std::find(names_.begin(), names_.end(), path) == names_.end()) return nullptr;
    std::string file(path);
    std::replace(file.begin(), file.end(), '.', '/');
    file += ".hpol";
    std::optional<std::string> text = ReadFile("policies/" + file);
    if (!text) return nullptr;
    const dsl::FileId id = sources_.Add(file, *std::move(text));
    return &parsed_.emplace(path, dsl::Parse(sources_, id, diagnostics_)).first->second;
  }

 private:
  dsl::SourceMap& sources_;
  dsl::Diagnostics& diagnostics_;
  std::vector<std::string> names_;
  std::map<std::string, dsl::ast::Policy, std::less<>> parsed_;
};

void CheckPolicy(const dsl::ast::Policy& ast, const std::string& folder, int conflicts,
                 dsl::SourceMap& sources, dsl::Diagnostics& diagnostics) {
  Packs packs(sources, diagnostics);
  check::Imports imports;
  imports.pack = [&packs](std::string_view path) { return packs.Load(path); };
  imports.file = [&folder](std::string_view path) { return ReadFile(folder + "/" + std::string(path)); };
  imports.pack_names = packs.names();
  const hir::Policy policy = check::Check(ast, imports, sources, diagnostics);
  if (diagnostics.has_errors()) return;

  std::vector<pattern::Matcher> matchers;
  for (const hir::Detector& detector : policy.detectors) {
    std::optional<pattern::Matcher> matcher = pattern::Compile(detector, diagnostics);
    if (!matcher) continue;
    pattern::CheckSamples(detector, *matcher, diagnostics);
    matchers.push_back(*std::move(matcher));
  }
  if (!diagnostics.has_errors()) pattern::CheckMarkers(policy, matchers, diagnostics);
  if (conflicts == 0 || diagnostics.has_errors()) return;
  prove::Options options;
  options.conflict_budget = conflicts;
  prove::Prove(policy, options, diagnostics);
}

}  // namespace

std::optional<std::string> ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

bool RunStage(std::string_view stage, const std::string& folder, dsl::SourceMap& sources, dsl::FileId file,
              dsl::Diagnostics& diagnostics) {
  // What a proof may cost; `hasty` hardly anything, so that one is not finished.
  const int conflicts = stage == "prove" ? prove::kConflictBudget : stage == "hasty" ? 1 : 0;
  if (stage != "parse" && stage != "check" && conflicts == 0) return false;
  const dsl::ast::Policy ast = dsl::Parse(sources, file, diagnostics);
  if (stage != "parse" && !diagnostics.has_errors())
    CheckPolicy(ast, folder, conflicts, sources, diagnostics);
  return true;
}

}  // namespace hpol::golden
