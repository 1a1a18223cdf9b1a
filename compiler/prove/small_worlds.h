// For tests: random small policies, and every request of a small world as facts. Small enough to be
// enumerated whole, with every kind of rule, condition and missing knowledge in it.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "compiler/hir/hir.h"
#include "compiler/reference/kleene.h"

namespace hpol::prove {

class SmallPolicies {
 public:
  explicit SmallPolicies(uint64_t seed) : random_(seed) {}
  hir::Policy Make();

 private:
  uint32_t Below(size_t n) { return static_cast<uint32_t>(random_() % n); }
  bool Chance(uint32_t percent) { return Below(100) < percent; }
  void AddInputs(hir::Policy& policy);
  void AddDetectors(hir::Policy& policy);
  void AddClassify(hir::Policy& policy);
  void AddRedactions(hir::Policy& policy);
  void AddTargets(hir::Policy& policy);
  void AddRoutes(hir::Policy& policy);
  void AddGuarantees(hir::Policy& policy);
  hir::Expr AboutOutcome(const hir::Policy& policy, bool candidates);
  Label RandomLabel(const hir::Policy& policy);
  hir::Expr AboutInput(const hir::Policy& policy);
  hir::Expr AboutFindings(const hir::Policy& policy);
  hir::Expr AboutLabel(const hir::Policy& policy);
  hir::Expr Condition(const hir::Policy& policy, bool content, bool label, int depth);

  std::mt19937_64 random_;
};

// Every request that the conditions of such a policy can tell apart.
std::vector<reference::Facts> AllRequests(const hir::Policy& policy);

}  // namespace hpol::prove
