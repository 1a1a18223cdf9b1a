#include "compiler/pattern/word_trie.h"

#include <algorithm>
#include <utility>

namespace hpol::pattern {
namespace {

uint8_t Lower(uint8_t byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<uint8_t>(byte + ('a' - 'A')) : byte;
}

// Words [begin, end) of the sorted list: those that go on from one node, whose last byte is before `depth`.
struct Range {
  size_t begin;
  size_t end;
  size_t depth;
};

}  // namespace

WordTrie::WordTrie(std::vector<std::string> words, bool ignoring_case)
    : words_(std::move(words)), ignoring_case_(ignoring_case) {
  for (size_t byte = 0; byte < 256; ++byte) {
    const auto same = static_cast<uint8_t>(byte);
    fold_[byte] = ignoring_case ? Lower(same) : same;
  }
  for (std::string& word : words_) {
    for (char& c : word) c = static_cast<char>(fold_[static_cast<uint8_t>(c)]);
    const auto length = static_cast<uint32_t>(word.size());
    min_length_ = min_length_ == 0 ? length : std::min(min_length_, length);
    max_length_ = std::max(max_length_, length);
  }
  std::sort(words_.begin(), words_.end());
  words_.erase(std::unique(words_.begin(), words_.end()), words_.end());
  Build();
}

// Breadth first, so that the children of a node stand together.
void WordTrie::Build() {
  nodes_.push_back({});
  first_bytes_.push_back(0);
  std::vector<Range> ranges = {{0, words_.size(), 0}};
  for (size_t i = 0; i < ranges.size(); ++i) {
    const Range range = ranges[i];
    size_t begin = range.begin;
    nodes_[i].children = static_cast<uint32_t>(nodes_.size());
    if (words_[begin].size() == range.depth) {
      nodes_[i].ends = 1;
      ++begin;
    }
    while (begin < range.end) {
      const std::string& first = words_[begin];
      const char byte = first[range.depth];
      size_t end = begin + 1;
      while (end < range.end && words_[end][range.depth] == byte) ++end;
      // In a sorted list, what the first and the last have in common, all have.
      const std::string& last = words_[end - 1];
      size_t depth = range.depth + 1;
      while (depth < first.size() && depth < last.size() && first[depth] == last[depth]) ++depth;
      hpol_word_node node{};
      node.tail = static_cast<uint32_t>(tails_.size());
      node.tail_length = static_cast<uint8_t>(depth - range.depth - 1);
      for (size_t at = range.depth + 1; at < depth; ++at) tails_.push_back(static_cast<uint8_t>(first[at]));
      nodes_.push_back(node);
      first_bytes_.push_back(static_cast<uint8_t>(byte));
      ranges.push_back({begin, end, depth});
      ++nodes_[i].child_count;
      begin = end;
    }
  }
}

std::bitset<256> WordTrie::FirstBytes() const {
  std::bitset<256> bytes;
  for (size_t byte = 0; byte < 256; ++byte) {
    for (uint32_t child = 0; child < nodes_[0].child_count; ++child)
      if (first_bytes_[nodes_[0].children + child] == fold_[byte]) bytes.set(byte);
  }
  return bytes;
}

uint64_t WordTrie::table_bytes() const {
  return nodes_.size() * (sizeof(hpol_word_node) + 1) + tails_.size() + fold_.size();
}

hpol_words WordTrie::View() const {
  return {nodes_.data(), first_bytes_.data(), tails_.data(),
          fold_.data(),  max_length_,         static_cast<uint32_t>(nodes_.size())};
}

}  // namespace hpol::pattern
