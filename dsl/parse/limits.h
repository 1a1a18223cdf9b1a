// What the parser accepts, as named constants. Beyond each stands one `too-large`
// diagnostic, never a slow or deep parse.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hpol::dsl {

inline constexpr size_t kMaxFileBytes = 1 << 20;     // one policy or pack
inline constexpr size_t kMaxTokens = 200'000;        // memory of the parse tree
inline constexpr size_t kMaxNesting = 64;            // parentheses and `not`, together
inline constexpr size_t kMaxSyntaxErrors = 20;       // reported for one file
inline constexpr size_t kMaxNameBytes = 128;         // one name, dots and all
inline constexpr int64_t kMaxPrice = 1'000'000'000;  // whole units of money in one price

}  // namespace hpol::dsl
