// Rules that do nothing: that no request reaches, that no request meets, whose raise is always there already;
// redactions that lower nothing; requests that nothing decides. All in the three-valued meaning.
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "compiler/prove/prover.h"

namespace hpol::prove {
namespace {

using dsl::DiagnosticKind;

// ---- rules that no request reaches ----

// Which earlier rules take every request that this one could, in order; at most three are named.
void NameTakers(Prover& prover, size_t route, dsl::Diagnostic& warning) {
  const auto& rows = prover.formula.walk().rows;
  std::vector<Lit> lits = {prover.formula.admitted(), rows[route].must};
  for (size_t i = 0; i < route; ++i) lits.push_back(Negate(rows[i].must));
  const std::vector<Lit> core = prover.questions.Core(lits);
  size_t named = 0;
  for (size_t i = 0; i < route && named < 3; ++i) {
    if (std::find(core.begin(), core.end(), Negate(rows[i].must)) == core.end()) continue;
    warning.others.push_back({prover.policy.routes[i].span, "this rule takes them first"});
    ++named;
  }
}

void FindDeadRoutes(Prover& prover) {
  Formula& formula = prover.formula;
  std::vector<Lit> reached, met, weak;
  for (size_t i = 0; i < prover.policy.routes.size(); ++i) {
    reached.push_back(prover.aig.And(formula.admitted(), formula.walk().hit[i]));
    met.push_back(prover.aig.And(formula.admitted(), formula.walk().rows[i].must));
  }
  const std::vector<Finding> findings = prover.questions.AskAll(reached);
  for (size_t i = 0; i < findings.size(); ++i) {
    const hir::Route& route = prover.policy.routes[i];
    // An `otherwise` that is left without requests is prudence, not a slip.
    if (findings[i].answer != Answer::kNo || !route.condition) continue;
    if (route.condition->kind == hir::Expr::Kind::kFalse) continue;  // check said so
    if (prover.questions.Ask(met[i]).answer == Answer::kNo) {
      const bool waits =
          prover.questions.Ask(prover.aig.And(formula.admitted(), formula.walk().rows[i].may)).answer !=
          Answer::kNo;
      prover.diagnostics.Warning(DiagnosticKind::kConstantCondition, route.condition->span,
                                 "no request meets this condition",
                                 waits ? "it can at most be unknown" : "its parts contradict each other");
      continue;
    }
    dsl::Diagnostic& warning =
        prover.diagnostics.Warning(DiagnosticKind::kUnreachableRule, route.span,
                                   "no request reaches this rule", "rules are read top down");
    NameTakers(prover, i, warning);
  }
}

void FindDeadClassifyRows(Prover& prover) {
  const size_t floors = prover.policy.floors.size();
  std::vector<Lit> claims;
  for (const auto& row : prover.formula.rows())
    claims.push_back(prover.aig.And(prover.formula.admitted(), row.must));
  const std::vector<Finding> findings = prover.questions.AskAll(claims);
  for (size_t i = 0; i < findings.size(); ++i) {
    if (findings[i].answer != Answer::kNo) continue;
    const std::optional<hir::Expr> condition =
        i < floors ? prover.policy.floors[i].condition : prover.policy.raises[i - floors].condition;
    if (!condition || condition->kind == hir::Expr::Kind::kFalse) continue;
    if (i < floors) {
      prover.diagnostics.Warning(DiagnosticKind::kUnreachableRule, prover.policy.floors[i].span,
                                 "no request reaches this floor", "floors are read top down");
    } else {
      prover.diagnostics.Warning(DiagnosticKind::kConstantCondition, condition->span,
                                 "no request meets this condition", "the rule never surely raises");
    }
  }
}

// ---- conditions that are always true or always false ----

struct Part {
  const hir::Expr* expr;
  Lit never_true;  // claim that refutes "always false"
  Lit ever_false;  // claim that refutes "always true"
};

void CollectParts(Prover& prover, const hir::Expr& expr, const Formula::Meaning::LabelBits* label,
                  std::vector<Part>& parts) {
  if (expr.kind != hir::Expr::Kind::kAnd && expr.kind != hir::Expr::Kind::kOr) return;
  for (const hir::Expr& operand : expr.operands) {
    CollectParts(prover, operand, label, parts);
    if (operand.kind == hir::Expr::Kind::kTrue || operand.kind == hir::Expr::Kind::kFalse) continue;
    const Literals::Truth truth = prover.formula.meaning().Condition(operand, kNoRedaction, label);
    const Lit admitted = prover.formula.admitted();
    parts.push_back(
        {&operand, prover.aig.And(admitted, truth.may), prover.aig.And(admitted, Negate(truth.must))});
  }
}

void FindConstantParts(Prover& prover) {
  std::vector<Part> parts;
  for (const hir::Raise& raise : prover.policy.raises) CollectParts(prover, raise.condition, nullptr, parts);
  for (const hir::Route& route : prover.policy.routes)
    if (route.condition) CollectParts(prover, *route.condition, &prover.formula.label(), parts);
  std::vector<Lit> claims;
  for (const Part& part : parts) claims.insert(claims.end(), {part.never_true, part.ever_false});
  const std::vector<Finding> findings = prover.questions.AskAll(claims);
  for (size_t i = 0; i < parts.size(); ++i) {
    const bool never = findings[2 * i].answer == Answer::kNo;
    const bool always = findings[2 * i + 1].answer == Answer::kNo;
    if (!never && !always) continue;
    prover.diagnostics.Warning(DiagnosticKind::kConstantCondition, parts[i].expr->span,
                               std::string("this condition is always ") + (always ? "true" : "false"),
                               "of every request, whatever else is known of it");
  }
}

// ---- raises that change nothing ----

Label RowLabel(const hir::Policy& policy, size_t row) {
  const size_t floors = policy.floors.size();
  return row < floors ? policy.floors[row].label : policy.raises[row - floors].label;
}

// Claims by raise: in this reading the raise adds something. Rows found redundant no longer count for others,
// so of two equal raises one is kept.
class Additions {
 public:
  Additions(Prover& prover, const std::vector<Formula::Meaning::Row>& rows) : prover_(prover), rows_(rows) {
    const Label top = hir::TopLabel(prover.policy);
    before_.resize(rows.size() + 1);
    before_[0].assign(64, kFalse);
    for (size_t bit = 0; bit < 64; ++bit) {
      after_.push_back(((top.word >> bit) & 1) != 0 ? prover.world.unscanned() : kFalse);
    }
    for (size_t row = 0; row < rows.size(); ++row) before_[row + 1] = Joined(before_[row], row);
  }

