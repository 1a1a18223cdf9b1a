// Who does the shared work. Each maker says on stderr why it returns nothing.
#pragma once

#include <memory>

#include "bench/shared_work.h"
#include "runtime/kernels/filter.h"

namespace hpol::bench {

std::unique_ptr<WorkEngine> MakeHpol(const SharedWork& work, filter::Variant variant);
// Block mode. `spans`: with the leftmost start of each match; without, spans have their ends alone.
std::unique_ptr<WorkEngine> MakeVectorscan(const SharedWork& work, bool spans);
// RE2::Set, then RE2 with longest match for the spans.
std::unique_ptr<WorkEngine> MakeRe2(const SharedWork& work);
// PCRE2 with its JIT, pattern by pattern.
std::unique_ptr<WorkEngine> MakePcre2(const SharedWork& work);

}  // namespace hpol::bench
