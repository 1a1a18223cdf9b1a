// Any condition, written as HIR and read by the meaning, is the condition that plan writes,
// read by the interpreter: for random conditions and random facts, unknown ones among them.
#include "compiler/plan/conditions.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "compiler/ir/ir.h"
#include "compiler/plan/interpret_for_test.h"
#include "compiler/reference/hir_build.h"
#include "compiler/reference/meaning.h"

namespace hpol::plan {
namespace {

using namespace hir_build;  // NOLINT(google-build-using-namespace): the words of these tests

constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}
  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(engine_() % n); }
  bool Coin() { return Below(2) == 0; }
  template <typename T>
  const T& Pick(const std::vector<T>& from) {
    return from[Below(static_cast<uint32_t>(from.size()))];
  }

 private:
  std::mt19937_64 engine_;
};

// One attribute of every type, three detectors of two firing tiers.
hir::Policy Vocabulary() {
  hir::Policy policy = Skeleton();
  policy.attributes = {Declare("b", AttributeType::kBool, true),
                       Declare("n", AttributeType::kInt, true),
                       Declare("t", AttributeType::kString, true),
                       Declare("e", AttributeType::kEnum, true, {"x", "y", "z"}),
                       Declare("ts", AttributeType::kStringSet, true),
                       Declare("es", AttributeType::kEnumSet, true, {"x", "y", "z"}),
                       Declare("l", AttributeType::kLabel, true)};
  policy.detectors = {Detect("d0", "a"), Detect("d1", "b"), Detect("d2", "c")};
  policy.detectors[1].firing = Tier::kChecksum;
  return policy;
}

Label RandomLabel(Random& random) {
  Label label = Label::Level(static_cast<int>(random.Below(3)));
  for (int i = 0; i < 3; ++i)
    if (random.Below(3) == 0) label = label.Join(Label::Category(i));
  return label;
}

CompareOp RandomOp(Random& random) { return static_cast<CompareOp>(random.Below(6)); }
int64_t RandomNumber(Random& random) {
  return random.Pick<int64_t>({kMin, kMin + 1, -1, 0, 1, 2, kMax - 1, kMax});
}

Expr RandomAtom(Random& random) {
  const auto detectors = [&] {
    std::vector<uint32_t> all;
    for (uint32_t i = 0; i < 3; ++i)
      if (random.Coin()) all.push_back(i);
    return all;
  };
  switch (random.Below(12)) {
    case 0:
      return Found(detectors());
    case 1: {
      Expr expr = TierAtLeast(random.Below(3), static_cast<Tier>(random.Below(3)));
      if (random.Coin()) expr.atom.op = CompareOp::kGreater;
      return expr;
    }
    case 2: {
      Expr expr = Count(detectors(), static_cast<int64_t>(random.Below(4)),
                        random.Coin() ? Atom::Kind::kCount : Atom::Kind::kDistinct);
      if (random.Coin()) expr.atom.op = CompareOp::kGreater;
      return expr;
    }
    case 3:
      return Flag(0);
    case 4:
      return Int(1, RandomOp(random), RandomNumber(random));
    case 5:
      return InTexts(2,
                     random.Coin() ? std::vector<std::string>{"p"} : std::vector<std::string>{"q", "p", "q"});
    case 6:
      return In(3, random.Coin() ? std::vector<uint32_t>{} : std::vector<uint32_t>{2, random.Below(3)});
    case 7: {
      Expr expr = OnAttribute(Atom::Kind::kHas, 4);
      expr.atom.texts = {random.Coin() ? "p" : "q"};
      return expr;
    }
    case 8: {
      Expr expr = OnAttribute(Atom::Kind::kHas, 5);
      expr.atom.members = {random.Below(3)};
      return expr;
    }
    case 9:
      return LabelIs(6, RandomOp(random), RandomLabel(random));
    case 10:
      return random.Coin() ? Present(random.Below(7)) : Category(static_cast<int>(random.Below(3)));
    default:
      return Level(RandomOp(random), static_cast<int>(random.Below(3)));
  }
}

Expr RandomExpr(Random& random, int depth) {
  if (depth == 0 || random.Below(4) == 0)
    return random.Below(12) == 0 ? Constant(random.Coin()) : RandomAtom(random);
  if (random.Below(3) == 0) return Not(RandomExpr(random, depth - 1));
  std::vector<Expr> operands;
  for (uint32_t i = 0; i < 2 + random.Below(2); ++i) operands.push_back(RandomExpr(random, depth - 1));
  return random.Coin() ? And(std::move(operands)) : Or(std::move(operands));
}

