// Hopcroft's partition refinement, then the order and the facts that Matcher promises.
#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <utility>

#include "compiler/pattern/dfa.h"

namespace hpol::pattern {
namespace {

// Transitions backwards: the states that reach `state` by class `c`.
class Inverse {
 public:
  explicit Inverse(const Matcher& matcher) : states_(matcher.state_count()), classes_(matcher.class_count) {
    starts_.assign(size_t{states_} * classes_ + 1, 0);
    for (uint32_t state = 0; state < states_; ++state) {
      for (uint32_t c = 0; c < classes_; ++c) ++starts_[Cell(matcher.next[Cell(state, c)], c) + 1];
    }
    std::partial_sum(starts_.begin(), starts_.end(), starts_.begin());
    std::vector<uint32_t> place(starts_.begin(), starts_.end() - 1);
    sources_.resize(starts_.back());
    for (uint32_t state = 0; state < states_; ++state) {
      for (uint32_t c = 0; c < classes_; ++c)
        sources_[place[Cell(matcher.next[Cell(state, c)], c)]++] = state;
    }
  }

  template <typename Visit>
  void Each(uint32_t state, uint32_t c, const Visit& visit) const {
    for (uint32_t i = starts_[Cell(state, c)]; i < starts_[Cell(state, c) + 1]; ++i) visit(sources_[i]);
  }

 private:
  size_t Cell(uint32_t state, uint32_t c) const { return size_t{state} * classes_ + c; }
  uint32_t states_;
  uint32_t classes_;
  std::vector<uint32_t> starts_;
  std::vector<uint32_t> sources_;
};

// Blocks of states, refined in place: each block is a run of `elements_`, the marked part first.
class Partition {
 public:
  explicit Partition(const std::vector<uint32_t>& initial) : block_of_(initial), place_(initial.size()) {
    elements_.resize(initial.size());
    std::iota(elements_.begin(), elements_.end(), 0);
    std::stable_sort(elements_.begin(), elements_.end(),
                     [&](uint32_t a, uint32_t b) { return initial[a] < initial[b]; });
    for (uint32_t i = 0; i < elements_.size(); ++i) {
      place_[elements_[i]] = i;
      if (i == 0 || initial[elements_[i]] != initial[elements_[i - 1]]) blocks_.push_back({i, i, i});
      blocks_.back().end = i + 1;
    }
  }

  uint32_t size() const { return static_cast<uint32_t>(blocks_.size()); }
  uint32_t BlockOf(uint32_t state) const { return block_of_[state]; }
  std::vector<uint32_t> Elements(uint32_t block) const {
    return {elements_.begin() + blocks_[block].begin, elements_.begin() + blocks_[block].end};
  }

  // Marks a state; true when it is the first of its block.
  bool Mark(uint32_t state) {
    Block& block = blocks_[block_of_[state]];
    if (place_[state] < block.marked) return false;
    const bool first = block.marked == block.begin;
    const uint32_t other = elements_[block.marked];
    std::swap(elements_[block.marked], elements_[place_[state]]);
    std::swap(place_[state], place_[other]);
    ++block.marked;
    return first;
  }

  // Splits the marked states off as a new block, which is the smaller half. 0 when all were marked.
  uint32_t Split(uint32_t index) {
    Block& block = blocks_[index];
    const uint32_t middle = block.marked;
    block.marked = block.begin;
    if (middle == block.end) return 0;
    Block fresh{};
    if (middle - block.begin <= block.end - middle) {
      fresh = {block.begin, middle, block.begin};
      block.begin = block.marked = middle;
    } else {
      fresh = {middle, block.end, middle};
      block.end = middle;
    }
    const auto id = static_cast<uint32_t>(blocks_.size());
    blocks_.push_back(fresh);
    for (uint32_t i = fresh.begin; i < fresh.end; ++i) block_of_[elements_[i]] = id;
    return id;
  }

