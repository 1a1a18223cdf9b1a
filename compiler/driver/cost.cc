#include "compiler/driver/cost.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "compiler/pattern/coarsen.h"
#include "runtime/detect/walk.h"

namespace hpol::driver {
namespace {

using Set = std::vector<uint32_t>;

constexpr size_t kMaxSets = 2000;       // of states alive together that are looked at
constexpr size_t kMaxMembers = 200000;  // of those sets

// The bytes that the tables of an automaton take in native code (compiler/lower/match.cc chooses the widths).
uint64_t TableBytes(const pattern::Matcher& matcher) {
  const uint64_t cells = matcher.next.size();
  const uint64_t width = cells <= 0x100 ? 1 : cells <= 0x10000 ? 2 : 4;
  const uint64_t looking = uint64_t{matcher.first_always} - matcher.first_accepting;
  return cells * width + 256u * (matcher.class_count <= 256 ? 1 : 2) + looking * matcher.class_count;
}

// The states alive after one more byte, when matches may begin everywhere.
Set Follow(const pattern::Matcher& matcher, const Set& alive, uint32_t byte_class) {
  const size_t k = matcher.class_count;
  Set next = {matcher.next[matcher.start * k + byte_class]};
  for (const uint32_t state : alive) next.push_back(matcher.next[state * k + byte_class]);
  std::sort(next.begin(), next.end());
  next.erase(std::unique(next.begin(), next.end()), next.end());
  if (next.front() == 0) next.erase(next.begin());
  return next;
}

// The most states that can be alive at one place: exactly where that is soon known, else no less than that.
uint32_t LiveStates(const pattern::Matcher& matcher) {
  const uint32_t bound = std::min(matcher.state_count(), matcher.max_length + 1);
  std::set<Set> seen;
  std::vector<Set> work = {Follow(matcher, {}, matcher.edge_class)};
  seen.insert(work.back());
  size_t members = 0;
  size_t most = work.back().size();
  while (!work.empty()) {
    const Set alive = std::move(work.back());
    work.pop_back();
    for (uint32_t c = 0; c < matcher.edge_class; ++c) {
      Set next = Follow(matcher, alive, c);
      const auto [entry, added] = seen.insert(std::move(next));
      if (!added) continue;
      most = std::max(most, entry->size());
      members += entry->size();
      if (seen.size() > kMaxSets || members > kMaxMembers) return bound;
      work.push_back(*entry);
    }
  }
  return std::min(bound, static_cast<uint32_t>(most));
}

// Bytes of the automaton's shortest match; max_length when nothing matches.
uint32_t ShortestOfAutomaton(const pattern::Matcher& matcher) {
  const size_t k = matcher.class_count;
  std::vector<bool> seen(matcher.state_count(), false);
  std::vector<uint32_t> level;
  for (size_t c = 0; c < k; ++c) level.push_back(matcher.next[matcher.start * k + c]);
  for (uint32_t bytes = 1; bytes < matcher.max_length && !level.empty(); ++bytes) {
    std::vector<uint32_t> after;
    for (const uint32_t state : level) {
      if (state == 0 || seen[state]) continue;
      seen[state] = true;
      for (size_t c = 0; c < matcher.edge_class; ++c) {
        const uint32_t next = matcher.next[state * k + c];
        if (next >= matcher.first_accepting) return bytes;
        after.push_back(next);
      }
    }
    level = std::move(after);
  }
  return matcher.max_length;
}

uint32_t ShortestMatch(const pattern::Matcher& matcher) {
  uint32_t shortest = matcher.max_length == 0 ? UINT32_MAX : ShortestOfAutomaton(matcher);
  for (const pattern::WordTrie& trie : matcher.tries) shortest = std::min(shortest, trie.min_length());
  return shortest;
}

DetectorCost CostOf(const hir::Detector& detector, const pattern::Matcher& matcher) {
  DetectorCost cost;
  cost.name = detector.name;
  cost.max_length = matcher.LongestMatch();
  cost.cut_off = matcher.max_length == pattern::kMaxMatchBytes;
  cost.states = matcher.state_count();
  cost.table_bytes = TableBytes(matcher);
  if (pattern::HasCoarse(matcher)) cost.table_bytes += TableBytes(pattern::Coarsen(matcher));
  for (const pattern::WordTrie& trie : matcher.tries) {
    cost.table_bytes += trie.table_bytes();
    cost.states += static_cast<uint32_t>(trie.nodes().size());
    cost.words += trie.words().size();
    cost.word_reads += trie.max_length();
  }
  cost.automaton_length = matcher.max_length;
  cost.judged_again =
      (detector.validator != 0 || !detector.exceptions.empty()) && ShortestMatch(matcher) < cost.max_length;
  cost.tracked = matcher.max_length > detect::kVainBytes;
  if (cost.tracked) {
    cost.live_states = LiveStates(matcher);
    // A pass reads each byte once for those that begin in it, and once more behind the former pass. Before
    // there is one, places are tried by themselves as long as none reads far.
    cost.worst_reads = 2 * uint64_t{cost.live_states} + detect::kVainBytes;
  } else {
    cost.worst_reads = matcher.max_length;
  }
  cost.worst_reads += cost.word_reads;
  return cost;
}

std::string Size(uint64_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f KiB", static_cast<double>(bytes) / 1024);
  return text;
}

std::string HowOfAutomaton(const DetectorCost& cost) {
  if (!cost.tracked)
    return "bounded: at most " + std::to_string(cost.automaton_length) + " bytes read from one place";
  return "tracked: one pass over the text, at most " + std::to_string(cost.live_states) +
         (cost.live_states == 1 ? " state" : " states") + " at once";
}

uint64_t TotalTables(const std::vector<DetectorCost>& costs) {
  uint64_t total = 0;
  for (const DetectorCost& cost : costs) total += cost.table_bytes;
  return total;
}

std::string Left(const std::string& text, size_t width) {
  return text + std::string(text.size() < width ? width - text.size() : 0, ' ');
}

std::string Right(const std::string& text, size_t width) {
  return std::string(text.size() < width ? width - text.size() : 0, ' ') + text;
}

}  // namespace

std::string BoundText(const DetectorCost& cost) {
  std::string text;
  if (cost.words > 0) {
    text = std::to_string(cost.words) + " words in a trie: at most " + std::to_string(cost.word_reads) +
           " bytes read from one place";
  }
  if (cost.words > 0 && cost.automaton_length > 0) text += "; the rest ";
  if (cost.words == 0 || cost.automaton_length > 0) text += HowOfAutomaton(cost);
  if (cost.judged_again) text += "; judged again at each shorter end";
  return text;
}

std::vector<DetectorCost> Costs(const Build& build) {
  std::vector<DetectorCost> costs;
  for (size_t i = 0; i < build.matchers.size(); ++i)
    costs.push_back(CostOf(build.policy.detectors[i], build.matchers[i]));
  return costs;
}

std::string CostText(const hir::Policy& policy, const std::vector<DetectorCost>& costs) {
  size_t names = 8;
  for (const DetectorCost& cost : costs) names = std::max(names, cost.name.size());
  std::string text = policy.name + ": what its detectors cost at worst, in any text\n\n";
  text += Left("detector", names) +
          "  longest match  states      tables  steps a byte  how it is kept in bounds\n";
  bool any_cut_off = false;
  bool any_judged = false;
  for (const DetectorCost& cost : costs) {
    std::string line = Left(cost.name, names);
    line += "  " + Right(std::to_string(cost.max_length) + " bytes", 12) + (cost.cut_off ? "*" : " ");
    line += "  " + Right(std::to_string(cost.states), 6) + "  " + Right(Size(cost.table_bytes), 10);
    line += "  " + Right(std::to_string(cost.worst_reads), 12) + "  " + BoundText(cost);
    text += line + "\n";
    any_cut_off |= cost.cut_off;
    any_judged |= cost.judged_again;
  }
  text += "\nMemory of all tables: " + Size(TotalTables(costs)) + ".\n";
  text +=
      "Longest match: a stream holds back at least so much text before it passes it on.\n"
      "Steps a byte: what the worst text that can be made costs for each of its bytes. It does not grow with "
      "the "
      "length of the text. Ordinary text costs far less, for a detector only looks where a match can "
      "begin.\n";
  if (any_cut_off) {
    text += "*: the pattern has no end of its own. A longer value is found, but cut off after " +
            std::to_string(pattern::kMaxMatchBytes) +
            " bytes: it counts as found, and as not wholly written over by a redaction.\n";
  }
  if (any_judged) {
    text +=
        "Judged again: where the validator or an exception turns a match down, the next shorter one at the "
        "same "
        "place is tried. Each try may read the match once more; that is not in the steps.\n";
  }
  return text;
}

std::string CostJson(const hir::Policy& policy, const std::vector<DetectorCost>& costs) {
  nlohmann::ordered_json json{{"policy", policy.name},
                              {"table_bytes", TotalTables(costs)},
                              {"detectors", nlohmann::ordered_json::array()}};
  for (const DetectorCost& cost : costs) {
    json["detectors"].push_back({{"name", cost.name},
                                 {"max_length", cost.max_length},
                                 {"cut_off", cost.cut_off},
                                 {"states", cost.states},
                                 {"table_bytes", cost.table_bytes},
                                 {"verifier", cost.tracked ? "tracked" : "bounded"},
                                 {"words_in_tries", cost.words},
                                 {"live_states", cost.live_states},
                                 {"worst_steps_per_byte", cost.worst_reads},
                                 {"judged_again", cost.judged_again}});
  }
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace hpol::driver
