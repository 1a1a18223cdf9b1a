// How long proofs take: the example policy, and synthetic policies of 1,000 and 10,000 rules with 60
// detectors, thousands of candidates and 20 guarantees. Every proof is made from scratch, with no rule edited
// away.
#include <benchmark/benchmark.h>

#include <random>
#include <string>

#include "compiler/driver/driver.h"
#include "compiler/prove/prove.h"

namespace hpol {
namespace {

hir::Expr AtomExpr(hir::Atom atom) {
  hir::Expr expr;
  expr.kind = hir::Expr::Kind::kAtom;
  expr.atom = std::move(atom);
  return expr;
}

hir::Expr All(std::vector<hir::Expr> operands) {
  hir::Expr expr;
  expr.kind = hir::Expr::Kind::kAnd;
  expr.operands = std::move(operands);
  return expr;
}

hir::Expr LevelIs(hir::CompareOp op, int level, hir::LabelOf whose = hir::LabelOf::kRequest) {
  hir::Atom atom;
  atom.kind = hir::Atom::Kind::kLevel;
  atom.op = op;
  atom.label = Label::Level(level);
  atom.whose = whose;
  return AtomExpr(atom);
}

hir::Expr InputIn(uint32_t input, std::vector<uint32_t> members) {
  hir::Atom atom;
  atom.kind = hir::Atom::Kind::kIn;
  atom.attribute.value = input;
  atom.members = std::move(members);
  return AtomExpr(atom);
}

hir::Expr Untrusted() {
  hir::Atom atom;
  atom.kind = hir::Atom::Kind::kTrusted;
  hir::Expr expr;
  expr.kind = hir::Expr::Kind::kNot;
  expr.operands.push_back(AtomExpr(atom));
  return expr;
}

// Twelve enum inputs of eight values, 60 detectors, 50 private targets and 50 cloud targets, ten redactions.
// Rules of the two higher levels send to private targets, rules of the lowest to cloud targets, redacted.
// Either each rule says its level, or the first rules take the higher levels and all others rest on that.
enum class Levels { kInEachRule, kByOrder };

hir::Policy Synthetic(size_t rules, Levels levels = Levels::kInEachRule) {
  std::mt19937_64 random(rules);
  const auto below = [&](size_t n) { return static_cast<uint32_t>(random() % n); };
  hir::Policy policy;
  policy.levels = {"public", "internal", "confidential"};
  policy.categories = {"pseudonymous", "pii", "secret"};
  for (int i = 0; i < 12; ++i) {
    hir::Attribute input;
    input.name = "input" + std::to_string(i);
    input.type = AttributeType::kEnum;
    input.source = Source::kIdentity;
    input.optional = i >= 10;
    for (int member = 0; member < 8; ++member) input.members.push_back("m" + std::to_string(member));
    policy.attributes.push_back(input);
  }
  for (int i = 0; i < 60; ++i) {
    hir::Detector detector;
    detector.name = "detector" + std::to_string(i);
    detector.patterns.push_back({detector.name, {}, false, false});
    policy.detectors.push_back(detector);
  }
  for (int i = 0; i < 2; ++i) {
    hir::Zone zone;
    zone.trusted = i == 0;
    zone.clearance = i == 0 ? hir::TopLabel(policy) : Label::Category(0);
    policy.zones.push_back(zone);
  }
  for (int i = 0; i < 100; ++i) {
    hir::Target target;
    target.name = "target" + std::to_string(i);
    target.zone.value = i < 50 ? 0 : 1;
    target.clearance = policy.zones[target.zone.value].clearance;
    target.region = i % 2 == 0 ? "us" : "eu";
    policy.targets.push_back(target);
  }
  for (int i = 0; i < 10; ++i) {
    hir::Redaction redaction;
    hir::RedactionLine line;
    for (uint32_t detector = 0; detector < 60; ++detector)
      if (detector >= 40 || below(2) == 0) line.detectors.push_back({detector});
    line.leaves = Label::Category(0);
    redaction.lines.push_back(line);
    policy.redactions.push_back(redaction);
  }
  policy.floors.push_back({InputIn(0, {0, 1, 2}), Label::Level(0), {}});
  policy.floors.push_back({std::nullopt, Label::Level(1), {}});
  for (uint32_t i = 0; i < 60; ++i) {
    hir::Atom found;
    found.detectors = {{i}};
    hir::Raise raise;
    raise.condition = AtomExpr(found);
    raise.label = Label::Level(i < 40 ? 2 : 1).Join(Label::Category(1 + static_cast<int>(i % 2)));
    policy.raises.push_back(raise);
  }
  if (levels == Levels::kByOrder) {
    hir::Route first;
    first.condition = LevelIs(hir::CompareOp::kGreaterEqual, 1);
    first.steps.push_back({{0}, kNoRedaction, {}});
    policy.routes.push_back(first);
  }
  for (size_t i = 0; i < rules; ++i) {
    hir::Route route;
    const int level = static_cast<int>(below(3));
    std::vector<hir::Expr> conditions;
    if (levels == Levels::kInEachRule) conditions.push_back(LevelIs(hir::CompareOp::kEqual, level));
    for (uint32_t one = 0; one < 3; ++one)
      conditions.push_back(InputIn(below(12), {below(8), below(8), below(8)}));
    route.condition = All(std::move(conditions));
    for (int step = 0; step < 3; ++step) {
      hir::Step one;
      one.target.value = level == 0 && step == 0 ? 50 + below(50) : below(50);
      one.redaction.value = below(10);
      route.steps.push_back(one);
    }
    policy.routes.push_back(route);
  }
  hir::Route last;
  last.steps.push_back({{0}, kNoRedaction, {}});
  policy.routes.push_back(last);
  for (uint32_t i = 0; i < 20; ++i) {
    hir::Guarantee guarantee;
    guarantee.title = "guarantee " + std::to_string(i);
    guarantee.never = true;
    guarantee.about_candidates = true;
    if (i > 0) guarantee.when = InputIn(i % 12, {i % 8});
    guarantee.property = All({LevelIs(hir::CompareOp::kGreater, static_cast<int>(i % 2),
                                      i % 3 == 0 ? hir::LabelOf::kSent : hir::LabelOf::kRequest),
                              Untrusted()});
    policy.guarantees.push_back(guarantee);
  }
  return policy;
}

void Report(benchmark::State& state, const hir::Policy& policy, const prove::Options& options) {
  prove::Report report;
  size_t proved = 0;
  for (auto _ : state) {
    dsl::Diagnostics diagnostics;
    report = prove::Prove(policy, options, diagnostics);
  }
  for (const prove::Proof& proof : report.proofs) proved += proof.status == prove::Status::kProved ? 1 : 0;
  state.counters["ways"] = static_cast<double>(report.ways);
  state.counters["nodes"] = static_cast<double>(report.nodes);
  state.counters["questions"] = static_cast<double>(report.questions);
  state.counters["proofs"] = static_cast<double>(report.proofs.size());
  state.counters["proved"] = static_cast<double>(proved);
}

void ExamplePolicy(benchmark::State& state) {
  driver::Options options;
  options.stop_after = driver::Stage::kHir;
  const driver::Build build = driver::Run(*driver::ReadInput("policies/examples/acme.hpol"), options);
  Report(state, build.policy, {});
}

void Guarantees(benchmark::State& state) {
  prove::Options options;
  options.rules = false;
  Report(state, Synthetic(static_cast<size_t>(state.range(0))), options);
}

void GuaranteesByOrder(benchmark::State& state) {
  prove::Options options;
  options.rules = false;
  Report(state, Synthetic(static_cast<size_t>(state.range(0)), Levels::kByOrder), options);
}

void GuaranteesAndDeadRules(benchmark::State& state) {
  Report(state, Synthetic(static_cast<size_t>(state.range(0))), {});
}

BENCHMARK(ExamplePolicy)->Unit(benchmark::kMillisecond);
BENCHMARK(Guarantees)->Arg(1000)->Arg(10000)->Unit(benchmark::kMillisecond)->Iterations(3);
BENCHMARK(GuaranteesByOrder)->Arg(1000)->Arg(10000)->Unit(benchmark::kMillisecond)->Iterations(3);
BENCHMARK(GuaranteesAndDeadRules)->Arg(1000)->Unit(benchmark::kMillisecond)->Iterations(3);

}  // namespace
}  // namespace hpol

BENCHMARK_MAIN();