reference::Facts RandomFacts(const hir::Policy& policy, Random& random) {
  reference::Facts facts;
  facts.unscanned = random.Below(3) == 0;
  for (uint32_t i = 0; i < random.Below(5); ++i)
    facts.findings.push_back(
        {{random.Below(3)}, static_cast<Tier>(random.Below(3)), random.Coin() ? "u" : "v", true});
  for (const hir::Attribute& attribute : policy.attributes) {
    reference::Value value;
    value.present = random.Below(3) != 0;
    if (value.present) {
      value.boolean = random.Coin();
      value.number = RandomNumber(random);
      value.label = RandomLabel(random);
      if (!attribute.members.empty()) value.members = {random.Below(3)};
      if (attribute.type == AttributeType::kString || attribute.type == AttributeType::kStringSet)
        value.texts = {random.Coin() ? "p" : "r"};
    }
    facts.attributes.push_back(value);
  }
  return facts;
}

// Tables with the attributes of the policy and three detectors, for conditions to be emitted into.
ir::Tables TablesOf(const hir::Policy& policy) {
  ir::Tables tables;
  tables.attributes.resize(policy.attributes.size());
  for (size_t i = 0; i < policy.attributes.size(); ++i) tables.attributes[i].type = policy.attributes[i].type;
  tables.detectors.resize(3);
  tables.detectors[1].firing = Tier::kChecksum;
  return tables;
}

TEST(Conditions, MeanTheSameInNegationNormalForm) {
  const hir::Policy policy = Vocabulary();
  const dsl::SourceMap no_sources;
  for (uint64_t seed = 0; seed < 4000; ++seed) {
    Random random(seed);
    const Expr expr = RandomExpr(random, 4);
    ir::Tables tables = TablesOf(policy);
    Pools pools(tables, no_sources);
    Conditions conditions(policy, tables.facts, tables.nodes, pools);
    const ir::Range range = conditions.Emit(conditions.Normalise(expr));
    for (int i = 0; i < 20; ++i) {
      const reference::Facts facts = RandomFacts(policy, random);
      const Label label = RandomLabel(random);
      std::vector<bool> bits(64);
      for (size_t bit = 0; bit < 64; ++bit) bits[bit] = (label.word >> bit) & 1;
      reference::Kleene kleene(policy, facts);
      reference::Meaning<reference::Kleene> meaning(policy, kleene);
      ASSERT_EQ(Interpreter(tables, facts, label).Condition(range),
                meaning.Condition(expr, kNoRedaction, &bits))
          << "seed " << seed << ", facts " << i << "\n"
          << hir::ExprText(expr, policy) << "\n"
          << ir::Print(tables);
    }
  }
}

// Two zones with three targets, and every pair that a guarantee could ask about.
hir::Policy Places() {
  hir::Policy policy = Vocabulary();
  policy.zones.push_back(policy.zones.front());
  policy.zones.back().trusted = false;
  const Label top = hir::TopLabel(policy);
  policy.targets = {TargetCleared("a", top), TargetCleared("b", top), TargetCleared("c", top)};
  policy.targets[1].zone = policy.targets[2].zone = ZoneId{1};
  policy.targets[0].region = "eu";
  policy.targets[2].region = "us";
  policy.redactions.resize(2);
  policy.routes = {Send({{0, kNoRedaction}, {1, {0}}, {2, {1}}, {2, kNoRedaction}})};
  return policy;
}

Expr RandomOutcomeAtom(Random& random, bool of_candidate) {
  static const std::vector<Atom::Kind> kKinds = {
      Atom::Kind::kDenied,  Atom::Kind::kUndecided, Atom::Kind::kTarget, Atom::Kind::kZone,
      Atom::Kind::kTrusted, Atom::Kind::kRegion,    Atom::Kind::kLevel,  Atom::Kind::kCategory,
      Atom::Kind::kLabel,   Atom::Kind::kRedaction};
  Expr expr = OnAttribute(random.Pick(kKinds), 0);
  expr.atom.op = RandomOp(random);
  expr.atom.label = RandomLabel(random);
  if (expr.atom.kind == Atom::Kind::kCategory)
    expr.atom.label = Label::Category(static_cast<int>(random.Below(3)));
  if (of_candidate && random.Coin()) expr.atom.whose = hir::LabelOf::kSent;
  expr.atom.members = {random.Below(2)};
  expr.atom.texts = {random.Coin() ? "eu" : "us"};
  return expr;
}

