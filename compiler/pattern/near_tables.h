// The context words of one detector as the runtime has them. Private to compiler/pattern.
#pragma once

#include "compiler/hir/hir.h"
#include "runtime/abi/tables.h"

namespace hpol::pattern {

// One detector row that has nothing but its words.
ir::Tables NearTables(const std::vector<hir::Near>& clauses, bool needs_near);

}  // namespace hpol::pattern
