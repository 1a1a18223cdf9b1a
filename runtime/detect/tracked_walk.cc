#include "runtime/detect/tracked_walk.h"

#include <algorithm>
#include <bit>

namespace hpol::detect {

void TrackedWalk::Clear(const hpol_automaton& automaton) {
  rows_ = ((uint64_t{1} << 32) + automaton.class_count - 1) / automaton.class_count;
  max_length_ = automaton.max_length;
  tracks_.clear();
  accepts_.clear();
  alive_.clear();
  track_of_.clear();
  const size_t states = automaton.cells / automaton.class_count;
  if (owners_.size() < states) owners_.resize(states);
  ++pass_;
  steps_ = 0;
  most_alive_ = 0;
}

void TrackedWalk::Follow(const hpol_automaton& automaton, std::string_view text, uint32_t first,
                         std::span<const uint64_t> starts) {
  Clear(automaton);
  first_ = first;
  track_of_.resize(64 * starts.size(), kNone);
  // The widths are chosen here and not at every step.
  const bool narrow = automaton.class_bytes == 1;
  if (automaton.state_bytes == 1) {
    narrow ? FollowAs<uint8_t, uint8_t>(automaton, text, starts)
           : FollowAs<uint8_t, uint16_t>(automaton, text, starts);
  } else if (automaton.state_bytes == 2) {
    narrow ? FollowAs<uint16_t, uint8_t>(automaton, text, starts)
           : FollowAs<uint16_t, uint16_t>(automaton, text, starts);
  } else {
    narrow ? FollowAs<uint32_t, uint8_t>(automaton, text, starts)
           : FollowAs<uint32_t, uint16_t>(automaton, text, starts);
  }
}

template <typename State, typename Class>
void TrackedWalk::FollowAs(const hpol_automaton& automaton, std::string_view text,
                           std::span<const uint64_t> starts) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  uint32_t at = first_;
  for (size_t word = 0; word < starts.size(); ++word) {
    for (uint64_t bits = starts[word]; bits != 0; bits &= bits - 1) {
      const uint32_t start =
          first_ + static_cast<uint32_t>(64 * word) + static_cast<uint32_t>(std::countr_zero(bits));
      for (; at < start && !alive_.empty(); ++at) Step<State, Class>(automaton, text, at);
      at = start;
      Begin(automaton, bytes, at);
    }
  }
  const auto end = static_cast<uint32_t>(std::min<uint64_t>(text.size(), uint64_t{at} + max_length_));
  for (; at < end && !alive_.empty(); ++at) Step<State, Class>(automaton, text, at);
}

void TrackedWalk::Begin(const hpol_automaton& automaton, const uint8_t* text, uint32_t at) {
  const uint32_t state = Automaton(automaton).First(text, at);
  if (state == 0) return;
  const auto track = static_cast<uint32_t>(tracks_.size());
  tracks_.push_back({});
  track_of_[at - first_] = track;
  if (!Join(state, at, track)) alive_.push_back({state, track});
}

template <typename State, typename Class>
void TrackedWalk::Step(const hpol_automaton& automaton, std::string_view text, uint32_t at) {
  const auto* class_of = static_cast<const Class*>(automaton.class_of);
  const State* next = static_cast<const State*>(automaton.next) + class_of[static_cast<uint8_t>(text[at])];
  const uint32_t following =
      at + 1 < text.size() ? class_of[static_cast<uint8_t>(text[at + 1])] : automaton.edge_class;
  steps_ += alive_.size();
  most_alive_ = std::max(most_alive_, static_cast<uint32_t>(alive_.size()));
  size_t kept = 0;
  for (const Alive alive : alive_) {
    const uint32_t state = next[alive.state];
    if (state == 0 || Join(state, at + 1, alive.track)) continue;
    if (Automaton(automaton).Accepts(state, following)) Accept(alive.track, at + 1);
    alive_[kept++] = {state, alive.track};
  }
  alive_.resize(kept);
}

// Whether another track is in that state before the byte at `place` already; else this one is now.
bool TrackedWalk::Join(uint32_t state, uint32_t place, uint32_t track) {
  Owner& owner = owners_[(state * rows_) >> 32];
  const uint64_t stamp = pass_ << 32 | place;
  if (owner.stamp != stamp) {
    owner = {stamp, track};
    return false;
  }
  tracks_[track].parent = owner.track;
  tracks_[track].joined = place;
  return true;
}

void TrackedWalk::Accept(uint32_t track, uint32_t end) {
  uint32_t& newest = tracks_[track].accepts;
  if (newest == kNone || accepts_[newest].word != end / 64) {
    accepts_.push_back({0, end / 64, newest});
    newest = static_cast<uint32_t>(accepts_.size() - 1);
  }
  accepts_[newest].bits |= uint64_t{1} << (end % 64);
}

void TrackedWalk::Choose(uint32_t start) {
  path_.clear();
  start_ = start;
  most_ = static_cast<uint32_t>(std::min<uint64_t>(uint64_t{start} + max_length_, UINT32_MAX));
  for (uint32_t track = track_of_[start - first_]; track != kNone; track = tracks_[track].parent)
    path_.push_back(track);
  Top();
}

// Begins with the track on top of the path.
void TrackedWalk::Top() {
  if (path_.empty()) return;
  // A start may join a track that accepts at that very place: a match of older starts, for it an empty one.
  least_ = path_.size() == 1 ? 0 : tracks_[path_[path_.size() - 2]].joined;
  least_ = std::max(least_, start_ + 1);
  Turn(tracks_[path_.back()].accepts);
}

// To the newest of these ends that may be.
void TrackedWalk::Turn(uint32_t node) {
  while (node != kNone && 64 * accepts_[node].word > most_) node = accepts_[node].before;
  node_ = node;
  bits_ = node == kNone ? 0 : accepts_[node].bits;
}

uint32_t TrackedWalk::NextEnd() {
  while (!path_.empty()) {
    while (bits_ != 0) {
      const auto bit = static_cast<uint32_t>(63 - std::countl_zero(bits_));
      bits_ ^= uint64_t{1} << bit;
      const uint32_t end = 64 * accepts_[node_].word + bit;
      if (end >= least_ && end <= most_) return end;
    }
    if (node_ != kNone && 64 * accepts_[node_].word > least_) {
      Turn(accepts_[node_].before);
    } else {
      path_.pop_back();
      Top();
    }
  }
  return 0;
}

}  // namespace hpol::detect
