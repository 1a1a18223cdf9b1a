// `words`: what a policy lists, or a file beside it, becomes what detectors look for.
#pragma once

#include "compiler/check/context.h"

namespace hpol::check {

// Adds the words of one clause to the detector. `own`: the policy's own detector, which may read files.
void ResolveWords(Context& context, const ast::Words& words, bool own, hir::Detector& detector);

}  // namespace hpol::check