 private:
  struct Block {
    uint32_t begin;
    uint32_t end;
    uint32_t marked;  // [begin, marked) are marked
  };
  std::vector<uint32_t> elements_;
  std::vector<uint32_t> block_of_;
  std::vector<uint32_t> place_;
  std::vector<Block> blocks_;
};

// States that accept before the same bytes, numbered from 0 in order of appearance.
std::vector<uint32_t> GroupByAcceptance(const Matcher& matcher) {
  std::map<std::vector<bool>, uint32_t> groups;
  std::vector<uint32_t> group_of(matcher.state_count());
  for (uint32_t state = 0; state < matcher.state_count(); ++state) {
    const auto row = matcher.accepts.begin() + static_cast<ptrdiff_t>(state) * matcher.class_count;
    const std::vector<bool> key(row, row + matcher.class_count);
    group_of[state] = groups.try_emplace(key, static_cast<uint32_t>(groups.size())).first->second;
  }
  return group_of;
}

// Renumbers: state s becomes new_of[s]; states with the same number must be equal.
Matcher Renumber(const Matcher& matcher, const std::vector<uint32_t>& new_of, uint32_t count) {
  Matcher result = matcher;
  const size_t k = matcher.class_count;
  result.next.assign(count * k, 0);
  result.accepts.assign(count * k, false);
  result.start = new_of[matcher.start];
  for (uint32_t state = 0; state < matcher.state_count(); ++state) {
    for (size_t c = 0; c < k; ++c) {
      result.next[new_of[state] * k + c] = new_of[matcher.next[state * k + c]];
      result.accepts[new_of[state] * k + c] = matcher.accepts[state * k + c];
    }
  }
  return result;
}

// For how many following classes a state accepts.
uint32_t AcceptCount(const Matcher& matcher, uint32_t state) {
  const auto row = matcher.accepts.begin() + static_cast<ptrdiff_t>(state) * matcher.class_count;
  return static_cast<uint32_t>(std::count(row, row + matcher.class_count, true));
}

// States in the order of a breadth-first walk from the start, so that equal patterns give equal tables.
std::vector<uint32_t> WalkOrder(const Matcher& matcher) {
  std::vector<bool> seen(matcher.state_count(), false);
  std::vector<uint32_t> order;
  const auto visit = [&](uint32_t state) {
    if (!seen[state]) order.push_back(state);
    seen[state] = true;
  };
  visit(0);
  visit(matcher.start);
  for (size_t i = 0; i < order.size(); ++i) {
    for (size_t c = 0; c < matcher.class_count; ++c) visit(matcher.next[order[i] * matcher.class_count + c]);
  }
  return order;
}

// The longest match in bytes: the longest path, or kMaxMatchBytes when there is a loop. Every
// state of a minimal automaton can still reach a match, so every loop makes matches longer.
uint32_t LongestMatch(const Matcher& matcher) {
  if (matcher.start == 0) return 0;
  enum : uint8_t { kNew, kOpen, kDone };
  std::vector<uint8_t> status(matcher.state_count(), kNew);
  std::vector<uint32_t> longest(matcher.state_count(), 0);
  status[0] = kDone;
  struct Frame {
    uint32_t state;
    uint32_t c;
  };
  std::vector<Frame> stack = {{matcher.start, 0}};
  status[matcher.start] = kOpen;
  while (!stack.empty()) {
    Frame& frame = stack.back();
    // Only the start reads the edge class: it is the byte before, which does not count.
    if (frame.c < matcher.class_count) {
      const uint32_t next = matcher.next[size_t{frame.state} * matcher.class_count + frame.c];
      if (status[next] == kOpen) return kMaxMatchBytes;
      if (status[next] == kNew) {
        status[next] = kOpen;
        stack.push_back({next, 0});
      } else {
        if (next != 0) longest[frame.state] = std::max(longest[frame.state], longest[next] + 1);
        ++frame.c;
      }
    } else {
      status[frame.state] = kDone;
      stack.pop_back();
    }
  }
  const uint32_t bytes = longest[matcher.start];
  return bytes == 0 ? 0 : std::min(bytes - 1, kMaxMatchBytes);
}

}  // namespace

Matcher Minimize(const Matcher& matcher) {
  const Inverse inverse(matcher);
  Partition partition(GroupByAcceptance(matcher));
  std::vector<uint32_t> work;
  std::vector<bool> queued(partition.size(), true);
  for (uint32_t block = 0; block < partition.size(); ++block) work.push_back(block);
  std::vector<uint32_t> touched;
  while (!work.empty()) {
    const uint32_t splitter = work.back();
    work.pop_back();
    queued[splitter] = false;
    // A copy: the splitter itself may be split on the way.
    const std::vector<uint32_t> elements = partition.Elements(splitter);
    for (uint32_t c = 0; c < matcher.class_count; ++c) {
      touched.clear();
      for (uint32_t state : elements) {
        inverse.Each(state, c, [&](uint32_t source) {
          if (partition.Mark(source)) touched.push_back(partition.BlockOf(source));
        });
      }
      for (uint32_t block : touched) {
        const uint32_t fresh = partition.Split(block);
        if (fresh == 0) continue;
        queued.push_back(true);  // the smaller half; the larger one is queued already or not needed
        work.push_back(fresh);
      }
    }
  }
  std::vector<uint32_t> new_of(matcher.state_count());
  const uint32_t dead = partition.BlockOf(0);
  for (uint32_t state = 0; state < matcher.state_count(); ++state) {
    const uint32_t block = partition.BlockOf(state);
    new_of[state] = block == dead ? 0 : block == 0 ? dead : block;
  }
  return Renumber(matcher, new_of, partition.size());
}

void Finish(Matcher& matcher) {
  std::vector<uint32_t> order = WalkOrder(matcher);
  std::vector<int> rank;
  for (uint32_t state = 0; state < matcher.state_count(); ++state) {
    const uint32_t count = AcceptCount(matcher, state);
    rank.push_back(count == 0 ? 0 : count < matcher.class_count ? 1 : 2);
  }
  std::stable_sort(order.begin() + 1, order.end(), [&](uint32_t a, uint32_t b) { return rank[a] < rank[b]; });
  std::vector<uint32_t> new_of(matcher.state_count(), 0);
  for (uint32_t i = 0; i < order.size(); ++i) new_of[order[i]] = i;
  matcher = Renumber(matcher, new_of, static_cast<uint32_t>(order.size()));

  const uint32_t states = matcher.state_count();
  matcher.first_accepting = matcher.first_always = states;
  for (uint32_t state = states; state-- > 1;) {
    const uint32_t count = AcceptCount(matcher, state);
    if (count == matcher.class_count) matcher.first_always = state;
    if (count > 0) matcher.first_accepting = state;
  }
  matcher.max_length = LongestMatch(matcher);
  matcher.first_bytes.reset();
  for (uint32_t c = 0; c < matcher.class_count; ++c) {
    const size_t first = matcher.next[size_t{matcher.start} * matcher.class_count + c];
    for (size_t byte = 0; byte < 256; ++byte) {
      if (matcher.next[first * matcher.class_count + matcher.class_of[byte]] != 0)
        matcher.first_bytes.set(byte);
    }
  }
}

void MergeClasses(Matcher& matcher) {
  const uint32_t states = matcher.state_count();
  const uint32_t k = matcher.class_count;
  std::map<std::pair<std::vector<uint32_t>, std::vector<bool>>, uint16_t> columns;
  std::vector<uint16_t> new_of(k, 0);
  std::vector<uint32_t> keep;
  for (uint32_t c = 0; c < k; ++c) {
    std::pair<std::vector<uint32_t>, std::vector<bool>> column;
    for (size_t cell = c; cell < size_t{states} * k; cell += k) {
      column.first.push_back(matcher.next[cell]);
      column.second.push_back(matcher.accepts[cell]);
    }
    const auto fresh = static_cast<uint16_t>(keep.size());
    const bool is_edge = c == matcher.edge_class;
    const auto [entry, added] = columns.try_emplace(std::move(column), fresh);
    new_of[c] = added || is_edge ? fresh : entry->second;
    if (added || is_edge) keep.push_back(c);
  }
  if (keep.size() == k) return;
  std::vector<uint32_t> next;
  std::vector<bool> accepts;
  for (size_t state = 0; state < states; ++state) {
    for (uint32_t c : keep) {
      next.push_back(matcher.next[state * k + c]);
      accepts.push_back(matcher.accepts[state * k + c]);
    }
  }
  for (uint16_t& c : matcher.class_of) c = new_of[c];
  matcher.next = std::move(next);
  matcher.accepts = std::move(accepts);
  matcher.class_count = static_cast<uint16_t>(keep.size());
  matcher.edge_class = static_cast<uint16_t>(keep.size() - 1);
}

}  // namespace hpol::pattern
