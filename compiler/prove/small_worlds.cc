#include "compiler/prove/small_worlds.h"

#include <algorithm>

#include "compiler/prove/world.h"

namespace hpol::prove {
namespace {

using hir::Atom;
using hir::Expr;
using reference::Evidence;
using reference::Facts;
using reference::Value;

Expr AtomExpr(Atom atom) {
  Expr expr;
  expr.kind = Expr::Kind::kAtom;
  expr.atom = std::move(atom);
  return expr;
}

// ---- requests ----

std::vector<Value> ValuesOf(const hir::Policy& policy, const hir::Attribute& attribute) {
  std::vector<Value> values;
  const auto add = [&values](auto set) {
    Value value;
    value.present = true;
    set(value);
    values.push_back(value);
  };
  switch (attribute.type) {
    case AttributeType::kBool:
      for (const bool b : {false, true}) add([b](Value& v) { v.boolean = b; });
      break;
    case AttributeType::kInt:
      for (int64_t i = -1; i <= 3; ++i) add([i](Value& v) { v.number = i; });
      break;
    case AttributeType::kString:
      for (const char* text : {"a", "b", "other"}) add([text](Value& v) { v.texts = {text}; });
      break;
    case AttributeType::kEnum:
      for (uint32_t i = 0; i < attribute.members.size(); ++i) add([i](Value& v) { v.members = {i}; });
      break;
    case AttributeType::kStringSet:
    case AttributeType::kEnumSet:
      for (uint32_t subset = 0; subset < 4; ++subset) {
        add([&](Value& v) {
          for (uint32_t i = 0; i < 2; ++i) {
            if (((subset >> i) & 1) == 0) continue;
            v.members.push_back(i);
            v.texts.emplace_back(1, static_cast<char>('a' + i));
          }
          (attribute.type == AttributeType::kEnumSet ? (void)v.texts.clear() : (void)v.members.clear());
        });
      }
      break;
    case AttributeType::kLabel:
      for (int level = 0; level < static_cast<int>(policy.levels.size()); ++level) {
        for (uint64_t categories = 0; categories < 4; ++categories)
          add([&](Value& v) { v.label = Label::Level(level).Join(Label{categories << 16}); });
      }
      break;
  }
  if (attribute.optional) values.push_back({});
  return values;
}

bool CountsToThree(const hir::Policy& policy) {
  bool counts = false;
  ForEachCondition(policy, [&](const Expr& expr) {
    ForEachAtom(expr, [&](const Atom& atom) {
      counts = counts || (!atom.detectors.empty() && atom.op == hir::CompareOp::kGreater && atom.number > 1);
    });
  });
  return counts;
}

// All that one detector can find, as far as conditions count: at most two findings of each fate, or three.
std::vector<std::vector<Evidence>> HandsOf(const hir::Policy& policy, uint32_t index) {
  const hir::Detector& detector = policy.detectors[index];
  const bool three = CountsToThree(policy);
  const auto hands = [&](bool replaceable, const char* first, const char* second, const char* third) {
    const auto one = [&](Tier tier, const char* text) { return Evidence{{index}, tier, text, replaceable}; };
    const Tier firing = detector.firing;
    std::vector<std::vector<Evidence>> all = {{}, {one(firing, first)}};
    if (firing != Tier::kShape) all.push_back({one(Tier::kShape, first)});
    all.push_back({one(firing, first), one(firing, first)});
    all.push_back({one(firing, first), one(firing, second)});
    if (!three) return all;
    all.push_back({one(firing, first), one(firing, first), one(firing, first)});
    all.push_back({one(firing, first), one(firing, first), one(firing, second)});
    all.push_back({one(firing, first), one(firing, second), one(firing, third)});
    return all;
  };
  bool covered = false;
  for (const hir::Redaction& redaction : policy.redactions)
    for (const hir::RedactionLine& line : redaction.lines)
      covered = covered || std::find(line.detectors.begin(), line.detectors.end(), DetectorId{index}) !=
                               line.detectors.end();
  std::vector<std::vector<Evidence>> all = hands(true, "x", "y", "w");
  if (!covered) return all;
  std::vector<std::vector<Evidence>> both;
  for (const std::vector<Evidence>& fixed : hands(false, "x", "y", "w")) {
    for (std::vector<Evidence> hand : all) {
      hand.insert(hand.end(), fixed.begin(), fixed.end());
      both.push_back(std::move(hand));
    }
    // The same with other texts: what repeats and what does not is told apart by `distinct`.
    if (fixed.empty()) continue;
    for (std::vector<Evidence> hand : hands(true, "z", "x", "v")) {
      if (hand.empty()) continue;
      hand.insert(hand.end(), fixed.begin(), fixed.end());
      both.push_back(std::move(hand));
    }
  }
  return both;
}

}  // namespace

std::vector<Facts> AllRequests(const hir::Policy& policy) {
  std::vector<Facts> all;
  for (const bool unscanned : {false, true}) {
    for (const bool unregistered : {false, true}) {
      Facts facts;
      facts.unscanned = unscanned;
      facts.unregistered = unregistered;
      all.push_back(facts);
    }
  }
  for (const hir::Attribute& attribute : policy.attributes) {
    std::vector<Facts> more;
    for (const Value& value : ValuesOf(policy, attribute)) {
      for (Facts facts : all) {
        facts.attributes.push_back(value);
        more.push_back(std::move(facts));
      }
    }
    all = std::move(more);
  }
  for (uint32_t i = 0; i < policy.detectors.size(); ++i) {
    std::vector<Facts> more;
    for (const std::vector<Evidence>& hand : HandsOf(policy, i)) {
      for (Facts facts : all) {
        facts.findings.insert(facts.findings.end(), hand.begin(), hand.end());
        more.push_back(std::move(facts));
      }
    }
    all = std::move(more);
  }
  return all;
}

// ---- policies ----

hir::Policy SmallPolicies::Make() {
  hir::Policy policy;
  policy.levels = {"public", "internal"};
  if (Chance(30)) policy.levels.emplace_back("confidential");
  policy.categories = {"pseudonymous", "pii"};
  AddInputs(policy);
  AddDetectors(policy);
  AddClassify(policy);
  AddRedactions(policy);
  AddTargets(policy);
  AddRoutes(policy);
  AddGuarantees(policy);
  return policy;
}

Expr SmallPolicies::AboutOutcome(const hir::Policy& policy, bool candidates) {
  if (!candidates && Chance(30)) {
    Atom atom;
    atom.kind = Chance(50) ? Atom::Kind::kDenied : Atom::Kind::kUndecided;
    return AtomExpr(atom);
  }
  if (candidates && Chance(50)) {
    Atom atom;
    switch (Below(5)) {
      case 0:
        atom.kind = Atom::Kind::kTarget;
        atom.members = {Below(policy.targets.size())};
        break;
      case 1:
        atom.kind = Atom::Kind::kZone;
        atom.members = {Below(policy.zones.size())};
        break;
      case 2:
        atom.kind = Atom::Kind::kRegion;
        atom.texts = {"us"};
        break;
      case 3:
        if (!policy.redactions.empty()) {
          atom.kind = Atom::Kind::kRedaction;
          atom.members = {Below(policy.redactions.size())};
          break;
        }
        [[fallthrough]];
      default:
        atom.kind = Atom::Kind::kTrusted;
    }
    return AtomExpr(atom);
  }
  Expr expr = AboutLabel(policy);
  if (Chance(25)) {
    expr.atom.kind = Atom::Kind::kLabel;
    expr.atom.op = Chance(50) ? hir::CompareOp::kLessEqual : hir::CompareOp::kGreaterEqual;
    expr.atom.label = RandomLabel(policy);
  }
  if (candidates && Chance(50)) expr.atom.whose = hir::LabelOf::kSent;
  return expr;
}

void SmallPolicies::AddGuarantees(hir::Policy& policy) {
  if (!policy.attributes.empty() && Chance(30)) {
    hir::Requirement& requirement = policy.requirements.emplace_back();
    requirement.condition = AboutInput(policy);
  }
  for (uint32_t i = Below(3); i > 0; --i) {
    hir::Guarantee guarantee;
    guarantee.title = "guarantee " + std::to_string(i);
    guarantee.about_candidates = Chance(60);
    guarantee.never = Chance(50);
    Expr both;
    both.kind = Chance(50) ? Expr::Kind::kAnd : Expr::Kind::kOr;
    both.operands = {AboutOutcome(policy, guarantee.about_candidates),
                     AboutOutcome(policy, guarantee.about_candidates)};
    if (Chance(30)) both.operands.push_back(Condition(policy, true, true, 1));
    guarantee.property = std::move(both);
    if (Chance(50)) guarantee.when = Condition(policy, true, true, 1);
    policy.guarantees.push_back(std::move(guarantee));
  }
}

void SmallPolicies::AddInputs(hir::Policy& policy) {
  for (uint32_t i = Below(3); i > 0; --i) {
    hir::Attribute attribute;
    attribute.name = "input" + std::to_string(i);
    attribute.type = static_cast<AttributeType>(Below(7));
    attribute.source = static_cast<Source>(1 + Below(3));
    attribute.optional = Chance(40);
    attribute.members = {"a", "b"};
    if (Chance(30)) attribute.members.emplace_back("c");
    policy.attributes.push_back(attribute);
  }
}

void SmallPolicies::AddDetectors(hir::Policy& policy) {
  for (uint32_t i = Below(3); i > 0; --i) {
    hir::Detector detector;
    detector.name = "detector" + std::to_string(i);
    detector.patterns.push_back({detector.name, {}, false, false});
    if (Chance(40)) {
      detector.validator = 1;
      detector.firing = Tier::kChecksum;
    }
    policy.detectors.push_back(detector);
  }
}

Label SmallPolicies::RandomLabel(const hir::Policy& policy) {
  Label label = Label::Level(static_cast<int>(Below(policy.levels.size())));
  if (Chance(30)) label = label.Join(Label::Category(1));
  return label;
}

Expr SmallPolicies::AboutInput(const hir::Policy& policy) {
  Atom atom;
  atom.attribute.value = Below(policy.attributes.size());
  const hir::Attribute& attribute = policy.attributes[atom.attribute.value];
  if (Chance(15)) {
    atom.kind = Atom::Kind::kPresent;
    return AtomExpr(atom);
  }
  const auto members = static_cast<uint32_t>(attribute.members.size());
  switch (attribute.type) {
    case AttributeType::kBool:
      atom.kind = Atom::Kind::kBool;
      break;
    case AttributeType::kInt:
      atom.kind = Atom::Kind::kCompare;
      atom.op = static_cast<hir::CompareOp>(Below(6));
      atom.number = Below(3);
      break;
    case AttributeType::kString:
    case AttributeType::kStringSet:
      atom.kind = attribute.type == AttributeType::kString ? Atom::Kind::kIn : Atom::Kind::kHas;
      atom.texts = {Chance(50) ? "a" : "b"};
      break;
    case AttributeType::kEnum:
      atom.kind = Atom::Kind::kIn;
      atom.members = {Below(members)};
      if (Chance(50)) atom.members.push_back((atom.members[0] + 1) % members);
      break;
    case AttributeType::kEnumSet:
      atom.kind = Atom::Kind::kHas;
      atom.members = {Below(2)};
      break;
    case AttributeType::kLabel:
      atom.kind = Atom::Kind::kCompare;
      atom.op = static_cast<hir::CompareOp>(Below(6));
      atom.label = RandomLabel(policy);
      break;
  }
  return AtomExpr(atom);
}

Expr SmallPolicies::AboutFindings(const hir::Policy& policy) {
  Atom atom;
  const bool both = policy.detectors.size() > 1 && Chance(40);
  atom.detectors = {DetectorId{Below(policy.detectors.size())}};
  if (both) atom.detectors = {DetectorId{0}, DetectorId{1}};
  atom.op = Chance(80) ? hir::CompareOp::kGreaterEqual : hir::CompareOp::kGreater;
  atom.number = 1 + Below(2);
  // Where there are no inputs, requests are enumerated with three findings of each fate; else with two.
  if (atom.op == hir::CompareOp::kGreater) atom.number = policy.attributes.empty() ? 1 + Below(2) : 1;
  switch (Below(4)) {
    case 0:
      break;
    case 1:
      atom.at_firing = false;
      atom.tier = static_cast<Tier>(Below(3));
      break;
    case 2:
      atom.kind = Atom::Kind::kCount;
      break;
    default:
      atom.kind = Atom::Kind::kDistinct;
      break;
  }
  return AtomExpr(atom);
}

Expr SmallPolicies::AboutLabel(const hir::Policy& policy) {
  Atom atom;
  if (Chance(25)) {
    atom.kind = Atom::Kind::kCategory;
    atom.label = Label::Category(static_cast<int>(Below(2)));
  } else {
    atom.kind = Atom::Kind::kLevel;
    atom.op = static_cast<hir::CompareOp>(Below(6));
    atom.label = Label::Level(static_cast<int>(Below(policy.levels.size())));
  }
  return AtomExpr(atom);
}

Expr SmallPolicies::Condition(const hir::Policy& policy, bool content, bool label, int depth) {
  Expr expr;
  if (depth > 0 && Chance(60)) {
    expr.kind = Chance(50) ? Expr::Kind::kAnd : Expr::Kind::kOr;
    expr.operands.push_back(Condition(policy, content, label, depth - 1));
    expr.operands.push_back(Condition(policy, content, label, depth - 1));
    return expr;
  }
  if (content && !policy.detectors.empty() && Chance(60)) return AboutFindings(policy);
  if (label && Chance(60)) {
    expr = AboutLabel(policy);
  } else if (!policy.attributes.empty()) {
    expr = AboutInput(policy);
  } else {
    return expr;
  }
  if (!Chance(30)) return expr;
  Expr negation;
  negation.kind = Expr::Kind::kNot;
  negation.operands.push_back(std::move(expr));
  return negation;
}

void SmallPolicies::AddClassify(hir::Policy& policy) {
  if (Chance(50)) policy.floors.push_back({Condition(policy, false, false, 1), RandomLabel(policy), {}});
  policy.floors.push_back({std::nullopt, Label::Level(static_cast<int>(Below(2))), {}});
  for (uint32_t i = Below(4); i > 0; --i) {
    hir::Raise& raise = policy.raises.emplace_back();
    raise.condition = Condition(policy, true, false, 1);
    raise.label = RandomLabel(policy);
  }
}

void SmallPolicies::AddRedactions(hir::Policy& policy) {
  if (policy.detectors.empty()) return;
  for (uint32_t i = Below(3); i > 0; --i) {
    hir::Redaction redaction;
    for (uint32_t d = 0; d < policy.detectors.size(); ++d) {
      if (Chance(40)) continue;
      hir::RedactionLine line;
      line.detectors = {DetectorId{d}};
      if (Chance(40)) line.leaves = Label::Category(0);
      redaction.lines.push_back(line);
    }
    policy.redactions.push_back(redaction);
  }
}

void SmallPolicies::AddTargets(hir::Policy& policy) {
  policy.zones.emplace_back();
  policy.zones.emplace_back().trusted = true;
  for (uint32_t i = 2 + Below(2); i > 0; --i) {
    hir::Target target;
    target.name = "target" + std::to_string(i);
    target.zone.value = Below(2);
    target.region = Chance(50) ? "us" : "eu";
    target.clearance = RandomLabel(policy);
    if (Chance(40)) target.clearance = target.clearance.Join(Label::Category(0));
    if (Chance(20)) target.clearance = hir::TopLabel(policy);
    policy.targets.push_back(target);
  }
}

void SmallPolicies::AddRoutes(hir::Policy& policy) {
  for (uint32_t i = 1 + Below(3); i > 0; --i) {
    hir::Route route;
    route.deny = Chance(20);
    if (i > 1 || Chance(40)) route.condition = Condition(policy, route.deny, true, 2);
    for (uint32_t step = route.deny ? 0 : 1 + Below(2); step > 0; --step) {
      hir::Step one;
      one.target.value = Below(policy.targets.size());
      if (!policy.redactions.empty() && Chance(60)) one.redaction.value = Below(policy.redactions.size());
      route.steps.push_back(one);
    }
    policy.routes.push_back(route);
  }
}

}  // namespace hpol::prove
