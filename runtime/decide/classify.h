// The kernel that both readings of a label share: (a) over the original facts and (b) over
// what is about to leave go through the same code.
#pragma once

#include "hpol/engine.h"
#include "runtime/decide/scratch.h"

namespace hpol::decide {

// Takes findings from `reading` into the columns, runs the classify rows in the may reading, and joins:
// the label of the request, ⊔ Top when unscanned. Leaves rows_must and rows_may of classify in `state`.
Label Classify(const Program& program, Scratch::State& state, const Reading& reading, bool unscanned,
               bool shape_fires);

// Row `row` of a bit array that a kernel wrote.
inline bool Bit(const std::vector<uint64_t>& rows, size_t row) { return (rows[row >> 6] >> (row & 63)) & 1; }

// Runs one table's rows in the must reading, and in the may reading where anything is unknown.
void RunRows(hpol_rows_fn kernel, size_t row_count, Scratch::State& state);

// One condition of Tables::nodes in three values, over the columns as they are.
Truth Evaluate(const ir::Tables& tables, ir::Range condition, Scratch::State& state);

}  // namespace hpol::decide
