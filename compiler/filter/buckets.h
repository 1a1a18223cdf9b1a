// Sorts the anchors of literals into eight buckets, so that a kernel with tables of 32 entries can test all
// of them at once: each bucket is good for the few values that its literals have at each of four bytes.
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/filter/background.h"
#include "runtime/abi/filter.h"

namespace hpol::filter {

// `grams`: four folded bytes each, as they stand in memory. Writes Literals::buckets.
void WriteBuckets(const std::vector<uint32_t>& grams, const Background& background, Literals& tables);

}  // namespace hpol::filter
