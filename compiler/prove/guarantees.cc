// Guarantees and requirements (DESIGN 2.2.8): one question for each guarantee, over every candidate that may
// remain. What holds in one reading of the label only says so; what cannot fail, or is about no request, is
// an error.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/prove/prover.h"

namespace hpol::prove {
namespace {

using dsl::DiagnosticKind;
using Meaning = Formula::Meaning;

// Of all that may remain, what breaks the guarantee. Thousands of candidates break it for a few reasons, so
// those with one reason are one case.
Lit BrokenOf(Prover& prover, const hir::Guarantee& guarantee) {
  Formula& formula = prover.formula;
  Meaning& meaning = formula.meaning();
  Aig& aig = prover.aig;
  if (!guarantee.about_candidates) {
    return aig.And(formula.admitted(),
                   meaning.Broken(guarantee, formula.label(), formula.walk(), formula.remaining()));
  }
  std::map<Lit, std::vector<Lit>> remaining;  // by what breaks it
  for (size_t i = 0; i < formula.remaining().size(); ++i)
    remaining[meaning.Broken(guarantee, {&formula.label(), &meaning.SentLabel(i), i, kFalse, kFalse})]
        .push_back(formula.remaining()[i]);
  std::vector<Lit> cases;
  for (auto& [broken, candidates] : remaining)
    if (broken != kFalse) cases.push_back(aig.And(broken, aig.Any(std::move(candidates))));
  return aig.And(formula.admitted(), aig.Any(std::move(cases)));
}

// ---- the other reading ----

bool AsksAbout(const hir::Expr& expr, hir::LabelOf whose) {
  bool asks = false;
  ForEachAtom(expr, [&](const hir::Atom& atom) {
    const bool label = atom.kind == hir::Atom::Kind::kLevel || atom.kind == hir::Atom::Kind::kCategory ||
                       atom.kind == hir::Atom::Kind::kLabel;
    asks = asks || (label && atom.whose == whose);
  });
  return asks;
}

void Swap(hir::Expr& expr) {
  expr.atom.whose = expr.atom.whose == hir::LabelOf::kSent ? hir::LabelOf::kRequest : hir::LabelOf::kSent;
  for (hir::Expr& operand : expr.operands) Swap(operand);
}

// The same demanded of the other label; nothing where the guarantee asks about none, or of no candidate.
std::optional<hir::Guarantee> OtherReading(const hir::Guarantee& guarantee) {
  const bool sent = AsksAbout(guarantee.property, hir::LabelOf::kSent);
  const bool request = AsksAbout(guarantee.property, hir::LabelOf::kRequest);
  if (!guarantee.about_candidates || sent == request) return std::nullopt;
  hir::Guarantee other = guarantee;
  Swap(other.property);
  return other;
}

std::string NoteOf(Prover& prover, const hir::Guarantee& guarantee, Status status) {
  const std::optional<hir::Guarantee> other = OtherReading(guarantee);
  if (!other || status == Status::kUnknown) return {};
  const Answer answer = prover.questions.Ask(BrokenOf(prover, *other)).answer;
  const bool of_sent = AsksAbout(guarantee.property, hir::LabelOf::kSent);
  if (status == Status::kProved && answer == Answer::kYes && of_sent)
    return "holds only after redaction: of the request's own label it does not hold";
  if (status == Status::kProved && answer == Answer::kYes)
    return "of what is sent it does not hold: a redaction leaves more than it takes";
  if (status == Status::kBroken && answer == Answer::kNo && !of_sent)
    return "of what is sent, after redaction, it holds";
  return {};
}

// ---- guarantees that say nothing ----

// Labels, outcomes and candidates that no rule has shaped: what any policy over these targets could do.
class Unshaped {
 public:
  explicit Unshaped(Prover& prover)
      : prover_(prover),
        policy_(PolicyOf(prover.policy)),
        literals_(policy_, prover.world),
        meaning_(policy_, literals_),
        label_(FreeLabel()),
        sent_(FreeLabel()),
        undecided_(prover.aig.NewInput()),
        denied_(prover.aig.Or(prover.aig.NewInput(), undecided_)) {}

