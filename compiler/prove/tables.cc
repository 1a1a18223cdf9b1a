#include "compiler/prove/tables.h"

#include <utility>

#include "compiler/prove/prover.h"

namespace hpol::prove {
namespace {

using hir::Atom;
using hir::Expr;

class Reader {
 public:
  explicit Reader(const ir::Tables& tables) : t_(tables) {}

  hir::Policy Read() {
    policy_.name = t_.Text(t_.policy);
    policy_.version = t_.Text(t_.version);
    policy_.steps_off = t_.steps_off;
    for (const ir::StringId level : t_.levels) policy_.levels.emplace_back(t_.Text(level));
    for (const ir::StringId category : t_.categories) policy_.categories.emplace_back(t_.Text(category));
    ReadDeclarations();
    ReadPlaces();
    ReadRules();
    return std::move(policy_);
  }

 private:
  std::vector<std::string> Texts(ir::Range range) const {
    std::vector<std::string> texts;
    for (uint32_t i = 0; i < range.count; ++i) texts.emplace_back(t_.Text(t_.lists[range.begin + i]));
    return texts;
  }
  std::vector<uint32_t> Indices(ir::Range range) const {
    const auto first = t_.indices.begin() + range.begin;
    return {first, first + range.count};
  }
  std::vector<DetectorId> Detectors(ir::Range range) const {
    std::vector<DetectorId> ids;
    for (const uint32_t index : Indices(range)) ids.push_back({index});
    return ids;
  }

  void ReadDeclarations() {
    for (const ir::Attribute& row : t_.attributes) {
      hir::Attribute& attribute = policy_.attributes.emplace_back();
      attribute.name = t_.Text(row.name);
      attribute.type = row.type;
      attribute.source = row.source;
      attribute.optional = row.optional;
      attribute.members = Texts(row.members);
    }
    for (const ir::Detector& row : t_.detectors) {
      hir::Detector& detector = policy_.detectors.emplace_back();
      detector.name = t_.Text(row.name);
      detector.patterns.push_back({detector.name, {}, row.bounded, false});
      detector.validator = row.validator;
      detector.needs_near = row.needs_near;
      detector.firing = row.firing;
      for (uint32_t i = 0; i < row.near.count; ++i) {
        hir::Near& near = detector.near.emplace_back();
        near.negated = t_.near[row.near.begin + i].negated;
      }
    }
  }

  void ReadPlaces() {
    for (const ir::Zone& row : t_.zones) {
      hir::Zone& zone = policy_.zones.emplace_back();
      zone.name = t_.Text(row.name);
      zone.trusted = row.trusted;
      zone.clearance = {row.clearance};
    }
    for (const ir::Target& row : t_.targets) {
      hir::Target& target = policy_.targets.emplace_back();
      target.name = t_.Text(row.name);
      target.zone.value = row.zone;
      target.clearance = {row.clearance};
      target.region = t_.Text(row.region);
    }
    for (const ir::Redaction& row : t_.redactions) {
      hir::Redaction& redaction = policy_.redactions.emplace_back();
      redaction.name = t_.Text(row.name);
      for (uint32_t i = 0; i < row.lines.count; ++i) {
        const ir::RedactionLine& line = t_.redaction_lines[row.lines.begin + i];
        redaction.lines.push_back({line.action, Detectors(line.detectors), {line.leaves}, {}});
      }
    }
  }

  void ReadRules() {
    for (const ir::ClassifyRow& row : t_.classify) {
      hir::Raise& raise = policy_.raises.emplace_back();
      raise.condition = Condition(row.condition);
      raise.label = {row.word};
      raise.trusting_caller = row.trusting_caller;
    }
    for (const ir::RouteRow& row : t_.route) {
      hir::Route& route = policy_.routes.emplace_back();
      if (row.condition.count > 0) route.condition = Condition(row.condition);
      route.deny = row.deny;
      route.reason = t_.Text(row.reason);
      route.trusting_caller = row.trusting_caller;
      for (const uint32_t index : Indices(row.candidates)) {
        const ir::Candidate& candidate = t_.candidates[index];
        route.steps.push_back({{candidate.target}, {candidate.redaction}, {}});
      }
    }
    for (const ir::RequireRow& row : t_.require)
      policy_.requirements.push_back(
          {std::string(t_.Text(row.title)), Condition(row.condition), row.trusting_caller, {}});
    for (const ir::GuaranteeRow& row : t_.guarantees) {
      hir::Guarantee& guarantee = policy_.guarantees.emplace_back();
      guarantee.title = t_.Text(row.title);
      guarantee.never = row.never;
      guarantee.about_candidates = row.about_candidates;
      if (row.when.count > 0) guarantee.when = Condition(row.when, t_.proof_nodes, t_.proof_facts);
      guarantee.property = Condition(row.property, t_.proof_nodes, t_.proof_facts);
    }
  }

