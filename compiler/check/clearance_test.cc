// Clearance against brute force: random small policies, every request of a small world
// evaluated straight by the meaning (DESIGN 2.2), without the model that the proof uses.
#include "compiler/check/clearance.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace hpol::check {
namespace {

using hir::Atom;
using hir::Expr;

// ---- one concrete request ----

struct Value {
  bool missing = false;
  std::string text;    // string, enum
  int64_t number = 0;  // int, bool
  Label label;
  std::vector<std::string> members;  // sets
};
struct Found {
  bool any = false;
  Tier tier = Tier::kShape;
  int64_t count = 0;  // at the firing tier
  int64_t distinct = 0;
};
struct World {
  bool unscanned = false;
  std::vector<Value> values;
  std::vector<Found> found;
};

Truth Not(Truth truth) { return static_cast<Truth>(2 - static_cast<int>(truth)); }
Truth Of(bool truth) { return truth ? Truth::kTrue : Truth::kFalse; }

bool CompareNumbers(int64_t a, hir::CompareOp op, int64_t b) {
  switch (op) {
    case hir::CompareOp::kEqual:
      return a == b;
    case hir::CompareOp::kNotEqual:
      return a != b;
    case hir::CompareOp::kLess:
      return a < b;
    case hir::CompareOp::kLessEqual:
      return a <= b;
    case hir::CompareOp::kGreater:
      return a > b;
    case hir::CompareOp::kGreaterEqual:
      return a >= b;
  }
  return false;
}

// The meaning, once more and slowly.
class Meaning {
 public:
  Meaning(const hir::Policy& policy, const World& world) : policy_(policy), world_(world) {}

  Label LabelOf(RedactionId redaction) const {
    Label label;
    Truth earlier = Truth::kFalse;
    for (const hir::Floor& floor : policy_.floors) {
      const Truth own = floor.condition ? Eval(*floor.condition, redaction, {}) : Truth::kTrue;
      if (std::min(own, Not(earlier)) != Truth::kFalse) label = label.Join(floor.label);
      earlier = std::max(earlier, own);
    }
    for (const hir::Raise& raise : policy_.raises) {
      if (Eval(raise.condition, redaction, {}) != Truth::kFalse) label = label.Join(raise.label);
    }
    if (redaction != kNoRedaction) {
      for (const hir::RedactionLine& line : policy_.redactions[redaction.value].lines) {
        for (const DetectorId id : line.detectors) {
          if (world_.found[id.value].any) label = label.Join(line.leaves);
        }
      }
    }
    return world_.unscanned ? hir::TopLabel(policy_) : label;
  }

  // Is the candidate offered, and would it be sent more than it is cleared for?
  bool Leaks(uint32_t route, uint32_t step) const {
    const Label label = LabelOf(kNoRedaction);
    const hir::Step& candidate = policy_.routes[route].steps[step];
    for (uint32_t i = 0; i <= route; ++i) {
      const hir::Route& rule = policy_.routes[i];
      const Truth truth = rule.condition ? Eval(*rule.condition, kNoRedaction, label) : Truth::kTrue;
      if (i == route) {
        if (truth != Truth::kTrue) return false;
        continue;
      }
      const bool offers =
          !rule.deny && std::any_of(rule.steps.begin(), rule.steps.end(), [&](const hir::Step& s) {
            return s.target == candidate.target && s.redaction == candidate.redaction;
          });
      if (truth == Truth::kTrue || (truth == Truth::kUnknown && !offers)) return false;
    }
    return !LabelOf(candidate.redaction).FlowsTo(policy_.targets[candidate.target.value].clearance);
  }

