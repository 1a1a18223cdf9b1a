#include "compiler/prove/formula.h"

namespace hpol::prove {

Formula::Formula(const hir::Policy& policy, World& world)
    : policy_(policy),
      world_(world),
      literals_(policy, world),
      meaning_(policy, literals_),
      admitted_(world.aig().And(Negate(literals_.BadInput()), meaning_.Admitted())),
      rows_(meaning_.ClassifyRows(kNoRedaction)),
      label_(meaning_.LabelOf(rows_)),
      walk_(meaning_.WalkRoutes(label_)) {
  for (size_t i = 0; i < meaning_.candidates().size(); ++i) cleared_.push_back(meaning_.Cleared(i));
  remaining_ = meaning_.Remaining(walk_);
}

}  // namespace hpol::prove
