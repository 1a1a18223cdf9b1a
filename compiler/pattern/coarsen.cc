#include "compiler/pattern/coarsen.h"

#include <numeric>
#include <unordered_map>
#include <utility>

namespace hpol::pattern {
namespace {

// Shorter matches are cheap to try, and their counts are what sets them apart: 16 digits or 17.
constexpr uint32_t kLongMatch = 64;
// States that agree for so many bytes are joined, and then whatever has to be, so that it stays
// deterministic.
constexpr int kDepth = 16;
// Smaller matchers count to no more than others can bear, and say more when whole.
constexpr uint32_t kMinFineStates = 64;
// Larger matchers are word lists for the most part, which have no counts.
constexpr uint32_t kMaxFineStates = 6000;

class Joining {
 public:
  explicit Joining(Matcher matcher) : matcher_(std::move(matcher)), joined_to_(matcher_.state_count()) {
    std::iota(joined_to_.begin(), joined_to_.end(), 0);
  }

  // Joins states that cannot be told apart by kDepth bytes. Not the dead state, and not the start: it reads
  // what stands before the match.
  void JoinAlike() {
    const uint32_t states = matcher_.state_count();
    std::vector<uint32_t> group(states, 2);
    group[0] = 0;
    group[matcher_.start] = 1;
    size_t count = 0;
    for (int round = 0; round <= kDepth; ++round) {
      // By hash alone: to join two states that differ only makes the automaton match more.
      std::unordered_map<uint64_t, uint32_t> groups;
      std::vector<uint32_t> finer(states, 0);
      for (uint32_t state = 0; state < states; ++state) {
        uint64_t hash = group[state];
        for (uint32_t c = 0; c < matcher_.class_count; ++c) {
          const size_t cell = Cell(state, c);
          hash ^= round > 0 ? group[matcher_.next[cell]] : matcher_.accepts[cell] ? 1u : 0u;
          hash *= 0x9E3779B97F4A7C15u;
          hash ^= hash >> 32;
        }
        finer[state] = groups.try_emplace(hash, static_cast<uint32_t>(groups.size())).first->second;
      }
      group = std::move(finer);
      if (round > 0 && groups.size() == count) break;
      count = groups.size();
    }
    std::vector<uint32_t> first(states, 0);
    for (uint32_t state = 1; state < states; ++state) {
      if (group[state] == group[0] || group[state] == group[matcher_.start]) continue;
      uint32_t& other = first[group[state]];
      if (other == 0) other = state;
      Join(other, state);
    }
  }

  // Over the joined states, in the order that Matcher promises; lengths and first bytes are those of the
  // original.
  Matcher Take() && {
    const size_t k = matcher_.class_count;
    std::vector<uint32_t> order[3] = {{0}, {}, {}};  // by acceptance: never, sometimes, always
    for (uint32_t state = 1; state < matcher_.state_count(); ++state) {
      if (Find(state) != state) continue;
      size_t accepting = 0;
      for (size_t c = 0; c < k; ++c) accepting += matcher_.accepts[Cell(state, c)] ? 1 : 0;
      order[accepting == 0 ? 0 : accepting < k ? 1 : 2].push_back(state);
    }
    std::vector<uint32_t> all;
    for (const std::vector<uint32_t>& part : order) all.insert(all.end(), part.begin(), part.end());
    std::vector<uint32_t> new_of(matcher_.state_count(), 0);
    for (uint32_t i = 0; i < all.size(); ++i) new_of[all[i]] = i;
    Matcher coarse = matcher_;
    coarse.next.clear();
    coarse.accepts.clear();
    for (const uint32_t state : all) {
      for (size_t c = 0; c < k; ++c) {
        coarse.next.push_back(new_of[Find(matcher_.next[Cell(state, c)])]);
        coarse.accepts.push_back(matcher_.accepts[Cell(state, c)]);
      }
    }
    coarse.start = new_of[Find(matcher_.start)];
    coarse.first_accepting = static_cast<uint32_t>(order[0].size());
    coarse.first_always = static_cast<uint32_t>(order[0].size() + order[1].size());
    return coarse;
  }

 private:
  size_t Cell(uint32_t state, size_t c) const { return size_t{state} * matcher_.class_count + c; }

  uint32_t Find(uint32_t state) const {
    while (joined_to_[state] != state) state = joined_to_[state];
    return state;
  }

  // Joins two states, and where they lead for the same byte. Where only one of them leads on, so do both.
  void Join(uint32_t left, uint32_t right) {
    std::vector<std::pair<uint32_t, uint32_t>> work = {{left, right}};
    while (!work.empty()) {
      const uint32_t a = Find(work.back().first);
      const uint32_t b = Find(work.back().second);
      work.pop_back();
      if (a == b) continue;
      joined_to_[b] = a;
      for (size_t c = 0; c < matcher_.class_count; ++c) {
        if (matcher_.accepts[Cell(b, c)]) matcher_.accepts[Cell(a, c)] = true;
        uint32_t& to = matcher_.next[Cell(a, c)];
        const uint32_t other = matcher_.next[Cell(b, c)];
        if (to != 0 && other != 0) work.emplace_back(to, other);
        if (to == 0) to = other;
      }
    }
  }

  Matcher matcher_;
  std::vector<uint32_t> joined_to_;
};

}  // namespace

bool HasCoarse(const Matcher& matcher) {
  const uint32_t states = matcher.state_count();
  return matcher.max_length > kLongMatch && states >= kMinFineStates && states <= kMaxFineStates;
}

Matcher Coarsen(const Matcher& matcher) {
  Joining joining(matcher);
  joining.JoinAlike();
  return std::move(joining).Take();
}

}  // namespace hpol::pattern