 private:
  Truth Eval(const Expr& expr, RedactionId redaction, Label label) const {
    switch (expr.kind) {
      case Expr::Kind::kTrue:
        return Truth::kTrue;
      case Expr::Kind::kFalse:
        return Truth::kFalse;
      case Expr::Kind::kAtom:
        return Eval(expr.atom, redaction, label);
      case Expr::Kind::kNot:
        return Not(Eval(expr.operands[0], redaction, label));
      case Expr::Kind::kAnd: {
        Truth all = Truth::kTrue;
        for (const Expr& operand : expr.operands) all = std::min(all, Eval(operand, redaction, label));
        return all;
      }
      case Expr::Kind::kOr: {
        Truth any = Truth::kFalse;
        for (const Expr& operand : expr.operands) any = std::max(any, Eval(operand, redaction, label));
        return any;
      }
    }
    return Truth::kUnknown;
  }

  bool Covered(DetectorId id, RedactionId redaction) const {
    if (redaction == kNoRedaction) return false;
    for (const hir::RedactionLine& line : policy_.redactions[redaction.value].lines) {
      if (std::find(line.detectors.begin(), line.detectors.end(), id) != line.detectors.end()) return true;
    }
    return false;
  }

  Truth Content(bool truth) const {
    if (truth) return Truth::kTrue;
    return world_.unscanned ? Truth::kUnknown : Truth::kFalse;
  }

  Truth Eval(const Atom& atom, RedactionId redaction, Label label) const {
    switch (atom.kind) {
      case Atom::Kind::kLevel:
        return Of(CompareNumbers(label.level(), atom.op, atom.label.level()));
      case Atom::Kind::kCategory:
        return Of(atom.label.FlowsTo(label));
      case Atom::Kind::kDetector: {
        bool any = false;
        for (const DetectorId id : atom.detectors) {
          if (Covered(id, redaction)) continue;
          const Found& found = world_.found[id.value];
          const Tier least = atom.at_firing ? policy_.detectors[id.value].firing : atom.tier;
          any = any || (found.any && found.tier >= least);
        }
        return Content(any);
      }
      case Atom::Kind::kCount:
      case Atom::Kind::kDistinct: {
        int64_t sum = 0;
        for (const DetectorId id : atom.detectors) {
          if (Covered(id, redaction)) continue;
          const Found& found = world_.found[id.value];
          sum += atom.kind == Atom::Kind::kCount ? found.count : found.distinct;
        }
        return Content(sum >= atom.number);
      }
      default:
        break;
    }
    const Value& value = world_.values[atom.attribute.value];
    const hir::Attribute& attribute = policy_.attributes[atom.attribute.value];
    if (atom.kind == Atom::Kind::kPresent) return Of(!value.missing);
    if (value.missing) return Truth::kUnknown;
    if (atom.kind == Atom::Kind::kBool) return Of(value.number != 0);
    if (atom.kind == Atom::Kind::kCompare) {
      if (attribute.type == AttributeType::kInt)
        return Of(CompareNumbers(value.number, atom.op, atom.number));
      if (atom.op == hir::CompareOp::kGreaterEqual) return Of(atom.label.FlowsTo(value.label));
      if (atom.op == hir::CompareOp::kLessEqual) return Of(value.label.FlowsTo(atom.label));
      return Of(value.label == atom.label);
    }
    std::vector<std::string> asked = atom.texts;
    for (const uint32_t index : atom.members) asked.push_back(attribute.members[index]);
    for (const std::string& text : asked) {
      if (atom.kind == Atom::Kind::kIn && value.text == text) return Truth::kTrue;
      if (atom.kind == Atom::Kind::kHas &&
          std::find(value.members.begin(), value.members.end(), text) != value.members.end()) {
        return Truth::kTrue;
      }
    }
    return Truth::kFalse;
  }

