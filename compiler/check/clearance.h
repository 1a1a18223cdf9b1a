// Clearance at compile time (DESIGN 2.2.5 to 2.2.7): can any request that reaches a
// candidate be sent with a label above the target's clearance?
//
// Exact where the search ends within its budget: it then knows a request that leaks, or that
// there is none. Where it does not end, the candidate is left to the run-time check.
// Private to compiler/check.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/check/check.h"
#include "compiler/hir/hir.h"

namespace hpol::check {

// A request, as far as it matters: everything not named may be anything.
struct ExampleAttribute {
  AttributeId attribute;
  bool missing = false;
  bool other = false;               // any value that the policy does not name
  std::vector<std::string> values;  // several only for sets: members that it has
  std::vector<std::string> absent;  // of sets: members that it does not have
};
struct ExampleFinding {
  DetectorId detector;
  bool firing = true;  // false: a shape that its validator cannot confirm
  uint32_t count = 1;
  uint32_t distinct = 1;
};
struct ExampleRequest {
  bool unscanned = false;
  std::vector<ExampleAttribute> attributes;
  std::vector<ExampleFinding> findings;
  Label label;                // of the request
  Label sent;                 // of what the candidate would be sent
  std::vector<bool> applied;  // classify rows (floors, then raises) that hold of what is sent
};

enum class Verdict : uint8_t {
  kOpen,    // not decided here
  kProved,  // no request that reaches the candidate exceeds the clearance
  kLeaks,   // `example` does
};

struct CandidateVerdict {
  uint32_t route = 0;
  uint32_t step = 0;
  Verdict verdict = Verdict::kOpen;
  ExampleRequest example;
};

// Condition nodes visited, for a whole policy: about a quarter of a second in a release build.
inline constexpr uint64_t kClearanceBudget = 20'000'000;

// One verdict for each (route rule, step), in order. Total on a complete HIR. A smaller
// budget leaves more open and decides nothing else differently.
std::vector<CandidateVerdict> ProveClearance(const hir::Policy& policy, uint64_t budget = kClearanceBudget);

// The same, reported: `label-escapes` for each leak, counts and places into `report` (may be null).
void CheckClearance(const hir::Policy& policy, dsl::Diagnostics& diagnostics, ClearanceReport* report);

}  // namespace hpol::check
