// Inside compiler/driver: automata and filters as bytes (compiler/cache/pack.h), and whether what was read
// back can be used at all: every index in it stays inside.
#pragma once

#include "compiler/cache/pack.h"
#include "compiler/driver/derived.h"

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

template <typename V, cache::Packs<Matcher> T>
void PackFields(V& visit, T& matcher) {
  auto& [class_of, class_count, edge_class, next, start, accepts, first_accepting, first_always, max_length,
         first_bytes, tries] = matcher;
  visit(class_of), visit(class_count), visit(edge_class), visit(next), visit(start), visit(accepts);
  visit(first_accepting), visit(first_always), visit(max_length), visit(first_bytes);
  PackTries(visit, tries);
}

}  // namespace hpol::pattern

namespace hpol::filter {

template <typename V, cache::Packs<Op> T>
void PackFields(V& visit, T& op) {
  auto& [kind, amount, result, left, right] = op;
  visit(kind), visit(amount), visit(result), visit(left), visit(right);
}

template <typename V, cache::Packs<Output> T>
void PackFields(V& visit, T& output) {
  auto& [plane, detector, back, runs, run] = output;
  visit(plane), visit(detector), visit(back), visit(runs), visit(run);
}

template <typename V, cache::Packs<Anchor> T>
void PackFields(V& visit, T& anchor) {
  auto& [detector, offset, other_offset, other, next] = anchor;
  visit(detector), visit(offset), visit(other_offset), visit(other), visit(next);
}

template <typename V, cache::Packs<Anchors> T>
void PackFields(V& visit, T& anchors) {
  auto& [hash_bits, heads, hash_width, head_width, all, longest_offset] = anchors;
  visit(hash_bits), visit(heads), visit(hash_width), visit(head_width), visit(all), visit(longest_offset);
}

template <typename V, cache::Packs<Literals> T>
void PackFields(V& visit, T& literals) {
  auto& [fold_other, fold_second, pairs, groups, wide, buckets, narrow, detectors] = literals;
  visit(fold_other), visit(fold_second), visit(pairs), visit(groups), visit(wide), visit(buckets);
  visit(narrow), visit(detectors);
}

template <typename V, cache::Packs<Program> T>
void PackFields(V& visit, T& program) {
  auto& [classes, class_rows, ops, outputs, runs, unfiltered, planes, literals] = program;
  visit(classes), visit(class_rows), visit(ops), visit(outputs), visit(runs), visit(unfiltered),
      visit(planes);
  visit(literals);
}

template <typename V, cache::Packs<Plan> T>
void PackFields(V& visit, T& plan) {
  auto& [kind, condition, per_kilobyte] = plan;
  visit(kind), visit(condition), visit(per_kilobyte);
}

template <typename V, cache::Packs<Derived> T>
void PackFields(V& visit, T& derived) {
  auto& [program, plans] = derived;
  visit(program), visit(plans);
}

}  // namespace hpol::filter

namespace hpol {

template <typename V, cache::Packs<Openings> T>
void PackFields(V& visit, T& openings) {
  auto& [words, sets] = openings;
  visit(words), visit(sets);
}

}  // namespace hpol

namespace hpol::driver {

template <typename V, cache::Packs<Filtering> T>
void PackFields(V& visit, T& filtering) {
  auto& [derived, openings] = filtering;
  visit(derived), visit(openings);
}

bool IsSound(const pattern::Matcher& matcher);
bool IsSound(const Filtering& filtering, size_t detectors);

}  // namespace hpol::driver