  const hir::Policy& policy_;
  const World& world_;
};

// ---- all requests of a small world ----

std::vector<Value> AllValues(const hir::Policy& policy, const hir::Attribute& attribute) {
  std::vector<Value> values;
  const auto add = [&values](auto set) {
    Value value;
    set(value);
    values.push_back(value);
  };
  switch (attribute.type) {
    case AttributeType::kBool:
      for (const int64_t b : {0, 1}) add([b](Value& v) { v.number = b; });
      break;
    case AttributeType::kInt:
      for (int64_t i = -1; i <= 5; ++i) add([i](Value& v) { v.number = i; });
      break;
    case AttributeType::kString:
      for (const char* text : {"a", "b", "other"}) add([text](Value& v) { v.text = text; });
      break;
    case AttributeType::kEnum:
      for (const std::string& member : attribute.members) add([&](Value& v) { v.text = member; });
      break;
    case AttributeType::kStringSet:
    case AttributeType::kEnumSet:
      for (int subset = 0; subset < 8; ++subset) {
        add([subset](Value& v) {
          const char* const names[] = {"a", "b", "c"};
          for (int i = 0; i < 3; ++i) {
            if ((subset >> i) & 1) v.members.emplace_back(names[i]);
          }
        });
      }
      break;
    case AttributeType::kLabel:
      for (int level = 0; level < static_cast<int>(policy.levels.size()); ++level) {
        for (int subset = 0; subset < 1 << policy.categories.size(); ++subset) {
          add([&](Value& v) {
            v.label = Label::Level(level);
            for (int i = 0; i < static_cast<int>(policy.categories.size()); ++i) {
              if ((subset >> i) & 1) v.label = v.label.Join(Label::Category(i));
            }
          });
        }
      }
      break;
  }
  if (attribute.optional) add([](Value& v) { v.missing = true; });
  return values;
}

std::vector<Found> AllFound(const hir::Detector& detector) {
  std::vector<Found> all = {{}};
  if (detector.firing == Tier::kChecksum) all.push_back({true, Tier::kShape, 0, 0});
  for (int64_t count = 1; count <= 4; ++count) {
    for (int64_t distinct = 1; distinct <= count; ++distinct)
      all.push_back({true, detector.firing, count, distinct});
  }
  return all;
}

template <typename F>
void ForEachWorld(const hir::Policy& policy, const F& visit) {
  std::vector<std::vector<Value>> values;
  std::vector<std::vector<Found>> found;
  for (const hir::Attribute& attribute : policy.attributes) values.push_back(AllValues(policy, attribute));
  for (const hir::Detector& detector : policy.detectors) found.push_back(AllFound(detector));
  std::vector<size_t> sizes = {2};
  for (const auto& v : values) sizes.push_back(v.size());
  for (const auto& f : found) sizes.push_back(f.size());
  std::vector<size_t> at(sizes.size(), 0);
  World world;
  world.values.resize(values.size());
  world.found.resize(found.size());
  while (true) {
    world.unscanned = at[0] == 1;
    for (size_t i = 0; i < values.size(); ++i) world.values[i] = values[i][at[1 + i]];
    for (size_t i = 0; i < found.size(); ++i) world.found[i] = found[i][at[1 + values.size() + i]];
    visit(world);
    size_t digit = 0;
    while (digit < at.size() && ++at[digit] == sizes[digit]) at[digit++] = 0;
    if (digit == at.size()) return;
  }
}

// ---- random policies ----

class Generator {
 public:
  explicit Generator(uint32_t seed) : random_(seed) {}

  hir::Policy Make() {
    hir::Policy policy;
    policy.levels = {"public", "internal", "confidential"};
    if (Chance(30)) policy.levels.pop_back();
    policy.categories = {"pseudonymous", "pii"};
    AddAttributes(policy);
    AddDetectors(policy);
    AddClassify(policy);
    AddRedactions(policy);
    AddTargets(policy);
    AddRoutes(policy);
    return policy;
  }

 private:
  uint32_t Below(size_t n) { return static_cast<uint32_t>(random_() % n); }
  bool Chance(uint32_t percent) { return Below(100) < percent; }

  void AddAttributes(hir::Policy& policy) {
    for (uint32_t i = Below(3); i > 0; --i) {
      hir::Attribute attribute;
      attribute.name = "attribute" + std::to_string(i);
      attribute.type = static_cast<AttributeType>(Below(7));
      attribute.optional = Chance(40);
      attribute.members = {"a", "b", "c"};
      if (attribute.type == AttributeType::kLabel && !policy.attributes.empty())
        attribute.type = AttributeType::kEnum;
      policy.attributes.push_back(attribute);
    }
  }

