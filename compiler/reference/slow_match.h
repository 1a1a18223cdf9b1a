// The reference matcher: walks the pattern tree with sets of end positions. No automaton,
// nothing clever; its only purpose is to be obviously right.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/hir/hir.h"
#include "compiler/pattern/regex.h"
#include "runtime/abi/vocabulary.h"

namespace hpol::reference {

// Bytes [begin, end) of the text.
struct Match {
  uint32_t begin = 0;
  uint32_t end = 0;
  Tier tier = Tier::kShape;
  friend bool operator==(const Match&, const Match&) = default;
};

// One detector, ready to look through texts. `detector` must outlive it.
class SlowMatcher {
 public:
  explicit SlowMatcher(const hir::Detector& detector, pattern::Purpose purpose = pattern::Purpose::kDetector);

  // False when a pattern does not parse: a checked policy has none.
  bool ok() const { return ok_; }

  // Leftmost, then longest that validator and exceptions accept; not overlapping.
  std::vector<Match> Find(std::string_view text) const;

 private:
  struct Alternative {
    pattern::Regex tree;
    bool bounded = false;
  };

  // A list as sets, for it may have 100,000 words.
  struct Words {
    std::set<std::string, std::less<>> words;  // in lower case where case is ignored
    std::set<size_t> lengths;
    bool ignoring_case = false;
  };

  // Where matches that start at `begin` may end, the longest first.
  std::vector<uint32_t> Ends(std::string_view text, uint32_t begin) const;
  bool Accept(std::string_view match, Tier& tier) const;

  const hir::Detector& detector_;
  std::vector<Alternative> alternatives_;
  std::vector<Words> words_;
  bool ok_ = true;
};

}  // namespace hpol::reference
