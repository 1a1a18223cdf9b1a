// Times of work_bench, taken after the check.
#pragma once

#include <string>
#include <vector>

#include "bench/work_check.h"

namespace hpol::bench {

// CPU seconds of one pass over a corpus. 0: not measured.
struct HotTime {
  double first = 0;   // in the first round
  double median = 0;  // of all rounds
};

// By corpus, then by engine. Google Benchmark is the timer; `checked` says who is measured, and about how
// long it takes.
std::vector<std::vector<HotTime>> TimeHot(const std::vector<Named>& engines,
                                          const std::vector<Corpus>& corpora,
                                          const std::vector<Checked>& checked);

// Seconds that one prompt takes when nothing of the engine and of the text is in a cache: the median over
// some prompts of the corpus, each after a walk over more memory than the caches hold. By engine.
std::vector<double> TimeCold(const std::vector<Named>& engines, const Corpus& corpus, const Checked& checked);

// Seconds that the engine takes for one hot text: the median of some rounds.
double TimeText(WorkEngine& engine, const std::string& text);

}  // namespace hpol::bench
