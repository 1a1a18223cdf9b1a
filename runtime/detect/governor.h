// The combined automaton: all detectors at once, for text in which candidates are dense. It says which
// detectors can match at all, so that the attempts of the others are left out.
//
// A state is a set of (detector, state of its automaton), and while matches may begin also what the byte
// before allows. States are made when text first needs them and kept from text to text, in memory that is
// fixed when the governor is made. A block is read as several stretches side by side, each from its own
// beginning: the time of a step is the time of one load that waits for the one before it, so that four chains
// cost little more than one.
//
// Of a detector that has a coarse automaton (runtime/abi/artifact.h) that one is used: counts of long
// repetitions would multiply the states, and say little.
//
// What holds:
// * A detector that is not flagged has no match that begins in the block. A flag promises nothing.
// * Flags depend on the text, and on what was read before only in that there may be more of them.
// * After the constructor nothing is allocated. When memory is full, states are made anew from none. Making
//   states is rationed by the bytes that were looked at; where the ration is used up, every detector is
//   flagged.
// * A detector without an automaton, or one of whose states too many stand side by side, is always flagged.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "runtime/abi/artifact.h"
#include "runtime/detect/automaton.h"

namespace hpol::detect {

// Not thread-safe: one a thread. The detectors must outlive it.
class Governor {
 public:
  // For the states; the lists that are derived from the detectors come on top, some hundred bytes a detector.
  static constexpr size_t kMemory = size_t{4} << 20;
  // How far behind a stretch a match of a block is followed.
  static constexpr uint32_t kDrainBytes = 64;

  explicit Governor(std::span<const hpol_detector_code> detectors, size_t memory = kMemory);

  // Sets bit d of `may` for each detector d that may have a match that begins in [begin, end) of `text`;
  // leaves the other bits. `may` has a bit for each detector; text is shorter than 4 GiB; begin <= end <=
  // size. A match that may still go on `drain` bytes behind the stretch that it begins in, a quarter of the
  // block, flags its detector unseen.
  void Flag(std::string_view text, uint32_t begin, uint32_t end, std::span<uint64_t> may,
            uint32_t drain = kDrainBytes);

  struct Counters {
    uint64_t built = 0;     // states made
    uint64_t resets = 0;    // times that memory was full
    uint64_t given_up = 0;  // calls that flagged every detector because no state could be made
  };
  const Counters& counters() const { return counters_; }
  size_t states() const { return static_cast<size_t>(used_specials_ + used_normals_); }  // alive now

 private:
  static constexpr size_t kChains = 4;
  static constexpr uint32_t kStep = 16;  // bytes between two looks at whether something happened
  // Bytes that are looked at: what earns the making of one state, and more of them with many detectors.
  static constexpr uint32_t kBytesPerState = 32;
  static constexpr uint32_t kMaxSets = 256;                             // of flagged detectors
  static constexpr uint64_t kRation = uint64_t{8192} * kBytesPerState;  // saved up at most

  // A state by the offset of its row from `base_`. At rows from 0 up nothing happens; those below 0 want a
  // look: `unknown_`, and states that were reached by a match. Those are left at once for the state without
  // the detectors that matched, so that text full of matches is quiet once they are flagged.
  using Row = int32_t;
  static constexpr uint32_t kNoGroup = UINT32_MAX;

  // One member of a state: a detector, and the state of its automaton.
  static constexpr uint64_t Pair(uint32_t detector, uint32_t state) {
    return uint64_t{detector} << 32 | state;
  }
  static constexpr uint32_t DetectorOf(uint64_t pair) { return static_cast<uint32_t>(pair >> 32); }
  Automaton AutomatonOf(uint64_t pair) const { return Automaton(*automata_[DetectorOf(pair)]); }

  // What makes a state: pairs in ascending order, then detectors that matched on the way in.
  struct Key {
    const uint64_t* data = nullptr;
    uint32_t pairs = 0;
    uint32_t matched = 0;
    uint32_t group = kNoGroup;  // what may begin here; kNoGroup: nothing
    uint32_t flagged = 0;       // set of detectors that begin no more: index into sets_
    uint32_t size() const { return pairs + matched; }
  };
  struct State {
    Key key;  // in keys_
    uint32_t hash = 0;
    Row drained = 0;  // the same without what begins here; unknown_: not made yet
    Row quiet = 0;    // the same without the detectors that matched, for good; unknown_: not made yet
  };
  // One stretch of the block. While none is read its row is 0.
  struct Chain {
    const uint8_t* at = nullptr;
    Row row = 0;
  };

