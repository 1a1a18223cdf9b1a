// Detector patterns → tables; no LLVM. A pattern is parsed to a tree, the trees and
// word lists of a detector to one NFA, that to one minimal DFA over byte classes. Large
// word lists stand beside it, as tries.
// Linear and bounded: an unbounded repetition matches at most kMaxMatchBytes in all.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/hir/hir.h"
#include "compiler/pattern/regex.h"
#include "compiler/pattern/word_trie.h"
#include "dsl/diag/diagnostic.h"
#include "runtime/abi/artifact.h"
#include "runtime/abi/vocabulary.h"

namespace hpol::pattern {

inline constexpr uint32_t kMaxMatchBytes = 4096;  // cap on the length of one match
inline constexpr uint32_t kMaxStates = 20000;     // DFA states of one detector
inline constexpr uint32_t kMaxRepeat = 1000;      // {n,m}

// Bytes of a detector's words, up to which they are part of its automaton: there the run side's governor sees
// them too. A trie is built faster from more words, and is smaller.
inline constexpr size_t kMaxAutomatonWords = 16384;

// What one detector looks for: a DFA, and tries of words beside it. A match is the longest of all.
//
// The DFA. Look-around (`bounded`, `\b`, anchors) is in the automaton:
// it reads the byte before the match first (class `edge_class` at the text's start) and
// may need the byte after it (or `edge_class` at the text's end) before it accepts.
// States stand in this order: dead, those that never accept, those that accept before some
// following bytes, those that always accept.
struct Matcher {
  std::array<uint16_t, 256> class_of{};  // byte → class
  uint16_t class_count = 0;              // classes of bytes, plus one: the text's edge
  uint16_t edge_class = 0;               // = class_count - 1
  // next[state * class_count + class]; state 0 is dead.
  std::vector<uint32_t> next;
  uint32_t start = 0;  // before the look-behind byte is read
  // accepts[state * class_count + class]: the text read so far is a match if the
  // following byte has `class` (edge_class: nothing follows).
  std::vector<bool> accepts;
  uint32_t first_accepting = 0;  // states from here on accept before some following byte
  uint32_t first_always = 0;     // states from here on accept whatever follows
  uint32_t max_length = 0;       // bytes of its matches; at most kMaxMatchBytes; 0: it matches nothing
  std::bitset<256> first_bytes;  // bytes that can begin them

  // At most two: words whose case matters, and others.
  std::vector<WordTrie> tries;

  uint32_t state_count() const {
    return class_count == 0 ? 0 : static_cast<uint32_t>(next.size() / class_count);
  }

  // Of the automaton and the tries together.
  uint32_t LongestMatch() const;        // bytes
  std::bitset<256> FirstBytes() const;  // of all matches
};

// Compiles one detector. On failure reports the reason at the place inside the
// pattern and returns nothing. Warns of what no folded text can contain.
std::optional<Matcher> Compile(const hir::Detector& detector, dsl::Diagnostics& diagnostics,
                               Purpose purpose = Purpose::kDetector);

// Runs a matcher by table; the meaning of hpol_match_fn (runtime/abi/artifact.h).
hpol_match Attempt(const Matcher& matcher, const uint8_t* text, uint64_t size, uint64_t at, uint64_t limit);

// Where that ends; 0 for none.
uint64_t Match(const Matcher& matcher, const uint8_t* text, uint64_t size, uint64_t at, uint64_t limit);

// One match that validator and exceptions accept, as bytes of the text.
struct Found {
  uint32_t begin = 0;
  uint32_t end = 0;
  Tier tier = Tier::kShape;
  friend bool operator==(const Found&, const Found&) = default;
};

// All of them: leftmost, then longest that is accepted, not overlapping, whatever stands around them.
std::vector<Found> FindMatches(const hir::Detector& detector, const Matcher& matcher, std::string_view text);

// What of them is a finding, and at which tier, by the words of `near`, `needs near` and `not near` in
// `text`.
std::vector<Found> FindAll(const hir::Detector& detector, const Matcher& matcher, std::string_view text);

// Checks every `matches` and `rejects` sample of a compiled detector.
void CheckSamples(const hir::Detector& detector, const Matcher& matcher, dsl::Diagnostics& diagnostics);

// Checks that no detector finds anything in what redactions write (markers, pseudonyms), nor a
// context word that would change the tier of what stands beside it.
void CheckMarkers(const hir::Policy& policy, const std::vector<Matcher>& matchers,
                  dsl::Diagnostics& diagnostics);

// `--dump=pattern`.
std::string Print(const hir::Detector& detector, const Matcher& matcher);

}  // namespace hpol::pattern
