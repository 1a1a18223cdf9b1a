// Random single edits of the example policy: what the reference evaluator shows to leak or to break a
// guarantee, on requests directed at each rule, the prover must refuse.
//
//   mutation_test --edits N      (default 60)
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string_view>

#include "compiler/driver/driver.h"
#include "compiler/prove/prove.h"
#include "compiler/reference/meaning.h"

namespace hpol::driver {
namespace {

size_t edits_wanted = 60;
constexpr int kAtRaise = 60;  // requests that meet a raise
constexpr int kAtRoute = 60;  // requests that a route decides
constexpr int kTries = 600;   // that finding them may take

using reference::Facts;

class Editor {
 public:
  explicit Editor(uint64_t seed) : random_(seed) {}

  // One random edit; false when it changed nothing.
  bool Edit(hir::Policy& policy) {
    switch (Below(14)) {
      case 0:
        return Drop(policy.routes);
      case 1:
        return SwapNeighbours(policy.routes);
      case 2:
        return EditCondition(policy, true);
      case 3:
        return EditCondition(policy, false);
      case 4:
        return Drop(policy.raises);
      case 5:
        Pick(policy.raises).label = RandomLabel(policy);
        return true;
      case 6:
        Pick(policy.floors).label = Label::Level(static_cast<int>(Below(policy.levels.size())));
        return true;
      case 7:
        return Drop(Pick(policy.redactions).lines);
      case 8: {
        hir::RedactionLine& line = Pick(Pick(policy.redactions).lines);
        return line.detectors.size() > 1 && Drop(line.detectors);
      }
      case 9:
        Pick(Pick(policy.redactions).lines).leaves = RandomLabel(policy);
        return true;
      case 10:
        return EditStep(policy, [&](hir::Step& step) { step.target.value = Below(policy.targets.size()); });
      case 11:
        return EditStep(policy, [&](hir::Step& step) {
          step.redaction =
              step.redaction == kNoRedaction ? RedactionId{Below(policy.redactions.size())} : kNoRedaction;
        });
      case 12: {
        hir::Route& route = Pick(policy.routes);
        if (route.deny) return false;
        route.steps.push_back({{Below(policy.targets.size())}, kNoRedaction, {}});
        return true;
      }
      default:
        Pick(policy.targets).clearance = RandomLabel(policy);
        return true;
    }
  }

  // A request by its facts alone: any values, few findings, now and then something unread.
  Facts Request(const hir::Policy& policy) {
    Facts facts;
    for (const hir::Attribute& attribute : policy.attributes) {
      reference::Value& value = facts.attributes.emplace_back();
      value.present = !attribute.optional || Below(2) == 0;
      if (!value.present) continue;
      if (!attribute.members.empty()) value.members = {Below(attribute.members.size())};
      if (attribute.type == AttributeType::kString) value.texts = {"anything"};
    }
    const uint32_t findings = Below(3);
    for (uint32_t i = 0; i < findings; ++i) {
      const DetectorId detector{Below(policy.detectors.size())};
      facts.findings.push_back({detector, policy.detectors[detector.value].firing, "text", true});
    }
    facts.unscanned = Below(16) == 0;
    return facts;
  }

  // One that has what the raise asks for in content, besides.
  Facts RequestAt(const hir::Policy& policy, const hir::Raise& raise) {
    Facts facts = Request(policy);
    AddFindings(policy, raise.condition, facts);
    return facts;
  }