  // Could any policy break the guarantee?
  bool CanFail(const hir::Guarantee& guarantee) {
    std::vector<Lit> broken;
    if (guarantee.about_candidates) {
      for (size_t i = 0; i < meaning_.candidates().size(); ++i)
        broken.push_back(meaning_.Broken(guarantee, {&label_, &sent_, i, kFalse, kFalse}));
    } else {
      broken.push_back(meaning_.Broken(guarantee, {&label_, nullptr, 0, denied_, undecided_}));
    }
    return prover_.questions.Ask(prover_.aig.Any(std::move(broken))).answer != Answer::kNo;
  }

 private:
  // One route offers every target, as it is and through every redaction.
  static hir::Policy PolicyOf(const hir::Policy& policy) {
    hir::Policy any;
    any.levels = policy.levels;
    any.categories = policy.categories;
    any.attributes = policy.attributes;
    any.detectors = policy.detectors;
    any.steps_off = policy.steps_off;
    any.zones = policy.zones;
    any.targets = policy.targets;
    any.redactions = policy.redactions;
    hir::Route& route = any.routes.emplace_back();
    for (uint32_t target = 0; target < any.targets.size(); ++target) {
      route.steps.push_back({{target}, kNoRedaction, {}});
      for (uint32_t redaction = 0; redaction < any.redactions.size(); ++redaction)
        route.steps.push_back({{target}, {redaction}, {}});
    }
    return any;
  }

  Meaning::LabelBits FreeLabel() {
    Aig& aig = prover_.aig;
    const Label top = hir::TopLabel(policy_);
    Meaning::LabelBits bits(64, kFalse);
    Lit below = kTrue;  // levels are a thermometer
    for (size_t i = 0; i < 64; ++i) {
      if (((top.word >> i) & 1) == 0) continue;
      bits[i] = i < 16 ? (below = aig.And(below, aig.NewInput())) : aig.NewInput();
    }
    return bits;
  }

