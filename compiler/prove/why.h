// Why a request is decided as it is: which single change of what is known of it would decide it otherwise.
#pragma once

#include <string>
#include <vector>

#include "compiler/prove/prove.h"

namespace hpol::prove {

struct Flip {
  std::string change;  // "with region us instead of eu", "without `us_ssn`"
  reference::Outcome outcome;
};

// One flip for each fact and each other outcome, in the order of the declarations. `facts` are of a request
// that is not turned away at the door.
std::vector<Flip> FlipsOf(const hir::Policy& policy, const reference::Facts& facts);

}  // namespace hpol::prove
