#include "runtime/decide/classify.h"

namespace hpol::decide {

void RunRows(hpol_rows_fn kernel, size_t row_count, Scratch::State& state) {
  const size_t words = row_count / 64 + 1;
  Columns& columns = state.columns;
  state.rows_must.assign(words, 0);
  kernel(columns.known_true(), columns.known_false(), state.rows_must.data());
  if (!columns.any_unknown()) {
    state.rows_may.assign(state.rows_must.begin(), state.rows_must.end());
    return;
  }
  state.rows_may.assign(words, 0);
  columns.FillMay();
  kernel(columns.may_true(), columns.may_false(), state.rows_may.data());
}

Label Classify(const Program& program, Scratch::State& state, const Reading& reading, bool unscanned,
               bool shape_fires) {
  const ir::Tables& tables = *program.tables;
  state.columns.SetFindings(tables, {reading.matches, reading.views, reading.off, unscanned, shape_fires});
  state.columns.FindUnknown(tables);
  RunRows(program.artifact->classify, tables.classify.size(), state);
  Label label = unscanned ? tables.Top() : Label{};
  for (size_t row = 0; row < tables.classify.size(); ++row) {
    // What is surely true may be true: the join of both readings, so that no kernel can lower a label.
    if (Bit(state.rows_may, row) || Bit(state.rows_must, row))
      label = label.Join({tables.classify[row].word});
  }
  return label;
}

}  // namespace hpol::decide