  void AddDetectors(hir::Policy& policy) {
    for (uint32_t i = Below(3); i > 0; --i) {
      hir::Detector detector;
      detector.name = "detector" + std::to_string(i);
      if (Chance(40)) {
        detector.validator = 1;
        detector.firing = Tier::kChecksum;
      }
      policy.detectors.push_back(detector);
    }
  }

  Label RandomLabel(const hir::Policy& policy) {
    Label label = Label::Level(static_cast<int>(Below(policy.levels.size())));
    if (Chance(30)) label = label.Join(Label::Category(1));
    return label;
  }

  Expr AttributeExpr(const hir::Policy& policy) {
    Expr expr;
    expr.kind = Expr::Kind::kAtom;
    Atom& atom = expr.atom;
    atom.attribute.value = Below(policy.attributes.size());
    const hir::Attribute& attribute = policy.attributes[atom.attribute.value];
    if (Chance(15)) {
      atom.kind = Atom::Kind::kPresent;
      return expr;
    }
    switch (attribute.type) {
      case AttributeType::kBool:
        atom.kind = Atom::Kind::kBool;
        break;
      case AttributeType::kInt:
        atom.kind = Atom::Kind::kCompare;
        atom.op = static_cast<hir::CompareOp>(Below(6));
        atom.number = Below(5);
        break;
      case AttributeType::kString:
      case AttributeType::kStringSet:
        atom.kind = attribute.type == AttributeType::kString ? Atom::Kind::kIn : Atom::Kind::kHas;
        atom.texts = {Chance(50) ? "a" : "b"};
        break;
      case AttributeType::kEnum:
      case AttributeType::kEnumSet:
        atom.kind = attribute.type == AttributeType::kEnum ? Atom::Kind::kIn : Atom::Kind::kHas;
        atom.members = {Below(3)};
        if (Chance(50)) atom.members.push_back((atom.members[0] + 1) % 3);
        break;
      case AttributeType::kLabel:
        atom.kind = Atom::Kind::kCompare;
        atom.op = Chance(50) ? hir::CompareOp::kGreaterEqual : hir::CompareOp::kLessEqual;
        if (Chance(20)) atom.op = hir::CompareOp::kEqual;
        atom.label = RandomLabel(policy);
        break;
    }
    return expr;
  }

  Expr DetectorExpr(const hir::Policy& policy) {
    Expr expr;
    expr.kind = Expr::Kind::kAtom;
    Atom& atom = expr.atom;
    atom.detectors = {DetectorId{Below(policy.detectors.size())}};
    if (policy.detectors.size() > 1 && Chance(40)) atom.detectors = {DetectorId{0}, DetectorId{1}};
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
    atom.number = 1 + Below(3);
    return expr;
  }

  Expr LabelExpr(const hir::Policy& policy) {
    Expr expr;
    expr.kind = Expr::Kind::kAtom;
    if (Chance(25)) {
      expr.atom.kind = Atom::Kind::kCategory;
      expr.atom.label = Label::Category(static_cast<int>(Below(2)));
    } else {
      expr.atom.kind = Atom::Kind::kLevel;
      expr.atom.op = static_cast<hir::CompareOp>(Below(6));
      expr.atom.label = Label::Level(static_cast<int>(Below(policy.levels.size())));
    }
    return expr;
  }

  Expr Condition(const hir::Policy& policy, bool content, bool label, int depth) {
    if (depth > 0 && Chance(60)) {
      Expr expr;
      expr.kind = Chance(50) ? Expr::Kind::kAnd : Expr::Kind::kOr;
      expr.operands.push_back(Condition(policy, content, label, depth - 1));
      expr.operands.push_back(Condition(policy, content, label, depth - 1));
      return expr;
    }
    if (content && !policy.detectors.empty() && Chance(60)) return DetectorExpr(policy);
    Expr expr;
    if (label && Chance(60)) {
      expr = LabelExpr(policy);
    } else if (!policy.attributes.empty()) {
      expr = AttributeExpr(policy);
    } else {
      return expr;
    }
    if (Chance(30)) {
      Expr negation;
      negation.kind = Expr::Kind::kNot;
      negation.operands.push_back(expr);
      return negation;
    }
    return expr;
  }

