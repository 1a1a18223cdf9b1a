// The shared scanning work (26 patterns, 500 words) over the shared prompts, hpol and its peers in one run.
// Spans are compared first, on every prompt that is timed; where they differ the run ends with an error.
//
//   work_bench WORK_FOLDER CORPUS.bin… [--words=N] [options of Google Benchmark]
//
// WORK_FOLDER holds patterns.tsv and words.txt; corpora are unpacked. --words adds so many random words to
// the work of every engine.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "bench/work_engines.h"

namespace hpol::bench {
namespace {

struct Named {
  std::string name;
  std::unique_ptr<WorkEngine> engine;
  bool has_spans = true;
};

std::vector<Named> MakeEngines(const SharedWork& work) {
  std::vector<Named> engines;
  const auto add = [&](std::string name, std::unique_ptr<WorkEngine> engine, bool has_spans = true) {
    if (engine != nullptr) engines.push_back({std::move(name), std::move(engine), has_spans});
  };
  for (const auto& [name, variant] :
       {std::pair{"hpol_avx512", filter::Variant::kAvx512}, std::pair{"hpol_avx2", filter::Variant::kAvx2},
        std::pair{"hpol_scalar", filter::Variant::kScalar}}) {
    if (filter::Supported(variant)) add(name, MakeHpol(work, variant));
  }
#ifdef HPOL_HAVE_VECTORSCAN
  add("vectorscan_spans", MakeVectorscan(work, true));
  add("vectorscan_no_spans", MakeVectorscan(work, false), false);
#endif
#ifdef HPOL_HAVE_RE2
  add("re2", MakeRe2(work));
#endif
  return engines;
}

// Whether every engine finds what the first one does.
bool SameSpans(const std::vector<Named>& engines, const std::vector<std::string>& prompts,
               const std::string& corpus) {
  size_t total = 0;
  std::vector<WorkSpan> expected;
  std::vector<WorkSpan> spans;
  for (const std::string& prompt : prompts) {
    engines.front().engine->Spans(prompt, &expected);
    total += expected.size();
    for (const Named& named : engines) {
      if (!named.has_spans) continue;
      named.engine->Spans(prompt, &spans);
      if (spans == expected) continue;
      std::fprintf(stderr, "%s: %s and %s find different spans; no time means anything\n", corpus.c_str(),
                   named.name.c_str(), engines.front().name.c_str());
      return false;
    }
  }
  std::printf("%s: %zu prompts, %zu spans, the same for every engine\n", corpus.c_str(), prompts.size(),
              total);
  return true;
}

void Run(benchmark::State& state, WorkEngine& engine, const std::vector<std::string>& prompts) {
  size_t bytes = 0;
  for (const std::string& prompt : prompts) bytes += prompt.size();
  for (auto _ : state) {
    size_t count = 0;
    for (const std::string& prompt : prompts) count += engine.Count(prompt);
    benchmark::DoNotOptimize(count);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(bytes));
  state.counters["per_prompt"] =
      benchmark::Counter(static_cast<double>(prompts.size()),
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

}  // namespace
}  // namespace hpol::bench

int main(int argc, char** argv) {
  using namespace hpol::bench;
  benchmark::Initialize(&argc, argv);
  SharedWork work;
  size_t random_words = 0;
  std::vector<char*> arguments;
  for (int i = 0; i < argc; ++i) {
    if (std::strncmp(argv[i], "--words=", 8) == 0) {
      random_words = std::strtoull(argv[i] + 8, nullptr, 10);
    } else {
      arguments.push_back(argv[i]);
    }
  }
  argc = static_cast<int>(arguments.size());
  argv = arguments.data();
  if (argc < 3 || !ReadWork(argv[1], &work)) {
    std::fprintf(stderr,
                 "work_bench WORK_FOLDER CORPUS.bin…: a folder with patterns.tsv and words.txt, and unpacked "
                 "corpora\n");
    return 2;
  }
  AddRandomWords(random_words, &work);
  const std::vector<Named> engines = MakeEngines(work);
  if (engines.empty()) return 2;
  std::vector<std::vector<std::string>> corpora;
  corpora.reserve(static_cast<size_t>(argc));
  for (int i = 2; i < argc; ++i) {
    const std::string name = std::filesystem::path(argv[i]).stem().string();
    corpora.push_back(ReadPrompts(argv[i]));
    if (!SameSpans(engines, corpora.back(), name)) return 1;
    for (const Named& named : engines) {
      benchmark::RegisterBenchmark((name + "/" + named.name).c_str(),
                                   [&engine = *named.engine, &prompts = corpora.back()](
                                       benchmark::State& state) { Run(state, engine, prompts); });
    }
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
