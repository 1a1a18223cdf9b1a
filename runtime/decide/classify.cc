#include "runtime/decide/classify.h"

namespace hpol::decide {

Label Classify(const ir::Tables& tables, Scratch::State& state, const Reading& reading, bool unscanned,
               bool shape_fires) {
  state.facts.SetFindings({reading.matches, reading.views, reading.off, unscanned, shape_fires});
  const Label label = FindLabel(state.facts, state.search);
  return unscanned ? label.Join(tables.Top()) : label;
}

}  // namespace hpol::decide
