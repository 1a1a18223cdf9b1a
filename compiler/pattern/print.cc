// `--dump=pattern`: what became of a detector, one line a state.
#include <cstdio>
#include <string>

#include "compiler/pattern/pattern.h"

namespace hpol::pattern {
namespace {

std::string ByteText(size_t byte) {
  if (byte > 0x20 && byte < 0x7F) return std::string(1, static_cast<char>(byte));
  char text[8];
  std::snprintf(text, sizeof text, "\\x%02X", static_cast<unsigned>(byte));
  return text;
}

// `0-9 A-Z`: the runs of bytes that `has` is true for.
template <typename Has>
std::string ByteRuns(const Has& has) {
  std::string text;
  for (size_t byte = 0; byte < 256; ++byte) {
    if (!has(byte)) continue;
    const size_t first = byte;
    while (byte < 255 && has(byte + 1)) ++byte;
    if (!text.empty()) text += ' ';
    text += ByteText(first);
    if (byte > first) text += "-" + ByteText(byte);
  }
  return text;
}

void PrintState(const Matcher& matcher, uint32_t state, std::string& out) {
  const size_t row = size_t{state} * matcher.class_count;
  out += "  state " + std::to_string(state) + (state == matcher.start ? " start" : "") + ":";
  for (size_t c = 0; c < matcher.class_count; ++c) {
    if (matcher.next[row + c] == 0) continue;
    out += " " + std::to_string(c) + "->" + std::to_string(matcher.next[row + c]);
  }
  if (state >= matcher.first_always) {
    out += " accepts";
  } else if (state >= matcher.first_accepting) {
    out += " accepts before";
    for (size_t c = 0; c < matcher.class_count; ++c) {
      if (matcher.accepts[row + c]) out += " " + std::to_string(c);
    }
  }
  out += '\n';
}

}  // namespace

std::string Print(const hir::Detector& detector, const Matcher& matcher) {
  std::string out = "detector " + detector.name + ": " + std::to_string(matcher.state_count()) + " states, " +
                    std::to_string(matcher.class_count) + " classes, at most " +
                    std::to_string(matcher.LongestMatch()) + " bytes\n";
  for (const hir::Pattern& pattern : detector.patterns) {
    out += "  pattern `" + pattern.text + "`" + (pattern.bounded ? " bounded" : "") +
           (pattern.ignoring_case ? " ignoring case" : "") + "\n";
  }
  for (const hir::WordList& list : detector.words) {
    out +=
        "  words " + std::to_string(list.words.size()) + (list.ignoring_case ? " ignoring case" : "") + "\n";
  }
  for (const WordTrie& trie : matcher.tries) {
    out += "  trie of " + std::to_string(trie.words().size()) + " words" +
           (trie.ignoring_case() ? " ignoring case" : "") + ": " + std::to_string(trie.nodes().size()) +
           " nodes\n";
  }
  const std::bitset<256> first = matcher.FirstBytes();
  out += "  first " + ByteRuns([&](size_t byte) { return first[byte]; }) + "\n";
  for (uint32_t c = 0; c < matcher.class_count; ++c) {
    out += "  class " + std::to_string(c) + ": ";
    out += c == matcher.edge_class ? "edge of the text"
                                   : ByteRuns([&](size_t byte) { return matcher.class_of[byte] == c; });
    out += '\n';
  }
  for (uint32_t state = 1; state < matcher.state_count(); ++state) PrintState(matcher, state, out);
  return out;
}

}  // namespace hpol::pattern
