// The shared scanning work (26 patterns, 500 words), hpol and its peers in one run: `./dev bench scan`.
// Spans are compared first, on every prompt that is timed; where they differ the run ends with an error. Then
// hot times, cold times, and whether hostile text costs more a byte when there is more of it.
//
//   work_bench [--json] [--only=TEXT] [--words=N] [WORK_FOLDER CORPUS.bin…]
//
// WORK_FOLDER holds patterns.tsv and words.txt; corpora are unpacked. Without them: work and texts of the
// project's own. --only takes the corpora whose name contains TEXT; --words adds so many random words to
// the work of every engine.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "bench/work_report.h"

namespace hpol::bench {
namespace {

constexpr size_t kShort = size_t{16} << 10;
constexpr size_t kLong = size_t{1} << 20;

struct Arguments {
  bool json = false;
  std::string only;
  size_t words = 0;
  std::vector<std::string> paths;
};

Arguments Parse(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--json") {
      arguments.json = true;
    } else if (argument.starts_with("--only=")) {
      arguments.only = argument.substr(7);
    } else if (argument.starts_with("--words=")) {
      arguments.words = std::strtoull(argument.c_str() + 8, nullptr, 10);
    } else {
      arguments.paths.push_back(argument);
    }
  }
  return arguments;
}

std::vector<Named> MakeEngines(const SharedWork& work) {
  std::vector<Named> engines;
  for (const auto& [name, variant] :
       {std::pair{"hpol_avx512", filter::Variant::kAvx512}, std::pair{"hpol_avx2", filter::Variant::kAvx2},
        std::pair{"hpol_scalar", filter::Variant::kScalar}}) {
    if (filter::Supported(variant)) engines.push_back({name, MakeHpol(work, variant), true, true, true});
  }
#ifdef HPOL_HAVE_VECTORSCAN
  engines.push_back({"vectorscan_spans", MakeVectorscan(work, true), true, false, false});
  engines.push_back({"vectorscan", MakeVectorscan(work, false), false, false, false});
#endif
#ifdef HPOL_HAVE_RE2
  engines.push_back({"re2", MakeRe2(work), true, false, true});
#endif
#ifdef HPOL_HAVE_PCRE2
  engines.push_back({"pcre2_jit", MakePcre2(work), true, false, false});
#endif
  std::erase_if(engines, [](const Named& named) { return named.engine == nullptr; });
  return engines;
}

// False when engines disagree.
bool CheckAll(const std::vector<Named>& engines, const std::vector<Corpus>& corpora,
              std::vector<Checked>* checked, std::vector<std::string>* left_out) {
  for (const Corpus& corpus : corpora) {
    if (!Check(engines, corpus, &checked->emplace_back(), left_out)) return false;
    std::fprintf(stderr, "checked %s: %zu prompts, %zu spans\n", corpus.name.c_str(), corpus.prompts.size(),
                 checked->back().spans);
  }
  return true;
}

std::vector<Linearity> MeasureLinearity(WorkEngine& engine, const std::vector<Corpus>& corpora) {
  const std::vector<Corpus> brief = HostileOf(corpora, kShort);
  const std::vector<Corpus> lengthy = HostileOf(corpora, kLong);
  std::vector<Linearity> all;
  for (size_t i = 0; i < brief.size(); ++i) {
    all.push_back(
        {brief[i].name, TimeText(engine, brief[i].prompts[0]), TimeText(engine, lengthy[i].prompts[0])});
  }
  std::fprintf(stderr, "linear: %zu families\n", all.size());
  return all;
}

int Main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  const Arguments arguments = Parse(argc, argv);
  SharedWork work;
  std::vector<Corpus> corpora;
  if (arguments.paths.empty()) {
    work = OwnWork();
    corpora = OwnCorpora();
  } else if (ReadWork(arguments.paths[0], &work)) {
    corpora = ReadCorpora({arguments.paths.begin() + 1, arguments.paths.end()});
  } else {
    std::fprintf(stderr, "%s has no patterns.tsv and words.txt\n", arguments.paths[0].c_str());
    return 2;
  }
  AddRandomWords(arguments.words, &work);
  std::erase_if(corpora,
                [&](const Corpus& corpus) { return corpus.name.find(arguments.only) == std::string::npos; });

  const std::vector<Named> engines = MakeEngines(work);
  if (engines.empty() || !engines[0].is_hpol) return 2;
  Report report;
  std::vector<Checked> checked;
  if (!CheckAll(engines, corpora, &checked, &report.left_out)) return 1;
  for (const Named& named : engines) {
    report.engines.push_back(named.name);
  }
  const std::vector<std::vector<HotTime>> hot = TimeHot(engines, corpora, checked);
  for (size_t c = 0; c < corpora.size(); ++c) {
    const Corpus& corpus = corpora[c];
    report.rows.push_back(
        {corpus.name, corpus.prompts.size(), corpus.bytes, checked[c].spans, corpus.hostile, hot[c], {}});
    const bool ordinary = corpus.name.starts_with("natural_") || corpus.name.starts_with("own_");
    if (!ordinary) continue;
    report.rows.back().cold = TimeCold(engines, corpus, checked[c]);
    std::fprintf(stderr, "cold: %s\n", corpus.name.c_str());
  }
  report.short_bytes = kShort;
  report.long_bytes = kLong;
  report.linear = MeasureLinearity(*engines[0].engine, corpora);
  std::fputs((arguments.json ? ReportJson(report) : ReportText(report)).c_str(), stdout);
  return 0;
}

}  // namespace
}  // namespace hpol::bench

int main(int argc, char** argv) { return hpol::bench::Main(argc, argv); }
