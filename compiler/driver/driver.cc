#include "compiler/driver/driver.h"

#include <algorithm>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <utility>

#include "compiler/driver/report.h"
#include "compiler/filter/print.h"
#include "compiler/ir/ir.h"
#include "compiler/pattern/openings.h"
#include "compiler/plan/plan.h"
#include "compiler/prove/tables.h"
#include "dsl/ast/print.h"
#include "dsl/parse/parse.h"
#include "policies/packs.h"

namespace hpol::driver {
namespace {

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

std::optional<std::string> ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf() || in.peek() == std::ifstream::traits_type::eof())) return std::nullopt;
  return std::move(text).str();
}

// A policy names files beside itself; it may not climb out of its folder.
bool StaysInFolder(std::string_view path) {
  return !path.empty() && path.front() != '/' && path.find("..") == std::string_view::npos &&
         path.find('\0') == std::string_view::npos;
}

// Parses packs on first use and keeps them for the length of one check.
class PackLoader {
 public:
  PackLoader(dsl::SourceMap& sources, dsl::Diagnostics& diagnostics)
      : sources_(sources), diagnostics_(diagnostics) {}

  const dsl::ast::Policy* Load(std::string_view path) {
    const auto known = parsed_.find(path);
    if (known != parsed_.end()) return &known->second;
    for (const policies::Pack& pack : policies::Packs()) {
      if (pack.path != path) continue;
      const dsl::FileId file = sources_.Add(std::string(pack.file), std::string(pack.text));
      return &parsed_.emplace(path, dsl::Parse(sources_, file, diagnostics_)).first->second;
    }
    return nullptr;
  }

 private:
  dsl::SourceMap& sources_;
  dsl::Diagnostics& diagnostics_;
  std::map<std::string, dsl::ast::Policy, std::less<>> parsed_;
};

void Check(Build& build, const Input& input, const Options& options) {
  PackLoader loader(*build.sources, build.diagnostics);
  check::Imports imports;
  imports.pack = [&loader](std::string_view path) { return loader.Load(path); };
  imports.file = [&input](std::string_view path) -> std::optional<std::string> {
    if (input.folder.empty() || !StaysInFolder(path)) return std::nullopt;
    return ReadFile(input.folder + "/" + std::string(path));
  };
  for (const policies::Pack& pack : policies::Packs()) imports.pack_names.emplace_back(pack.path);
  imports.keep_all = options.keep_imports;
  build.policy = check::Check(build.ast, imports, *build.sources, build.diagnostics);
}

void CompilePatterns(Build& build, const Options& options) {
  for (const hir::Detector& detector : build.policy.detectors) {
    std::optional<pattern::Matcher> matcher =
        MatcherOf(detector, build.diagnostics, options.cache.get(), build.anew);
    if (!matcher) continue;
    pattern::CheckSamples(detector, *matcher, build.diagnostics);
    build.matchers.push_back(*std::move(matcher));
  }
  if (build.ok()) pattern::CheckMarkers(build.policy, build.matchers, build.diagnostics);
}

void Plan(Build& build) {
  auto tables = std::make_shared<ir::Tables>(plan::Plan(build.policy, build.matchers, *build.sources));
  const Result<bool> verified = ir::Verify(*tables);
  if (!verified) {
    build.fault = verified.error().message;
    return;
  }
  build.tables = std::move(tables);
}

// Where matches can begin, and how: speed alone depends on it.
void Filter(Build& build, const Options& options) {
  if (options.filter) {
    const std::shared_ptr<const Filtering> filtering =
        FilteringOf(build.policy.detectors, build.matchers, options.cache.get(), build.anew);
    build.program.filter = {filtering, &filtering->derived.program};
    build.program.openings = {filtering, &filtering->openings};
  } else {
    build.program.openings = std::make_shared<const Openings>(pattern::FindOpenings(build.matchers));
  }
}

void Emit(Build& build, const Options& options) {
  const jit::Caching caching{options.cache.get(), MatchersKey(build.policy.detectors)};
  Result<jit::Code> code =
      jit::Compile(build.matchers, options.optimize, build.program.filter.get(), &caching);
  if (!code) {
    build.fault = code.error().message;
    return;
  }
  build.anew.detectors_code = code->compiled_detectors ? 1 : 0;
  build.anew.filter_code = code->compiled_filter ? 1 : 0;
  build.program.tables = build.tables;
  build.program.artifact = code->artifact;
  build.program.owner = code->owner;
}

