// Inside compiler/driver: automata and filters as bytes (runtime/abi/pack.h), and whether what was read
// back can be used at all: every index in it stays inside.
#pragma once

#include "compiler/driver/derived.h"
#include "runtime/tables/filter_pack.h"

namespace hpol::pattern {

// A trie is built anew from its words: that is linear, and leaves nothing to be checked.
template <typename V>
void PackTries(V& visit, const std::vector<WordTrie>& tries) {
  visit(uint64_t{tries.size()});
  for (const WordTrie& trie : tries) visit(trie.words()), visit(trie.ignoring_case());
}

template <typename V>
void PackTries(V& visit, std::vector<WordTrie>& tries) {
  uint64_t count = 0;
  for (visit(count); count > 0; --count) {
    std::vector<std::string> words;
    bool ignoring_case = false;
    visit(words), visit(ignoring_case);
    bool good = !words.empty() && count <= 2;
    for (const std::string& word : words) {
      good = good && word.size() >= kMinTrieWord && word.size() <= kMaxTrieWord;
    }
    if (!good) return visit.Refuse();
    tries.emplace_back(std::move(words), ignoring_case);
  }
}

template <typename V, pack::Packs<Matcher> T>
void PackFields(V& visit, T& matcher) {
  auto& [class_of, class_count, edge_class, next, start, accepts, first_accepting, first_always, max_length,
         first_bytes, tries] = matcher;
  visit(class_of), visit(class_count), visit(edge_class), visit(next), visit(start), visit(accepts);
  visit(first_accepting), visit(first_always), visit(max_length), visit(first_bytes);
  PackTries(visit, tries);
}

}  // namespace hpol::pattern

namespace hpol::filter {

template <typename V, pack::Packs<Plan> T>
void PackFields(V& visit, T& plan) {
  auto& [kind, condition, per_kilobyte] = plan;
  visit(kind), visit(condition), visit(per_kilobyte);
}

template <typename V, pack::Packs<Derived> T>
void PackFields(V& visit, T& derived) {
  auto& [program, plans, shares] = derived;
  visit(program), visit(plans), visit(shares);
}

}  // namespace hpol::filter

namespace hpol::driver {

template <typename V, pack::Packs<Filtering> T>
void PackFields(V& visit, T& filtering) {
  auto& [derived, openings] = filtering;
  visit(derived), visit(openings);
}

bool IsSound(const pattern::Matcher& matcher);
bool IsSound(const Filtering& filtering, size_t detectors);

}  // namespace hpol::driver
