// A smaller matcher that matches wherever a detector's does, and perhaps elsewhere: counts of long
// repetitions are forgotten, `{1,63}` becomes `+`. Where many starts or many detectors are followed at once,
// a count is only noise: all the states that differ in it would have to be told apart, for each start and
// beside all states of the others.
#pragma once

#include "compiler/pattern/pattern.h"

namespace hpol::pattern {

// Whether it pays: not for a matcher without long matches, for a small one, nor for one so large that it must
// be a word list.
bool HasCoarse(const Matcher& matcher);

// The same max_length and first bytes. Call it where HasCoarse.
Matcher Coarsen(const Matcher& matcher);

}  // namespace hpol::pattern
