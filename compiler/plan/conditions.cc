#include "compiler/plan/conditions.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace hpol::plan {
namespace {

using hir::CompareOp;
using ir::FactKind;
using ir::NodeKind;

constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

Nnf Join(NodeKind kind, std::vector<Nnf> operands) {
  const bool neutral = kind == NodeKind::kAnd;
  std::vector<Nnf> flat;
  for (Nnf& operand : operands) {
    if (operand.kind == kind) {
      std::move(operand.operands.begin(), operand.operands.end(), std::back_inserter(flat));
    } else if (operand.kind == NodeKind::kTrue || operand.kind == NodeKind::kFalse) {
      if ((operand.kind == NodeKind::kTrue) != neutral) return Nnf::Constant(!neutral);
    } else {
      flat.push_back(std::move(operand));
    }
  }
  if (flat.empty()) return Nnf::Constant(neutral);
  if (flat.size() == 1) return std::move(flat[0]);
  return {kind, 0, std::move(flat)};
}

FactKind LevelFact(const hir::Atom& atom) {
  return atom.whose == hir::LabelOf::kSent ? FactKind::kSentLevel : FactKind::kLevel;
}

Nnf Literal(uint32_t fact) { return {NodeKind::kFact, fact, {}}; }

}  // namespace

Nnf Nnf::And(std::vector<Nnf> operands) { return Join(NodeKind::kAnd, std::move(operands)); }
Nnf Nnf::Or(std::vector<Nnf> operands) { return Join(NodeKind::kOr, std::move(operands)); }

Nnf Nnf::Not() const {
  switch (kind) {
    case NodeKind::kTrue:
    case NodeKind::kFalse:
      return Constant(kind == NodeKind::kFalse);
    case NodeKind::kFact:
      return {NodeKind::kNotFact, fact, {}};
    case NodeKind::kNotFact:
      return {NodeKind::kFact, fact, {}};
    case NodeKind::kAnd:
    case NodeKind::kOr:
      break;
  }
  std::vector<Nnf> negated;
  for (const Nnf& operand : operands) negated.push_back(operand.Not());
  return {kind == NodeKind::kAnd ? NodeKind::kOr : NodeKind::kAnd, 0, std::move(negated)};
}

Nnf Conditions::Normalise(const hir::Expr& expr) {
  switch (expr.kind) {
    case hir::Expr::Kind::kTrue:
      return Nnf::Constant(true);
    case hir::Expr::Kind::kFalse:
      return Nnf::Constant(false);
    case hir::Expr::Kind::kAtom:
      return Atom(expr.atom, expr.span);
    case hir::Expr::Kind::kNot:
      return Normalise(expr.operands[0]).Not();
    case hir::Expr::Kind::kAnd:
    case hir::Expr::Kind::kOr:
      break;
  }
  std::vector<Nnf> operands;
  for (const hir::Expr& operand : expr.operands) operands.push_back(Normalise(operand));
  return expr.kind == hir::Expr::Kind::kAnd ? Nnf::And(std::move(operands)) : Nnf::Or(std::move(operands));
}

Nnf Conditions::Atom(const hir::Atom& atom, dsl::Span span) {
  using Kind = hir::Atom::Kind;
  ir::Fact fact;
  fact.attribute = atom.attribute.value;
  switch (atom.kind) {
    case Kind::kDetector:
      return Detector(atom, span);
    case Kind::kCount:
    case Kind::kDistinct:
    case Kind::kCompare:
      return Number(atom, span);
    case Kind::kLevel:
      return Level(atom, span);
    case Kind::kCategory:
      fact.kind = LevelFact(atom);
      fact.word = atom.label.word & ~Label::kLevelMask;
      return Fact(fact, {}, {}, span);
    case Kind::kLabel:
      return WholeLabel(atom, span);
    case Kind::kTarget:
    case Kind::kZone:
    case Kind::kTrusted:
    case Kind::kRegion:
      return Place(atom, span);
    case Kind::kRedaction:
      fact.kind = FactKind::kRedaction;
      return Fact(fact, atom.members, {}, span);
    case Kind::kDenied:
      fact.kind = FactKind::kDenied;
      return Fact(fact, {}, {}, span);
    case Kind::kUndecided:
      fact.kind = FactKind::kUndecided;
      return Fact(fact, {}, {}, span);
    case Kind::kBool:
      fact.kind = FactKind::kMember;
      return Fact(fact, {1}, {}, span);
    case Kind::kIn:
      fact.kind = atom.texts.empty() && policy_.attributes[fact.attribute].type != AttributeType::kString
                      ? FactKind::kMember
                      : FactKind::kText;
      return Fact(fact, atom.members, atom.texts, span);
    case Kind::kHas:
      fact.kind = FactKind::kHas;
      return Fact(fact, atom.members, atom.texts, span);
    case Kind::kPresent:
      fact.kind = FactKind::kPresent;
      return Fact(fact, {}, {}, span);
  }
  return Nnf::Constant(false);
}

