// Before anything is timed: does every engine find the same?
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bench/work_corpora.h"
#include "bench/work_engines.h"

namespace hpol::bench {

struct Named {
  std::string name;
  std::unique_ptr<WorkEngine> engine;
  bool has_spans = true;
  bool is_hpol = false;
  // Takes the longest of the leftmost, as hpol does; a peer that does not may differ on hostile text.
  bool is_leftmost_longest = true;
};

struct Checked {
  size_t spans = 0;
  // By engine: seconds that one pass over the corpus took, about; 0: left out.
  std::vector<double> seconds;
};

// Compares spans on every prompt with those of the first engine. False when they differ and nothing explains
// it; says so on stderr. A peer with other rules than leftmost-longest is left out of a hostile corpus where
// it differs, with the reason on stderr and in `left_out`, as long as one with the same rules agrees.
bool Check(const std::vector<Named>& engines, const Corpus& corpus, Checked* checked,
           std::vector<std::string>* left_out);

}  // namespace hpol::bench
