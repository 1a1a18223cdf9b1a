// All detectors of all packs over ordinary text of three sizes, with RE2 beside them in the same
// run where it is installed. Times count only when both find the same spans.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "bench/engine.h"
#include "bench/re2_peer.h"
#include "bench/text.h"
#include "hpol/compile.h"
#include "hpol/engine.h"

namespace hpol::bench {
namespace {

constexpr char kPackFolder[] = HPOL_SOURCE_DIR "/policies/std";

// A policy that needs every detector of every pack.
constexpr char kPolicy[] =
    "policy bench.scan version \"1\"\nimport std.all\nlevels public < internal\n"
    "classify {\n  start at public\n  when all.any  raise to internal\n}\n"
    "route { otherwise deny \"a benchmark sends nothing\" }\n";

std::shared_ptr<const Engine> LoadEngine() { return MakeEngine(CompileText("scan_bench.hpol", kPolicy)); }

void ScanHpol(benchmark::State& state, const Engine& engine, const std::string& text) {
  Scratch scratch;
  std::vector<Finding> findings;
  for (auto _ : state) {
    engine.Scan(text, scratch, findings);
    benchmark::DoNotOptimize(findings.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(text.size()));
  state.counters["findings"] = static_cast<double>(findings.size());
}

#ifdef HPOL_HAVE_RE2

// `pii.email` and `email` are the same detector.
std::string_view LastWord(std::string_view name) { return name.substr(name.rfind('.') + 1); }

std::vector<Span> SpansOf(const Engine& engine, const std::string& text) {
  Scratch scratch;
  std::vector<Finding> findings;
  engine.Scan(text, scratch, findings);
  std::vector<Span> spans;
  for (const Finding& each : findings) {
    const ir::Tables& tables = engine.tables();
    const std::string_view name = tables.Text(tables.detectors[each.detector.value].name);
    spans.push_back({each.begin, each.end, LastWord(name)});
  }
  std::sort(spans.begin(), spans.end());
  return spans;
}

bool SameSpans(const Engine& engine, const Re2Peer& peer, const std::string& text) {
  const std::vector<Span> ours = SpansOf(engine, text);
  std::vector<Span> theirs;
  peer.Scan(text, theirs);
  if (ours == theirs) return true;
  std::fprintf(stderr, "spans differ on %zu bytes\n", text.size());
  for (const bool is_ours : {true, false}) {
    const char* who = is_ours ? "hpol" : "re2";
    for (const Span& span : is_ours ? ours : theirs) {
      std::fprintf(stderr, "  %s %zu-%zu %.*s\n", who, span.begin, span.end,
                   static_cast<int>(span.detector.size()), span.detector.data());
    }
  }
  return false;
}

void ScanRe2(benchmark::State& state, const Re2Peer& peer, const std::string& text) {
  std::vector<Span> spans;
  for (auto _ : state) {
    peer.Scan(text, spans);
    benchmark::DoNotOptimize(spans.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(text.size()));
  state.counters["findings"] = static_cast<double>(spans.size());
}

// False when the spans differ.
bool RegisterPeer(const std::shared_ptr<const Engine>& engine, const std::vector<std::string>& texts) {
  std::string error;
  const std::shared_ptr<const Re2Peer> peer = Re2Peer::Make(kPackFolder, error);
  if (!peer) {
    std::fprintf(stderr, "no RE2 beside it: %s\n", error.c_str());
    return true;
  }
  for (const std::string& text : texts) {
    if (!SameSpans(*engine, *peer, text)) return false;
    benchmark::RegisterBenchmark(("Scan/re2/" + std::to_string(text.size())).c_str(),
                                 [peer, text](benchmark::State& state) { ScanRe2(state, *peer, text); });
  }
  return true;
}

#else

bool RegisterPeer(const std::shared_ptr<const Engine>&, const std::vector<std::string>&) { return true; }

#endif

int Main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  const std::shared_ptr<const Engine> engine = LoadEngine();
  if (!engine) return 1;
  std::vector<std::string> texts;
  for (const size_t bytes : {size_t{256}, size_t{2048}, size_t{16384}}) texts.push_back(NaturalText(bytes));
  for (const std::string& text : texts) {
    benchmark::RegisterBenchmark(("Scan/hpol/" + std::to_string(text.size())).c_str(),
                                 [engine, text](benchmark::State& state) { ScanHpol(state, *engine, text); });
  }
  if (!RegisterPeer(engine, texts)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace
}  // namespace hpol::bench

int main(int argc, char** argv) { return hpol::bench::Main(argc, argv); }
