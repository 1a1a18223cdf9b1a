#include "bench/work_time.h"

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <map>

namespace hpol::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kRoundSeconds = 0.002;  // a round is at least so long: many passes over a short corpus
constexpr double kEngineSeconds = 1.0;   // all rounds of one engine on one corpus, about
constexpr int kMinRounds = 3;
constexpr int kMaxRounds = 21;
constexpr size_t kColdPrompts = 41;

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Keeps every round, and says on stderr how far it is.
class Rounds : public benchmark::BenchmarkReporter {
 public:
  explicit Rounds(size_t total) : total_(total) {}
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration || run.error_occurred) continue;
      std::vector<double>& passes = passes_[run.run_name.function_name];
      if (passes.empty() && passes_.size() % 10 == 0) {
        std::fprintf(stderr, "hot: %zu of %zu\n", passes_.size(), total_);
      }
      passes.push_back(run.cpu_accumulated_time / static_cast<double>(run.iterations));
    }
  }
  HotTime Of(const std::string& name) const {
    const auto it = passes_.find(name);
    return it == passes_.end() ? HotTime{} : HotTime{it->second.front(), Median(it->second)};
  }

 private:
  std::map<std::string, std::vector<double>> passes_;
  size_t total_;
};

std::string NameOf(const Corpus& corpus, const Named& named) { return corpus.name + "/" + named.name; }

void Register(const Corpus& corpus, const Named& named, double seconds) {
  const auto run = [&corpus, &engine = *named.engine](benchmark::State& state) {
    for (auto _ : state) {
      size_t count = 0;
      for (const std::string& prompt : corpus.prompts) count += engine.Count(prompt);
      benchmark::DoNotOptimize(count);
    }
  };
  const auto passes = static_cast<int64_t>(std::max(1.0, kRoundSeconds / seconds));
  const double round = seconds * static_cast<double>(passes);
  const int rounds = std::clamp(static_cast<int>(kEngineSeconds / round), kMinRounds, kMaxRounds);
  benchmark::RegisterBenchmark(NameOf(corpus, named).c_str(), run)->Iterations(passes)->Repetitions(rounds);
}

size_t CacheBytes() {
  const long l2 = sysconf(_SC_LEVEL2_CACHE_SIZE);
  const long l3 = sysconf(_SC_LEVEL3_CACHE_SIZE);
  const size_t known = static_cast<size_t>(std::max(l2, 0L)) + static_cast<size_t>(std::max(l3, 0L));
  return std::clamp(known, size_t{16} << 20, size_t{512} << 20);
}

// Pushes everything else out of the caches.
void WalkMemory(std::vector<uint64_t>& memory) {
  uint64_t sum = 0;
  for (size_t i = 0; i < memory.size(); i += 8) sum += ++memory[i];
  benchmark::DoNotOptimize(sum);
}

}  // namespace

std::vector<std::vector<HotTime>> TimeHot(const std::vector<Named>& engines,
                                          const std::vector<Corpus>& corpora,
                                          const std::vector<Checked>& checked) {
  size_t total = 0;
  for (size_t c = 0; c < corpora.size(); ++c) {
    for (size_t e = 0; e < engines.size(); ++e) {
      if (checked[c].seconds[e] == 0) continue;
      Register(corpora[c], engines[e], checked[c].seconds[e]);
      ++total;
    }
  }
  Rounds rounds(total);
  benchmark::RunSpecifiedBenchmarks(&rounds);
  std::vector<std::vector<HotTime>> times;
  for (const Corpus& corpus : corpora) {
    std::vector<HotTime>& row = times.emplace_back();
    for (const Named& named : engines) row.push_back(rounds.Of(NameOf(corpus, named)));
  }
  return times;
}

std::vector<double> TimeCold(const std::vector<Named>& engines, const Corpus& corpus,
                             const Checked& checked) {
  std::vector<uint64_t> memory(CacheBytes() / sizeof(uint64_t) * 3 / 2);
  std::vector<double> times;
  for (size_t e = 0; e < engines.size(); ++e) {
    std::vector<double> each;
    const size_t prompts = checked.seconds[e] == 0 ? 0 : std::min(kColdPrompts, corpus.prompts.size());
    for (size_t i = 0; i < prompts; ++i) {
      const std::string& prompt = corpus.prompts[i * corpus.prompts.size() / prompts];
      WalkMemory(memory);
      const Clock::time_point begin = Clock::now();
      benchmark::DoNotOptimize(engines[e].engine->Count(prompt));
      each.push_back(std::chrono::duration<double>(Clock::now() - begin).count());
    }
    times.push_back(Median(std::move(each)));
  }
  return times;
}

double TimeText(WorkEngine& engine, const std::string& text) {
  std::vector<double> rounds;
  double spent = 0;
  for (int round = 0; round < kMaxRounds && (round < kMinRounds || spent < kEngineSeconds / 4); ++round) {
    size_t passes = 0;
    const Clock::time_point begin = Clock::now();
    double seconds = 0;
    do {
      benchmark::DoNotOptimize(engine.Count(text));
      ++passes;
      seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    } while (seconds < kRoundSeconds);
    rounds.push_back(seconds / static_cast<double>(passes));
    spent += seconds;
  }
  return Median(std::move(rounds));
}

}  // namespace hpol::bench
