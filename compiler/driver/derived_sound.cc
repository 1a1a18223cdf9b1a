#include <algorithm>

#include "compiler/driver/derived_pack.h"

namespace hpol::driver {
bool IsSound(const pattern::Matcher& matcher) {
  const size_t classes = matcher.class_count;
  if (classes == 0 || classes > 257 || matcher.edge_class != classes - 1) return false;
  if (matcher.next.empty() || matcher.next.size() % classes != 0) return false;
  if (matcher.accepts.size() != matcher.next.size() || matcher.max_length > pattern::kMaxMatchBytes)
    return false;
  const uint32_t states = matcher.state_count();
  const uint32_t largest = *std::max_element(matcher.next.begin(), matcher.next.end());
  const uint16_t last_class = *std::max_element(matcher.class_of.begin(), matcher.class_of.end());
  return largest < states && last_class < matcher.edge_class && matcher.start < states &&
         matcher.first_accepting <= matcher.first_always && matcher.first_always <= states &&
         std::all_of(
             matcher.next.begin(), matcher.next.begin() + static_cast<ptrdiff_t>(classes),
             [](uint32_t state) { return state == 0; });
}

bool IsSound(const Filtering& filtering, size_t detectors) {
  return filter::IsSound(filtering.derived.program, detectors) &&
         filtering.derived.plans.size() == detectors &&
         filtering.derived.shares.size() == filtering.derived.program.groups.size() &&
         std::all_of(filtering.derived.plans.begin(), filtering.derived.plans.end(),
                     [](const filter::Plan& plan) { return plan.kind <= filter::Plan::Kind::kLiterals; }) &&
         IsSound(filtering.openings, detectors);
}

}  // namespace hpol::driver
