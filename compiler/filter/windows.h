// Necessary windows of an automaton: which bytes can stand at fixed distances from a
// match's beginning, or from the first byte of a class that every match contains; and
// which bytes every match has at one of a few distances.
#pragma once

#include <optional>
#include <vector>

#include "compiler/filter/byte_set.h"
#include "compiler/pattern/pattern.h"

namespace hpol::filter {

// At each of `length` bytes from `offset`, counted from the window's origin, stands a byte
// of `bytes`; before the text's beginning too, when `edge` says so. With `some`, at one of them.
struct Place {
  int offset = 0;
  ByteSet bytes;
  bool edge = false;
  int length = 1;
  bool some = false;
  int last() const { return offset + length - 1; }
};

struct Window {
  std::vector<Place> places;     // one byte each, by offset; offset 0 is always there
  std::vector<Place> somewhere;  // `some`
  // The origin is the match's first byte, or else the first byte of a mandatory class: the match
  // then begins in the run of `run` bytes before it (or at it).
  bool at_begin = true;
  ByteSet run;
};

// The window at the match's beginning, up to `length` bytes.
Window BeginWindow(const pattern::Matcher& matcher, int length);

// One window for each byte class that every match contains.
std::vector<Window> InsideWindows(const pattern::Matcher& matcher, int length);

}  // namespace hpol::filter
