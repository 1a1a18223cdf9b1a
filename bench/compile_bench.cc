// How long compiling takes: from nothing, from what a cache in memory or on disk has, and after an edit of
// one rule. Every stage is in it, from text to code that can run.
//
//   compile_bench [WORK_FOLDER] [options of Google Benchmark]
//
// The example policy, and a policy of the shared scanning work (patterns.tsv, words.txt), or of the bench's
// own.
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "bench/work_corpora.h"
#include "compiler/driver/driver.h"

namespace hpol::bench {
namespace {

struct Policy {
  std::string name;
  std::string text;
};

std::string Quoted(const std::string& word) {
  std::string text = "\"";
  for (const char c : word) text += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return text + "\"";
}

std::string WorkPolicy(const SharedWork& work) {
  std::string text = "policy bench.compile version \"1\"\nlevels public < internal < secret\n";
  std::string all;
  for (const SharedWork::Pattern& pattern : work.patterns) {
    text += "detector " + pattern.name + " { pattern `" + pattern.regex + "` }\n";
    all += pattern.name + " or ";
  }
  text += "detector listed { words ";
  for (size_t i = 0; i < work.words.size(); ++i) text += (i == 0 ? "" : ", ") + Quoted(work.words[i]);
  return text + " ignoring case }\nclassify {\n  start at public otherwise\n  when " + all +
         "listed raise to secret\n}\nroute { otherwise deny \"no target\" }\n";
}

driver::Build Compile(const Policy& policy, std::shared_ptr<cache::Store> store) {
  driver::Options options;
  options.cache = std::move(store);
  driver::Build build =
      driver::Run({policy.name, policy.text, HPOL_SOURCE_DIR "/policies/examples"}, options);
  if (!build.ok()) {
    for (const dsl::Diagnostic& diagnostic : build.diagnostics.all())
      std::fprintf(stderr, "%s: %s\n", policy.name.c_str(), diagnostic.message.c_str());
    std::fprintf(stderr, "%s\n", build.fault.c_str());
    std::exit(1);
  }
  return build;
}

void Cold(benchmark::State& state, const Policy& policy) {
  for (auto _ : state) benchmark::DoNotOptimize(Compile(policy, nullptr).program.artifact);
}

void FromMemory(benchmark::State& state, const Policy& policy) {
  const auto store = std::make_shared<cache::Store>();
  Compile(policy, store);
  for (auto _ : state) benchmark::DoNotOptimize(Compile(policy, store).program.artifact);
}

void FromDisk(benchmark::State& state, const Policy& policy, const std::string& folder) {
  Compile(policy, std::make_shared<cache::Store>(folder));
  for (auto _ : state) {
    const driver::Build build = Compile(policy, std::make_shared<cache::Store>(folder));
    if (!(build.anew == driver::MadeAnew{})) state.SkipWithError("something was made anew");
  }
}

// The same without the language: parsing and checking of rules are left out.
void DetectorsFromDisk(benchmark::State& state, const Policy& policy, const std::string& folder) {
  const driver::Build build = Compile(policy, std::make_shared<cache::Store>(folder));
  for (auto _ : state) {
    cache::Store store(folder);
    driver::MadeAnew anew;
    dsl::Diagnostics diagnostics;
    std::vector<pattern::Matcher> matchers;
    for (const hir::Detector& detector : build.policy.detectors)
      matchers.push_back(*driver::MatcherOf(detector, diagnostics, &store, anew));
    const auto filtering = driver::FilteringOf(build.policy.detectors, matchers, &store, anew);
    const jit::Caching caching{&store, driver::MatchersKey(build.policy.detectors)};
    const Result<jit::Code> code =
        jit::Compile(matchers, jit::Optimize::kFull, &filtering->derived.program, &caching);
    if (!code || !(anew == driver::MadeAnew{}) || code->compiled_detectors)
      state.SkipWithError("something was made anew");
  }
}

// Every round has a rule that no round before it had.
void AfterRuleEdit(benchmark::State& state, const Policy& policy) {
  const auto store = std::make_shared<cache::Store>();
  Compile(policy, store);
  size_t round = 0;
  for (auto _ : state) {
    Policy edited = policy;
    const std::string rule =
        "  when count(listed) >= " + std::to_string(++round + 1) + " raise to internal\n";
    edited.text.insert(edited.text.find("  when "), rule);
    const driver::Build build = Compile(edited, store);
    if (build.anew.matchers + build.anew.filters + build.anew.detectors_code + build.anew.filter_code != 0)
      state.SkipWithError("a detector was made anew");
  }
}

void Register(const Policy& policy, const std::string& folder, bool editable) {
  const auto add = [&](const char* what, auto run) {
    benchmark::RegisterBenchmark((policy.name + "/" + what).c_str(), run)->Unit(benchmark::kMillisecond);
  };
  add("cold", [policy](benchmark::State& state) { Cold(state, policy); });
  add("memory", [policy](benchmark::State& state) { FromMemory(state, policy); });
  add("disk", [policy, folder](benchmark::State& state) { FromDisk(state, policy, folder); });
  add("detectors_disk",
      [policy, folder](benchmark::State& state) { DetectorsFromDisk(state, policy, folder); });
  if (editable) add("rule_edit", [policy](benchmark::State& state) { AfterRuleEdit(state, policy); });
}

int Main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  SharedWork work;
  if (argc < 2) {
    work = OwnWork();
  } else if (!ReadWork(argv[1], &work)) {
    std::fprintf(stderr, "%s has no patterns.tsv and words.txt\n", argv[1]);
    return 2;
  }
  std::string folder = std::filesystem::temp_directory_path() / "hpol_compile_bench_XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return 1;
  const Result<driver::Input> example = driver::ReadInput(HPOL_SOURCE_DIR "/policies/examples/acme.hpol");
  if (!example) return 1;
  Register({"work", WorkPolicy(work)}, folder + "/cache", true);
  Register({"acme", example->text}, folder + "/cache", false);
  benchmark::RunSpecifiedBenchmarks();
  std::filesystem::remove_all(folder);
  return 0;
}

}  // namespace
}  // namespace hpol::bench

int main(int argc, char** argv) { return hpol::bench::Main(argc, argv); }