  void AddClassify(hir::Policy& policy) {
    if (Chance(50)) policy.floors.push_back({Condition(policy, false, false, 1), RandomLabel(policy), {}});
    policy.floors.push_back({std::nullopt, Label::Level(static_cast<int>(Below(2))), {}});
    for (uint32_t i = Below(4); i > 0; --i) {
      policy.raises.push_back({Condition(policy, true, false, 1), RandomLabel(policy), {}});
    }
  }

  void AddRedactions(hir::Policy& policy) {
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

  void AddTargets(hir::Policy& policy) {
    policy.zones.push_back({});
    for (uint32_t i = 2 + Below(2); i > 0; --i) {
      hir::Target target;
      target.name = "target" + std::to_string(i);
      target.clearance = RandomLabel(policy);
      if (Chance(40)) target.clearance = target.clearance.Join(Label::Category(0));
      if (Chance(20)) target.clearance = hir::TopLabel(policy);
      policy.targets.push_back(target);
    }
  }

  void AddRoutes(hir::Policy& policy) {
    for (uint32_t i = 1 + Below(4); i > 0; --i) {
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

  std::mt19937 random_;
};

// Could `world` be the example, with nothing found but what it names?
bool IsExample(const hir::Policy& policy, const ExampleRequest& example, const World& world) {
  if (example.unscanned != world.unscanned) return false;
  for (uint32_t i = 0; i < world.found.size(); ++i) {
    const auto it = std::find_if(example.findings.begin(), example.findings.end(),
                                 [i](const ExampleFinding& f) { return f.detector.value == i; });
    if (it == example.findings.end()) {
      if (world.found[i].any) return false;
      continue;
    }
    const Found& found = world.found[i];
    if (!found.any || (found.count > 0) != it->firing) return false;
    if (it->firing && (found.count != it->count || found.distinct != it->distinct)) return false;
  }
  for (const ExampleAttribute& one : example.attributes) {
    const Value& value = world.values[one.attribute.value];
    const hir::Attribute& attribute = policy.attributes[one.attribute.value];
    if (value.missing != one.missing) return false;
    if (value.missing) continue;
    const auto has = [&value](const std::string& m) {
      return std::find(value.members.begin(), value.members.end(), m) != value.members.end();
    };
    switch (attribute.type) {
      case AttributeType::kStringSet:
      case AttributeType::kEnumSet:
        if (!std::all_of(one.values.begin(), one.values.end(), has)) return false;
        if (std::any_of(one.absent.begin(), one.absent.end(), has)) return false;
        break;
      case AttributeType::kString:
      case AttributeType::kEnum:
        if (one.other ? value.text != "other" : one.values.front() != value.text) return false;
        break;
      case AttributeType::kBool:
        if ((value.number != 0) != (one.values.front() == "true")) return false;
        break;
      case AttributeType::kInt:
        if (std::to_string(value.number) != one.values.front()) return false;
        break;
      case AttributeType::kLabel:
        if (hir::LabelText(value.label, policy.levels, policy.categories) != one.values.front()) return false;
        break;
    }
  }
  return true;
}

TEST(ProveClearance, AgreesWithBruteForceOnRandomPolicies) {
  size_t proved = 0;
  size_t leaks = 0;
  for (uint32_t seed = 1; seed <= 400; ++seed) {
    const hir::Policy policy = Generator(seed).Make();
    const std::vector<CandidateVerdict> verdicts = ProveClearance(policy);
    for (const uint64_t budget : {1, 30, 300}) {
      const std::vector<CandidateVerdict> hasty = ProveClearance(policy, budget);
      for (size_t i = 0; i < verdicts.size(); ++i) {
        if (hasty[i].verdict == Verdict::kOpen) continue;
        EXPECT_EQ(hasty[i].verdict, verdicts[i].verdict) << "seed " << seed << ", budget " << budget;
      }
    }
    std::vector<bool> leaking(verdicts.size(), false);
    std::vector<bool> example_leaks(verdicts.size(), false);
    ForEachWorld(policy, [&](const World& world) {
      const Meaning meaning(policy, world);
      for (size_t i = 0; i < verdicts.size(); ++i) {
        if (!meaning.Leaks(verdicts[i].route, verdicts[i].step)) continue;
        leaking[i] = true;
        if (verdicts[i].verdict != Verdict::kLeaks) continue;
        if (!IsExample(policy, verdicts[i].example, world)) continue;
        const hir::Step& step = policy.routes[verdicts[i].route].steps[verdicts[i].step];
        if (meaning.LabelOf(kNoRedaction) == verdicts[i].example.label &&
            meaning.LabelOf(step.redaction) == verdicts[i].example.sent) {
          example_leaks[i] = true;
        }
      }
    });
    for (size_t i = 0; i < verdicts.size(); ++i) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ", rule " + std::to_string(verdicts[i].route) +
                   ", step " + std::to_string(verdicts[i].step));
      if (leaking[i]) {
        EXPECT_EQ(verdicts[i].verdict, Verdict::kLeaks);
        EXPECT_TRUE(example_leaks[i]) << "the example is no leak";
        ++leaks;
      } else {
        EXPECT_EQ(verdicts[i].verdict, Verdict::kProved);
        ++proved;
      }
    }
  }
  // Both answers must occur often enough to mean something.
  EXPECT_GT(proved, 200u);
  EXPECT_GT(leaks, 200u);
}

// ---- what the model cannot hold ----

hir::Policy TinyPolicy() {
  hir::Policy policy;
  policy.levels = {"public", "internal"};
  policy.categories = {"pseudonymous"};
  policy.zones.push_back({});
  hir::Target cloud;
  cloud.name = "cloud";
  policy.targets.push_back(cloud);
  policy.floors.push_back({std::nullopt, Label::Level(0), {}});
  hir::Route route;
  Expr is_public;
  is_public.kind = Expr::Kind::kAtom;
  is_public.atom.kind = Atom::Kind::kLevel;
  is_public.atom.op = hir::CompareOp::kEqual;
  route.condition = is_public;
  hir::Step step;
  step.target.value = 0;
  route.steps.push_back(step);
  policy.routes.push_back(route);
  return policy;
}

TEST(ProveClearance, LargeCountsStayOpenButProveWhatTheyCannotChange) {
  hir::Policy policy = TinyPolicy();
  policy.detectors.emplace_back();
  Expr many;
  many.kind = Expr::Kind::kAtom;
  many.atom.kind = Atom::Kind::kCount;
  many.atom.detectors = {DetectorId{0}};
  many.atom.number = 1'000'000;
  policy.raises.push_back({many, Label::Level(1), {}});
  // Level public is asked for, so the raise cannot have happened, whatever is counted.
  EXPECT_EQ(ProveClearance(policy)[0].verdict, Verdict::kProved);
  // Where the rule asks nothing, the count decides, which nobody knows here. (Content that cannot
  // be scanned would leak by itself, so an earlier rule takes it.)
  hir::Route top = policy.routes[0];
  top.deny = true;
  top.steps.clear();
  top.condition->atom.kind = Atom::Kind::kCategory;
  top.condition->atom.label = Label::Category(0);
  policy.routes.insert(policy.routes.begin(), top);
  policy.routes[1].condition.reset();
  EXPECT_EQ(ProveClearance(policy)[0].verdict, Verdict::kOpen);
}

TEST(ProveClearance, ManyDetectorsAndInputsAreProvedWithoutEnumeratingThem) {
  hir::Policy policy = TinyPolicy();
  for (uint32_t i = 0; i < 60; ++i) {
    policy.detectors.emplace_back();
    Expr found;
    found.kind = Expr::Kind::kAtom;
    found.atom.detectors = {DetectorId{i}};
    policy.raises.push_back({found, Label::Level(1), {}});
  }
  EXPECT_EQ(ProveClearance(policy)[0].verdict, Verdict::kProved);
}

}  // namespace
}  // namespace hpol::check
