#include "compiler/prove/formula.h"

#include <algorithm>

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

void Formula::Defer(Deferrals& deferrals) const {
  const Aig& aig = world_.aig();
  for (size_t i = 1; i < walk_.going.size(); ++i) {
    const Lit going = walk_.going[i];
    const Lit before = walk_.going[i - 1];
    const Lit passed = Negate(walk_.rows[i - 1].must);
    if (IsNegated(going) || !aig.IsAnd(NodeOf(going)) || before == kTrue) continue;
    const bool chain = aig.left(NodeOf(going)) == std::min(before, passed) &&
                       aig.right(NodeOf(going)) == std::max(before, passed);
    if (chain) deferrals.try_emplace(NodeOf(going), before);
  }
  for (const Lit refused : walk_.refused)
    if (aig.IsAnd(NodeOf(refused))) deferrals.try_emplace(NodeOf(refused), kTrue);
}

}  // namespace hpol::prove
