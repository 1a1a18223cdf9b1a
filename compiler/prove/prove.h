// Proofs about a policy over every request that it can meet: clearance of every candidate, every guarantee,
// rules that nothing reaches, requests that nothing decides. The door of this folder, one function (DESIGN
// 7).
//
// What is proved holds for every combination of inputs, findings, unread content, outage and price. Run-time
// state only chooses among candidates, so it needs no variable. Detectors are independent of each other here:
// a proof never rests on what one pattern says of another.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "compiler/hir/hir.h"
#include "compiler/reference/reference.h"
#include "dsl/diag/diagnostic.h"
#include "hpol/engine.h"

namespace hpol::prove {

// Conflicts that one question may cost. A policy of 10,000 rules needs some hundreds.
inline constexpr int kConflictBudget = 200'000;

// The compiled code's answer to a request; empty where nothing is compiled.
using Runner = std::function<reference::Outcome(const hpol::Request&)>;

// A concrete request that shows something.
struct Example {
  reference::Facts facts;
  std::string prompt;         // text with these findings; meaningless unless `written`
  bool written = false;       // scanning `prompt` again shows what is claimed
  bool replayed = false;      // and the compiled code decides it as the meaning does
  std::vector<bool> matters;  // by input: another value would change what is claimed
  // By input: the members of an enum of which the claim holds as well.
  std::vector<std::vector<uint32_t>> members;
  reference::Outcome outcome;  // the decision, by the meaning
  std::vector<bool> assignment;
};

// `kUnknown` is a failure with a reason, never a pass.
enum class Status : uint8_t { kUnknown, kBroken, kProved };

// One line of the table that `hpol prove` prints.
struct Proof {
  enum class Kind : uint8_t { kClearance, kCaller, kCoverage, kGuarantee };
  Kind kind = Kind::kGuarantee;
  std::string title;
  Status status = Status::kUnknown;
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
  std::string certificates_failed;  // a file that could not be written
  std::string fault;                // hpol contradicts itself: a bug in hpol, not in the policy
};

struct Options {
  Runner runner = {};  // tries counterexamples on the compiled code
  int conflict_budget = kConflictBudget;
  std::string certificates = {};  // folder for clauses and proofs of every line of the report; empty: none
  bool rules = true;              // look for dead, redundant and constant conditions too
  bool texts = true;  // write counterexamples as text; off where the policy's detectors have no patterns
};

// Total on a complete HIR. What is wrong with the policy goes to `diagnostics`.
Report Prove(const hir::Policy& policy, const Options& options, dsl::Diagnostics& diagnostics);

// "prompt "staff no E-482913", region eu": the request in one line.
std::string RequestText(const hir::Policy& policy, const Example& example);

// The same as a block that `hpol test` runs and that says what is decided today; nothing where a test block
// cannot say it (content that cannot be scanned, text that no sample makes).
std::optional<std::string> TestBlock(const hir::Policy& policy, const Example& example,
                                     const std::string& title);

// "proved"; "clearance": for reports and manifests.
const char* StatusName(Status status);
const char* KindName(Proof::Kind kind);

// The solver and its version, for reports.
std::string SolverName();

}  // namespace hpol::prove
