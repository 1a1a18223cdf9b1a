// A matcher as an hpol_automaton without native code, for tests and benches of what reads automata.
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/pattern/pattern.h"
#include "runtime/abi/artifact.h"

namespace hpol::pattern {

// Owns the tables that `data` points at; so it stays where it is.
class TableAutomaton {
 public:
  explicit TableAutomaton(const Matcher& matcher) {
    const uint32_t k = matcher.class_count;
    class_of_.assign(matcher.class_of.begin(), matcher.class_of.end());
    for (const uint32_t state : matcher.next) next_.push_back(state * k);
    for (size_t i = size_t{matcher.first_accepting} * k; i < size_t{matcher.first_always} * k; ++i)
      accepts_.push_back(matcher.accepts[i] ? 1 : 0);
    data = {next_.data(),
            class_of_.data(),
            accepts_.empty() ? nullptr : accepts_.data(),
            4,
            2,
            k,
            matcher.edge_class,
            static_cast<uint32_t>(next_.size()),
            matcher.start * k,
            matcher.first_accepting * k,
            matcher.first_always * k,
            matcher.max_length,
            0};
  }
  TableAutomaton(const TableAutomaton&) = delete;
  TableAutomaton& operator=(const TableAutomaton&) = delete;

  hpol_automaton data{};

 private:
  std::vector<uint16_t> class_of_;
  std::vector<uint32_t> next_;
  std::vector<uint8_t> accepts_;
};

inline hpol_match AttemptByTable(const void* context, const uint8_t* text, uint64_t size, uint64_t at,
                                 uint64_t limit) {
  return Attempt(*static_cast<const Matcher*>(context), text, size, at, limit);
}

// A row of an artifact that runs a `matcher` without tries by table. All must outlive it; `coarse` may be
// null.
inline hpol_detector_code CodeByTable(const Matcher& matcher, const TableAutomaton& automaton,
                                      const TableAutomaton* coarse) {
  hpol_detector_code code{
      AttemptByTable, &matcher, {}, &automaton.data, coarse == nullptr ? nullptr : &coarse->data, nullptr, 0};
  for (size_t byte = 0; byte < 256; ++byte) {
    if (matcher.first_bytes[byte]) code.first_bytes[byte >> 6] |= uint64_t{1} << (byte & 63);
  }
  return code;
}

}  // namespace hpol::pattern