  Expr Condition(ir::Range range) const { return Condition(range, t_.nodes, t_.facts); }

  Expr Condition(ir::Range range, const std::vector<ir::Node>& nodes,
                 const std::vector<ir::Fact>& facts) const {
    std::vector<Expr> stack;
    for (uint32_t i = range.begin; i < range.begin + range.count; ++i) {
      const ir::Node& node = nodes[i];
      Expr expr;
      switch (node.kind) {
        case ir::NodeKind::kFact:
          expr = FactExpr(facts[node.value]);
          break;
        case ir::NodeKind::kNotFact:
          expr.kind = Expr::Kind::kNot;
          expr.operands.push_back(FactExpr(facts[node.value]));
          break;
        case ir::NodeKind::kTrue:
        case ir::NodeKind::kFalse:
          expr.kind = node.kind == ir::NodeKind::kTrue ? Expr::Kind::kTrue : Expr::Kind::kFalse;
          break;
        case ir::NodeKind::kAnd:
        case ir::NodeKind::kOr:
          expr.kind = node.kind == ir::NodeKind::kAnd ? Expr::Kind::kAnd : Expr::Kind::kOr;
          expr.operands.assign(std::make_move_iterator(stack.end() - node.value),
                               std::make_move_iterator(stack.end()));
          stack.erase(stack.end() - node.value, stack.end());
          break;
      }
      stack.push_back(std::move(expr));
    }
    return stack.empty() ? Expr{} : std::move(stack.back());
  }

  Expr FactExpr(const ir::Fact& fact) const {
    Expr expr;
    expr.kind = Expr::Kind::kAtom;
    Atom& atom = expr.atom;
    atom.op = hir::CompareOp::kGreaterEqual;
    atom.attribute.value = fact.attribute;
    atom.number = fact.number;
    atom.label = {fact.word};
    switch (fact.kind) {
      case ir::FactKind::kTier:
        atom.detectors = Detectors(fact.detectors);
        atom.at_firing = false;
        atom.tier = static_cast<Tier>(fact.number);
        break;
      case ir::FactKind::kCount:
      case ir::FactKind::kDistinct:
        atom.kind = fact.kind == ir::FactKind::kCount ? Atom::Kind::kCount : Atom::Kind::kDistinct;
        atom.detectors = Detectors(fact.detectors);
        break;
      case ir::FactKind::kMember:
        return MemberExpr(fact, std::move(expr));
      case ir::FactKind::kText:
        atom.kind = Atom::Kind::kIn;
        atom.texts = Texts(fact.members);
        break;
      case ir::FactKind::kAtLeast:
        atom.kind = Atom::Kind::kCompare;
        break;
      case ir::FactKind::kHas:
        atom.kind = Atom::Kind::kHas;
        if (t_.attributes[fact.attribute].type == AttributeType::kEnumSet) {
          atom.members = Indices(fact.members);
        } else {
          atom.texts = Texts(fact.members);
        }
        break;
      case ir::FactKind::kLabelAtLeast:
      case ir::FactKind::kLabelAtMost:
        atom.kind = Atom::Kind::kCompare;
        if (fact.kind == ir::FactKind::kLabelAtMost) atom.op = hir::CompareOp::kLessEqual;
        break;
      case ir::FactKind::kPresent:
        atom.kind = Atom::Kind::kPresent;
        break;
      case ir::FactKind::kLevel:
      case ir::FactKind::kSentLevel:
        atom.kind = Atom::Kind::kLabel;
        atom.whose = fact.kind == ir::FactKind::kLevel ? hir::LabelOf::kRequest : hir::LabelOf::kSent;
        break;
      case ir::FactKind::kTarget:
      case ir::FactKind::kRedaction:
        atom.kind = fact.kind == ir::FactKind::kTarget ? Atom::Kind::kTarget : Atom::Kind::kRedaction;
        atom.members = Indices(fact.members);
        break;
      case ir::FactKind::kDenied:
        atom.kind = Atom::Kind::kDenied;
        break;
      case ir::FactKind::kUndecided:
        atom.kind = Atom::Kind::kUndecided;
        break;
    }
    return expr;
  }

