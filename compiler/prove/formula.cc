#include "compiler/prove/formula.h"

namespace hpol::prove {

Formula::Formula(const hir::Policy& policy, World& world)
    : policy_(policy),
      world_(world),
      literals_(policy, world),
      meaning_(policy, literals_),
      admitted_(Negate(literals_.BadInput())),
      rows_(meaning_.ClassifyRows(kNoRedaction)),
      label_(meaning_.LabelOf(rows_)),
      walk_(meaning_.WalkRoutes(label_)) {
  Aig& aig = world.aig();
  for (size_t i = 0; i < meaning_.candidates().size(); ++i) {
    cleared_.push_back(meaning_.Cleared(i));
    remaining_.push_back(aig.And(walk_.offered[i], aig.And(cleared_[i], meaning_.MaySeeUnregistered(i))));
  }
}

}  // namespace hpol::prove