  Prover& prover_;
  const hir::Policy policy_;
  Literals literals_;
  Meaning meaning_;
  const Meaning::LabelBits label_, sent_;
  const Lit undecided_, denied_;
};

// `when C` is not surely false of some request, or of some candidate of one.
bool IsEverDemanded(Prover& prover, const hir::Guarantee& guarantee) {
  hir::Guarantee demanded = guarantee;
  demanded.never = true;
  demanded.property = {};  // true: broken wherever it is demanded
  return prover.questions.Ask(BrokenOf(prover, demanded)).answer != Answer::kNo;
}

bool ReportVacuous(Prover& prover, Unshaped& unshaped, const hir::Guarantee& guarantee) {
  if (!unshaped.CanFail(guarantee)) {
    prover.diagnostics.Error(DiagnosticKind::kVacuousGuarantee, guarantee.property.span,
                             "the guarantee " + Tick(guarantee.title) + " says nothing",
                             "no policy could break this");
    return true;
  }
  if (!guarantee.when || IsEverDemanded(prover, guarantee)) return false;
  prover.diagnostics.Error(
      DiagnosticKind::kVacuousGuarantee, guarantee.when->span,
      "the guarantee " + Tick(guarantee.title) + " is about no request",
      guarantee.about_candidates ? "no request that has a candidate meets this" : "no request meets this");
  return true;
}

// ---- a guarantee that does not hold ----

// The candidate of the example that breaks the guarantee, if it is about candidates; index into the pairs.
std::optional<size_t> BreakingCandidate(const hir::Policy& policy, const hir::Guarantee& guarantee,
                                        const Example& example) {
  if (!guarantee.about_candidates) return std::nullopt;
  reference::Kleene kleene(policy, example.facts);
  reference::Meaning<reference::Kleene> meaning(policy, kleene);
  const auto label = meaning.LabelOf(meaning.ClassifyRows(kNoRedaction));
  const std::vector<bool> remaining = meaning.Remaining(meaning.WalkRoutes(label));
  for (size_t i = 0; i < remaining.size(); ++i)
    if (remaining[i] && meaning.Broken(guarantee, {&label, &meaning.SentLabel(i), i, false, false})) return i;
  return std::nullopt;
}

void ReportBroken(Prover& prover, const hir::Guarantee& guarantee, const Example& example,
                  const std::string& note) {
  const hir::Policy& policy = prover.policy;
  dsl::Diagnostic& error = prover.diagnostics.Error(
      DiagnosticKind::kGuaranteeBroken, guarantee.title_span,
      "the guarantee " + Tick(guarantee.title) + " does not hold", "not of every request");
  error.example = ExampleText(policy, example);
  const std::optional<size_t> candidate = BreakingCandidate(policy, guarantee, example);
  if (candidate) {
    const reference::CandidatePair pair = prover.formula.meaning().candidates()[*candidate];
    const std::string target = Tick(policy.targets[pair.target.value].name);
    for (const reference::Outcome::Sent& sent : example.outcome.candidates) {
      if (sent.target != pair.target || sent.redaction != pair.redaction) continue;
      *error.example += ", may be sent to " + target;
      if (pair.redaction != kNoRedaction)
        *error.example += " redacted by " + Tick(policy.redactions[pair.redaction.value].name);
      *error.example += " as " + LabelWords(policy, sent.sent_label);
      if (const std::optional<dsl::Span> step = SentBy(policy, example.outcome, sent))
        error.others.push_back({*step, "this sends it to " + target});
    }
  } else {
    for (const Reason& reason : example.outcome.reasons)
      if (reason.table == Reason::Table::kRoute)
        error.others.push_back({policy.routes[reason.row].action_span, "this rule takes it"});
    if (example.outcome.cause == DenyCause::kUndecided) *error.example += ", decided by no rule";
  }
  if (!note.empty()) error.help = dsl::Help{note, {}};
}

void ProveOne(Prover& prover, Unshaped& unshaped, const hir::Guarantee& guarantee) {
  const Stopwatch watch;
  Proof proof;
  proof.kind = Proof::Kind::kGuarantee;
  proof.title = guarantee.title;
  proof.span = guarantee.title_span;
  const Lit claim = BrokenOf(prover, guarantee);
  Finding finding = prover.questions.Ask(claim);
  Certify(prover, prover.aig, claim);
  proof.milliseconds = watch.milliseconds();
  if (finding.answer == Answer::kNo) {
    // A guarantee that nothing could break is no proof of anything.
    proof.status = ReportVacuous(prover, unshaped, guarantee) ? Status::kBroken : Status::kProved;
    if (proof.status == Status::kBroken) proof.note = "says nothing about any request";
  }
  if (finding.answer == Answer::kYes) proof.status = Status::kBroken;
  if (proof.note.empty()) proof.note = NoteOf(prover, guarantee, proof.status);
  if (finding.answer == Answer::kYes) {
    proof.example = prover.examples.Make(std::move(finding.assignment), claim);
    ReportBroken(prover, guarantee, *proof.example, proof.note);
  }
  if (finding.answer == Answer::kUnknown)
    ReportUnknown(prover, guarantee.title_span, "the guarantee " + Tick(guarantee.title) + " holds");
  prover.report.proofs.push_back(std::move(proof));
}

}  // namespace

bool IsContradictory(Prover& prover) {
  if (prover.policy.requirements.empty()) return false;
  if (prover.questions.Ask(prover.formula.admitted()).answer != Answer::kNo) return false;
  std::vector<Lit> lits;
  for (const hir::Requirement& one : prover.policy.requirements)
    lits.push_back(prover.formula.meaning().Condition(one.condition, kNoRedaction, nullptr).must);
  const std::vector<Lit> core = prover.questions.Core(lits);
  dsl::Diagnostic* error = nullptr;
  for (size_t i = 0; i < lits.size(); ++i) {
    if (lits[i] != kFalse && std::find(core.begin(), core.end(), lits[i]) == core.end()) continue;
    const dsl::Span span = prover.policy.requirements[i].span;
    if (error == nullptr) {
      error = &prover.diagnostics.Error(DiagnosticKind::kContradictoryRequire, span,
                                        "no request meets what is required", "every request is turned away");
    } else {
      error->others.push_back({span, "and this"});
    }
  }
  return error != nullptr;
}

void ProveGuarantees(Prover& prover) {
  if (prover.policy.guarantees.empty()) return;
  Unshaped unshaped(prover);
  for (const hir::Guarantee& guarantee : prover.policy.guarantees) ProveOne(prover, unshaped, guarantee);
}

}  // namespace hpol::prove
