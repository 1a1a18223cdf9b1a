// Scanning where candidates are dense: hostile text, and whatever corpora are given.
//
//   governor_bench [options of Google Benchmark]
//       the detectors of the standard packs and 500 words, over prose and every family of hostile_text.cc
//   governor_bench WORK_FOLDER CORPUS.bin… [options]
//       the shared scanning work (bench/README.md) over those prompts, and over the same families
//
// // Governor/…: the combined automaton alone, in blocks of 512 bytes. Scan/…: all of detect::Scan, views
// made before. Tries/…: the same without the candidate filter, so every detector is tried at every byte with
// which its matches can begin: what the verifiers cost at worst.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "bench/hostile_text.h"
#include "bench/shared_work.h"
#include "bench/text.h"
#include "compiler/driver/driver.h"
#include "compiler/filter/filter.h"
#include "runtime/detect/governor.h"
#include "runtime/detect/scan.h"

namespace hpol::bench {
namespace {

constexpr uint32_t kBlock = 512;

struct Scanner {
  std::shared_ptr<const ir::Tables> tables;
  const hpol_artifact* artifact = nullptr;
  std::shared_ptr<const void> owner;
  std::shared_ptr<const filter::Program> filter;
};

std::string RandomWords() {
  std::string list;
  uint32_t random = 1;
  for (int i = 0; i < 500; ++i) {
    list += i > 0 ? ", \"" : "\"";
    for (int letter = 0; letter < 8; ++letter) {
      random = random * 1664525 + 1013904223;
      list += static_cast<char>('a' + (random >> 24) % 26);
    }
    list += "\"";
  }
  return list;
}

Scanner PackScanner() {
  driver::Options options;
  options.keep_imports = true;
  driver::Build build = driver::Run({"bench.hpol",
                                     "policy t\nimport std.pii\nimport std.secrets\nlevels public < secret\n"
                                     "detector codename { words " +
                                         RandomWords() +
                                         " ignoring case }\nclassify { start at public otherwise }\n"
                                         "route { otherwise deny \"no\" }\n",
                                     ""},
                                    options);
  if (!build.ok()) return {};
  return {build.program.tables, build.program.artifact, build.program.owner, build.program.filter};
}

Scanner WorkScanner(const SharedWork& work) {
  std::vector<pattern::Matcher> matchers;
  std::vector<hir::Detector> detectors;
  const auto add = [&](const hir::Detector& detector) {
    dsl::Diagnostics diagnostics;
    std::optional<pattern::Matcher> matcher = pattern::Compile(detector, diagnostics);
    if (matcher) matchers.push_back(*std::move(matcher));
    detectors.push_back(detector);
  };
  for (const SharedWork::Pattern& each : work.patterns) {
    hir::Detector detector;
    hir::Pattern& pattern = detector.patterns.emplace_back();
    pattern.text = each.regex;
    pattern.ignoring_case = pattern.text.starts_with("(?i)");
    if (pattern.ignoring_case) pattern.text.erase(0, 4);
    add(detector);
  }
  hir::Detector words;
  words.words.emplace_back().words = work.words;
  words.words.back().ignoring_case = true;
  add(words);
  if (matchers.size() != work.patterns.size() + 1) return {};
  auto tables = std::make_shared<ir::Tables>();
  tables->strings.emplace_back();
  tables->detectors.resize(matchers.size());
  auto filter = std::make_shared<const filter::Program>(filter::Derive(detectors, matchers).program);
  Result<jit::Code> code = jit::Compile(matchers, jit::Optimize::kFull, filter.get());
  if (!code) return {};
  return {tables, code->artifact, code->owner, filter};
}

void Report(benchmark::State& state, const std::vector<std::string>& texts) {
  size_t bytes = 0;
  for (const std::string& text : texts) bytes += text.size();
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(bytes));
  state.counters["ns_per_byte"] =
      benchmark::Counter(static_cast<double>(bytes) * 1e-9,
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void Flag(benchmark::State& state, const hpol_artifact& artifact, const std::vector<std::string>& texts) {
  detect::Governor governor({artifact.detectors, artifact.detector_count});
  std::vector<uint64_t> may((artifact.detector_count + 63) / 64);
  uint64_t flagged = 0;
  uint64_t blocks = 0;
  for (auto _ : state) {
    flagged = 0;
    blocks = 0;
    for (const std::string& text : texts) {
      for (uint32_t begin = 0; begin < text.size(); begin += kBlock, ++blocks) {
        std::fill(may.begin(), may.end(), 0);
        governor.Flag(text, begin, std::min(begin + kBlock, static_cast<uint32_t>(text.size())), may);
        for (const uint64_t bits : may) flagged += static_cast<uint64_t>(__builtin_popcountll(bits));
      }
    }
    benchmark::DoNotOptimize(flagged);
  }
  Report(state, texts);
  state.counters["flags_per_block"] = static_cast<double>(flagged) / static_cast<double>(blocks);
  state.counters["states"] = static_cast<double>(governor.states());
  state.counters["given_up"] = static_cast<double>(governor.counters().given_up);
}

void Scan(benchmark::State& state, const Scanner& scanner, const filter::Program* filter,
          const std::vector<std::string>& texts) {
  detect::Matches matches;
  size_t found = 0;
  for (auto _ : state) {
    found = 0;
    for (const std::string& text : texts) {
      state.PauseTiming();
      surface::Content content;
      content.pieces.push_back(
          {1, static_cast<uint32_t>(text.size() + 1), surface::Piece::Kind::kText, true, true});
      const std::string body = "\"" + text + "\"";
      text::Views views;
      views.Build(body, content);
      state.ResumeTiming();
      if (!detect::Scan(*scanner.tables, *scanner.artifact, filter, views, matches))
        state.SkipWithError("contract");
      found += matches.all.size();
    }
  }
  Report(state, texts);
  state.counters["found"] = static_cast<double>(found);
}

}  // namespace
}  // namespace hpol::bench

int main(int argc, char** argv) {
  using namespace hpol::bench;
  benchmark::Initialize(&argc, argv);
  SharedWork work;
  const bool shared = argc > 1;
  if (shared && !ReadWork(argv[1], &work)) {
    std::fprintf(stderr,
                 "governor_bench [WORK_FOLDER CORPUS.bin…]: a folder with patterns.tsv and words.txt\n");
    return 2;
  }
  const Scanner scanner = shared ? WorkScanner(work) : PackScanner();
  if (scanner.artifact == nullptr) {
    std::fprintf(stderr, "the detectors do not compile\n");
    return 1;
  }
  std::vector<std::pair<std::string, std::vector<std::string>>> texts;
  for (int i = 2; i < argc; ++i)
    texts.emplace_back(std::filesystem::path(argv[i]).stem().string(), ReadPrompts(argv[i]));
  texts.emplace_back("prose", std::vector<std::string>{NaturalText(16384)});
  for (const HostileText& text : HostileTexts(16384))
    texts.emplace_back(text.name, std::vector<std::string>{text.text});
  for (const auto& [name, list] : texts) {
    benchmark::RegisterBenchmark(
        ("Governor/" + name).c_str(),
        [&scanner, &prompts = list](benchmark::State& state) { Flag(state, *scanner.artifact, prompts); });
  }
  for (const auto& [name, list] : texts) {
    benchmark::RegisterBenchmark(
        ("Tries/" + name).c_str(),
        [&scanner, &prompts = list](benchmark::State& state) { Scan(state, scanner, nullptr, prompts); });
  }
  for (const auto& [name, list] : texts) {
    benchmark::RegisterBenchmark(("Scan/" + name).c_str(),
                                 [&scanner, &prompts = list](benchmark::State& state) {
                                   Scan(state, scanner, scanner.filter.get(), prompts);
                                 });
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
