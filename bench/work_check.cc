#include "bench/work_check.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <set>
#include <utility>

namespace hpol::bench {
namespace {

using Clock = std::chrono::steady_clock;

// Without spans only ends are known: every end that was expected must be among them.
bool HasEnds(const std::vector<WorkSpan>& expected, const std::vector<WorkSpan>& found) {
  std::set<std::pair<uint32_t, uint32_t>> ends;
  for (const WorkSpan& span : found) ends.insert({span.detector, span.end});
  return std::all_of(expected.begin(), expected.end(),
                     [&](const WorkSpan& span) { return ends.contains({span.detector, span.end}); });
}

// The first prompt that the engine reads otherwise, or how many there are. Adds the time that it took.
size_t FirstDifference(const Named& named, const Corpus& corpus,
                       const std::vector<std::vector<WorkSpan>>& expected, double* seconds) {
  std::vector<WorkSpan> spans;
  size_t i = 0;
  const Clock::time_point begin = Clock::now();
  for (; i < corpus.prompts.size(); ++i) {
    named.engine->Spans(corpus.prompts[i], &spans);
    if (named.has_spans ? spans != expected[i] : !HasEnds(expected[i], spans)) break;
  }
  *seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  return i;
}

}  // namespace

bool Check(const std::vector<Named>& engines, const Corpus& corpus, Checked* checked,
           std::vector<std::string>* left_out) {
  std::vector<std::vector<WorkSpan>> expected(corpus.prompts.size());
  for (size_t i = 0; i < corpus.prompts.size(); ++i) {
    engines.front().engine->Spans(corpus.prompts[i], &expected[i]);
    checked->spans += expected[i].size();
  }
  bool judged = false;  // another program with the same rules agrees
  std::vector<std::string> differing;
  for (const Named& named : engines) {
    double seconds = 0;
    const size_t same = FirstDifference(named, corpus, expected, &seconds);
    const bool agrees = same == corpus.prompts.size();
    checked->seconds.push_back(agrees ? std::max(seconds, 1e-9) : 0);
    judged = judged || (agrees && !named.is_hpol && named.has_spans && named.is_leftmost_longest);
    if (agrees) continue;
    differing.push_back(named.name);
    if (corpus.hostile && !named.is_leftmost_longest) continue;
    std::fprintf(stderr, "%s: %s and %s find different spans in prompt %zu; no time means anything\n",
                 corpus.name.c_str(), named.name.c_str(), engines.front().name.c_str(), same);
    return false;
  }
  for (const std::string& name : differing) {
    if (!judged) {
      std::fprintf(stderr,
                   "%s: %s finds different spans, and no peer says who is right; no time means anything\n",
                   corpus.name.c_str(), name.c_str());
      return false;
    }
    left_out->push_back(
        corpus.name + ": " + name +
        " is left out, its rules give other spans here (not the leftmost, then longest); a peer "
        "with the same rules agrees");
    std::fprintf(stderr, "%s\n", left_out->back().c_str());
  }
  return true;
}

}  // namespace hpol::bench
