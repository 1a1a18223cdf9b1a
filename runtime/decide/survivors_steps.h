// The search, over vectors of `V::kWords` words. Each variant's file includes it with its own V.
#pragma once

#include "runtime/decide/survivors.h"

namespace hpol::decide {

template <typename V>
inline bool Survive(const RowsOfSearch& rows, uint32_t word, V& left) {
  left = V::And(V::And(V::Load(rows.all[0] + word), V::Load(rows.all[1] + word)),
                V::And(V::Load(rows.all[2] + word), V::Load(rows.all[3] + word)));
  for (uint32_t i = 4; i < rows.all_count; i += 4) {
    if (V::IsZero(left)) return false;
    const V next = V::And(V::And(V::Load(rows.all[i] + word), V::Load(rows.all[i + 1] + word)),
                          V::And(V::Load(rows.all[i + 2] + word), V::Load(rows.all[i + 3] + word)));
    left = V::And(left, next);
  }
  for (uint32_t a = 0; a < rows.alternative_count; ++a) {
    const RowsOfSearch::Alternative& alternative = rows.alternatives[a];
    if (alternative.count == 0) continue;
    V some = V::Load(alternative.rows[0] + word);
    for (uint32_t i = 1; i < alternative.count; ++i) some = V::Or(some, V::Load(alternative.rows[i] + word));
    left = alternative.blocked ? V::AndNot(some, left) : V::And(some, left);
  }
  return !V::IsZero(left);
}

template <typename V>
inline uint32_t NextSurvivors(const RowsOfSearch& rows, uint32_t word, uint32_t end,
                              uint64_t survivors[kBlockWords]) {
  for (; word < end; word += kBlockWords) {
    bool any = false;
    for (uint32_t part = 0; part < kBlockWords; part += V::kWords) {
      V left;
      if (word + part < end && Survive<V>(rows, word + part, left)) {
        V::Store(survivors + part, left);
        any = true;
      } else {
        for (uint32_t i = 0; i < V::kWords; ++i) survivors[part + i] = 0;
      }
    }
    if (any) return word;
  }
  return word;
}

}  // namespace hpol::decide
