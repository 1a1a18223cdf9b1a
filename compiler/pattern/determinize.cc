// Subset construction with look-around. A DFA state is a set of instructions reached, where assertions
// still wait, together with what they must know about the byte before. Reading the
// next byte first decides the waiting assertions, then whether the text so far is a match,
// then steps. So one byte of look-ahead is all that a state needs, and it is already in the tables.
#include <algorithm>
#include <bitset>
#include <unordered_map>
#include <utility>

#include "compiler/pattern/dfa.h"

namespace hpol::pattern {
namespace {

// Instructions visited in all. A detector within kMaxStates stays far below.
constexpr uint64_t kMaxWork = 40'000'000;

struct Subset {
  std::vector<uint32_t> instructions;  // in order: bytes, waiting assertions, match
  Neighbor before = Neighbor::kOther;  // kOther when nothing waits
  friend bool operator==(const Subset&, const Subset&) = default;
};

struct SubsetHash {
  size_t operator()(const Subset& subset) const {
    uint64_t hash = 0x9E3779B97F4A7C15u + static_cast<uint64_t>(subset.before);
    for (uint32_t instruction : subset.instructions) hash = (hash ^ instruction) * 0x100000001B3u;
    return static_cast<size_t>(hash ^ (hash >> 29));
  }
};

class Builder {
 public:
  Builder(const Nfa& nfa, uint32_t max_states) : nfa_(nfa), max_states_(max_states) {
    seen_.resize(nfa.instructions.size(), 0);
    MakeClasses();
  }

  std::optional<Matcher> Run() {
    AddRow();  // 0: dead
    AddRow();  // 1: before the byte before
    matcher_.start = 1;
    const std::vector<uint32_t> begin = {nfa_.start};
    for (uint32_t c = 0; c < matcher_.class_count; ++c) {
      matcher_.next[matcher_.class_count + c] = StateOf(begin, neighbor_of_[c]);
    }
    for (uint32_t state = 2; state < subsets_.size() + 2; ++state) {
      if (TooLarge()) return std::nullopt;
      Expand(state);
    }
    return std::move(matcher_);
  }

 private:
  bool TooLarge() const { return subsets_.size() + 2 > max_states_ || work_ > kMaxWork; }

  // Bytes that no instruction and no assertion tells apart share a class. Classes are runs of bytes.
  void MakeClasses() {
    std::bitset<257> cuts;
    bool asserts = false;
    for (const Instruction& instruction : nfa_.instructions) {
      if (instruction.kind == Instruction::Kind::kBytes) {
        cuts.set(instruction.low);
        cuts.set(instruction.high + size_t{1});
      }
      asserts |= instruction.kind == Instruction::Kind::kAssert;
    }
    for (size_t byte = 1; asserts && byte < 256; ++byte) {
      if (NeighborOf(static_cast<uint8_t>(byte)) != NeighborOf(static_cast<uint8_t>(byte - 1)))
        cuts.set(byte);
    }
    uint16_t classes = 0;
    for (size_t byte = 0; byte < 256; ++byte) {
      if (byte > 0 && cuts[byte]) ++classes;
      matcher_.class_of[byte] = classes;
      if (neighbor_of_.size() == classes) neighbor_of_.push_back(NeighborOf(static_cast<uint8_t>(byte)));
    }
    neighbor_of_.push_back(Neighbor::kEdge);
    matcher_.edge_class = static_cast<uint16_t>(classes + 1);
    matcher_.class_count = static_cast<uint16_t>(classes + 2);
    buckets_.resize(matcher_.class_count);
  }

  void AddRow() {
    matcher_.next.resize(matcher_.next.size() + matcher_.class_count, 0);
    matcher_.accepts.resize(matcher_.accepts.size() + matcher_.class_count, false);
  }

