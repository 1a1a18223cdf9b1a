// Random rules over attributes of every type, the label and findings, and random requests for them.
#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "runtime/decide/hand_policy_for_test.h"

namespace hpol::hand {

class RandomRules {
 public:
  // Without `presence` no rule asks whether an attribute is there.
  RandomRules(uint32_t seed, uint32_t texts, bool presence = true) : random_(seed), presence_(presence) {
    for (uint32_t i = 0; i < texts; ++i) names_.push_back("name " + std::to_string(i));
    for (const AttributeType type : {AttributeType::kBool, AttributeType::kInt, AttributeType::kString,
                                     AttributeType::kEnum, AttributeType::kLabel, AttributeType::kStringSet,
                                     AttributeType::kEnumSet, AttributeType::kInt, AttributeType::kEnum}) {
      const auto number = static_cast<uint32_t>(types_.size());
      policy_.Attribute("a" + std::to_string(number), type, Source::kGateway, number % 3 != 1,
                        {"red", "green", "blue", "white", "black"});
      types_.push_back(type);
    }
    for (int i = 0; i < 4; ++i)
      detectors_.push_back(policy_.Detector("d" + std::to_string(i), Code(MatchNumber)));
    for (int i = 0; i < 60; ++i) AddFact();
    target_ = policy_.Candidate(policy_.Target("home", Policy::kPrivate, kTop));
  }

  Policy& policy() { return policy_; }
  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(random_() % n); }
  const std::vector<uint32_t>& detectors() const { return detectors_; }

  // `depth` 0: literals; 1: mostly a few literals that must all hold, as rules are.
  void AddClassifyRow(int depth) { policy_.Classify(Make(depth, false), kInternal); }
  void AddRouteRow(int depth) { policy_.Send(Make(depth, true), {target_}); }

  // Mostly present, mostly well-spelled.
  Given Request() {
    Given given;
    for (uint32_t a = 0; a < types_.size(); ++a) {
      if (Below(8) == 0) continue;
      given.Add("a" + std::to_string(a), Source::kGateway, Values(types_[a]));
    }
    return given;
  }

 private:
  const std::string& Name() { return names_[Below(static_cast<uint32_t>(names_.size()))]; }
  std::vector<std::string_view> Values(AttributeType type) {
    static constexpr std::string_view kMembers[] = {"red", "green", "blue", "white", "black", "no member"};
    static constexpr std::string_view kNumbers[] = {"-5", "0", "7", "12", "99", "x"};
    static constexpr std::string_view kLabels[] = {"public", "internal+pii", "confidential", "none"};
    switch (type) {
      case AttributeType::kBool:
        return {Below(2) == 0 ? "true" : "false"};
      case AttributeType::kInt:
        return {kNumbers[Below(6)]};
      case AttributeType::kEnum:
        return {kMembers[Below(6)]};
      case AttributeType::kLabel:
        return {kLabels[Below(4)]};
      case AttributeType::kString:
        return {Name()};
      default: {
        std::vector<std::string_view> all;
        for (uint32_t i = Below(4); i > 0; --i)
          all.push_back(type == AttributeType::kStringSet ? std::string_view(Name()) : kMembers[Below(5)]);
        return all;
      }
    }
  }

  void AddFact() {
    const uint32_t choice = Below(12);
    if (choice < 2) {
      facts_.push_back(policy_.OnDetectors(Below(2) == 0 ? ir::FactKind::kTier : ir::FactKind::kCount,
                                           {detectors_[Below(4)], detectors_[Below(4)]}, 1));
      evidence_.push_back(true);
      return;
    }
    evidence_.push_back(false);
    if (choice == 2) {
      static constexpr Label kLabels[] = {kInternal, kConfidential, kPii, kPii.Join(kInternal)};
      facts_.push_back(policy_.AtLevel(kLabels[Below(4)]));
      on_label_.push_back(facts_.back());
      return;
    }
    const uint32_t a = Below(static_cast<uint32_t>(types_.size()));
    facts_.push_back(OnAttribute(a));
  }

  uint32_t OnAttribute(uint32_t a) {
    const AttributeType type = types_[a];
    if (presence_ && Below(8) == 0) return policy_.OnAttribute(ir::FactKind::kPresent, a);
    switch (type) {
      case AttributeType::kBool:
        return policy_.OnAttribute(ir::FactKind::kMember, a, policy_.Indices({1}));
      case AttributeType::kInt:
        return policy_.OnAttribute(ir::FactKind::kAtLeast, a, {}, Below(15));
      case AttributeType::kEnum:
      case AttributeType::kEnumSet: {
        const uint32_t first = Below(3);
        return policy_.OnAttribute(type == AttributeType::kEnum ? ir::FactKind::kMember : ir::FactKind::kHas,
                                   a, policy_.Indices({first, first + 1 + Below(2)}));
      }
      case AttributeType::kLabel:
        return policy_.OnAttribute(Below(2) == 0 ? ir::FactKind::kLabelAtLeast : ir::FactKind::kLabelAtMost,
                                   a, {}, 0, Below(2) == 0 ? kInternal : kPii.Join(kInternal));
      default:
        return policy_.OnAttribute(
            type == AttributeType::kString ? ir::FactKind::kText : ir::FactKind::kHas, a,
            policy_.Texts(Below(2) == 0 ? std::vector<std::string>{Name()}
                                        : std::vector<std::string>{Name(), Name(), Name()}));
    }
  }

  Condition Literal(bool route) {
    for (;;) {
      const uint32_t i = Below(static_cast<uint32_t>(facts_.size()));
      const bool on_label = std::find(on_label_.begin(), on_label_.end(), facts_[i]) != on_label_.end();
      if (on_label && !route) continue;
      return evidence_[i] || Below(3) != 0 ? Is(facts_[i]) : Not(facts_[i]);
    }
  }

  Condition Make(int depth, bool route) {
    if (depth == 0 || Below(20) == 0) return Literal(route);
    Condition all;
    const uint32_t operands = 2 + Below(3);
    for (uint32_t i = 0; i < operands; ++i) {
      const Condition one = Make(Below(3) == 0 ? depth - 1 : 0, route);
      all.insert(all.end(), one.begin(), one.end());
    }
    all.push_back({Below(3) == 0 ? ir::NodeKind::kOr : ir::NodeKind::kAnd, operands});
    return all;
  }

  std::mt19937 random_;
  bool presence_;
  Policy policy_;
  std::vector<std::string> names_;
  std::vector<AttributeType> types_;
  std::vector<uint32_t> detectors_;
  std::vector<uint32_t> facts_;
  std::vector<bool> evidence_;
  std::vector<uint32_t> on_label_;
  uint32_t target_ = 0;
};

}  // namespace hpol::hand