  // From the detectors, once.
  void MakeClasses();
  void MakeGroups();
  void MakeMemory(size_t memory);

  // Making states. Each may reset all others but those of `chains_`; `unknown_` means that the ration is used
  // up.
  Row Build(Row from, uint32_t byte_class);
  Row Start(const uint8_t* text, uint32_t at);
  Row Drained(Row row);
  Row Quiet(Row row);
  uint32_t SetWith(uint32_t set, const uint64_t* detectors, uint32_t count);
  bool IsIn(uint32_t set, uint32_t detector) const {
    return (sets_[set * always_.size() + (detector >> 6)] >> (detector & 63) & 1) != 0;
  }
  Row Make(const Key& key);
  Row Find(const Key& key, uint32_t hash) const;
  bool Place(const Key& key, uint32_t hash, Row* row);
  Key Follow(const Key& from, uint32_t byte_class);
  void DropLargest(Key* key);
  void Clear();
  void Reset();
  static uint32_t Hash(const Key& key);

  bool IsAlways(uint32_t detector) const { return (always_[detector >> 6] >> (detector & 63) & 1) != 0; }
  const State& Of(Row row) const { return states_[static_cast<size_t>(row / stride_ + specials_)]; }
  State& Of(Row row) { return states_[static_cast<size_t>(row / stride_ + specials_)]; }

  // Reading. False: no state could be made.
  bool FlagBlock(std::string_view text, uint32_t begin, uint32_t end, std::span<uint64_t> may,
                 uint32_t drain);
  template <size_t kCount>
  bool Run(uint32_t bytes, std::span<uint64_t> may);
  bool RunSlowly(Chain& chain, uint32_t bytes, std::span<uint64_t> may);
  bool Drain(const uint8_t* end_of_text, std::span<uint64_t> may, uint32_t drain);
  void FlagMatched(const Key& key, std::span<uint64_t> may) const;
  void FlagAtEdge(const Key& key, std::span<uint64_t> may) const;
  void FlagAlive(const Key& key, std::span<uint64_t> may, uint32_t read) const;
  bool HasUnflagged(const Key& key, std::span<const uint64_t> may) const;

  std::vector<const hpol_automaton*> automata_;  // by detector; null: not known
  std::vector<uint64_t> always_;                 // bits: detectors that are flagged without a look

  std::array<uint8_t, 256> class_of_{};  // classes of bytes that no detector tells apart
  std::vector<uint8_t> byte_of_;         // a byte of each class
  // Classes of the byte before (then the text's edge) after which the same can begin form a group.
  std::vector<uint32_t> group_of_;
  std::vector<uint32_t> enter_first_;  // by group and class: where its pairs stand in enter_
  std::vector<uint64_t> enter_;        // what a first byte of that class leads to
  uint32_t max_pairs_ = 0;             // of one state

  Row stride_ = 1;
  Row unknown_ = 0;   // its row leads only to itself
  Row specials_ = 0;  // rows below 0, among them unknown_
  Row normals_ = 0;   // rows from 0 up; row 0 is the state in which nothing lives
  Row used_specials_ = 0;
  Row used_normals_ = 0;
  std::unique_ptr<Row[]> table_;
  Row* base_ = nullptr;
  std::vector<State> states_;  // by row
  std::unique_ptr<uint64_t[]> keys_;
  size_t keys_size_ = 0;
  size_t used_keys_ = 0;
  std::vector<uint64_t> sets_;  // bits by detector; set 0 is empty
  uint32_t used_sets_ = 0;
  std::vector<Row> slots_;       // hash table; unknown_: free
  std::vector<Row> starts_;      // by group; unknown_: not made yet
  std::vector<uint64_t> fresh_;  // the state being made
  std::vector<uint64_t> saved_;  // the states of chains while all others go

  std::array<Chain, kChains> chains_{};
  uint64_t ration_ = kRation;
  Counters counters_;
};

}  // namespace hpol::detect
