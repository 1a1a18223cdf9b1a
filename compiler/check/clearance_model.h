// A policy as functions over a few finite variables, evaluated on *sets* of values at once.
// Private to compiler/check.
//
// Every variable is an input, a member of a set input, a detector, or whether content could
// not be scanned. Values that no condition tells apart are one value, so the model is finite
// and exact. What would need more than 64 values is left open instead: each condition on it
// may have any truth, freely. That only adds requests, so a proof holds; a leak that needs
// such a condition is not claimed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/hir/hir.h"

namespace hpol::check {

// A set of values of one variable: bit i is value i.
using Values = uint64_t;
using Domains = std::vector<Values>;  // one a variable

inline constexpr uint32_t kNoVariable = 0xffffffff;

struct Variable {
  enum class Kind : uint8_t {
    kAttribute,   // value i is choices[i]
    kSetMember,   // 0: the set has not `choices[0]`, 1: it has
    kSetMissing,  // 0: present, 1: missing
    kDetector,    // value i is findings[i]
    kUnscanned,   // 0: all content was scanned, 1: some was not
    kOpen,        // truth of one condition that the model cannot hold: 0 false, 1 true, 2 unknown
  };
  struct Choice {
    bool missing = false;
    bool other = false;                // none that the policy names
    std::vector<std::string> texts{};  // values that no condition tells apart
  };
  struct Findings {
    bool found = false;
    Tier tier = Tier::kShape;  // the highest of them
    uint32_t count = 0;        // at the firing tier
    uint32_t distinct = 0;
  };
  Kind kind = Kind::kAttribute;
  uint32_t owner = 0;  // attribute or detector
  uint32_t size = 2;
  std::vector<Choice> choices{};
  std::vector<Findings> findings{};

  Values full() const { return size >= 64 ? ~Values{0} : (Values{1} << size) - 1; }
};

// The truths that a condition can have: all between the two.
struct TruthRange {
  Truth low = Truth::kFalse;
  Truth high = Truth::kTrue;
};
// Labels between two: `low` is certain, nothing above `high` is possible.
struct LabelRange {
  Label low;
  Label high;
};

class ClearanceModel {
 public:
  explicit ClearanceModel(const hir::Policy& policy);

  const hir::Policy& policy() const { return policy_; }
  const std::vector<Variable>& variables() const { return variables_; }
  Domains FullDomains() const;

  // The label of the request (`redaction` none), or (a) of what the redaction leaves
  // (DESIGN 2.2.6), its own `leaves` included.
  LabelRange LabelOf(const Domains& domains, RedactionId redaction) const;
  // Classify rows count as floors, then raises.
  TruthRange ClassifyRow(size_t row, const Domains& domains, RedactionId redaction) const;
  Label ClassifyLabel(size_t row) const;
  size_t classify_rows() const { return rows_.size(); }
  TruthRange RouteRow(size_t route, const Domains& domains, LabelRange label) const;

  static bool Compare(int64_t left, hir::CompareOp op, int64_t right);

  // Work done so far, in condition nodes.
  uint64_t visits() const { return visits_; }

 private:
  struct Atom {
    enum class Kind : uint8_t { kOpen, kScalar, kAny, kSum, kLevel, kCategory };
    struct Part {
      uint32_t variable = 0;
      Values truths = 0;
    };
    Kind kind = Kind::kOpen;
    bool content = false;            // not true yet is unknown where content is unscanned
    bool distinct = false;           // kSum
    uint32_t missing = kNoVariable;  // kAny over a set: unknown while this is 1
    Values unknowns = 0;             // kScalar
    std::vector<Part> parts{};       // kScalar, kOpen: one
    // kOpen: the variable to read instead of the part's, for each redaction.
    std::vector<uint32_t> redacted{};
    int64_t number = 0;  // kSum
    hir::CompareOp op = hir::CompareOp::kGreaterEqual;
    Label label{};
  };
  struct Condition {
    hir::Expr::Kind kind = hir::Expr::Kind::kTrue;
    uint32_t atom = 0;
    std::vector<Condition> operands;
  };
  struct Row {
    Condition condition;
    Label label{};
  };
  // Everything one evaluation reads.
  struct View {
    const Domains& domains;
    RedactionId redaction = kNoRedaction;
    LabelRange label;
  };
  friend class ModelBuilder;

  TruthRange Evaluate(const Condition& condition, const View& view) const;
  TruthRange EvaluateAtom(const Atom& atom, const View& view) const;
  TruthRange EvaluateSum(const Atom& atom, const View& view) const;
  Values ValuesOf(uint32_t variable, const View& view) const;
  Label Leaves(const Domains& domains, RedactionId redaction, bool certainly) const;

  const hir::Policy& policy_;
  Label top_;
  uint32_t unscanned_ = kNoVariable;
  std::vector<Variable> variables_;
  std::vector<uint32_t> detector_variable_;
  std::vector<std::vector<bool>> covered_;  // [redaction][variable]
  std::vector<Atom> atoms_;
  std::vector<Row> rows_;
  std::vector<Condition> routes_;
  mutable uint64_t visits_ = 0;
};

}  // namespace hpol::check
