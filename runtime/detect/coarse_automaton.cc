#include "runtime/detect/coarse_automaton.h"

#include <numeric>
#include <unordered_map>
#include <utility>

#include "runtime/detect/automaton.h"

namespace hpol::detect {
namespace {

// States of the fine automaton, counted from 0, and what they are joined to.
class Joining {
 public:
  explicit Joining(const hpol_automaton& fine)
      : classes_(fine.class_count), states_(fine.cells / fine.class_count), start_(fine.start / classes_) {
    const Automaton automaton(fine);
    for (uint32_t state = 0; state < states_; ++state) {
      for (uint32_t c = 0; c < classes_; ++c) {
        next_.push_back(automaton.Next(state * classes_, c) / classes_);
        accepts_.push_back(automaton.Accepts(state * classes_, c) ? 1 : 0);
      }
    }
    joined_to_.resize(states_);
    std::iota(joined_to_.begin(), joined_to_.end(), 0);
  }

  // Joins states that cannot be told apart by `depth` bytes. Not the dead state, and not the start: it reads
  // what stands before the match.
  void JoinAlike(int depth) {
    std::vector<uint32_t> group(states_, 2);
    group[0] = 0;
    group[start_] = 1;
    size_t count = 0;
    for (int round = 0; round <= depth; ++round) {
      // By hash alone: to join two states that differ only makes the automaton match more.
      std::unordered_map<uint64_t, uint32_t> groups;
      std::vector<uint32_t> finer(states_, 0);
      for (uint32_t state = 0; state < states_; ++state) {
        uint64_t hash = group[state];
        for (uint32_t c = 0; c < classes_; ++c) {
          hash ^= round == 0 ? accepts_[Cell(state, c)] : group[next_[Cell(state, c)]];
          hash *= 0x9E3779B97F4A7C15u;
          hash ^= hash >> 32;
        }
        finer[state] = groups.try_emplace(hash, static_cast<uint32_t>(groups.size())).first->second;
      }
      group = std::move(finer);
      if (round > 0 && groups.size() == count) break;
      count = groups.size();
    }
    std::vector<uint32_t> first(states_, 0);
    for (uint32_t state = 1; state < states_; ++state) {
      if (group[state] == group[0] || group[state] == group[start_]) continue;
      uint32_t& other = first[group[state]];
      if (other == 0) other = state;
      Join(other, state);
    }
  }

  uint32_t Find(uint32_t state) const {
    while (joined_to_[state] != state) state = joined_to_[state];
    return state;
  }

  // The tables over joined states, numbered anew; 0 stays dead. Returns the start's row.
  uint32_t Write(std::vector<uint32_t>* next, std::vector<uint8_t>* accepts) const {
    std::vector<uint32_t> row(states_, 0);
    uint32_t rows = 0;
    for (uint32_t state = 0; state < states_; ++state) {
      if (Find(state) == state) row[state] = classes_ * rows++;
    }
    for (uint32_t state = 0; state < states_; ++state) {
      if (Find(state) != state) continue;
      for (uint32_t c = 0; c < classes_; ++c) {
        next->push_back(row[Find(next_[Cell(state, c)])]);
        accepts->push_back(accepts_[Cell(state, c)]);
      }
    }
    return row[Find(start_)];
  }

 private:
  size_t Cell(uint32_t state, uint32_t c) const { return size_t{state} * classes_ + c; }

  // Joins two states, and where they lead for the same byte. Where only one of them leads on, so do both.
  void Join(uint32_t left, uint32_t right) {
    std::vector<std::pair<uint32_t, uint32_t>> work = {{left, right}};
    while (!work.empty()) {
      const uint32_t a = Find(work.back().first);
      const uint32_t b = Find(work.back().second);
      work.pop_back();
      if (a == b) continue;
      joined_to_[b] = a;
      for (uint32_t c = 0; c < classes_; ++c) {
        accepts_[Cell(a, c)] |= accepts_[Cell(b, c)];
        uint32_t& to = next_[Cell(a, c)];
        const uint32_t other = next_[Cell(b, c)];
        if (to != 0 && other != 0) work.emplace_back(to, other);
        if (to == 0) to = other;
      }
    }
  }

  uint32_t classes_;
  uint32_t states_;
  uint32_t start_;
  std::vector<uint32_t> next_;
  std::vector<uint8_t> accepts_;
  std::vector<uint32_t> joined_to_;
};

}  // namespace

CoarseAutomaton::CoarseAutomaton(const hpol_automaton& fine) : data_(fine) {
  Joining joining(fine);
  joining.JoinAlike(kDepth);
  data_.start = joining.Write(&next_, &accepts_);
  data_.next = next_.data();
  data_.state_bytes = sizeof(uint32_t);
  data_.cells = static_cast<uint32_t>(next_.size());
  data_.accepts = accepts_.data();
  data_.first_accepting = 0;  // every state has a row of `accepts_`
  data_.first_always = data_.cells;
}

}  // namespace hpol::detect
