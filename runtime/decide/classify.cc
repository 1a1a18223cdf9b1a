#include "runtime/decide/classify.h"

#include <algorithm>

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

Truth Evaluate(const ir::Tables& tables, ir::Range condition, Scratch::State& state) {
  std::vector<Truth>& stack = state.values_of_nodes;
  stack.clear();
  for (uint32_t i = 0; i < condition.count; ++i) {
    const ir::Node& node = tables.nodes[condition.begin + i];
    switch (node.kind) {
      case ir::NodeKind::kFact:
        stack.push_back(state.columns.TruthOf(node.value));
        break;
      case ir::NodeKind::kNotFact:
        stack.push_back(static_cast<Truth>(2 - static_cast<int>(state.columns.TruthOf(node.value))));
        break;
      case ir::NodeKind::kTrue:
      case ir::NodeKind::kFalse:
        stack.push_back(node.kind == ir::NodeKind::kTrue ? Truth::kTrue : Truth::kFalse);
        break;
      case ir::NodeKind::kAnd:
      case ir::NodeKind::kOr: {
        const auto first = stack.end() - node.value;
        const Truth joined = node.kind == ir::NodeKind::kAnd ? *std::min_element(first, stack.end())
                                                             : *std::max_element(first, stack.end());
        stack.erase(first, stack.end());
        stack.push_back(joined);
      }
    }
  }
  return stack.empty() ? Truth::kTrue : stack.back();
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