  // Everything reachable from `from` without reading a byte. Assertions that hold between
  // `before` and `after` are passed; without `after` they stay in the set.
  std::vector<uint32_t> Close(const std::vector<uint32_t>& from, Neighbor before,
                              std::optional<Neighbor> after) {
    std::vector<uint32_t> result;
    ++mark_;
    stack_.assign(from.begin(), from.end());
    while (!stack_.empty()) {
      const uint32_t index = stack_.back();
      stack_.pop_back();
      if (seen_[index] == mark_) continue;
      seen_[index] = mark_;
      ++work_;
      const Instruction& instruction = nfa_.instructions[index];
      if (instruction.kind == Instruction::Kind::kSplit) {
        stack_.push_back(instruction.other);
        stack_.push_back(instruction.out);
      } else if (instruction.kind == Instruction::Kind::kAssert && after) {
        if (Holds(instruction.assertion, before, *after)) stack_.push_back(instruction.out);
      } else {
        result.push_back(index);
      }
    }
    return result;
  }

  bool Waits(uint32_t index) const { return nfa_.instructions[index].kind == Instruction::Kind::kAssert; }

  uint32_t StateOf(const std::vector<uint32_t>& from, Neighbor before) {
    if (from.empty()) return 0;
    Subset subset{Close(from, before, std::nullopt), before};
    std::sort(subset.instructions.begin(), subset.instructions.end());
    const auto& set = subset.instructions;
    if (std::none_of(set.begin(), set.end(), [&](uint32_t index) { return Waits(index); })) {
      subset.before = Neighbor::kOther;
    }
    const auto [entry, added] = states_.try_emplace(subset, static_cast<uint32_t>(subsets_.size() + 2));
    if (added) {
      subsets_.push_back(&entry->first);  // keys of an unordered_map do not move
      AddRow();
    }
    return entry->second;
  }

  void Expand(uint32_t state) {
    const Subset& subset = *subsets_[state - 2];
    const auto& set = subset.instructions;
    if (std::any_of(set.begin(), set.end(), [&](uint32_t index) { return Waits(index); })) {
      for (int kind = 0; kind < kNeighborKinds; ++kind) {
        const auto after = static_cast<Neighbor>(kind);
        Step(state, Close(set, subset.before, after), after);
      }
    } else {
      Step(state, set, std::nullopt);
    }
  }

  // Fills the cells of `state` whose class is of kind `after` (all, without one).
  void Step(uint32_t state, const std::vector<uint32_t>& set, std::optional<Neighbor> after) {
    bool matches = false;
    for (uint32_t index : set) {
      const Instruction& instruction = nfa_.instructions[index];
      matches |= instruction.kind == Instruction::Kind::kMatch;
      if (instruction.kind != Instruction::Kind::kBytes) continue;
      for (uint32_t c = matcher_.class_of[instruction.low]; c <= matcher_.class_of[instruction.high]; ++c) {
        buckets_[c].push_back(instruction.out);
        ++work_;
      }
    }
    for (uint32_t c = 0; c < matcher_.class_count; ++c) {
      if (!after || neighbor_of_[c] == *after) {
        const size_t cell = size_t{state} * matcher_.class_count + c;
        matcher_.accepts[cell] = matches;
        // Neighbouring classes often lead to the same place.
        const bool again = c > 0 && neighbor_of_[c] == neighbor_of_[c - 1] && buckets_[c] == buckets_[c - 1];
        const uint32_t next = again ? matcher_.next[cell - 1] : StateOf(buckets_[c], neighbor_of_[c]);
        matcher_.next[cell] = next;
      }
    }
    for (std::vector<uint32_t>& bucket : buckets_) bucket.clear();
  }

  const Nfa& nfa_;
  const uint32_t max_states_;
  Matcher matcher_;
  std::vector<Neighbor> neighbor_of_;  // by class
  std::unordered_map<Subset, uint32_t, SubsetHash> states_;
  std::vector<const Subset*> subsets_;  // state 2 on
  std::vector<std::vector<uint32_t>> buckets_;
  std::vector<uint32_t> seen_;
  std::vector<uint32_t> stack_;
  uint32_t mark_ = 0;
  uint64_t work_ = 0;
};

}  // namespace

std::optional<Matcher> Determinize(const Nfa& nfa, uint32_t max_states) {
  return Builder(nfa, max_states).Run();
}

}  // namespace hpol::pattern
