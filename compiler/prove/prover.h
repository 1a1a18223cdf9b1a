// What the parts of a proof share: the formula, the solver, the requests seen so far. Private to
// compiler/prove.
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compiler/prove/example.h"
#include "compiler/prove/formula.h"
#include "compiler/prove/prove.h"
#include "compiler/prove/solver.h"

namespace hpol::prove {

// The answer to one claim: can it be true of a request? With kYes, of which.
struct Finding {
  Answer answer = Answer::kUnknown;
  std::vector<bool> assignment;
};

// Simulates first, 64 requests a word; asks the solver what no request settled.
class Questions {
 public:
  Questions(const Aig& aig, int conflict_budget, Deferrals deferrals = {});

  Finding Ask(Lit claim);
  // The same for many claims: what one question shows is looked for in all the others.
  std::vector<Finding> AskAll(std::span<const Lit> claims);
  // Of `lits`, which cannot all be true together, those that the contradiction needs.
  std::vector<Lit> Core(std::span<const Lit> lits);

  // Questions that the solver answered.
  size_t asked() const { return asked_; }

 private:
  static constexpr size_t kWords = 8;  // of 64 random requests each
  using Words = std::array<uint64_t, kWords>;
  struct Batch {
    std::span<const Lit> claims;
    std::vector<Finding> findings;
    std::vector<uint32_t> cone;  // what decides the claims
  };

  uint64_t Random();
  void ExtendSamples();
  void FindInSamples(Batch& batch) const;
  Answer Solve(Asker& asker, Batch& batch, size_t claim);
  void Spread(const std::vector<bool>& assignment, int rounds, Batch& batch);
  void Settle(std::span<const uint64_t> words, Batch& batch) const;

  const Aig& aig_;
  int conflict_budget_;
  Deferrals deferrals_;
  Asker asker_;  // of single questions
  Lanes lanes_;
  std::vector<Words> samples_;      // by node: its values in random requests, the same for every question
  std::vector<Words> input_words_;  // by input: the requests themselves
  size_t asked_ = 0;
  uint64_t random_ = 20240229;  // fixed: the same policy gives the same report
};

struct Prover {
  Prover(const hir::Policy& checked, const Options& wanted, dsl::Diagnostics& said, Report& result);

  const hir::Policy& policy;
  const Options& options;
  dsl::Diagnostics& diagnostics;
  Report& report;
  Aig aig;
  World world;
  Formula formula;
  Questions questions;
  Examples examples;
};

// The parts, each one file. They add to `prover.report` and to its diagnostics.
void ProveClearance(Prover& prover);
void ProveCaller(Prover& prover);
void ProveGuarantees(Prover& prover);
void ProveCoverage(Prover& prover);
void FindDeadRules(Prover& prover);
void FindUselessRules(Prover& prover);
void FindOpenDefault(Prover& prover);
// No request meets all requirements: reported, and nothing else is worth proving.
bool IsContradictory(Prover& prover);

// Where certificates are wanted: what `claim` of the next line of the report rests on.
void Certify(Prover& prover, const Aig& aig, Lit claim);

class Stopwatch {
 public:
  double milliseconds() const {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// ---- words of reports ----

inline std::string Tick(std::string_view text) { return "`" + std::string(text) + "`"; }
std::string LabelWords(const hir::Policy& policy, Label label);
// "prompt "…", region eu: labelled `internal + pii`": an example as diagnostics show it.
std::string ExampleText(const hir::Policy& policy, const Example& example);
// The text of the rule that offers a candidate of this outcome, if one surely does.
std::optional<dsl::Span> SentBy(const hir::Policy& policy, const reference::Outcome& outcome,
                                const reference::Outcome::Sent& sent);
// Words for a question that the solver did not answer within its budget.
void ReportUnknown(Prover& prover, dsl::Span span, const std::string& what);

}  // namespace hpol::prove