// A bare name fires at each detector's own tier, so detectors of one tier share a fact.
Nnf Conditions::Detector(const hir::Atom& atom, dsl::Span span) {
  if (!atom.at_firing) {
    const int64_t tier = static_cast<int64_t>(atom.tier) + (atom.op == CompareOp::kGreater ? 1 : 0);
    if (tier > static_cast<int64_t>(Tier::kChecksum)) return Nnf::Constant(false);
    return Evidence(FactKind::kTier, atom.detectors, tier, span);
  }
  std::vector<Nnf> by_tier;
  for (const Tier tier : {Tier::kShape, Tier::kContext, Tier::kChecksum}) {
    std::vector<DetectorId> firing;
    for (const DetectorId detector : atom.detectors)
      if (policy_.detectors[detector.value].firing == tier) firing.push_back(detector);
    if (!firing.empty())
      by_tier.push_back(Evidence(FactKind::kTier, firing, static_cast<int64_t>(tier), span));
  }
  // A pack without detectors has no finding, but what was not read might have had one.
  if (by_tier.empty()) return Evidence(FactKind::kTier, {}, 0, span);
  return Nnf::Or(std::move(by_tier));
}

// Numbers know only "at least n". At the ends of the range the comparison that is always
// or never true of a known value stays a fact, because of a missing one it is unknown.
Nnf Conditions::Number(const hir::Atom& atom, dsl::Span span) {
  if (atom.kind == hir::Atom::Kind::kCompare &&
      policy_.attributes[atom.attribute.value].type == AttributeType::kLabel)
    return CompareLabel(atom, span);
  const auto at_least = [&](int64_t number) {
    if (atom.kind != hir::Atom::Kind::kCompare)
      return Evidence(atom.kind == hir::Atom::Kind::kCount ? FactKind::kCount : FactKind::kDistinct,
                      atom.detectors, number, span);
    ir::Fact fact;
    fact.kind = FactKind::kAtLeast;
    fact.attribute = atom.attribute.value;
    fact.number = number;
    return Fact(fact, {}, {}, span);
  };
  const int64_t n = atom.number;
  const auto above = [&] { return n == kMax ? at_least(kMin).Not() : at_least(n + 1); };
  switch (atom.op) {
    case CompareOp::kGreaterEqual:
      return at_least(n);
    case CompareOp::kGreater:
      return above();
    case CompareOp::kLess:
      return at_least(n).Not();
    case CompareOp::kLessEqual:
      return above().Not();
    case CompareOp::kEqual:
      return Nnf::And({at_least(n), above().Not()});
    case CompareOp::kNotEqual:
      return Nnf::Or({at_least(n).Not(), above()});
  }
  return Nnf::Constant(false);
}

Nnf Conditions::CompareLabel(const hir::Atom& atom, dsl::Span span) {
  const auto fact_of = [&](FactKind kind) {
    ir::Fact fact;
    fact.kind = kind;
    fact.attribute = atom.attribute.value;
    fact.word = atom.label.word;
    return Fact(fact, {}, {}, span);
  };
  const Nnf at_least = fact_of(FactKind::kLabelAtLeast);
  if (atom.op == CompareOp::kGreaterEqual) return at_least;
  const Nnf at_most = fact_of(FactKind::kLabelAtMost);
  switch (atom.op) {
    case CompareOp::kLessEqual:
      return at_most;
    case CompareOp::kEqual:
      return Nnf::And({at_least, at_most});
    case CompareOp::kNotEqual:
      return Nnf::And({at_least, at_most}).Not();
    case CompareOp::kLess:
      return Nnf::And({at_most, at_least.Not()});
    case CompareOp::kGreater:
    case CompareOp::kGreaterEqual:
      return Nnf::And({at_least, at_most.Not()});
  }
  return Nnf::Constant(false);
}

// The label is always known, so the ends of the chain are constants.
Nnf Conditions::Level(const hir::Atom& atom, dsl::Span span) {
  const int top = static_cast<int>(policy_.levels.size()) - 1;
  const auto at_least = [&](int level) {
    if (level <= 0) return Nnf::Constant(true);
    if (level > top) return Nnf::Constant(false);
    ir::Fact fact;
    fact.kind = LevelFact(atom);
    fact.word = Label::Level(level).word;
    return Fact(fact, {}, {}, span);
  };
  const int level = atom.label.level();
  switch (atom.op) {
    case CompareOp::kGreaterEqual:
      return at_least(level);
    case CompareOp::kGreater:
      return at_least(level + 1);
    case CompareOp::kLess:
      return at_least(level).Not();
    case CompareOp::kLessEqual:
      return at_least(level + 1).Not();
    case CompareOp::kEqual:
      return Nnf::And({at_least(level), at_least(level + 1).Not()});
    case CompareOp::kNotEqual:
      return Nnf::Or({at_least(level).Not(), at_least(level + 1)});
  }
  return Nnf::Constant(false);
}

