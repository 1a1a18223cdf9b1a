// A mismatch made smaller, so that a person can read it.
#pragma once

#include <functional>

#include "tests/differential/random_policy.h"
#include "tests/differential/random_request.h"

namespace hpol::differential {

// Leaves out lines of the policy, inputs and pieces of the body, as long as `still_fails`.
void Shrink(PolicySource& policy, RequestSource& request,
            const std::function<bool(const PolicySource&, const RequestSource&)>& still_fails);

}  // namespace hpol::differential
