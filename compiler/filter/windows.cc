#include "compiler/filter/windows.h"

#include <algorithm>
#include <array>

namespace hpol::filter {
namespace {

using pattern::Matcher;
using States = std::vector<uint32_t>;

void AddState(States& states, std::vector<bool>& seen, uint32_t state) {
  if (state == 0 || seen[state]) return;
  seen[state] = true;
  states.push_back(state);
}

// A matcher seen as a graph over its live states.
class Graph {
 public:
  explicit Graph(const Matcher& matcher) : m_(matcher) {
    bytes_of_.resize(m_.class_count);
    for (size_t byte = 0; byte < 256; ++byte) bytes_of_[m_.class_of[byte]].set(byte);
  }

  uint32_t Next(uint32_t state, uint32_t c) const { return m_.next[size_t{state} * m_.class_count + c]; }
  uint32_t byte_classes() const { return m_.edge_class; }
  const ByteSet& BytesOf(uint32_t c) const { return bytes_of_[c]; }
  bool CanAccept(uint32_t state) const { return state >= m_.first_accepting; }
  uint32_t state_count() const { return m_.state_count(); }

  // States after the look-behind byte; `before` receives which bytes (or edge) lead to one.
  States Initial(Place* before) const {
    States states;
    std::vector<bool> seen(state_count());
    for (uint32_t c = 0; c <= m_.edge_class; ++c) {
      const uint32_t state = Next(m_.start, c);
      if (state == 0) continue;
      AddState(states, seen, state);
      if (c == m_.edge_class) {
        before->edge = true;
      } else {
        before->bytes |= bytes_of_[c];
      }
    }
    before->offset = -1;
    return states;
  }

  // Bytes that lead from `states` to a live state, and those states.
  ByteSet Step(const States& states, States* after) const {
    ByteSet bytes;
    std::vector<bool> seen(state_count());
    for (const uint32_t state : states) {
      for (uint32_t c = 0; c < byte_classes(); ++c) {
        const uint32_t next = Next(state, c);
        if (next == 0) continue;
        bytes |= bytes_of_[c];
        AddState(*after, seen, next);
      }
    }
    return bytes;
  }

  // Follows `states` for up to `length` bytes, as long as no match can have ended.
  void Follow(States states, int first_offset, int length, std::vector<Place>* places) const {
    for (int i = 0; i < length; ++i) {
      if (std::any_of(states.begin(), states.end(), [this](uint32_t s) { return CanAccept(s); })) return;
      States after;
      places->push_back({first_offset + i, Step(states, &after)});
      states = std::move(after);
    }
  }

  // Bytes of class `c` that every way from `states` reads before a match can end: for each of the first few,
  // the distances at which it may stand. Looks no further than kSomewhereBytes, and only for few bytes on few
  // ways: more would be a condition that hardly tells.
  void FindSomewhere(States states, int offset, uint32_t c, std::vector<Place>* places) const {
    if (!IsClassed(bytes_of_[c]) || bytes_of_[c].count() > kSomewhereKinds) return;
    std::array<States, kSomewhere + 1> ways;  // by how many bytes of the class they have read
    ways[0] = std::move(states);
    std::array<Place, kSomewhere> found;
    size_t wanted = kSomewhere;  // more are not read on every way
    for (size_t done = 0; offset < kSomewhereBytes; ++offset) {
      std::array<States, kSomewhere + 1> after;
      for (size_t n = done; n < wanted; ++n) {
        if (std::any_of(ways[n].begin(), ways[n].end(), [this](uint32_t s) { return CanAccept(s); }))
          wanted = n;
        if (n < wanted && StepBeside(ways[n], c, &after[n], &after[n + 1]))
          Widen(found[n], offset, bytes_of_[c]);
      }
      for (States& some : after) {
        std::sort(some.begin(), some.end());
        some.erase(std::unique(some.begin(), some.end()), some.end());
        if (some.size() > kSomewhereWays) return;
      }
      ways = std::move(after);
      for (; done < wanted && ways[done].empty(); ++done) {
        if (found[done].length > 1) places->push_back(found[done]);
      }
      if (done >= wanted) return;
    }
  }

