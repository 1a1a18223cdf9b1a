// Proofs about a policy over every request that it can meet: clearance of every candidate, every guarantee, rules that
// nothing reaches, requests that nothing decides. The door of this folder, one function (DESIGN 7).
//
// What is proved holds for every combination of inputs, findings, unread content, outage and price. Run-time state
// only chooses among candidates, so it needs no variable. Detectors are independent of each other here: a proof
// never rests on what one pattern says of another.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/hir/hir.h"
#include "compiler/prove/example.h"
#include "dsl/diag/diagnostic.h"

namespace hpol::prove {

// `kUnknown` is a failure with a reason, never a pass.
enum class Verdict : uint8_t { kUnknown, kBroken, kProved };

// One line of the table that `hpol prove` prints.
struct Proof {
  enum class Kind : uint8_t { kClearance, kCaller, kCoverage, kGuarantee };
  Kind kind = Kind::kGuarantee;
  std::string title;
  Verdict verdict = Verdict::kUnknown;
  std::string note;  // of a guarantee that holds in one reading only
  double milliseconds = 0;
  dsl::Span span;
  std::optional<Example> example;  // where broken
};

struct Report {
  std::vector<Proof> proofs;
  size_t ways = 0;         // (rule, candidate) pairs
  size_t ways_proved = 0;  // that can never exceed a clearance
  size_t nodes = 0;        // of the graph
  size_t questions = 0;    // that the solver answered
  double milliseconds = 0;
  std::string fault;  // hpol contradicts itself: a bug in hpol, not in the policy
};

struct Options {
  Runner runner = {};  // tries counterexamples on the compiled code
  int conflict_budget = kConflictBudget;
  bool rules = true;  // look for dead, redundant and constant conditions too
};

// Total on a complete HIR. What is wrong with the policy goes to `diagnostics`.
Report Prove(const hir::Policy& policy, const Options& options, dsl::Diagnostics& diagnostics);

}  // namespace hpol::prove
