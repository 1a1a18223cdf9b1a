// HIR → decision IR: conditions to negation normal form over shared facts, floors to
// rows, steps to distinct candidates. Total on a checked policy. No author errors here.
#pragma once

#include "compiler/hir/hir.h"
#include "compiler/pattern/pattern.h"
#include "dsl/source/source.h"
#include "runtime/abi/tables.h"

namespace hpol::plan {

// `matchers[i]` belongs to policy.detectors[i]; its length bound goes into the tables.
ir::Tables Plan(const hir::Policy& policy, const std::vector<pattern::Matcher>& matchers,
                const dsl::SourceMap& sources);

}  // namespace hpol::plan
