// Walks each automaton byte by byte from its start, with all states at once.
#include "compiler/pattern/openings.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <string>

namespace hpol::pattern {
namespace {

using States = std::vector<uint32_t>;  // alive, ascending

// The states one step on; `use(byte class)` for each class that some of them takes.
template <typename Use>
States Step(const Matcher& matcher, const States& states, bool edge, Use use) {
  std::vector<bool> reached(matcher.state_count());
  std::vector<bool> taken(matcher.class_count);
  for (const uint32_t state : states) {
    for (uint32_t c = 0; c < matcher.class_count; ++c) {
      if (c == matcher.edge_class && !edge) continue;
      const uint32_t next = matcher.next[state * matcher.class_count + c];
      if (next == 0) continue;
      reached[next] = true;
      taken[c] = true;
    }
  }
  for (uint32_t c = 0; c < matcher.class_count; ++c) {
    if (taken[c]) use(c);
  }
  States next;
  for (uint32_t state = 0; state < reached.size(); ++state) {
    if (reached[state]) next.push_back(state);
  }
  return next;
}

// Every byte class that can still follow.
std::vector<uint32_t> ClassesFrom(const Matcher& matcher, States open) {
  std::vector<bool> seen(matcher.state_count());
  std::vector<bool> taken(matcher.class_count);
  for (const uint32_t state : open) seen[state] = true;
  while (!open.empty()) {
    const uint32_t state = open.back();
    open.pop_back();
    for (uint32_t c = 0; c < matcher.edge_class; ++c) {
      const uint32_t next = matcher.next[state * matcher.class_count + c];
      if (next == 0) continue;
      taken[c] = true;
      if (!seen[next]) open.push_back(next);
      seen[next] = true;
    }
  }
  std::vector<uint32_t> classes;
  for (uint32_t c = 0; c < taken.size(); ++c) {
    if (taken[c]) classes.push_back(c);
  }
  return classes;
}

void MarkWords(const WordTrie& trie, uint32_t detector, Openings& openings) {
  std::array<std::bitset<256>, kOpeningBytes + 1> rows;
  for (const std::string& word : trie.words()) {
    for (size_t i = 0; i < word.size(); ++i)
      rows[std::min<size_t>(i, kOpeningBytes)].set(static_cast<uint8_t>(word[i]));
  }
  for (size_t row = 0; row < rows.size(); ++row) {
    for (size_t byte = 0; byte < 256; ++byte) {
      if (!rows[row][trie.fold()[byte]]) continue;
      openings.sets[(row * 256 + byte) * openings.words + detector / 64] |= uint64_t{1} << (detector % 64);
    }
  }
}

}  // namespace

Openings FindOpenings(const std::vector<Matcher>& matchers) {
  Openings openings;
  openings.words = static_cast<uint32_t>((matchers.size() + 63) / 64);
  openings.sets.resize(size_t{kOpeningBytes + 1} * 256 * openings.words);
  for (size_t detector = 0; detector < matchers.size(); ++detector) {
    const Matcher& matcher = matchers[detector];
    const auto mark = [&](uint32_t row, uint32_t byte_class) {
      for (uint32_t byte = 0; byte < 256; ++byte) {
        if (matcher.class_of[byte] != byte_class) continue;
        openings.sets[(size_t{row} * 256 + byte) * openings.words + detector / 64] |= uint64_t{1}
                                                                                      << (detector % 64);
      }
    };
    States states = Step(matcher, {matcher.start}, true, [](uint32_t) {});  // the byte before the match
    for (uint32_t row = 0; row < kOpeningBytes; ++row) {
      states = Step(matcher, states, false, [&](uint32_t c) { mark(row, c); });
    }
    for (const uint32_t byte_class : ClassesFrom(matcher, states)) mark(kOpeningBytes, byte_class);
    for (const WordTrie& trie : matcher.tries) MarkWords(trie, static_cast<uint32_t>(detector), openings);
  }
  return openings;
}

}  // namespace hpol::pattern
