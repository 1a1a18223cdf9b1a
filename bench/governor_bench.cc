// The combined automaton by itself: all detectors of the standard packs and 500 words, in blocks of 512
// bytes.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <string>
#include <vector>

#include "bench/hostile_text.h"
#include "bench/text.h"
#include "compiler/driver/driver.h"
#include "runtime/detect/governor.h"

namespace hpol::bench {
namespace {

constexpr uint32_t kBlock = 512;

driver::Build BuildPacks() {
  std::string policy =
      "policy t\nimport std.pii\nimport std.secrets\nlevels public < secret\ndetector codename { words ";
  uint32_t random = 1;
  for (int i = 0; i < 500; ++i) {
    policy += i > 0 ? ", \"" : "\"";
    for (int letter = 0; letter < 8; ++letter) {
      random = random * 1664525 + 1013904223;
      policy += static_cast<char>('a' + (random >> 24) % 26);
    }
    policy += "\"";
  }
  policy += " ignoring case }\nclassify { start at public otherwise }\nroute { otherwise deny \"no\" }\n";
  driver::Options options;
  options.keep_imports = true;
  options.filter = false;
  return driver::Run({"t.hpol", policy, ""}, options);
}

void Flag(benchmark::State& state, const hpol_artifact& artifact, const std::string& text) {
  detect::Governor governor({artifact.detectors, artifact.detector_count});
  std::vector<uint64_t> may((artifact.detector_count + 63) / 64);
  uint64_t flagged = 0;
  for (auto _ : state) {
    flagged = 0;
    for (uint32_t begin = 0; begin < text.size(); begin += kBlock) {
      std::fill(may.begin(), may.end(), 0);
      governor.Flag(text, begin, std::min(begin + kBlock, static_cast<uint32_t>(text.size())), may);
      for (const uint64_t bits : may) flagged += static_cast<uint64_t>(__builtin_popcountll(bits));
    }
    benchmark::DoNotOptimize(flagged);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(text.size()));
  state.counters["ns_per_byte"] =
      benchmark::Counter(static_cast<double>(text.size()) * 1e-9,
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
  state.counters["flags_per_block"] =
      static_cast<double>(flagged) / static_cast<double>((text.size() + kBlock - 1) / kBlock);
  state.counters["states"] = static_cast<double>(governor.states());
  state.counters["given_up"] = static_cast<double>(governor.counters().given_up);
}

}  // namespace
}  // namespace hpol::bench

int main(int argc, char** argv) {
  using namespace hpol;
  benchmark::Initialize(&argc, argv);
  const driver::Build build = bench::BuildPacks();
  if (!build.ok()) {
    std::fprintf(stderr, "the packs do not compile\n");
    return 1;
  }
  std::vector<bench::HostileText> texts = bench::HostileTexts(16384);
  texts.insert(texts.begin(), {"prose", "ordinary text", bench::NaturalText(16384)});
  for (const bench::HostileText& text : texts) {
    benchmark::RegisterBenchmark(("Governor/" + text.name).c_str(), [&](benchmark::State& state) {
      bench::Flag(state, *build.program.artifact, text.text);
    });
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
