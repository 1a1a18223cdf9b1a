// The reference engine: the written meaning (meaning.h) in Kleene's three values over
// HIR, with a slow matcher that reads the pattern tree. Made to be obviously right;
// the compiled engine is tested against it. Builds without LLVM, also to WebAssembly.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/hir/hir.h"
#include "compiler/reference/kleene.h"
#include "hpol/engine.h"

namespace hpol::reference {

// What must be the same in every engine. Rows count as in the decision IR:
// classify rows are the floors, then the raises; route rows the routes.
struct Outcome {
  Verdict verdict = Verdict::kDeny;
  DenyCause cause = DenyCause::kInternal;
  Label label;
  std::vector<Reason> reasons;
  struct Sent {
    TargetId target;
    RedactionId redaction;
    Label sent_label;
    friend bool operator==(const Sent&, const Sent&) = default;
  };
  std::vector<Sent> candidates;
  std::vector<Finding> findings;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

// Decides as Engine::Decide does.
Outcome Decide(const hir::Policy& policy, const Request& request);

// The same of a request of which only `facts` are known: no findings are listed. It is not turned away at the
// door.
Outcome Decide(const hir::Policy& policy, const Facts& facts);

// The guarantees (indices into Policy::guarantees) that do not hold of this request. None where it is turned
// away at the door: a body or an input that is refused, a `require` that is not met.
std::vector<uint32_t> BrokenGuarantees(const hir::Policy& policy, const Request& request);
std::vector<uint32_t> BrokenGuarantees(const hir::Policy& policy, const Facts& facts);

// What conditions may ask about `request`. Nothing when it is turned away before that, and `outcome` says
// why; else its findings.
std::optional<Facts> FactsOf(const hir::Policy& policy, const Request& request, Outcome& outcome);

// Findings of one detector in `text`, by the slow matcher: leftmost, then longest that
// validator and exceptions accept, not overlapping. Offsets into `text`.
std::vector<Finding> Find(const hir::Policy& policy, DetectorId detector, std::string_view text);

}  // namespace hpol::reference
