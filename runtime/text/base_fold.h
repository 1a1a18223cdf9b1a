// The fold that always stands: JSON escapes, spelled-out `\uXXXX`, and the first table of fold.h.
#pragma once

#include <cstdint>

#include "runtime/text/draft.h"
#include "runtime/text/steps.h"

namespace hpol::text {

// One character of the decoded text and the bytes that stand for it.
struct Unit {
  char32_t code = 0;
  uint32_t end = 0;
  bool escaped = false;  // written as an escape: its bytes are other ones
  bool valid = true;     // false: one byte that is no UTF-8, kept as it is
};

class BaseFold {
 public:
  bool json = false;    // the text is raw JSON string bytes
  bool spelled = true;  // resolve `\uXXXX` that is left after that
  bool tags = false;    // tag characters become ASCII instead of nothing
  Steps steps;

  // Of the last Run: whether it met some.
  bool found_spelled = false;
  bool found_tags = false;

  // Leaves the draft empty when nothing changes.
  void Run(Source source, Draft& draft);

 private:
  int Fold(const Unit& unit);
  void Put(uint32_t at, const Unit& unit, int fold, Draft& draft) const;
};

}  // namespace hpol::text