  // States reached from `states` by bytes of other classes than `without`.
  States Closure(const States& states, uint32_t without, ByteSet* bytes) const {
    States reached;
    std::vector<bool> seen(state_count());
    for (const uint32_t state : states) AddState(reached, seen, state);
    for (size_t i = 0; i < reached.size(); ++i) {
      for (uint32_t c = 0; c < byte_classes(); ++c) {
        const uint32_t next = c == without ? 0 : Next(reached[i], c);
        if (next == 0) continue;
        *bytes |= bytes_of_[c];
        AddState(reached, seen, next);
      }
    }
    return reached;
  }

  // Bytes that can stand at each of the few places before an edge of class `c`, the nearest first, as far as
  // every match has them: `look_behind` is what stands before its first byte.
  std::vector<Place> Before(const States& reached, const States& initial, const Place& look_behind,
                            uint32_t c) const {
    std::vector<Place> places;
    std::vector<bool> ends(state_count());  // states from which the edge is this far away
    for (const uint32_t state : reached) ends[state] = Next(state, c) != 0;
    for (int offset = -1; offset >= -kBeforeBytes; --offset) {
      Place place;
      place.offset = offset;
      std::vector<bool> begins(state_count());
      for (const uint32_t state : reached) {
        for (uint32_t by = 0; by < byte_classes(); ++by) {
          const uint32_t next = by == c ? 0 : Next(state, by);
          if (next == 0 || !ends[next]) continue;
          place.bytes |= bytes_of_[by];
          begins[state] = true;
        }
      }
      const bool at_begin = std::any_of(initial.begin(), initial.end(), [&](uint32_t s) { return ends[s]; });
      if (at_begin) {
        place.bytes |= look_behind.bytes;
        place.edge = look_behind.edge;
      }
      places.push_back(place);
      if (at_begin) break;  // anything may stand before that
      ends = std::move(begins);
    }
    return places;
  }

 private:
  static constexpr int kBeforeBytes = 4;
  static constexpr size_t kSomewhere = 3;
  static constexpr size_t kSomewhereKinds = 4;
  static constexpr size_t kSomewhereWays = 48;
  static constexpr int kSomewhereBytes = 16;

  // Appends where `states` go, by the class and by all others; whether any goes by the class.
  bool StepBeside(const States& states, uint32_t c, States* others, States* by_class) const {
    bool any = false;
    for (const uint32_t state : states) {
      for (uint32_t by = 0; by < byte_classes(); ++by) {
        const uint32_t next = Next(state, by);
        if (next == 0) continue;
        (by == c ? by_class : others)->push_back(next);
        any = any || by == c;
      }
    }
    return any;
  }

  static void Widen(Place& place, int offset, const ByteSet& bytes) {
    if (!place.some) place = {offset, bytes, false, 0, true};
    place.length = offset - place.offset + 1;
  }

  const Matcher& m_;
  std::vector<ByteSet> bytes_of_;
};

}  // namespace

Window BeginWindow(const Matcher& matcher, int length) {
  const Graph graph(matcher);
  Window window;
  Place before;
  States states = graph.Initial(&before);
  window.places.push_back(before);
  for (uint32_t c = 0; c < graph.byte_classes(); ++c) graph.FindSomewhere(states, 0, c, &window.somewhere);
  graph.Follow(std::move(states), 0, length, &window.places);
  return window;
}

std::vector<Window> InsideWindows(const Matcher& matcher, int length) {
  const Graph graph(matcher);
  Place look_behind;
  const States initial = graph.Initial(&look_behind);
  std::vector<Window> windows;
  for (uint32_t c = 0; c < graph.byte_classes(); ++c) {
    if (!IsClassed(graph.BytesOf(c))) continue;
    Window window;
    window.at_begin = false;
    const States reached = graph.Closure(initial, c, &window.run);
    if (std::any_of(reached.begin(), reached.end(), [&](uint32_t s) { return graph.CanAccept(s); })) continue;
    States after;
    std::vector<bool> seen(graph.state_count());
    for (const uint32_t state : reached) AddState(after, seen, graph.Next(state, c));
    if (after.empty()) continue;
    window.places = graph.Before(reached, initial, look_behind, c);
    std::reverse(window.places.begin(), window.places.end());
    window.places.push_back({0, graph.BytesOf(c)});
    graph.FindSomewhere(after, 1, c, &window.somewhere);
    graph.Follow(std::move(after), 1, length - 1, &window.places);
    windows.push_back(std::move(window));
  }
  return windows;
}

}  // namespace hpol::filter
