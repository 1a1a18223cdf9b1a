// Words around a match: what `near` and `not near` of a detector look for. Used by the scan and
// by the compiler's checks of samples (target hpol_near, no dependencies but the tables).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/abi/tables.h"

namespace hpol::detect {

inline constexpr uint32_t kMaxWithin = 512;  // characters: code points of the folded text

// How words are compared: ASCII letters small, each run of blanks, `-` and `_` as one space, none
// at the ends.
std::string NormalWord(std::string_view word);

// The words as a clause of the tables lists them: normal, sorted by bytes, each once.
std::vector<std::string> NormalWords(const std::vector<std::string>& words);

// The bits of NearClause::first.
void SetFirstBytes(const std::vector<std::string>& normal_words, uint64_t (&first)[4]);

uint32_t CountCharacters(std::string_view text);

// A word of the clause stands in `text`, or in the last kMaxWithin characters of a long one.
bool HasWord(const ir::Tables& tables, const ir::NearClause& row, std::string_view text);

// One accepted match and everything that its context words may stand in.
struct Surroundings {
  std::string_view text;  // `not near` looks here, at both sides of [begin, end)
  uint32_t begin = 0;
  uint32_t end = 0;
  std::string_view wide;                   // `near` looks here: `text` with what stands before and after it …
  uint32_t offset = 0;                     // … where byte i of `text` is byte `offset` + i …
  std::span<const std::string_view> keys;  // … and in these, whatever the distance
};

// Answers for one detector and one text. Matches come in order, so the text is read once, however
// close they stand; in any other order it still answers right. Keeps its memory.
class NearWords {
 public:
  // The next questions are about another text or detector.
  void Start() { used_ = 0; }

  // `tier` is what the validator makes of the match. A `not near` word in reach: shape. Else a
  // `near` word in reach makes a shape tier context. Nothing: the detector needs one, and there is none.
  std::optional<Tier> TierOf(const ir::Tables& tables, const ir::Detector& detector,
                             const Surroundings& around, Tier tier);

 private:
  struct Word {
    uint32_t begin = 0;
    uint32_t end = 0;
  };
  // What one clause knows of its text.
  struct Clause {
    std::vector<Word> words;  // those that begin before `scanned`; the shortest at each place
    size_t head = 0;          // those before are out of reach for good
    uint32_t scanned = 0;
    uint32_t asked = 0;  // the last match began here
  };

  bool InReach(const ir::Tables& tables, const ir::NearClause& row, Clause& clause, std::string_view text,
               uint32_t begin, uint32_t end);

  std::vector<Clause> clauses_;
  size_t used_ = 0;
};

}  // namespace hpol::detect