TEST(Conditions, OfGuaranteesMeanTheSame) {
  const hir::Policy policy = Places();
  const dsl::SourceMap no_sources;
  for (uint64_t seed = 0; seed < 4000; ++seed) {
    Random random(seed);
    const bool of_candidate = random.Coin();
    std::vector<Expr> operands = {RandomExpr(random, 1)};
    for (int i = 0; i < 3; ++i) {
      const Expr atom = RandomOutcomeAtom(random, of_candidate);
      operands.push_back(random.Coin() ? Not(atom) : atom);
    }
    const Expr expr = random.Coin() ? And(operands) : Or(operands);
    ir::Tables tables = TablesOf(policy);
    Pools pools(tables, no_sources);
    Conditions conditions(policy, tables.facts, tables.nodes, pools);
    const ir::Range range = conditions.Emit(conditions.Normalise(expr));
    for (int i = 0; i < 20; ++i) {
      const reference::Facts facts = RandomFacts(policy, random);
      const Label label = RandomLabel(random);
      const Label sent = RandomLabel(random);
      const auto bits_of = [](Label of) {
        std::vector<bool> bits(64);
        for (size_t bit = 0; bit < 64; ++bit) bits[bit] = (of.word >> bit) & 1;
        return bits;
      };
      const std::vector<bool> bits = bits_of(label);
      const std::vector<bool> sent_bits = bits_of(sent);
      reference::Kleene kleene(policy, facts);
      reference::Meaning<reference::Kleene> meaning(policy, kleene);
      const size_t candidate = random.Below(static_cast<uint32_t>(meaning.candidates().size()));
      const reference::CandidatePair pair = meaning.candidates()[candidate];
      Became became{of_candidate, pair.target.value, pair.redaction.value,
                    sent,         random.Coin(),     random.Coin()};
      ASSERT_EQ(Interpreter(tables, facts, label, became).Condition(range),
                meaning.ConditionOf(
                    expr, kNoRedaction,
                    {&bits, of_candidate ? &sent_bits : nullptr, candidate, became.denied, became.undecided}))
          << "seed " << seed << ", facts " << i << "\n"
          << hir::ExprText(expr, policy) << "\n"
          << ir::Print(tables);
    }
  }
}

TEST(Conditions, TheSameQuestionIsOneFact) {
  const hir::Policy policy = Vocabulary();
  const dsl::SourceMap no_sources;
  ir::Tables tables;
  Pools pools(tables, no_sources);
  Conditions conditions(policy, tables.facts, tables.nodes, pools);
  const Nnf equal = conditions.Normalise(Int(1, CompareOp::kEqual, 5));
  EXPECT_EQ(tables.facts.size(), 2u);  // >= 5 and >= 6
  conditions.Normalise(Int(1, CompareOp::kLess, 6));
  conditions.Normalise(Int(1, CompareOp::kGreater, 4));
  conditions.Normalise(Not(Int(1, CompareOp::kEqual, 5)));
  EXPECT_EQ(tables.facts.size(), 2u);
  conditions.Normalise(In(3, {2, 0}));
  conditions.Normalise(In(3, {0, 2, 2}));
  EXPECT_EQ(tables.facts.size(), 3u);
}

TEST(Conditions, ConstantsFoldAway) {
  const hir::Policy policy = Vocabulary();
  const dsl::SourceMap no_sources;
  ir::Tables tables;
  Pools pools(tables, no_sources);
  Conditions conditions(policy, tables.facts, tables.nodes, pools);
  EXPECT_EQ(conditions.Normalise(Level(CompareOp::kGreaterEqual, 0)).kind, ir::NodeKind::kTrue);
  EXPECT_EQ(conditions.Normalise(And({Flag(0), Level(CompareOp::kGreater, 2)})).kind, ir::NodeKind::kFalse);
  EXPECT_EQ(conditions.Normalise(Or({Flag(0), Level(CompareOp::kGreater, 2)})).kind, ir::NodeKind::kFact);
  EXPECT_EQ(conditions.Emit(Nnf::Constant(true)).count, 0u);
  EXPECT_EQ(conditions.Emit(Nnf::Constant(false)).count, 1u);
}

}  // namespace
}  // namespace hpol::plan
