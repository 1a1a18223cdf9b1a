// Reading an hpol_automaton (runtime/abi/artifact.h): the tables of one detector, whatever their widths.
#pragma once

#include <cstdint>

#include "runtime/abi/artifact.h"

namespace hpol::detect {

// A view; the artifact must outlive it.
class Automaton {
 public:
  explicit Automaton(const hpol_automaton& data) : data_(&data) {}

  uint32_t start() const { return data_->start; }
  uint32_t edge_class() const { return data_->edge_class; }
  uint32_t max_length() const { return data_->max_length; }

  uint32_t ClassOf(uint8_t byte) const { return Cell(data_->class_of, data_->class_bytes, byte); }
  uint32_t Next(uint32_t state, uint32_t byte_class) const {
    return Cell(data_->next, data_->state_bytes, uint64_t{state} + byte_class);
  }
  // Whether a match may end in `state` when a byte of that class (or the edge) follows.
  bool Accepts(uint32_t state, uint32_t following) const {
    return state >= data_->first_accepting &&
           (state >= data_->first_always || data_->accepts[state - data_->first_accepting + following] != 0);
  }

  // The class of text[at], or of the text's edge outside it.
  uint32_t ClassAt(const uint8_t* text, uint64_t size, uint64_t at) const {
    return at < size ? ClassOf(text[at]) : data_->edge_class;
  }
  // The state in which a match that begins at `at` starts; 0: none can.
  uint32_t First(const uint8_t* text, uint64_t at) const {
    return Next(data_->start, at == 0 ? data_->edge_class : ClassOf(text[at - 1]));
  }

 private:
  static uint32_t Cell(const void* table, uint32_t bytes, uint64_t index) {
    if (bytes == 1) return static_cast<const uint8_t*>(table)[index];
    if (bytes == 2) return static_cast<const uint16_t*>(table)[index];
    return static_cast<const uint32_t*>(table)[index];
  }

  const hpol_automaton* data_;
};

}  // namespace hpol::detect
