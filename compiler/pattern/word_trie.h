// Large word lists → the trie that the run side walks (runtime/detect/words.h). Built from the sorted words
// in one pass, level by level: linear in their bytes, about twenty bytes of table a word and its tail.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <string>
#include <vector>

#include "runtime/abi/artifact.h"

namespace hpol::pattern {

// What a trie holds. Shorter words have too few bytes for the filter's anchors, and are few; longer ones
// would be read far at every place that looks like their beginning. Both belong in the automaton.
inline constexpr size_t kMinTrieWord = 4;    // bytes
inline constexpr size_t kMaxTrieWord = 256;  // and so is what one try reads

class WordTrie {
 public:
  // Words of kMinTrieWord to kMaxTrieWord bytes, at least one. Ignoring case means ASCII letters.
  WordTrie(std::vector<std::string> words, bool ignoring_case);

  // Sorted, each once; in lower case where case is ignored.
  const std::vector<std::string>& words() const { return words_; }
  bool ignoring_case() const { return ignoring_case_; }
  uint32_t max_length() const { return max_length_; }
  uint32_t min_length() const { return min_length_; }
  std::bitset<256> FirstBytes() const;

  const std::vector<hpol_word_node>& nodes() const { return nodes_; }
  const std::vector<uint8_t>& first_bytes() const { return first_bytes_; }
  const std::vector<uint8_t>& tails() const { return tails_; }
  const std::array<uint8_t, 256>& fold() const { return fold_; }
  uint64_t table_bytes() const;

  // Points into this object.
  hpol_words View() const;

 private:
  void Build();

  std::vector<std::string> words_;
  std::array<uint8_t, 256> fold_{};
  bool ignoring_case_;
  uint32_t min_length_ = 0;
  uint32_t max_length_ = 0;
  std::vector<hpol_word_node> nodes_;
  std::vector<uint8_t> first_bytes_;
  std::vector<uint8_t> tails_;
};

}  // namespace hpol::pattern
