// Sorts literals into eight buckets, so that a kernel with tables of 32 entries can test all of them at once:
// each bucket is good for the few values that its literals have at each byte.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "compiler/filter/background.h"
#include "runtime/abi/filter.h"

namespace hpol::filter {

// More literals than this fill every bucket.
inline constexpr size_t kMaxBucketed = 4000;

// Writes Literals::buckets for `texts` (four bytes or more, folded) and returns where in each of them the
// four bytes stand.
std::vector<size_t> WriteBuckets(const std::vector<std::string>& texts, const Background& background,
                                 Literals& tables);

}  // namespace hpol::filter