// Last, because a counterexample is shown only after the compiled code was asked about it.
void Prove(Build& build, const Options& wanted) {
  prove::Options options;
  options.certificates = wanted.certificates;
  if (wanted.stop_after == Stage::kCode && wanted.jit) options.runner = RunnerOf(build);
  build.proofs = prove::Prove(build.policy, options, build.diagnostics);
  build.fault = build.proofs.fault;
  const std::string difference = prove::DifferenceOf(build.policy, *build.tables);
  if (!difference.empty()) build.fault = "the tables differ from the policy in " + difference;
  if (!build.ok()) build.program = {};
}

}  // namespace

// An engine is made when the first request comes: most policies have none to try.
prove::Runner RunnerOf(const Build& build) {
  struct State {
    Program program;
    std::shared_ptr<const Engine> engine;
    Scratch scratch;
  };
  const auto state = std::make_shared<State>();
  state->program = build.program;
  return [state](const Request& request) -> reference::Outcome {
    if (state->engine == nullptr) {
      Result<std::shared_ptr<const Engine>> made = Engine::Make(state->program);
      if (!made) return {};
      state->engine = *std::move(made);
    }
    return OutcomeOf(state->engine->Decide(request, state->scratch));
  };
}

const std::vector<std::string>& DumpNames() {
  static const std::vector<std::string> names = {"tokens", "ast", "hir", "ir", "pattern", "llvm"};
  return names;
}

std::optional<Stage> StageFromName(std::string_view name) {
  const std::vector<std::string>& names = DumpNames();
  const auto it = std::find(names.begin(), names.end(), name);
  if (it == names.end()) return std::nullopt;
  return static_cast<Stage>(it - names.begin());
}

Result<Input> ReadInput(const std::string& path) {
  std::optional<std::string> text = ReadFile(path);
  if (!text) return Error{"cannot read `" + path + "`: no such file, or not readable"};
  return Input{path, *std::move(text), FolderOf(path)};
}

Build Run(Input input, const Options& options) {
  Build build;
  build.sources = std::make_unique<dsl::SourceMap>();
  build.file = build.sources->Add(input.name, std::move(input.text));
  if (options.stop_after == Stage::kTokens) return build;

  build.ast = dsl::Parse(*build.sources, build.file, build.diagnostics);
  if (options.stop_after == Stage::kAst || !build.ok()) return build;

  Check(build, input, options);
  if (options.stop_after == Stage::kHir || !build.ok()) return build;

  CompilePatterns(build, options);
  if (!build.ok() || build.is_pack()) return build;

  Plan(build);
  if (!build.ok() || options.stop_after == Stage::kPattern || options.stop_after == Stage::kLlvm)
    return build;

  if (options.stop_after == Stage::kCode) {
    Filter(build, options);
    if (options.jit) Emit(build, options);
  }
  if (build.ok() && options.prove) Prove(build, options);
  return build;
}

std::string Dump(const Build& build, Stage stage, jit::Optimize optimize) {
  switch (stage) {
    case Stage::kTokens:
      return dsl::DumpTokens(*build.sources, build.file);
    case Stage::kAst:
      return dsl::ast::Print(build.ast);
    case Stage::kHir:
      return hir::Print(build.policy, *build.sources);
    case Stage::kIr:
      return ir::Print(*build.tables);
    case Stage::kPattern: {
      std::string text;
      for (size_t i = 0; i < build.matchers.size(); ++i) {
        text += pattern::Print(build.policy.detectors[i], build.matchers[i]);
      }
      MadeAnew anew;
      return text + filter::Print(FilteringOf(build.policy.detectors, build.matchers, nullptr, anew)->derived,
                                  build.policy.detectors);
    }
    case Stage::kLlvm:
    case Stage::kCode:
      return jit::DumpLlvm(build.matchers, optimize);
  }
  return {};
}

}  // namespace hpol::driver
