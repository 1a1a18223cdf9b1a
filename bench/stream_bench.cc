// All detectors of the standard packs over ordinary text that comes in chunks: time, and how far behind the
// end what is settled stays.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bench/engine.h"
#include "bench/text.h"
#include "hpol/compile.h"
#include "hpol/engine.h"
#include "hpol/stream.h"

namespace hpol::bench {
namespace {

constexpr char kPolicy[] =
    "policy bench.stream version \"1\"\nimport std.pii\nimport std.secrets\nlevels public < internal\n"
    "classify {\n  start at public\n  when pii.any or secrets.any  raise to internal\n}\n"
    "route { otherwise deny \"a benchmark sends nothing\" }\n";

std::shared_ptr<const Engine> LoadEngine() { return MakeEngine(CompileText("stream_bench.hpol", kPolicy)); }

void Stream(benchmark::State& state, const std::shared_ptr<const Engine>& engine, const std::string& text,
            size_t chunk) {
  StreamScanner scanner(engine);
  std::vector<Finding> findings;
  uint64_t behind = 0;
  uint64_t furthest = 0;
  for (auto _ : state) {
    findings.clear();
    scanner.Reset();
    behind = furthest = 0;
    for (size_t at = 0; at < text.size(); at += chunk) {
      scanner.Feed(std::string_view(text).substr(at, chunk), findings);
      const uint64_t now = std::min(text.size(), at + chunk) - scanner.settled();
      behind += now;
      furthest = std::max(furthest, now);
    }
    scanner.Finish(findings);
    benchmark::DoNotOptimize(findings.data());
  }
  const auto bytes = static_cast<double>(text.size());
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(text.size()));
  state.counters["ns/byte"] = benchmark::Counter(
      bytes * 1e-9, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
  state.counters["findings"] = static_cast<double>(findings.size());
  state.counters["behind"] = static_cast<double>(behind) / (bytes / static_cast<double>(chunk));
  state.counters["behind_max"] = static_cast<double>(furthest);
}

// Texts that keep a stream from being final, and where each reading looks at much.
std::vector<std::pair<const char*, std::string>> Hostile() {
  std::vector<std::pair<const char*, std::string>> texts = {
      {"digits", {}}, {"table", {}},   {"tags", {}},
      {"quoted", {}}, {"percent", {}}, {"key", "-----BEGIN PRIVATE KEY-----\n"}};
  const char* units[] = {"7", "12,34 56;", "1<b>2 \"a\" ", "=41 \"b\" ", "%34%41 be ", "AbC1/+ \"x\" "};
  for (size_t i = 0; i < texts.size(); ++i) {
    while (texts[i].second.size() < 65536) texts[i].second += units[i];
  }
  return texts;
}

int Main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  const std::shared_ptr<const Engine> engine = LoadEngine();
  if (!engine) return 1;
  const std::string text = NaturalText(65536);
  for (const size_t chunk : {size_t{1}, size_t{4}, size_t{16}, size_t{256}, size_t{4096}, text.size()}) {
    benchmark::RegisterBenchmark(("Stream/" + std::to_string(chunk)).c_str(),
                                 [=](benchmark::State& state) { Stream(state, engine, text, chunk); });
  }
  for (const auto& [name, hostile] : Hostile()) {
    benchmark::RegisterBenchmark(
        (std::string("Hostile/") + name).c_str(),
        [engine, whole = hostile](benchmark::State& state) { Stream(state, engine, whole, 16); });
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace
}  // namespace hpol::bench

int main(int argc, char** argv) { return hpol::bench::Main(argc, argv); }
