// Where the matches of many starts end, in one pass over the text. One anchored attempt a start reads the
// same bytes again for every start that lies inside them; here all starts are followed together.
//
// An automaton in one state at one place has one future, so two starts that reach the same state at the same
// place are one track from there on. What is kept is a forest of tracks with the places where each accepts:
// every start has its own ends, each at most max_length bytes away, though the bytes were read once. The pass
// reads each byte once for each track that is alive there, and there are never more of those than the
// automaton has states.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "runtime/detect/automaton.h"

namespace hpol::detect {

// Not thread-safe. Reused, so that it stops allocating once warm.
class TrackedWalk {
 public:
  // Follows the starts in [first, first + 64 * starts.size()): bit i of `starts` is the start first + i, all
  // of them within `text`. What was followed before is forgotten.
  void Follow(const hpol_automaton& automaton, std::string_view text, uint32_t first,
              std::span<const uint64_t> starts);

  // Turns to one start that was followed; NextEnd then gives the ends of its matches, the longest first, then
  // 0.
  void Choose(uint32_t start);
  uint32_t NextEnd();

  // States stepped over one byte since the last Follow: what it cost.
  uint64_t steps() const { return steps_; }
  // The most tracks that were alive at one place.
  uint32_t most_alive() const { return most_alive_; }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;

  struct Track {
    uint32_t accepts = kNone;  // newest of its places
    uint32_t parent = kNone;   // the track that it became a part of
    uint32_t joined = 0;       // where: from this end on the parent's ends count
  };
  // Ends in [64 * word, 64 * word + 63] at which one track accepts.
  struct Accepts {
    uint64_t bits = 0;
    uint32_t word = 0;
    uint32_t before = kNone;  // the same track's earlier ends
  };
  struct Alive {
    uint32_t state = 0;
    uint32_t track = 0;
  };
  // Which track was in a state, in which pass and before which byte.
  struct Owner {
    uint64_t stamp = 0;
    uint32_t track = 0;
  };

  void Clear(const hpol_automaton& automaton);
  template <typename State, typename Class>
  void FollowAs(const hpol_automaton& automaton, std::string_view text, std::span<const uint64_t> starts);
  template <typename State, typename Class>
  void Step(const hpol_automaton& automaton, std::string_view text, uint32_t at);
  void Begin(const hpol_automaton& automaton, const uint8_t* text, uint32_t at);
  bool Join(uint32_t state, uint32_t place, uint32_t track);
  void Accept(uint32_t track, uint32_t end);
  void Top();
  void Turn(uint32_t node);

  uint64_t rows_ = 1;  // 2^32 / class_count, rounded up: turns an offset of a row into its number
  uint32_t max_length_ = 0;
  std::vector<Track> tracks_;
  std::vector<uint32_t> track_of_;  // by start, from `first`; kNone: nothing begins there
  std::vector<Accepts> accepts_;
  std::vector<Alive> alive_;   // the oldest first
  std::vector<Owner> owners_;  // by state
  uint32_t first_ = 0;
  uint64_t pass_ = 0;
  uint64_t steps_ = 0;
  uint32_t most_alive_ = 0;

  // Of the chosen start: its tracks, the last one on top, and what is left of that one.
  std::vector<uint32_t> path_;
  uint32_t node_ = kNone;
  uint64_t bits_ = 0;
  uint32_t least_ = 0;  // the first end of the track on top that counts
  uint32_t start_ = 0;
  uint32_t most_ = 0;  // the longest end that may be
};

}  // namespace hpol::detect