  // Called from the last row to the first.
  Lit Claim(size_t row) const {
    Lit adds = kFalse;
    const Label label = RowLabel(prover_.policy, row);
    for (size_t bit = 0; bit < 64; ++bit)
      if (((label.word >> bit) & 1) != 0)
        adds = prover_.aig.Or(adds, Negate(prover_.aig.Or(before_[row][bit], after_[bit])));
    return prover_.aig.And(prover_.formula.admitted(), prover_.aig.And(rows_[row].may, adds));
  }
  void Keep(size_t row) { after_ = Joined(after_, row); }

 private:
  std::vector<Lit> Joined(std::vector<Lit> bits, size_t row) const {
    const Label label = RowLabel(prover_.policy, row);
    for (size_t bit = 0; bit < 64; ++bit)
      if (((label.word >> bit) & 1) != 0) bits[bit] = prover_.aig.Or(bits[bit], rows_[row].may);
    return bits;
  }

  Prover& prover_;
  std::vector<Formula::Meaning::Row> rows_;
  std::vector<std::vector<Lit>> before_;
  std::vector<Lit> after_;
};

void FindRedundantRaises(Prover& prover) {
  const size_t floors = prover.policy.floors.size();
  std::set<RedactionId> covers = {kNoRedaction};
  for (const reference::CandidatePair& pair : prover.formula.meaning().candidates())
    covers.insert(pair.redaction);
  std::vector<Additions> readings;
  for (const RedactionId cover : covers)
    readings.emplace_back(prover, prover.formula.meaning().ClassifyRows(cover));
  for (size_t raise = prover.policy.raises.size(); raise-- > 0;) {
    Lit adds = kFalse;
    for (const Additions& reading : readings) adds = prover.aig.Or(adds, reading.Claim(floors + raise));
    const bool lowest = RowLabel(prover.policy, floors + raise) == Label{};
    const Lit met = prover.aig.And(prover.formula.admitted(), prover.formula.rows()[floors + raise].must);
    const bool dead = prover.questions.Ask(met).answer == Answer::kNo;  // reported as such
    if (!lowest && !dead && prover.questions.Ask(adds).answer == Answer::kNo) {
      prover.diagnostics.Warning(DiagnosticKind::kRedundantRule, prover.policy.raises[raise].span,
                                 "this rule changes nothing",
                                 "whenever it applies, others raise at least as high");
      continue;
    }
    for (Additions& reading : readings) reading.Keep(floors + raise);
  }
}

// ---- redactions that lower nothing ----

void FindUselessRedactions(Prover& prover) {
  Aig& aig = prover.aig;
  const auto& pairs = prover.formula.meaning().candidates();
  std::map<RedactionId, std::vector<Lit>> lowered;
  for (size_t i = 0; i < pairs.size(); ++i) {
    if (pairs[i].redaction == kNoRedaction) continue;
    const auto& sent = prover.formula.meaning().SentLabel(i);
    Lit lower = kFalse;
    for (size_t bit = 0; bit < 64; ++bit)
      lower = aig.Or(lower, aig.And(prover.formula.label()[bit], Negate(sent[bit])));
    const Lit offered = aig.And(prover.formula.admitted(), prover.formula.walk().offered[i]);
    lowered[pairs[i].redaction].push_back(aig.And(offered, lower));
  }
  for (const auto& [redaction, claims] : lowered) {
    if (prover.questions.Ask(aig.Any(claims)).answer != Answer::kNo) continue;
    const hir::Redaction& useless = prover.policy.redactions[redaction.value];
    prover.diagnostics.Warning(DiagnosticKind::kUselessRedaction, useless.span,
                               "the redaction " + Tick(useless.name) + " lowers no label",
                               "of no request that a rule sends through it");
  }
}

}  // namespace

void ProveCoverage(Prover& prover) {
  const Stopwatch watch;
  Proof proof;
  proof.kind = Proof::Kind::kCoverage;
  proof.title = "a rule decides every request";
  const Lit claim = prover.aig.And(prover.formula.admitted(), prover.formula.walk().undecided);
  Certify(prover, prover.aig, claim);
  Finding finding = prover.questions.Ask(claim);
  proof.status = finding.answer == Answer::kNo    ? Status::kProved
                 : finding.answer == Answer::kYes ? Status::kBroken
                                                  : Status::kUnknown;
  if (finding.answer == Answer::kYes && !prover.policy.routes.empty()) {
    proof.example = prover.examples.Make(std::move(finding.assignment), claim);
    const hir::Route& last = prover.policy.routes.back();
    proof.span = last.span;
    dsl::Diagnostic& warning = prover.diagnostics.Warning(DiagnosticKind::kMissingOtherwise, last.span,
                                                          "some requests are decided by no rule",
                                                          "what no rule takes is denied as undecided");
    warning.example = ExampleText(prover.policy, *proof.example);
    warning.help = {
        "say what happens to every other request",
        {{{last.span.file, last.span.end, last.span.end}, "\n  otherwise deny \"no rule decides\""}}};
  }
  proof.milliseconds = watch.milliseconds();
  prover.report.proofs.push_back(std::move(proof));
}

void FindDeadRules(Prover& prover) {
  FindDeadRoutes(prover);
  FindDeadClassifyRows(prover);
}

void FindUselessRules(Prover& prover) {
  FindConstantParts(prover);
  FindRedundantRaises(prover);
  FindUselessRedactions(prover);
}

}  // namespace hpol::prove
