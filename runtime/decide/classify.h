// The kernel that both readings of a label share: (a) over the original facts and (b) over
// what is about to leave go through the same code.
#pragma once

#include "hpol/engine.h"
#include "runtime/decide/scratch.h"

namespace hpol::decide {

// Takes the findings of `reading` into the facts and joins the words of all rows that apply or may apply: the
// label, ⊔ Top when unscanned.
Label Classify(const ir::Tables& tables, Scratch::State& state, const Reading& reading, bool unscanned,
               bool shape_fires);

}  // namespace hpol::decide
