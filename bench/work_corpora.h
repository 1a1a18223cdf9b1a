// What work_bench scans: the shared work where it is given, else work of the project's own.
#pragma once

#include <string>
#include <vector>

#include "bench/shared_work.h"

namespace hpol::bench {

struct Corpus {
  std::string name;
  std::vector<std::string> prompts;
  bool hostile = false;  // made to hurt
  size_t bytes = 0;      // of all prompts
};

// 14 patterns and 500 words, for when there is no shared work.
SharedWork OwnWork();

// Ordinary prose in three sizes, then every family of hostile_text.h.
std::vector<Corpus> OwnCorpora();

// Unpacked corpus files; hostile are those whose name begins with `adv_`.
std::vector<Corpus> ReadCorpora(const std::vector<std::string>& paths);

// Hostile texts of exactly `size` bytes: every family of hostile_text.h, and the hostile ones of `corpora`,
// repeated.
std::vector<Corpus> HostileOf(const std::vector<Corpus>& corpora, size_t size);

}  // namespace hpol::bench