  // Of a bool, index 1 is true and 0 false; naming both, or neither, still asks whether it is known.
  Expr MemberExpr(const ir::Fact& fact, Expr expr) const {
    const std::vector<uint32_t> members = Indices(fact.members);
    if (t_.attributes[fact.attribute].type != AttributeType::kBool) {
      expr.atom.kind = Atom::Kind::kIn;
      expr.atom.members = members;
      return expr;
    }
    expr.atom.kind = Atom::Kind::kBool;
    Expr opposite;
    opposite.kind = Expr::Kind::kNot;
    opposite.operands.push_back(expr);
    Expr any;
    any.kind = members.empty() ? Expr::Kind::kAnd : Expr::Kind::kOr;
    if (members.empty()) any.operands = {expr, opposite};
    for (const uint32_t member : members) any.operands.push_back(member == 1 ? expr : opposite);
    return any;
  }

  const ir::Tables& t_;
  hir::Policy policy_;
};

// Both say the same of every request: labels of the original and of what each redaction leaves, fates,
// candidates.
std::string FirstDifference(Formula& one, Formula& other, Aig& aig, Questions& questions) {
  const auto differ = [&](Lit a, Lit b) { return questions.Ask(aig.Xor(a, b)).answer != Answer::kNo; };
  if (differ(one.admitted(), other.admitted())) return "who is turned away";
  for (size_t bit = 0; bit < 64; ++bit)
    if (differ(one.label()[bit], other.label()[bit])) return "the label of a request";
  if (differ(one.walk().denied, other.walk().denied)) return "who is denied";
  if (differ(one.walk().undecided, other.walk().undecided)) return "who is undecided";
  if (one.meaning().candidates() != other.meaning().candidates()) return "the candidates";
  if (one.walk().hit.size() != other.walk().hit.size()) return "the number of rules";
  for (size_t i = 0; i < one.walk().hit.size(); ++i)
    if (differ(one.walk().hit[i], other.walk().hit[i])) return "which rule decides";
  for (size_t i = 0; i < one.remaining().size(); ++i) {
    if (differ(one.remaining()[i], other.remaining()[i])) return "where a request may go";
    const auto& sent = one.meaning().SentLabel(i);
    const auto& also_sent = other.meaning().SentLabel(i);
    for (size_t bit = 0; bit < 64; ++bit)
      if (differ(sent[bit], also_sent[bit])) return "the label of what is sent";
  }
  const auto broken = [&](Formula& formula, const hir::Guarantee& guarantee) {
    return formula.meaning().Broken(guarantee, formula.label(), formula.walk(), formula.remaining());
  };
  for (size_t i = 0; i < one.policy().guarantees.size(); ++i)
    if (differ(broken(one, one.policy().guarantees[i]), broken(other, other.policy().guarantees[i])))
      return "a guarantee";
  return {};
}

}  // namespace

hir::Policy PolicyOf(const ir::Tables& tables) { return Reader(tables).Read(); }

std::string DifferenceOf(const hir::Policy& policy, const ir::Tables& tables) {
  hir::Policy read = PolicyOf(tables);
  if (read.detectors.size() != policy.detectors.size()) return "the detectors";
  if (read.guarantees.size() != policy.guarantees.size()) return "the guarantees";
  for (size_t i = 0; i < read.detectors.size(); ++i)
    if (read.detectors[i].firing != policy.detectors[i].firing) return "when a detector fires";
  read.detectors = policy.detectors;  // one variable each: what they find is not decided here
  Aig aig;
  World world(aig);
  world.Note(policy);
  world.Note(read);
  world.Build();
  Formula one(policy, world);
  Formula other(read, world);
  Deferrals deferrals;
  one.Defer(deferrals);
  other.Defer(deferrals);
  Questions questions(aig, kConflictBudget, std::move(deferrals));
  return FirstDifference(one, other, aig, questions);
}

}  // namespace hpol::prove