 private:
  uint32_t Below(size_t n) { return static_cast<uint32_t>(random_() % n); }
  void AddFindings(const hir::Policy& policy, const hir::Expr& expr, Facts& facts) {
    for (const hir::Expr& operand : expr.operands) AddFindings(policy, operand, facts);
    if (expr.kind != hir::Expr::Kind::kAtom || expr.atom.detectors.empty() || Below(3) == 0) return;
    const DetectorId detector = expr.atom.detectors[Below(expr.atom.detectors.size())];
    const hir::Detector& declared = policy.detectors[detector.value];
    const Tier tier = expr.atom.at_firing ? declared.firing : std::max(declared.firing, expr.atom.tier);
    for (int64_t i = 0; i < std::clamp<int64_t>(expr.atom.number, 1, 5); ++i)
      facts.findings.push_back({detector, tier, "text" + std::to_string(i), true});
  }
  template <typename T>
  T& Pick(std::vector<T>& all) {
    return all[Below(all.size())];
  }
  template <typename T>
  bool Drop(std::vector<T>& all) {
    if (all.empty()) return false;
    all.erase(all.begin() + static_cast<std::ptrdiff_t>(Below(all.size())));
    return true;
  }
  template <typename T>
  bool SwapNeighbours(std::vector<T>& all) {
    if (all.size() < 2) return false;
    const uint32_t at = Below(all.size() - 1);
    std::swap(all[at], all[at + 1]);
    return true;
  }
  Label RandomLabel(const hir::Policy& policy) {
    Label label = Label::Level(static_cast<int>(Below(policy.levels.size())));
    if (Below(2) == 0) label = label.Join(Label::Category(static_cast<int>(Below(policy.categories.size()))));
    return label;
  }
  template <typename F>
  bool EditStep(hir::Policy& policy, const F& edit) {
    hir::Route& route = Pick(policy.routes);
    if (route.steps.empty()) return false;
    edit(Pick(route.steps));
    return true;
  }
  bool EditCondition(hir::Policy& policy, bool route) {
    hir::Expr* expr = nullptr;
    if (route) {
      hir::Route& one = Pick(policy.routes);
      if (!one.condition) return false;
      expr = &*one.condition;
    } else {
      expr = &Pick(policy.raises).condition;
    }
    while (!expr->operands.empty() && Below(3) != 0) expr = &Pick(expr->operands);
    switch (Below(5)) {
      case 0:
        return expr->operands.size() > 1 && Drop(expr->operands);
      case 1:
        if (expr->kind != hir::Expr::Kind::kAnd && expr->kind != hir::Expr::Kind::kOr) return false;
        expr->kind = expr->kind == hir::Expr::Kind::kAnd ? hir::Expr::Kind::kOr : hir::Expr::Kind::kAnd;
        return true;
      case 2:
        if (expr->kind != hir::Expr::Kind::kAtom) return false;
        if (expr->atom.kind == hir::Atom::Kind::kLevel)
          expr->atom.label = Label::Level(static_cast<int>(Below(policy.levels.size())));
        if (expr->atom.members.size() > 1) Drop(expr->atom.members);
        if (expr->atom.detectors.size() > 1) Drop(expr->atom.detectors);
        return true;
      case 3:
        if (expr->kind != hir::Expr::Kind::kAtom || expr->atom.kind != hir::Atom::Kind::kLevel) return false;
        expr->atom.op = static_cast<hir::CompareOp>(Below(6));
        return true;
      default:
        expr->kind = hir::Expr::Kind::kTrue;
        expr->operands.clear();
        return true;
    }
  }

  std::mt19937_64 random_;
};

// By the reference alone: a candidate is offered that is not cleared, or a guarantee does not hold. Counts in
// `hits` which route decided.
bool Leaks(const hir::Policy& policy, const Facts& facts, std::vector<int>& hits) {
  reference::Kleene kleene(policy, facts);
  reference::Meaning<reference::Kleene> meaning(policy, kleene);
  const auto walk = meaning.WalkRoutes(meaning.LabelOf(meaning.ClassifyRows(kNoRedaction)));
  for (size_t i = 0; i < walk.hit.size(); ++i) hits[i] += walk.hit[i] ? 1 : 0;
  for (size_t i = 0; i < walk.offered.size(); ++i)
    if (walk.offered[i] && !meaning.Cleared(i)) return true;
  return !reference::BrokenGuarantees(policy, facts).empty();
}

bool LeaksSomewhere(const hir::Policy& policy, Editor& editor) {
  std::vector<int> hits(policy.routes.size(), 0);
  for (const hir::Raise& raise : policy.raises)
    for (int i = 0; i < kAtRaise; ++i)
      if (Leaks(policy, editor.RequestAt(policy, raise), hits)) return true;
  for (int i = 0; i < kTries && *std::min_element(hits.begin(), hits.end()) < kAtRoute; ++i)
    if (Leaks(policy, editor.Request(policy), hits)) return true;
  return false;
}

TEST(Mutation, WhatTheReferenceShowsToLeakIsRefused) {
  Options options;
  options.stop_after = Stage::kHir;
  const Build acme = driver::Run(*ReadInput("policies/examples/acme.hpol"), options);
  ASSERT_TRUE(acme.ok());
  size_t leaking = 0;
  size_t refused = 0;
  size_t edits = 0;
  for (uint64_t seed = 1; edits < edits_wanted; ++seed) {
    Editor editor(seed);
    hir::Policy policy = acme.policy;
    if (!editor.Edit(policy)) continue;
    ++edits;
    const bool leaks = LeaksSomewhere(policy, editor);
    dsl::Diagnostics diagnostics;
    prove::Options proving;
    proving.rules = false;
    const prove::Report report = prove::Prove(policy, proving, diagnostics);
    EXPECT_EQ(report.fault, "") << "seed " << seed;
    leaking += leaks ? 1 : 0;
    refused += diagnostics.has_errors() ? 1 : 0;
    EXPECT_TRUE(!leaks || diagnostics.has_errors()) << "seed " << seed << " leaks and is not refused";
  }
  std::printf("%zu edits: %zu leak by the reference, all refused; %zu refused in all\n", edits, leaking,
              refused);
  EXPECT_GT(leaking, edits / 10);
}

}  // namespace
}  // namespace hpol::driver

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i + 1 < argc; ++i)
    if (std::string_view(argv[i]) == "--edits")
      hpol::driver::edits_wanted = std::strtoull(argv[i + 1], nullptr, 10);
  return RUN_ALL_TESTS();
}