// A label is at least another when it has each of its bits, and at most it when it has no other bit.
Nnf Conditions::WholeLabel(const hir::Atom& atom, dsl::Span span) {
  const auto has = [&](uint64_t word) {
    ir::Fact fact;
    fact.kind = LevelFact(atom);
    fact.word = word;
    return Fact(fact, {}, {}, span);
  };
  const uint64_t all = hir::TopLabel(policy_).word;
  std::vector<Nnf> at_least;
  std::vector<Nnf> at_most;
  const int level = atom.label.level();
  if (level > 0) at_least.push_back(has(Label::Level(level).word));
  if (level + 1 < static_cast<int>(policy_.levels.size()))
    at_most.push_back(has(Label::Level(level + 1).word).Not());
  for (uint64_t rest = all & ~Label::kLevelMask; rest != 0; rest &= rest - 1) {
    const uint64_t bit = rest & (~rest + 1);
    (atom.label.word & bit ? at_least : at_most).push_back(has(bit));
    if ((atom.label.word & bit) == 0) at_most.back() = at_most.back().Not();
  }
  const Nnf least = Nnf::And(std::move(at_least));
  const Nnf most = Nnf::And(std::move(at_most));
  switch (atom.op) {
    case CompareOp::kGreaterEqual:
      return least;
    case CompareOp::kLessEqual:
      return most;
    case CompareOp::kEqual:
      return Nnf::And({least, most});
    case CompareOp::kNotEqual:
      return Nnf::And({least, most}).Not();
    case CompareOp::kLess:
      return Nnf::And({most, least.Not()});
    case CompareOp::kGreater:
      return Nnf::And({least, most.Not()});
  }
  return Nnf::Constant(false);
}

// Zones and regions are sets of targets; a set of none or of all is still asked of a candidate, which a
// request may not have.
Nnf Conditions::Place(const hir::Atom& atom, dsl::Span span) {
  using Kind = hir::Atom::Kind;
  std::vector<uint32_t> targets;
  for (uint32_t i = 0; i < policy_.targets.size(); ++i) {
    const hir::Target& target = policy_.targets[i];
    const auto one_of = [&](uint32_t index) {
      return std::find(atom.members.begin(), atom.members.end(), index) != atom.members.end();
    };
    const bool region = std::find(atom.texts.begin(), atom.texts.end(), target.region) != atom.texts.end();
    const bool in = atom.kind == Kind::kTarget    ? one_of(i)
                    : atom.kind == Kind::kZone    ? one_of(target.zone.value)
                    : atom.kind == Kind::kTrusted ? policy_.zones[target.zone.value].trusted
                                                  : region;
    if (in) targets.push_back(i);
  }
  ir::Fact fact;
  fact.kind = FactKind::kTarget;
  return Fact(fact, std::move(targets), {}, span);
}

Nnf Conditions::Evidence(FactKind kind, const std::vector<DetectorId>& detectors, int64_t number,
                         dsl::Span span) {
  if (kind != FactKind::kTier && number <= 0) return Nnf::Constant(true);
  ir::Fact fact;
  fact.kind = kind;
  fact.number = number;
  std::vector<uint32_t> indices;
  for (const DetectorId detector : detectors) indices.push_back(detector.value);
  return Fact(fact, std::move(indices), {}, span);
}

// One fact for all conditions that ask the same; its place is the first of them.
Nnf Conditions::Fact(ir::Fact fact, std::vector<uint32_t> indices, std::vector<std::string> texts,
                     dsl::Span span) {
  std::sort(indices.begin(), indices.end());
  indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  const auto [entry, added] =
      known_.try_emplace(Key{fact.kind, fact.attribute, indices, texts, fact.number, fact.word},
                         static_cast<uint32_t>(facts_.size()));
  if (added) {
    const bool evidence =
        fact.kind == FactKind::kTier || fact.kind == FactKind::kCount || fact.kind == FactKind::kDistinct;
    (evidence ? fact.detectors : fact.members) =
        texts.empty() ? pools_.Indices(indices) : pools_.Strings(texts);
    fact.place = pools_.Place(span);
    facts_.push_back(fact);
  }
  return Literal(entry->second);
}

ir::Range Conditions::Emit(const Nnf& condition) {
  ir::Range range{static_cast<uint32_t>(nodes_.size()), 0};
  if (condition.kind != NodeKind::kTrue) EmitNodes(condition);
  range.count = static_cast<uint32_t>(nodes_.size()) - range.begin;
  return range;
}

void Conditions::EmitNodes(const Nnf& condition) {
  for (const Nnf& operand : condition.operands) EmitNodes(operand);
  const bool literal = condition.kind == NodeKind::kFact || condition.kind == NodeKind::kNotFact;
  nodes_.push_back(
      {condition.kind, literal ? condition.fact : static_cast<uint32_t>(condition.operands.size())});
}

}  // namespace hpol::plan
