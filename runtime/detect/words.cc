#include "runtime/detect/words.h"

#include <algorithm>
#include <cstring>

namespace hpol::detect {
namespace {

// The child of `node` that `byte` leads to; null for none.
const hpol_word_node* Child(const hpol_words& words, const hpol_word_node& node, uint8_t byte) {
  if (node.child_count == 0) return nullptr;
  const uint8_t* first = words.first_bytes + node.children;
  const void* found = std::memchr(first, byte, node.child_count);
  if (found == nullptr) return nullptr;
  return words.nodes + node.children + (static_cast<const uint8_t*>(found) - first);
}

}  // namespace

hpol_match MatchWords(const hpol_words& words, const uint8_t* text, uint64_t size, uint64_t at,
                      uint64_t limit) {
  if (at > 0 && !MayStandBeside(text[at], text[at - 1])) return {0, at};
  const uint64_t stop = at + std::min<uint64_t>(limit - at, words.max_length);
  uint64_t place = at;
  uint64_t end = 0;
  const hpol_word_node* node = words.nodes;
  while (place < stop) {
    node = Child(words, *node, words.fold[text[place++]]);
    if (node == nullptr || stop - place < node->tail_length) break;
    const uint8_t* tail = words.tails + node->tail;
    const uint64_t tail_end = place + node->tail_length;
    while (place < tail_end && words.fold[text[place]] == *tail) ++place, ++tail;
    if (place < tail_end) return {end, place + 1};
    if (node->ends != 0 && (place == size || MayStandBeside(text[place - 1], text[place]))) end = place;
  }
  return {end, place};
}

}  // namespace hpol::detect
